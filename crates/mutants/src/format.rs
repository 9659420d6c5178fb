//! Writing a Set-Cookie field, section 4.1.

use cookiespec_vectors::operation::FormatSetCookie;

use crate::date::imf_fixdate;
use crate::fault::Fault;
use crate::octets::{is_control, is_cookie_octet, is_token, unquoted};
use crate::rules::Rules;

impl Rules {
    /// The set-cookie-string; `None` where the grammar or every user agent would refuse it.
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
            cookie.expires.filter(|it| *it != 0 || !self.is(Fault::WritesNoEpoch))
        {
            append("Expires=", self.written_date(expires)?.as_bytes());
        }
        if let Some(max_age) =
            cookie.max_age.filter(|it| *it != 0 || !self.is(Fault::WritesNoZeroMaxAge))
        {
            append("Max-Age=", self.written_max_age(max_age)?.as_bytes());
        }
        if let Some(domain) = &cookie.domain {
            let dot: &[u8] = if self.is(Fault::WritesDomainWithDot) { b"." } else { b"" };
            append("Domain=", &[dot, domain.as_slice()].concat());
        }
        match &cookie.path {
            Some(path) if self.is(Fault::WritesPathEncoded) => {
                append("Path=", &percent_encoded(path.as_slice(), |it| it.is_ascii_graphic()));
            }
            Some(path) => {
                append("Path=", path.as_slice());
                if self.is(Fault::WritesPathTwice) {
                    append("Path=", path.as_slice());
                }
            }
            None => {}
        }
        match cookie.secure {
            Some(false) if self.is(Fault::WritesFlagsSetToFalse) => append("Secure=false", b""),
            Some(true) if self.is(Fault::WritesFlagsSetToTrue) => append("Secure=true", b""),
            Some(false) if self.is(Fault::WritesSecureWheneverNamed) => append("Secure", b""),
            _ if secure => append("Secure", b""),
            _ => {}
        }
        match cookie.http_only {
            Some(false) if self.is(Fault::WritesFlagsSetToFalse) => append("HttpOnly=false", b""),
            Some(true) if self.is(Fault::WritesHttpOnlyNever) => {}
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
        let allowed = |octet: &u8| match self.fault {
            Some(Fault::WritesNameWithBlank) if *octet == b' ' => true,
            Some(Fault::WritesNameWithEquals) if *octet == b'=' => true,
            Some(Fault::WritesNameWithSemicolon) if *octet == b';' => true,
            Some(Fault::WritesNameWithControl) if is_control(*octet) => true,
            Some(Fault::WritesNameWithSeparator) if b"(),/:<>?@[\\]{}\"".contains(octet) => true,
            Some(Fault::WritesNameWithNonAscii) if !octet.is_ascii() => true,
            Some(Fault::WritesNameOfLettersOnly) => octet.is_ascii_alphanumeric() || *octet == b'_',
            _ => is_token(*octet),
        };
        name.iter().all(allowed) && (!name.is_empty() || self.is(Fault::WritesNameOfNothing))
    }

    fn may_write_value(self, value: &[u8]) -> bool {
        let inner = unquoted(value).filter(|_| value.len() > 1).unwrap_or(value);
        inner.iter().all(|octet| match self.fault {
            Some(Fault::WritesValueWithSemicolon) if *octet == b';' => true,
            Some(Fault::WritesValueWithLineBreak) if b"\r\n".contains(octet) => true,
            Some(Fault::WritesValueWithControl) if is_control(*octet) => !b"\r\n".contains(octet),
            Some(Fault::WritesValueWithTab) if *octet == b'\t' => true,
            Some(Fault::WritesValueWithBlank) if *octet == b' ' => true,
            Some(Fault::WritesValueWithComma) if *octet == b',' => true,
            Some(Fault::WritesValueWithQuote) if *octet == b'"' => true,
            Some(Fault::WritesValueWithBackslash) if *octet == b'\\' => true,
            Some(Fault::WritesValueWithNonAscii) if !octet.is_ascii() => true,
            Some(Fault::WritesValueWithoutEquals) if *octet == b'=' => false,
            Some(Fault::WritesAnything) => true,
            _ => is_cookie_octet(*octet),
        })
    }

    fn may_write_path(self, path: &[u8]) -> bool {
        let fits = !self.bis() || path.len() <= 1024 || self.is(Fault::WritesPathOfAnyLength);
        fits && path.iter().all(|octet| match self.fault {
            Some(Fault::WritesPathWithSemicolon) if *octet == b';' => true,
            Some(Fault::WritesPathWithControl) if is_control(*octet) => true,
            Some(Fault::WritesPathWithNonAscii) if !octet.is_ascii() => true,
            Some(Fault::WritesAnything) => true,
            _ => *octet != b';' && (octet.is_ascii_graphic() || *octet == b' '),
        })
    }

