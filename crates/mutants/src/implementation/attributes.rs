//! The attributes of a set-cookie-string: sections 5.2.1 to 5.2.6 of RFC 6265, sections 5.6.1 to
//! 5.6.7 of 6265bis.

use super::cookie::{Attributes, SameSite};
use super::octets::{percent_decoded, split_once, unquoted, without_dot_segments};
use super::rules::Rules;
use super::slow;
use crate::catalogue::Cost;
use crate::mutant::Mutant;

/// The maximum length of the value of an attribute, in octets.
const VALUE_LIMIT: usize = 1024;

impl Rules {
    /// Parses what follows the first `;`, if there is one; `None` if the cookie is ignored.
    pub(crate) fn attributes(self, unparsed: Option<&[u8]>) -> Option<Attributes> {
        let mut list = Attributes::default();
        let Some(unparsed) = unparsed else { return Some(list) };
        if self.has_cost(Cost::AttributesByComparison) {
            std::hint::black_box(slow::same_attributes(unparsed));
        }
        let separates = |octet: &u8| {
            *octet == b';' || *octet == b',' && self.is(Mutant::CommaSeparatesAttributes)
        };
        let copies;
        let parts: Vec<&[u8]> = if self.has_cost(Cost::AttributesByCopies) {
            copies = slow::cookie_avs_by_copies(unparsed);
            copies.iter().map(Vec::as_slice).collect()
        } else {
            unparsed.split(separates).collect()
        };
        for (nth, cookie_av) in parts.into_iter().enumerate() {
            let is_empty = self.trim(cookie_av).is_empty();
            if is_empty && self.is(Mutant::AttributesEndAtEmptyOne)
                || nth >= 100 && self.is(Mutant::AttributesEndAtHundredth)
            {
                break;
            }
            self.attribute(cookie_av, &mut list)?;
        }
        Some(list)
    }

    fn attribute(self, cookie_av: &[u8], list: &mut Attributes) -> Option<()> {
        let (name, written_value) = split_once(cookie_av, b'=').unwrap_or((cookie_av, b""));
        let name = if self.is(Mutant::AttributeNameUntrimmed) {
            name.strip_prefix(b" ").unwrap_or(name)
        } else {
            self.trim(name)
        };
        let value = if self.is(Mutant::AttributeValueUntrimmed) {
            written_value
        } else {
            self.trim(written_value)
        };
        let has_value = split_once(cookie_av, b'=').is_some();
        let name = self.attribute_name(name);
        if self.is_value_too_long(&name, value, written_value) {
            if self.is(Mutant::AttributeTooLongLosesCookie) {
                return None;
            }
            if name == b"path" && self.is(Mutant::AttributeTooLongErasesPath) {
                list.path.push(None);
            }
            return Some(());
        }
        match &name[..] {
            b"expires" => self.expires(value, list)?,
            b"max-age" => self.max_age_attribute(value, list)?,
            b"domain" => self.domain_attribute(value, list),
            b"path" => self.path_attribute(value, list),
            b"secure" if has_value && self.is(Mutant::SecureWithValueIgnored) => {}
            b"secure" => list.secure |= !(self.is(Mutant::SecureFalseUnset) && value == b"false"),
            b"httponly" => {
                list.http_only |= !(self.is(Mutant::HttpOnlyZeroUnset) && value == b"0");
            }
            b"samesite" if self.bis() || self.is(Mutant::SameSiteKnownToOldProfile) => {
                self.same_site_attribute(value, list);
            }
            _ if self.is(Mutant::AttributeUnknownLosesCookie) && !name.is_empty() => return None,
            _ => list.unknown.push((name, value.to_vec())),
        }
        Some(())
    }

