//! Hostile tokens: the octets that generators and mutators put where the grammar allows harmless
//! ones.

use crate::random::Random;

/// Octet strings that some parser between server and user agent treats in a special way.
const HOSTILE: &[&[u8]] = &[
    b";",
    b"=",
    b",",
    b"\"",
    b"\\",
    b" ",
    b"\t",
    b"\x0b",
    b"\x0c",
    b"\r",
    b"\n",
    b"\0",
    b"\x01",
    b"\x1f",
    b"\x7f",
    b"\x80",
    b"\x85",
    b"\xa0",
    b"\xff",
    b"\xc3\xa9",
    b"\xc2\xa0",
    b"\xe2\x80\x80",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xc4\xb0",
    b"\xe2\x84\xaa",
    b"\xc5\xbf",
    b"\xd9\xa3",
    b"; ",
    b"==",
    b";;",
    b"\"\"",
    b"\\\"",
    b"\\;",
    b"\\073",
    b"%3B",
    b"%00",
    b"%41",
    b"%",
    b"+",
    b"$",
    b"$Version=1",
    b"$Path=/",
    b"(",
    b")",
    b"[]",
    b"{}",
    b"<>",
    b"@",
    b":",
    b"/",
    b"?",
    b"#",
    b"'",
    b"`",
    b"|",
    b"~",
    b"^",
    b"&",
    b"*",
    b"!",
    b".",
    b"-",
    b"_",
    b"__proto__",
    b"constructor",
    b"toString",
    b"hasOwnProperty",
    b"length",
    b"null",
    b"true",
    b"0",
    b"1",
    b"-1",
    b"Expires=",
    b"Max-Age=",
    b"Domain=",
    b"Path=",
    b"Secure",
    b"HttpOnly",
    b"SameSite=",
    b"__Host-",
    b"__Secure-",
    b"Set-Cookie: ",
];

/// A random hostile token.
pub(crate) fn hostile(random: &mut Random) -> &'static [u8] {
    random.pick(HOSTILE)
}

/// Every hostile token.
pub(crate) fn all() -> &'static [&'static [u8]] {
    HOSTILE
}

/// Inserts a hostile token, sometimes a random octet, at a random position.
pub(crate) fn insert_hostile(random: &mut Random, octets: &mut Vec<u8>) {
    let at = match random.below(4) {
        0 => 0,
        1 => octets.len(),
        _ => random.below(octets.len() + 1),
    };
    let token = if random.chance(90) { hostile(random).to_vec() } else { vec![random.octet()] };
    octets.splice(at..at, token);
}

/// The cookie-name prefix with requirements in 6265bis that a name begins with.
pub(crate) fn required_prefix(name: &[u8]) -> Option<&'static str> {
    let begins = |prefix: &&str| {
        name.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    ["__Secure-", "__Host-"].into_iter().find(begins)
}

/// The octets with each letter in random case.
pub(crate) fn with_case_flipped(random: &mut Random, octets: &[u8]) -> Vec<u8> {
    let flip = |octet: &u8| {
        if random.chance(50) { octet.to_ascii_uppercase() } else { octet.to_ascii_lowercase() }
    };
    octets.iter().map(flip).collect()
}

/// One octet that a grammar of the specifications excludes: a control, a separator or non-ASCII.
pub(crate) fn forbidden(random: &mut Random) -> u8 {
    match random.weighted(&[3, 5, 2]) {
        0 => random.pick::<[u8]>(&[b"\r", b"\n", b"\0", b"\t", b"\x01", b"\x1f", b"\x7f"])[0],
        1 => b" \"(),/:;<=>?@[\\]{}"[random.below(18)],
        _ => random.octet() | 0x80,
    }
}

/// A length at a limit, one below it or one above it.
pub(crate) fn near(random: &mut Random, limit: usize) -> usize {
    (limit + random.below(3)).saturating_sub(1)
}
