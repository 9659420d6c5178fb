//! Just enough of Punycode (RFC 3492) to tell an A-label from a fake one.

/// Is this the Punycode (without `xn--`) of a string with at least one non-ASCII code point?
///
/// Whether IDNA 2008 permits those code points is not looked at: that takes tables the engine
/// does not carry.
pub(crate) fn encodes_non_ascii(encoded: &[u8]) -> bool {
    let (basic, deltas) = match memchr::memrchr(b'-', encoded) {
        Some(delimiter) => (delimiter, &encoded[delimiter + 1..]),
        None => (0, encoded),
    };
    !deltas.is_empty() && decode(basic as u32, deltas).is_some()
}

/// RFC 3492 section 6.2, without building the string: every code point must be a scalar value.
fn decode(mut length: u32, mut deltas: &[u8]) -> Option<()> {
    let (mut code_point, mut position, mut bias) = (128_u32, 0_u32, 72_u32);
    while !deltas.is_empty() {
        let start = position;
        let mut weight = 1_u32;
        for k in (36_u32..).step_by(36) {
            let (&octet, rest) = deltas.split_first()?;
            deltas = rest;
            let digit = digit(octet)?;
            position = position.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
        }
        length += 1;
        bias = adapt(position - start, length, start == 0);
        code_point = code_point.checked_add(position / length)?;
        position = position % length + 1;
        char::from_u32(code_point)?;
    }
    Some(())
}

fn digit(octet: u8) -> Option<u32> {
    match octet {
        b'a'..=b'z' => Some(u32::from(octet - b'a')),
        b'A'..=b'Z' => Some(u32::from(octet - b'A')),
        b'0'..=b'9' => Some(u32::from(octet - b'0') + 26),
        _ => None,
    }
}

fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_a_labels_decode_and_fakes_do_not() {
        for label in ["bcher-kva", "fa-hia", "ihqwcrb4cv8a8dqg056pqjye", "80ak6aa92e"] {
            assert!(encodes_non_ascii(label.as_bytes()), "{label}");
        }
        for label in ["", "abc-", "99999999", "a-b-", "!"] {
            assert!(!encodes_non_ascii(label.as_bytes()), "{label}");
        }
    }
}