    /// An attribute name in the form in which it is compared: with its ASCII letters in lower case.
    fn attribute_name(self, name: &[u8]) -> Vec<u8> {
        let lower = name.to_ascii_lowercase();
        let known: [&[u8]; 7] =
            [b"expires", b"max-age", b"domain", b"path", b"secure", b"httponly", b"samesite"];
        let by_prefix = known.iter().find(|it| lower.starts_with(it));
        match (self.mutant, by_prefix) {
            (Some(Mutant::AttributeNameCaseSensitive), _) => {
                let exact: [&[u8]; 7] = [
                    b"Expires",
                    b"Max-Age",
                    b"Domain",
                    b"Path",
                    b"Secure",
                    b"HttpOnly",
                    b"SameSite",
                ];
                if exact.contains(&name) || known.contains(&name) { lower } else { name.to_vec() }
            }
            (Some(Mutant::AttributeNameByPrefix), Some(known)) => known.to_vec(),
            (Some(Mutant::AttributeNameFoldedByUnicode), _) => {
                let text = String::from_utf8_lossy(name);
                text.to_uppercase().to_lowercase().replace('\u{131}', "i").into_bytes()
            }
            (Some(Mutant::AttributeNameFoldedInTurkish), _) => {
                String::from_utf8_lossy(name).replace('I', "\u{131}").to_lowercase().into_bytes()
            }
            (Some(Mutant::AttributeNameWithoutHyphens), _) if lower != b"max-age" => {
                lower.iter().copied().filter(|octet| !b"- ".contains(octet)).collect()
            }
            _ => lower,
        }
    }

    /// 6265bis skips attributes whose value has more than 1024 octets.
    fn is_value_too_long(self, name: &[u8], value: &[u8], written: &[u8]) -> bool {
        let is_exempt = !matches!(name, b"path" | b"domain");
        let counted = match self.mutant {
            Some(Mutant::AttributeLimitMissing) => 0,
            Some(Mutant::AttributeLimitOneLess) => value.len() + 1,
            Some(Mutant::AttributeLimitOneMore) => value.len().saturating_sub(1),
            Some(Mutant::AttributeLimitCountsBlanks) => written.len(),
            Some(Mutant::AttributeLimitCountsName) => name.len() + value.len(),
            Some(Mutant::AttributeLimitOnPathAndDomainOnly) if is_exempt => 0,
            _ => value.len(),
        };
        (self.bis() || self.is(Mutant::AttributeLimitInOldProfile)) && counted > VALUE_LIMIT
    }

    fn expires(self, value: &[u8], list: &mut Attributes) -> Option<()> {
        let unix = std::str::from_utf8(value).ok().and_then(|text| text.parse::<i64>().ok());
        let seconds = match (self.date(value), unix) {
            (None, Some(seconds)) if self.is(Mutant::ExpiresUnixTimeAccepted) => Some(seconds),
            (None, Some(0)) if self.is(Mutant::ExpiresZeroDeletes) => Some(0),
            (None, _) if self.is(Mutant::ExpiresUnparsableDeletes) => Some(i64::MIN),
            (date, _) => date,
        };
        match seconds {
            _ if self.is(Mutant::ExpiresIgnored) => {}
            Some(seconds) => {
                list.expires.push(seconds);
                list.expires_is_last = true;
            }
            None if self.is(Mutant::ExpiresInvalidLosesCookie) => return None,
            None if self.is(Mutant::ExpiresInvalidErasesEarlier) => list.expires.clear(),
            None => {}
        }
        Some(())
    }

    fn max_age_attribute(self, value: &[u8], list: &mut Attributes) -> Option<()> {
        match self.max_age(value) {
            _ if self.is(Mutant::MaxAgeIgnored) => {}
            Some(seconds) => {
                list.max_age.push(seconds);
                list.expires_is_last = false;
            }
            None if self.is(Mutant::MaxAgeInvalidLosesCookie) => return None,
            None if self.is(Mutant::MaxAgeInvalidErasesEarlier) => list.max_age.clear(),
            None => {}
        }
        Some(())
    }

