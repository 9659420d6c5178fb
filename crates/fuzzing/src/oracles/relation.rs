//! How one octet string relates to another: the kind of a difference, not its extent.

/// The names of all relations.
pub(crate) const NAMES: &[&str] = &[
    "emptied",
    "filled",
    "unquoted",
    "quoted",
    "case changed",
    "trimmed",
    "untrimmed",
    "decoded",
    "encoded",
    "recoded",
    "unescaped",
    "cut short",
    "swallows what follows",
    "too long",
    "start lost",
    "start added",
    "octets lost",
    "other",
];

/// The transformation that leads from `want` to `got`, which differs from it.
pub(crate) fn relation(want: &[u8], got: &[u8]) -> &'static str {
    let unquoted = |octets: &[u8]| -> Option<Vec<u8>> {
        let inner = octets.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        Some(inner.to_vec())
    };
    if got.is_empty() {
        return "emptied";
    }
    if want.is_empty() {
        return "filled";
    }
    if unquoted(want).is_some_and(|inner| inner == got) {
        return "unquoted";
    }
    if unquoted(got).is_some_and(|inner| inner == want) {
        return "quoted";
    }
    if want.eq_ignore_ascii_case(got) {
        return "case changed";
    }
    if trimmed(want) == got {
        return "trimmed";
    }
    if trimmed(got) == want {
        return "untrimmed";
    }
    if percent_decoded(want) == got || plus_decoded(want) == got {
        return "decoded";
    }
    if percent_decoded(got) == want {
        return "encoded";
    }
    if recoded(want) == got || recoded(got) == want || lossy(want) == got {
        return "recoded";
    }
    if unescaped(want) == got || unquoted(want).is_some_and(|inner| unescaped(&inner) == got) {
        return "unescaped";
    }
    if want.starts_with(got) {
        return "cut short";
    }
    if got.starts_with(want) {
        return if got[want.len()..].contains(&b';') {
            "swallows what follows"
        } else {
            "too long"
        };
    }
    if want.ends_with(got) {
        return "start lost";
    }
    if got.ends_with(want) {
        return "start added";
    }
    if without(want, got) {
        return "octets lost";
    }
    "other"
}

/// The octets without white space and control octets (up to 0x20, 0x7f, NEL, NBSP) at both ends.
fn trimmed(octets: &[u8]) -> &[u8] {
    let is_space = |octet: &u8| *octet <= b' ' || [0x7f, 0x85, 0xa0].contains(octet);
    let from = octets.iter().position(|octet| !is_space(octet)).unwrap_or(octets.len());
    let to = octets.iter().rposition(|octet| !is_space(octet)).map_or(from, |last| last + 1);
    &octets[from..to]
}

fn percent_decoded(octets: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = octets;
    while let Some((&octet, tail)) = rest.split_first() {
        let digit = |at: usize| tail.get(at).and_then(|&digit| char::from(digit).to_digit(16));
        match (octet, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            _ => {
                decoded.push(octet);
                rest = tail;
            }
        }
    }
    decoded
}

fn plus_decoded(octets: &[u8]) -> Vec<u8> {
    let blanks: Vec<_> =
        octets.iter().map(|octet| if *octet == b'+' { b' ' } else { *octet }).collect();
    percent_decoded(&blanks)
}

/// Octets decoded as Latin-1 and encoded as UTF-8.
fn recoded(octets: &[u8]) -> Vec<u8> {
    octets.iter().map(|&octet| char::from(octet)).collect::<String>().into_bytes()
}

/// Octets decoded as UTF-8, with replacement characters for malformed sequences.
fn lossy(octets: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(octets).into_owned().into_bytes()
}

/// The octets without backslashes, and with `\ooo` read as an octal number.
fn unescaped(octets: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut rest = octets;
    while let Some((&octet, tail)) = rest.split_first() {
        let octal =
            tail.get(..3).filter(|digits| digits.iter().all(|digit| (b'0'..=b'7').contains(digit)));
        match (octet, octal, tail.first()) {
            (b'\\', Some(digits), _) => {
                let number =
                    digits.iter().fold(0_u32, |number, digit| number * 8 + u32::from(digit - b'0'));
                plain.push(number as u8);
                rest = &tail[3..];
            }
            (b'\\', None, Some(&next)) => {
                plain.push(next);
                rest = &tail[1..];
            }
            _ => {
                plain.push(octet);
                rest = tail;
            }
        }
    }
    plain
}

/// Whether `got` is `want` with some octets left out.
fn without(want: &[u8], got: &[u8]) -> bool {
    let mut rest = want.iter();
    got.iter().all(|octet| rest.any(|one| one == octet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_difference_has_a_name() {
        for (want, got, kind) in [
            (&b"\"a\""[..], &b"a"[..], "unquoted"),
            (b"a", b"\"a\"", "quoted"),
            (b"a\xa0", b"a", "trimmed"),
            (b"%41+b", b"A b", "decoded"),
            (b"\xe9", b"\xc3\xa9", "recoded"),
            (b"\xe9", b"\xef\xbf\xbd", "recoded"),
            (b"\"a\\\"b\"", b"a\"b", "unescaped"),
            (b"a\\073", b"a;", "unescaped"),
            (b"ab", b"a", "cut short"),
            (b"a", b"a; b", "swallows what follows"),
            (b"A", b"a", "case changed"),
            (b"a.b", b"ab", "octets lost"),
            (b"a.b", b"a_b", "other"),
            (b"a", b"", "emptied"),
        ] {
            assert_eq!(relation(want, got), kind, "{} {}", want.escape_ascii(), got.escape_ascii());
            assert!(NAMES.contains(&kind));
        }
    }
}
