//! How long a cookie lives: Max-Age, its precedence over Expires, and the cookie-age-limit.

use super::cookie::Attributes;
use super::octets::unquoted;
use super::rules::Rules;
use crate::mutant::Mutant;

/// 400 days in seconds, the limit that 6265bis recommends.
const AGE_LIMIT: i64 = 400 * 86_400;

impl Rules {
    /// delta-seconds: digits, optionally after a minus. Values out of range become the nearest integer.
    pub(crate) fn max_age(self, value: &[u8]) -> Option<i64> {
        let text = self.max_age_text(value)?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, &*text),
        };
        if digits.is_empty() {
            return (self.is(Mutant::MaxAgeMinusIsZero) && negative).then_some(0);
        }
        let exact = digits.chars().try_fold(0_i128, |number, digit| {
            let digit = digit.to_digit(10)?;
            Some(number.saturating_mul(10).saturating_add(i128::from(digit)))
        })?;
        let exact = if negative { -exact } else { exact };
        let bounded = exact.clamp(i128::from(-i64::MAX), i128::from(i64::MAX)) as i64;
        match self.mutant {
            Some(Mutant::MaxAgeInThirtyTwoBits) => Some(i64::from(bounded as i32)),
            Some(Mutant::MaxAgeInSixtyFourBits) => Some(wrapped(negative, digits)),
            Some(Mutant::MaxAgeOverflowIgnored) if i128::from(bounded) != exact => None,
            Some(Mutant::MaxAgeZeroIgnored) if exact == 0 => None,
            Some(Mutant::MaxAgeNegativeIgnored) if negative => None,
            Some(Mutant::MaxAgeInMilliseconds) => Some(bounded / 1000),
            Some(Mutant::MaxAgeOctal) if digits.starts_with('0') => {
                i64::from_str_radix(digits, 8).ok()
            }
            _ => Some(bounded),
        }
    }

    /// The number as it is written, without what only mutants accept.
    fn max_age_text(self, value: &[u8]) -> Option<String> {
        let value = match self.mutant {
            Some(Mutant::MaxAgeUnquoted) => unquoted(value).unwrap_or(value),
            _ => value,
        };
        let text = String::from_utf8_lossy(value).into_owned();
        let end = |is_end: fn(char) -> bool| text.find(is_end).unwrap_or(text.len());
        let negative = text.starts_with('-');
        match self.mutant {
            Some(Mutant::MaxAgePlusAccepted) => {
                Some(text.strip_prefix('+').unwrap_or(&text).to_owned())
            }
            Some(Mutant::MaxAgeFractionCut) => Some(text[..end(|it| it == '.')].to_owned()),
            Some(Mutant::MaxAgeTailCut) if !negative => {
                let digits = text[..end(|it| !it.is_ascii_digit())].to_owned();
                (!digits.is_empty()).then_some(digits)
            }
            Some(Mutant::MaxAgeWordIsZero) => {
                let is_number =
                    text.bytes().skip(usize::from(negative)).all(|it| it.is_ascii_digit());
                Some(if is_number || text.is_empty() { text } else { "0".to_owned() })
            }
            Some(Mutant::MaxAgeUnderscoreAccepted) => Some(text.replace('_', "")),
            Some(Mutant::MaxAgeCommaAccepted) => Some(text.replace(',', "")),
            Some(Mutant::MaxAgeExponentAccepted) => match text.split_once('e') {
                Some((digits, "3")) => Some(format!("{digits}000")),
                _ => Some(text),
            },
            Some(Mutant::MaxAgeHexAccepted) => match text.strip_prefix("0x") {
                Some(hex) => Some(i64::from_str_radix(hex, 16).ok()?.to_string()),
                None => Some(text),
            },
            Some(Mutant::MaxAgeUnicodeDigits) => Some(text.chars().map(ascii_digit).collect()),
            Some(Mutant::MaxAgeUnicodeTrim) => {
                let latin1 = value.iter().map(|octet| char::from(*octet)).collect::<String>();
                Some(latin1.trim().to_owned())
            }
            Some(Mutant::MaxAgeEmptyIsZero) if text.is_empty() => Some("0".to_owned()),
            Some(Mutant::MaxAgeEmptyIsForever) if text.is_empty() => Some(i64::MAX.to_string()),
            _ => Some(text),
        }
    }

    /// Limits lifetimes to the cookie-age-limit, counted from `now` in Unix seconds.
    pub(crate) fn limit_lifetimes(self, attributes: &mut Attributes, now: Option<i64>) {
        let Some(limit) = self.age_limit() else { return };
        let latest = now.map_or(i64::MAX, |now| now.saturating_add(limit));
        if self.is(Mutant::AgeLimitDropsAttribute) {
            attributes.max_age.retain(|delta| *delta <= limit);
            attributes.expires.retain(|expires| *expires <= latest);
        }
        if !self.is(Mutant::AgeLimitOnExpiresOnly) {
            attributes.max_age.iter_mut().for_each(|delta| *delta = limit.min(*delta));
        }
        if !self.is(Mutant::AgeLimitOnMaxAgeOnly) {
            attributes.expires.iter_mut().for_each(|expires| *expires = latest.min(*expires));
        }
    }

    fn age_limit(self) -> Option<i64> {
        match self.mutant {
            Some(Mutant::AgeLimitInOldProfile) => Some(AGE_LIMIT),
            _ if !self.bis() => None,
            Some(Mutant::AgeLimitMissing) => None,
            Some(Mutant::AgeLimitOneSecondLess) => Some(AGE_LIMIT - 1),
            Some(Mutant::AgeLimitOneSecondMore) => Some(AGE_LIMIT + 1),
            _ => Some(AGE_LIMIT),
        }
    }

    /// The expiry-time in Unix seconds; `None` if the cookie ends with the session.
    pub(crate) fn expiry(self, attributes: &Attributes, now: i64) -> Option<i64> {
        let max_age = self.winner(&attributes.max_age, Mutant::MaxAgeFirstWins);
        let max_age = max_age.map(|delta| match *delta {
            ..=0 => i64::MIN,
            delta if self.is(Mutant::MaxAgeAddedWithWrap) => now.wrapping_add(delta),
            delta => now.saturating_add(delta),
        });
        let expires = self.winner(&attributes.expires, Mutant::ExpiresFirstWins).copied();
        let expires_wins = match self.mutant {
            Some(Mutant::ExpiresBeatsMaxAge) => true,
            Some(Mutant::LaterLifetimeWins) => attributes.expires_is_last,
            Some(Mutant::EarlierLifetimeWins) => !attributes.expires_is_last,
            Some(Mutant::LongerLifetimeWins) => expires > max_age,
            Some(Mutant::ShorterLifetimeWins) => expires < max_age,
            _ => false,
        };
        let default = self.is(Mutant::AgeLimitOnSessionCookies).then_some(now + AGE_LIMIT);
        if expires_wins { expires.or(max_age) } else { max_age.or(expires) }.or(default)
    }
}

/// The number modulo 2^64, as in C without a check for overflow.
fn wrapped(negative: bool, digits: &str) -> i64 {
    let magnitude = digits
        .bytes()
        .fold(0_i64, |number, digit| number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')));
    if negative { magnitude.wrapping_neg() } else { magnitude }
}

/// A fullwidth or an Arabic-Indic digit as an ASCII one.
fn ascii_digit(digit: char) -> char {
    let value = match digit {
        '\u{FF10}'..='\u{FF19}' => u32::from(digit) - 0xFF10,
        '\u{660}'..='\u{669}' => u32::from(digit) - 0x660,
        _ => return digit,
    };
    char::from_digit(value, 10).unwrap_or(digit)
}