    /// Lower-cased, without one leading dot.
    fn domain_attribute(self, value: &[u8], list: &mut Attributes) {
        let ignored_when_empty = if self.bis() {
            self.is(Mutant::DomainEmptyIgnored)
        } else {
            !self.is(Mutant::DomainEmptyWinsInOldProfile)
        };
        if value.is_empty() && ignored_when_empty {
            return;
        }
        let dotless = value.strip_prefix(b".").unwrap_or(value);
        let port = || value.iter().position(|octet| *octet == b':').unwrap_or(value.len());
        let domain = match self.mutant {
            Some(Mutant::DomainDotKept) => value,
            Some(Mutant::DomainNeedsDot) if dotless.len() == value.len() => return,
            Some(Mutant::DomainAllDotsStripped) => {
                &value[value.iter().take_while(|octet| **octet == b'.').count()..]
            }
            Some(Mutant::DomainTrailingDotCut) => dotless.strip_suffix(b".").unwrap_or(dotless),
            Some(Mutant::DomainPortCut) => &value[..port()],
            Some(Mutant::DomainUnquoted) => unquoted(value).unwrap_or(dotless),
            Some(Mutant::DomainDecoded) => &percent_decoded(dotless),
            Some(Mutant::DomainWildcardCut) => value.strip_prefix(b"*.").unwrap_or(dotless),
            _ => dotless,
        };
        let kept = self.is(Mutant::DomainCaseKept);
        list.domain.push(if kept { domain.to_vec() } else { domain.to_ascii_lowercase() });
    }

    /// Unchanged if it begins with `/`; the default-path otherwise.
    fn path_attribute(self, value: &[u8], list: &mut Attributes) {
        let value = match (self.mutant, unquoted(value)) {
            (Some(Mutant::PathUnquoted), Some(inner)) => inner,
            _ => value,
        };
        if !value.starts_with(b"/") {
            match self.mutant {
                Some(Mutant::PathInvalidKeepsEarlier) => {}
                Some(Mutant::PathRelativeKept) if !value.is_empty() => {
                    list.path.push(Some(value.to_vec()));
                }
                Some(Mutant::PathRelativeGetsSlash) => {
                    list.path.push(Some([b"/", value].concat()));
                }
                Some(Mutant::PathEmptyIsRoot) if value.is_empty() => {
                    list.path.push(Some(b"/".to_vec()));
                }
                _ => list.path.push(None),
            }
            return;
        }
        let query = || value.iter().position(|octet| b"?#".contains(octet)).unwrap_or(value.len());
        list.path.push(Some(match self.mutant {
            Some(Mutant::PathDecoded) => percent_decoded(value),
            Some(Mutant::PathDotsRemoved) => without_dot_segments(value),
            Some(Mutant::PathQueryCut) => value[..query()].to_vec(),
            Some(Mutant::PathLowerCased) => value.to_ascii_lowercase(),
            Some(Mutant::PathTrailingSlashCut) if value.len() > 1 => {
                value.strip_suffix(b"/").unwrap_or(value).to_vec()
            }
            Some(Mutant::PathEndsAtBlank) => {
                value.split(|octet| *octet == b' ').next().unwrap_or(value).to_vec()
            }
            _ => value.to_vec(),
        }));
    }

    fn same_site_attribute(self, value: &[u8], list: &mut Attributes) {
        let value = match self.mutant {
            Some(Mutant::SameSiteUnquoted) => unquoted(value).unwrap_or(value),
            _ => value,
        };
        let named = |name: &str| match self.mutant {
            Some(Mutant::SameSiteCaseSensitive) => value == name.as_bytes(),
            Some(Mutant::SameSiteByPrefix) => value.starts_with(name.as_bytes()),
            _ => value.eq_ignore_ascii_case(name.as_bytes()),
        };
        let known = [SameSite::Strict, SameSite::Lax, SameSite::None];
        match known.into_iter().find(|it| named(it.name())) {
            Some(SameSite::None) if self.is(Mutant::SameSiteNoneIsStrict) => {
                list.same_site.push(SameSite::Strict);
            }
            Some(SameSite::None) if self.is(Mutant::SameSiteNoneUnknown) => {
                list.same_site.push(SameSite::Default);
            }
            Some(known) => list.same_site.push(known),
            None => match self.mutant {
                Some(Mutant::SameSiteUnknownKeepsEarlier) => {}
                Some(Mutant::SameSiteUnknownIsStrict) => list.same_site.push(SameSite::Strict),
                Some(Mutant::SameSiteUnknownIsNone) => list.same_site.push(SameSite::None),
                _ => list.same_site.push(SameSite::Default),
            },
        }
    }
}
