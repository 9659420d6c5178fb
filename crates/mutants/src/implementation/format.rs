//! Writing a Set-Cookie field, section 4.1.

use cookiespec_vectors::operation::FormatSetCookie;

use super::date::imf_fixdate;
use super::octets::{is_control, is_cookie_octet, is_token, unquoted};
use super::rules::Rules;
use crate::mutant::Mutant;

impl Rules {
    /// The set-cookie-string; `None` if the grammar or every user agent would refuse it.
    pub(crate) fn format(self, cookie: &FormatSetCookie) -> Option<Vec<u8>> {
        let (name, value) = (cookie.name.as_slice(), cookie.value.as_slice());
        let secure = cookie.secure == Some(true);
        let well_formed = self.may_write_name(name)
            && self.may_write_value(value)
            && cookie.path.as_ref().is_none_or(|path| self.may_write_path(path.as_slice()))
            && cookie.domain.as_ref().is_none_or(|domain| self.may_write_domain(domain.as_slice()));
        if !well_formed || self.bis() && !self.may_write_for_bis(cookie, secure) {
            return None;
        }
        let mut line = [&self.written_name(name), &b"="[..], &self.written_value(value)].concat();
        let mut append = |attribute: &str, value: &[u8]| {
            line.extend_from_slice(&[b"; ", attribute.as_bytes(), value].concat());
        };
        if let Some(expires) =
            cookie.expires.filter(|it| *it != 0 || !self.is(Mutant::WritesNoEpoch))
        {
            append("Expires=", self.written_date(expires)?.as_bytes());
        }
        if let Some(max_age) =
            cookie.max_age.filter(|it| *it != 0 || !self.is(Mutant::WritesNoZeroMaxAge))
        {
            append("Max-Age=", self.written_max_age(max_age)?.as_bytes());
        }
        if let Some(domain) = &cookie.domain {
            let dot: &[u8] = if self.is(Mutant::WritesDomainWithDot) { b"." } else { b"" };
            append("Domain=", &[dot, domain.as_slice()].concat());
        }
        match &cookie.path {
            Some(path) if self.is(Mutant::WritesPathEncoded) => {
                append("Path=", &percent_encoded(path.as_slice(), |it| it.is_ascii_graphic()));
            }
            Some(path) => {
                append("Path=", path.as_slice());
                if self.is(Mutant::WritesPathTwice) {
                    append("Path=", path.as_slice());
                }
            }
            None => {}
        }
        match cookie.secure {
            Some(false) if self.is(Mutant::WritesFlagsSetToFalse) => append("Secure=false", b""),
            Some(true) if self.is(Mutant::WritesFlagsSetToTrue) => append("Secure=true", b""),
            Some(false) if self.is(Mutant::WritesSecureWheneverNamed) => append("Secure", b""),
            _ if secure => append("Secure", b""),
            _ => {}
        }
        match cookie.http_only {
            Some(false) if self.is(Mutant::WritesFlagsSetToFalse) => append("HttpOnly=false", b""),
            Some(true) if self.is(Mutant::WritesHttpOnlyNever) => {}
            Some(true) => append("HttpOnly", b""),
            _ => {}
        }
        if let Some(same_site) = &cookie.same_site {
            self.write_same_site(same_site.as_slice(), &mut append)?;
        }
        if cookie.partitioned == Some(true) {
            append("Partitioned", b"");
        }
        Some(line)
    }

    fn may_write_name(self, name: &[u8]) -> bool {
        let allowed = |octet: &u8| match self.mutant {
            Some(Mutant::WritesNameWithBlank) if *octet == b' ' => true,
            Some(Mutant::WritesNameWithEquals) if *octet == b'=' => true,
            Some(Mutant::WritesNameWithSemicolon) if *octet == b';' => true,
            Some(Mutant::WritesNameWithControl) if is_control(*octet) => true,
            Some(Mutant::WritesNameWithSeparator) if b"(),/:<>?@[\\]{}\"".contains(octet) => true,
            Some(Mutant::WritesNameWithNonAscii) if !octet.is_ascii() => true,
            Some(Mutant::WritesNameOfLettersOnly) => {
                octet.is_ascii_alphanumeric() || *octet == b'_'
            }
            _ => is_token(*octet),
        };
        name.iter().all(allowed) && (!name.is_empty() || self.is(Mutant::WritesNameOfNothing))
    }

