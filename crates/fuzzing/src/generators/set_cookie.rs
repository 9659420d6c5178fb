//! Set-cookie-strings: a pair and attributes, with deliberate mistakes in some parts.

use super::cookie_pair::{cookie_name, cookie_value};
use super::tokens::insert_hostile;
use super::{closed_world, cookie_date, tokens};
use crate::random::Random;

const ATTRIBUTES: &[&str] = &[
    "Expires",
    "Max-Age",
    "Domain",
    "Path",
    "Secure",
    "HttpOnly",
    "SameSite",
    "Partitioned",
    "Priority",
    "Comment",
    "Version",
    "",
    // Names that a parser may use for the parts of a cookie.
    "name",
    "value",
    "__proto__",
];
const MAX_AGES: &[&str] = &[
    "0",
    "-1",
    "1",
    "2",
    "60",
    "3600",
    "100000",
    "+1",
    "+0",
    "1.5",
    "1e3",
    "0x10",
    "",
    "-",
    "--1",
    "-0",
    "00060",
    "060",
    "6 0",
    "60s",
    "60 ",
    "\"60\"",
    "1_000",
    "2147483647",
    "2147483648",
    "34559999",
    "34560000",
    "34560001",
    "99999999999999999999",
    "-99999999999999999999",
    "9223372036854775807",
    "9223372036854775808",
    "\u{663}",
    "\u{ff11}",
    "NaN",
    "Infinity",
    "1,000",
    "\u{a0}60",
    "60\u{2003}",
];
const SAME_SITES: &[&str] = &[
    "Strict",
    "Lax",
    "None",
    "strict",
    "LAX",
    "nONE",
    "",
    "Default",
    "bogus",
    "Strict,Lax",
    "\"Lax\"",
    "Laxx",
];

/// Values of Expires that are not dates.
const NOT_DATES: &[&str] = &["0", "-1", "", "never", "1767571200", "3600", "Session"];

/// A set-cookie-string from `host`. `value` is the cookie-value, unless that gets a mistake.
pub(crate) fn set_cookie_string(random: &mut Random, value: &str, host: &str) -> Vec<u8> {
    let mut line = pair(random, value);
    let count = match random.weighted(&[99, 1]) {
        0 => random.weighted(&[4, 6, 5, 3, 2, 1]),
        _ => [21, 51, 101, 101, 256][random.below(5)],
    };
    let mut kind = attribute_kind(random);
    for _ in 0..count {
        line.extend_from_slice(if random.chance(88) {
            b"; "
        } else {
            random.pick::<[u8]>(&[b";", b" ;", b";\t", b";;", b"; ;", b",", b", ", b"\n"])
        });
        // Attributes are often repeated, to show which of several counts.
        if random.chance(80) {
            kind = attribute_kind(random);
        }
        line.extend(attribute_of(random, kind, host));
    }
    if random.chance(4) {
        let odd: [&[u8]; 7] = [b";", b" ", b"; ", b"\r\n", b"\n", b"\0", b","];
        line.extend_from_slice(random.pick(&odd));
    }
    line
}

/// A cookie-pair.
fn pair(random: &mut Random, value: &str) -> Vec<u8> {
    if random.chance(4) {
        return random.pick::<[u8]>(&[b"", b"=", b"a", b" ", b"=v", b"\"a=b\"", b"a b"]).to_vec();
    }
    let mut name = cookie_name(random);
    let mut value = cookie_value(random, value);
    if random.chance(5) {
        let limit = tokens::near(random, 4096);
        match random.below(3) {
            0 => value.resize(limit.saturating_sub(name.len()), b'v'),
            1 => name.resize(limit.saturating_sub(value.len()), b'n'),
            _ => value.resize(limit, b'v'),
        }
    }
    let equals: &[u8] = match random.weighted(&[88, 3, 3, 3, 3]) {
        0 => b"=",
        1 => b" = ",
        2 => b"\t=\t",
        3 => b"==",
        _ => b"",
    };
    let mut pair = [&name[..], equals, &value].concat();
    if random.chance(6) {
        let blank: [&[u8]; 6] = [b" ", b"\t", b"\xa0", b"\x0c", b"\xe2\x80\x80", b"\r"];
        pair.splice(0..0, random.pick(&blank).iter().copied());
    }
    pair
}

/// A cookie-av (attribute).
pub(crate) fn attribute(random: &mut Random, host: &str) -> Vec<u8> {
    let kind = attribute_kind(random);
    attribute_of(random, kind, host)
}

/// An index into [`ATTRIBUTES`].
fn attribute_kind(random: &mut Random) -> usize {
    random.weighted(&[12, 14, 16, 16, 12, 9, 12, 2, 2, 1, 1, 3, 1, 1, 1])
}

fn attribute_of(random: &mut Random, kind: usize, host: &str) -> Vec<u8> {
    let mut name = ATTRIBUTES[kind].as_bytes().to_vec();
    let mut value = match kind {
        0 if random.chance(8) => random.pick(NOT_DATES).as_bytes().to_vec(),
        0 => cookie_date::cookie_date(random),
        1 => max_age(random),
        2 => closed_world::domain(random, host),
        3 => closed_world::path(random),
        6 => random.pick(SAME_SITES).as_bytes().to_vec(),
        4 | 5 | 7 if random.chance(85) => return with_odd_name(random, name),
        _ => random.pick(&["", "false", "0", "x", "\"\"", "true"]).as_bytes().to_vec(),
    };
    if random.chance(3) {
        value.resize(tokens::near(random, 1024), b'x');
        if random.chance(30) {
            value.extend_from_slice(b"  ");
        }
    }
    if random.chance(7) {
        insert_hostile(random, &mut value);
    }
    if random.chance(4) {
        value = [b"\"", &value[..], b"\""].concat();
    }
    if random.chance(12) {
        name = with_odd_name(random, name);
    }
    let equals: &[u8] = match random.weighted(&[92, 3, 2, 2, 1]) {
        0 => b"=",
        1 => b" = ",
        2 => b"=\t",
        3 => b"==",
        _ => b"",
    };
    [&name[..], equals, &value].concat()
}

fn max_age(random: &mut Random) -> Vec<u8> {
    if random.chance(25) {
        return random.between(-5, 400).to_string().into_bytes();
    }
    random.pick(MAX_AGES).as_bytes().to_vec()
}

fn with_odd_name(random: &mut Random, mut name: Vec<u8>) -> Vec<u8> {
    match random.weighted(&[50, 30, 8, 4, 6, 6]) {
        1 => tokens::with_case_flipped(random, &name),
        2 => {
            insert_hostile(random, &mut name);
            name
        }
        3 => {
            name.pop();
            name
        }
        4 => with_other_hyphens(random, name),
        // Letters that some languages fold to the ASCII ones: the dotless i, the long s, Kelvin.
        5 => {
            let name = String::from_utf8_lossy(&name).to_lowercase();
            let i = random.pick(&["i", "\u{131}", "\u{130}"]);
            name.replace('i', i).replace('s', "\u{17f}").replace('k', "\u{212a}").into_bytes()
        }
        _ => name,
    }
}

/// The name without its hyphen, or with a hyphen, underscore or blank between two words.
fn with_other_hyphens(random: &mut Random, mut name: Vec<u8>) -> Vec<u8> {
    if let Some(at) = name.iter().position(|octet| *octet == b'-') {
        name.remove(at);
    } else if let Some(at) = name.iter().rposition(u8::is_ascii_uppercase).filter(|at| *at > 0) {
        name.insert(at, random.pick::<[u8]>(&[b"-", b"_", b" "])[0]);
    }
    name
}
