//! How long a cookie lives: Max-Age, its precedence over Expires, and the cookie-age-limit.

use crate::attribute::Attributes;
use crate::fault::Fault;
use crate::octets::unquoted;
use crate::rules::Rules;

/// 400 days in seconds, the limit 6265bis recommends.
const AGE_LIMIT: i64 = 400 * 86_400;

impl Rules {
    /// delta-seconds: digits, perhaps behind a minus. What no integer holds is the nearest one.
    pub(crate) fn max_age(self, value: &[u8]) -> Option<i64> {
        let text = self.max_age_text(value)?;
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, &*text),
        };
        if digits.is_empty() {
            return (self.is(Fault::MaxAgeMinusIsZero) && negative).then_some(0);
        }
        let exact = digits.chars().try_fold(0_i128, |number, digit| {
            let digit = digit.to_digit(10)?;
            Some(number.saturating_mul(10).saturating_add(i128::from(digit)))
        })?;
        let exact = if negative { -exact } else { exact };
        let bounded = exact.clamp(i128::from(-i64::MAX), i128::from(i64::MAX)) as i64;
        match self.fault {
            Some(Fault::MaxAgeInThirtyTwoBits) => Some(i64::from(bounded as i32)),
            Some(Fault::MaxAgeInSixtyFourBits) => Some(wrapped(negative, digits)),
            Some(Fault::MaxAgeOverflowIgnored) if i128::from(bounded) != exact => None,
            Some(Fault::MaxAgeZeroIgnored) if exact == 0 => None,
            Some(Fault::MaxAgeNegativeIgnored) if negative => None,
            Some(Fault::MaxAgeInMilliseconds) => Some(bounded / 1000),
            Some(Fault::MaxAgeOctal) if digits.starts_with('0') => {
                i64::from_str_radix(digits, 8).ok()
            }
            _ => Some(bounded),
        }
    }

    /// The number as it is written, once everything the faults forgive is taken away.
    fn max_age_text(self, value: &[u8]) -> Option<String> {
        let value = match self.fault {
            Some(Fault::MaxAgeUnquoted) => unquoted(value).unwrap_or(value),
            _ => value,
        };
        let text = String::from_utf8_lossy(value).into_owned();
        let end = |is_end: fn(char) -> bool| text.find(is_end).unwrap_or(text.len());
        let negative = text.starts_with('-');
        match self.fault {
            Some(Fault::MaxAgePlusAccepted) => {
                Some(text.strip_prefix('+').unwrap_or(&text).to_owned())
            }
            Some(Fault::MaxAgeFractionCut) => Some(text[..end(|it| it == '.')].to_owned()),
            Some(Fault::MaxAgeTailCut) if !negative => {
                let digits = text[..end(|it| !it.is_ascii_digit())].to_owned();
                (!digits.is_empty()).then_some(digits)
            }
            Some(Fault::MaxAgeWordIsZero) => {
                let is_number =
                    text.bytes().skip(usize::from(negative)).all(|it| it.is_ascii_digit());
                Some(if is_number || text.is_empty() { text } else { "0".to_owned() })
            }
            Some(Fault::MaxAgeUnderscoreAccepted) => Some(text.replace('_', "")),
            Some(Fault::MaxAgeCommaAccepted) => Some(text.replace(',', "")),
            Some(Fault::MaxAgeExponentAccepted) => match text.split_once('e') {
                Some((digits, "3")) => Some(format!("{digits}000")),
                _ => Some(text),
            },
            Some(Fault::MaxAgeHexAccepted) => match text.strip_prefix("0x") {
                Some(hex) => Some(i64::from_str_radix(hex, 16).ok()?.to_string()),
                None => Some(text),
            },
            Some(Fault::MaxAgeUnicodeDigits) => Some(text.chars().map(ascii_digit).collect()),
            Some(Fault::MaxAgeUnicodeTrim) => {
                let latin1 = value.iter().map(|octet| char::from(*octet)).collect::<String>();
                Some(latin1.trim().to_owned())
            }
            Some(Fault::MaxAgeEmptyIsZero) if text.is_empty() => Some("0".to_owned()),
            Some(Fault::MaxAgeEmptyIsForever) if text.is_empty() => Some(i64::MAX.to_string()),
            _ => Some(text),
        }
    }

    /// Cuts lifetimes to the cookie-age-limit, which is reckoned from `now` in Unix seconds.
    pub(crate) fn limit_lifetimes(self, attributes: &mut Attributes, now: Option<i64>) {
        let Some(limit) = self.age_limit() else { return };
        let latest = now.map_or(i64::MAX, |now| now.saturating_add(limit));
        if self.is(Fault::AgeLimitDropsAttribute) {
            attributes.max_age.retain(|delta| *delta <= limit);
            attributes.expires.retain(|expires| *expires <= latest);
        }
        if !self.is(Fault::AgeLimitOnExpiresOnly) {
            attributes.max_age.iter_mut().for_each(|delta| *delta = limit.min(*delta));
        }
        if !self.is(Fault::AgeLimitOnMaxAgeOnly) {
            attributes.expires.iter_mut().for_each(|expires| *expires = latest.min(*expires));
        }
    }

    fn age_limit(self) -> Option<i64> {
        match self.fault {
            Some(Fault::AgeLimitInOldProfile) => Some(AGE_LIMIT),
            _ if !self.bis() => None,
            Some(Fault::AgeLimitMissing) => None,
            Some(Fault::AgeLimitOneSecondLess) => Some(AGE_LIMIT - 1),
            Some(Fault::AgeLimitOneSecondMore) => Some(AGE_LIMIT + 1),
            _ => Some(AGE_LIMIT),
        }
    }

    /// The expiry-time in Unix seconds, of a cookie that is to outlive the session.
    pub(crate) fn expiry(self, attributes: &Attributes, now: i64) -> Option<i64> {
        let max_age = self.winner(&attributes.max_age, Fault::MaxAgeFirstWins);
        let max_age = max_age.map(|delta| match *delta {
            ..=0 => i64::MIN,
            delta if self.is(Fault::MaxAgeAddedWithWrap) => now.wrapping_add(delta),
            delta => now.saturating_add(delta),
        });
        let expires = self.winner(&attributes.expires, Fault::ExpiresFirstWins).copied();
        let expires_wins = match self.fault {
            Some(Fault::ExpiresBeatsMaxAge) => true,
            Some(Fault::LaterLifetimeWins) => attributes.expires_is_last,
            Some(Fault::EarlierLifetimeWins) => !attributes.expires_is_last,
            Some(Fault::LongerLifetimeWins) => expires > max_age,
            Some(Fault::ShorterLifetimeWins) => expires < max_age,
            _ => false,
        };
        let default = self.is(Fault::AgeLimitOnSessionCookies).then_some(now + AGE_LIMIT);
        if expires_wins { expires.or(max_age) } else { max_age.or(expires) }.or(default)
    }
}

/// The digits as C would read them into 64 bits without looking at the overflow.
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