    fn may_write_value(self, value: &[u8]) -> bool {
        let inner = unquoted(value).filter(|_| value.len() > 1).unwrap_or(value);
        inner.iter().all(|octet| match self.mutant {
            Some(Mutant::WritesValueWithSemicolon) if *octet == b';' => true,
            Some(Mutant::WritesValueWithLineBreak) if b"\r\n".contains(octet) => true,
            Some(Mutant::WritesValueWithControl) if is_control(*octet) => !b"\r\n".contains(octet),
            Some(Mutant::WritesValueWithTab) if *octet == b'\t' => true,
            Some(Mutant::WritesValueWithBlank) if *octet == b' ' => true,
            Some(Mutant::WritesValueWithComma) if *octet == b',' => true,
            Some(Mutant::WritesValueWithQuote) if *octet == b'"' => true,
            Some(Mutant::WritesValueWithBackslash) if *octet == b'\\' => true,
            Some(Mutant::WritesValueWithNonAscii) if !octet.is_ascii() => true,
            Some(Mutant::WritesValueWithoutEquals) if *octet == b'=' => false,
            Some(Mutant::WritesAnything) => true,
            _ => is_cookie_octet(*octet),
        })
    }

    fn may_write_path(self, path: &[u8]) -> bool {
        let fits = !self.bis() || path.len() <= 1024 || self.is(Mutant::WritesPathOfAnyLength);
        fits && path.iter().all(|octet| match self.mutant {
            Some(Mutant::WritesPathWithSemicolon) if *octet == b';' => true,
            Some(Mutant::WritesPathWithControl) if is_control(*octet) => true,
            Some(Mutant::WritesPathWithNonAscii) if !octet.is_ascii() => true,
            Some(Mutant::WritesAnything) => true,
            _ => *octet != b';' && (octet.is_ascii_graphic() || *octet == b' '),
        })
    }

    fn may_write_domain(self, domain: &[u8]) -> bool {
        let domain = match self.mutant {
            Some(Mutant::WritesDomainAsGiven) => domain.strip_prefix(b".").unwrap_or(domain),
            _ => domain,
        };
        let allowed = |octet: &u8| match self.mutant {
            Some(Mutant::WritesDomainWithSemicolon) if *octet == b';' => true,
            Some(Mutant::WritesDomainWithControl) if is_control(*octet) => true,
            Some(Mutant::WritesDomainWithPort) if *octet == b':' => true,
            Some(Mutant::WritesDomainWithNonAscii) if !octet.is_ascii() => true,
            _ => octet.is_ascii_alphanumeric() || *octet == b'-',
        };
        let is_label = |label: &[u8]| {
            (1..=63).contains(&label.len())
                && label.iter().all(allowed)
                && !label.starts_with(b"-")
                && !label.ends_with(b"-")
        };
        self.is(Mutant::WritesAnything)
            || domain.len() <= 253 && domain.split(|octet| *octet == b'.').all(is_label)
    }

