//! The Max-Age attribute: section 5.2.2 / 5.6.2.

use crate::trace::Step;

/// Parses delta-seconds; a number outside `i64` becomes the nearest `i64`.
///
/// A lone "-" passes the tests of RFC 6265 but is no integer there either: both profiles ignore
/// the attribute.
///
/// # Errors
/// The step that ignores the attribute.
pub(crate) fn parse_max_age(value: &[u8]) -> Result<i64, Step> {
    let (negative, digits) = match value {
        [] => return Err(Step::MaxAgeEmpty),
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'0'..=b'9', remainder @ ..] if remainder.iter().all(u8::is_ascii_digit) => {
            let magnitude = digits.iter().fold(0_i64, |value, digit| {
                value.saturating_mul(10).saturating_add(i64::from(digit - b'0'))
            });
            Ok(if negative { -magnitude } else { magnitude })
        }
        [b'0'..=b'9', ..] => Err(Step::MaxAgeNotDigits),
        _ => Err(Step::MaxAgeBadStart),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_with_an_optional_minus_sign_and_nothing_else() {
        assert_eq!(parse_max_age(b"60"), Ok(60));
        assert_eq!(parse_max_age(b"0010"), Ok(10));
        assert_eq!(parse_max_age(b"-1"), Ok(-1));
        assert_eq!(parse_max_age(b"-0"), Ok(0));
        assert_eq!(parse_max_age(b""), Err(Step::MaxAgeEmpty));
        for bad in ["+1", "-", "--1", "\"1\"", "x"] {
            assert_eq!(parse_max_age(bad.as_bytes()), Err(Step::MaxAgeBadStart), "{bad}");
        }
        for bad in ["1.5", "1e3", "10s", "1 0", "-1-"] {
            assert_eq!(parse_max_age(bad.as_bytes()), Err(Step::MaxAgeNotDigits), "{bad}");
        }
    }

    #[test]
    fn what_no_integer_holds_saturates() {
        assert_eq!(parse_max_age(&[b'9'; 40]), Ok(i64::MAX));
        assert_eq!(parse_max_age(b"-9223372036854775808"), Ok(-i64::MAX));
    }
}