    fn may_write_domain(self, domain: &[u8]) -> bool {
        let domain = match self.fault {
            Some(Fault::WritesDomainAsGiven) => domain.strip_prefix(b".").unwrap_or(domain),
            _ => domain,
        };
        let allowed = |octet: &u8| match self.fault {
            Some(Fault::WritesDomainWithSemicolon) if *octet == b';' => true,
            Some(Fault::WritesDomainWithControl) if is_control(*octet) => true,
            Some(Fault::WritesDomainWithPort) if *octet == b':' => true,
            Some(Fault::WritesDomainWithNonAscii) if !octet.is_ascii() => true,
            _ => octet.is_ascii_alphanumeric() || *octet == b'-',
        };
        let is_label = |label: &[u8]| {
            (1..=63).contains(&label.len())
                && label.iter().all(allowed)
                && !label.starts_with(b"-")
                && !label.ends_with(b"-")
        };
        self.is(Fault::WritesAnything)
            || domain.len() <= 253 && domain.split(|octet| *octet == b'.').all(is_label)
    }

    /// What every user agent that follows 6265bis would ignore.
    fn may_write_for_bis(self, cookie: &FormatSetCookie, secure: bool) -> bool {
        let (name, value) = (cookie.name.as_slice(), cookie.value.as_slice());
        let begins = |prefix: &[u8]| {
            name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let none =
            cookie.same_site.as_ref().is_some_and(|it| it.as_slice().eq_ignore_ascii_case(b"none"));
        let root = cookie.path.as_ref().is_some_and(|path| path.as_slice() == b"/");
        let secure_kept =
            secure || !begins(b"__Secure-") || self.is(Fault::WritesSecurePrefixWithoutSecure);
        let host_kept = !begins(b"__Host-")
            || (secure || self.is(Fault::WritesHostPrefixWithoutSecure))
                && (cookie.domain.is_none() || self.is(Fault::WritesHostPrefixWithDomain))
                && (root || self.is(Fault::WritesHostPrefixWithoutPath));
        let short = name.len() + value.len() <= 4096 || self.is(Fault::WritesPairOfAnyLength);
        let none_kept = !none || secure || self.is(Fault::WritesSameSiteNoneWithoutSecure);
        secure_kept && host_kept && short && none_kept
    }

    fn written_name(self, name: &[u8]) -> Vec<u8> {
        if self.is(Fault::WritesNameInLowerCase) {
            name.to_ascii_lowercase()
        } else {
            name.to_vec()
        }
    }

    fn written_value(self, value: &[u8]) -> Vec<u8> {
        let plain = value.iter().all(|octet| octet.is_ascii_alphanumeric());
        match self.fault {
            Some(Fault::WritesValueEncoded) => percent_encoded(value, |octet| {
                octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
            }),
            Some(Fault::WritesValueQuoted) if !plain => [b"\"", value, b"\""].concat(),
            Some(Fault::WritesValueUnquoted) => unquoted(value).unwrap_or(value).to_vec(),
            _ => value.to_vec(),
        }
    }

    fn written_max_age(self, seconds: i64) -> Option<String> {
        let least = match self.fault {
            Some(Fault::WritesNegativeMaxAge) => i64::MIN,
            _ if self.bis() => 0,
            _ => 1,
        };
        if seconds < least {
            return None;
        }
        Some(match self.fault {
            Some(Fault::WritesMaxAgeAsFraction) => format!("{seconds}.0"),
            Some(Fault::WritesMaxAgeInThirtyTwoBits) => (seconds as i32).to_string(),
            _ => seconds.to_string(),
        })
    }

    fn written_date(self, seconds: i64) -> Option<String> {
        let date = imf_fixdate(seconds);
        // "Sun, 06 Nov 1994 08:49:37 GMT"
        if date.len() != 29 {
            return self.is(Fault::WritesYearOfFiveDigits).then_some(date);
        }
        Some(match self.fault {
            Some(Fault::WritesYearOfTwoDigits) => [&date[..12], &date[14..]].concat(),
            Some(Fault::WritesDateWithHyphens) => {
                [&date[..7], "-", &date[8..11], "-", &date[12..]].concat()
            }
            Some(Fault::WritesDateUnpadded) => date.replacen(", 0", ", ", 1),
            Some(Fault::WritesDateWithOffset) => date.replace("GMT", "+0000"),
            Some(Fault::WritesDateAsUnixTime) => seconds.to_string(),
            Some(Fault::WritesDateOfWeekdayBefore) => {
                let yesterday = imf_fixdate(seconds - 86_400);
                [&yesterday[..3], &date[3..]].concat()
            }
            _ => date,
        })
    }

    fn write_same_site(self, value: &[u8], append: &mut dyn FnMut(&str, &[u8])) -> Option<()> {
        let known = [&b"Strict"[..], b"Lax", b"None"];
        match known.into_iter().find(|it| it.eq_ignore_ascii_case(value)) {
            Some(b"None") if self.is(Fault::WritesSameSiteNoneNever) => {}
            Some(known) if self.is(Fault::WritesSameSiteUnnamed) => append("", known),
            Some(known) => append("SameSite=", known),
            None if self.is(Fault::WritesSameSiteUnknown)
                && value.iter().all(|it| is_token(*it)) =>
            {
                append("SameSite=", value);
            }
            None if self.is(Fault::WritesAnything) => append("SameSite=", value),
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