    /// Whether a user agent that follows 6265bis would not ignore the cookie.
    fn may_write_for_bis(self, cookie: &FormatSetCookie, secure: bool) -> bool {
        let (name, value) = (cookie.name.as_slice(), cookie.value.as_slice());
        let begins = |prefix: &[u8]| {
            name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let none =
            cookie.same_site.as_ref().is_some_and(|it| it.as_slice().eq_ignore_ascii_case(b"none"));
        let root = cookie.path.as_ref().is_some_and(|path| path.as_slice() == b"/");
        let secure_kept =
            secure || !begins(b"__Secure-") || self.is(Mutant::WritesSecurePrefixWithoutSecure);
        let host_kept = !begins(b"__Host-")
            || (secure || self.is(Mutant::WritesHostPrefixWithoutSecure))
                && (cookie.domain.is_none() || self.is(Mutant::WritesHostPrefixWithDomain))
                && (root || self.is(Mutant::WritesHostPrefixWithoutPath));
        let short = name.len() + value.len() <= 4096 || self.is(Mutant::WritesPairOfAnyLength);
        let none_kept = !none || secure || self.is(Mutant::WritesSameSiteNoneWithoutSecure);
        secure_kept && host_kept && short && none_kept
    }

    fn written_name(self, name: &[u8]) -> Vec<u8> {
        if self.is(Mutant::WritesNameInLowerCase) {
            name.to_ascii_lowercase()
        } else {
            name.to_vec()
        }
    }

    fn written_value(self, value: &[u8]) -> Vec<u8> {
        let plain = value.iter().all(|octet| octet.is_ascii_alphanumeric());
        match self.mutant {
            Some(Mutant::WritesValueEncoded) => percent_encoded(value, |octet| {
                octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
            }),
            Some(Mutant::WritesValueQuoted) if !plain => [b"\"", value, b"\""].concat(),
            Some(Mutant::WritesValueUnquoted) => unquoted(value).unwrap_or(value).to_vec(),
            _ => value.to_vec(),
        }
    }

    fn written_max_age(self, seconds: i64) -> Option<String> {
        let least = match self.mutant {
            Some(Mutant::WritesNegativeMaxAge) => i64::MIN,
            _ if self.bis() => 0,
            _ => 1,
        };
        if seconds < least {
            return None;
        }
        Some(match self.mutant {
            Some(Mutant::WritesMaxAgeAsFraction) => format!("{seconds}.0"),
            Some(Mutant::WritesMaxAgeInThirtyTwoBits) => (seconds as i32).to_string(),
            _ => seconds.to_string(),
        })
    }

    fn written_date(self, seconds: i64) -> Option<String> {
        let date = imf_fixdate(seconds);
        // "Sun, 06 Nov 1994 08:49:37 GMT"
        if date.len() != 29 {
            return self.is(Mutant::WritesYearOfFiveDigits).then_some(date);
        }
        Some(match self.mutant {
            Some(Mutant::WritesYearOfTwoDigits) => [&date[..12], &date[14..]].concat(),
            Some(Mutant::WritesDateWithHyphens) => {
                [&date[..7], "-", &date[8..11], "-", &date[12..]].concat()
            }
            Some(Mutant::WritesDateUnpadded) => date.replacen(", 0", ", ", 1),
            Some(Mutant::WritesDateWithOffset) => date.replace("GMT", "+0000"),
            Some(Mutant::WritesDateAsUnixTime) => seconds.to_string(),
            Some(Mutant::WritesDateOfWeekdayBefore) => {
                let yesterday = imf_fixdate(seconds - 86_400);
                [&yesterday[..3], &date[3..]].concat()
            }
            _ => date,
        })
    }

    fn write_same_site(self, value: &[u8], append: &mut dyn FnMut(&str, &[u8])) -> Option<()> {
        let known = [&b"Strict"[..], b"Lax", b"None"];
        match known.into_iter().find(|it| it.eq_ignore_ascii_case(value)) {
            Some(b"None") if self.is(Mutant::WritesSameSiteNoneNever) => {}
            Some(known) if self.is(Mutant::WritesSameSiteUnnamed) => append("", known),
            Some(known) => append("SameSite=", known),
            None if self.is(Mutant::WritesSameSiteUnknown)
                && value.iter().all(|it| is_token(*it)) =>
            {
                append("SameSite=", value);
            }
            None if self.is(Mutant::WritesAnything) => append("SameSite=", value),
            None => return None,
        }
        Some(())
    }
}

fn percent_encoded(octets: &[u8], is_plain: impl Fn(u8) -> bool) -> Vec<u8> {
    octets
        .iter()
        .flat_map(|&octet| match is_plain(octet) {
            true => vec![octet],
            false => format!("%{octet:02X}").into_bytes(),
        })
        .collect()
}
