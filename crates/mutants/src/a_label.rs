//! A-labels: what Punycode, RFC 3492, makes of a name that is not ASCII.

const BASE: u64 = 36;
const T_MIN: u64 = 1;
const T_MAX: u64 = 26;

/// Is this, what follows `xn--`, the Punycode of anything but an ASCII name?
pub(crate) fn is_a_label(encoded: &[u8]) -> bool {
    let encoded = encoded.to_ascii_lowercase();
    decoded(&encoded).is_some_and(|text| text.iter().any(|it| !it.is_ascii()))
}

/// The decoding procedure of RFC 3492 section 6.2.
fn decoded(encoded: &[u8]) -> Option<Vec<char>> {
    let basic_end = encoded.iter().rposition(|octet| *octet == b'-').filter(|at| *at > 0);
    let (basic, mut digits) = match basic_end {
        Some(at) => (&encoded[..at], &encoded[at + 1..]),
        None => (&encoded[..0], encoded),
    };
    let mut text: Vec<char> = basic.iter().map(|octet| char::from(*octet)).collect();
    let (mut code_point, mut position, mut bias) = (128_u64, 0_u64, 72_u64);
    while !digits.is_empty() {
        let before = position;
        let (mut weight, mut k) = (1_u64, BASE);
        loop {
            let (first, rest) = digits.split_first()?;
            let digit = u64::from(char::from(*first).to_digit(36)?);
            // The letters come first: a is 0 and z is 25, then 0 is 26 and 9 is 35.
            let digit = if digit < 10 { digit + 26 } else { digit - 10 };
            digits = rest;
            position = position.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        let places = text.len() as u64 + 1;
        bias = adapted(position - before, places, before == 0);
        code_point = code_point.checked_add(position / places)?;
        position %= places;
        text.insert(position as usize, char::from_u32(u32::try_from(code_point).ok()?)?);
        position += 1;
    }
    Some(text)
}

/// The bias adaptation of RFC 3492 section 6.1.
fn adapted(delta: u64, places: u64, is_first: bool) -> u64 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / places;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_ascii_decode() {
        let text = |encoded: &[u8]| decoded(encoded).map(String::from_iter);
        assert_eq!(text(b"bcher-kva").as_deref(), Some("b\u{FC}cher"));
        assert_eq!(text(b"p1ai").as_deref(), Some("\u{440}\u{444}"));
        assert_eq!(text(b"wgv71a119e").as_deref(), Some("\u{65E5}\u{672C}\u{8A9E}"));
        assert!(is_a_label(b"BCHER-KVA"));
    }

    #[test]
    fn what_stands_for_nothing_or_for_ascii_is_no_a_label() {
        for fake in [&b""[..], b"99999999", b"abc-", b"bcher-kv\xFC"] {
            assert!(!is_a_label(fake), "{}", fake.escape_ascii());
        }
    }
}
