//! A set-cookie-string up to its attributes: section 5.2 of RFC 6265, section 5.6 of 6265bis.

use crate::attribute::Attributes;
use crate::cost::Cost;
use crate::fault::Fault;
use crate::octets::{
    is_control, is_cookie_octet, is_token, percent_decoded, split_once, unescaped, unquoted,
};
use crate::rules::Rules;

/// What name and value may have together, in octets.
const PAIR_LIMIT: usize = 4096;

/// A set-cookie-string that was not ignored.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub(crate) name: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(crate) attributes: Attributes,
}

impl Rules {
    /// The set-cookie-strings in a field line: one.
    pub(crate) fn set_cookie_strings(self, line: &[u8]) -> Vec<Vec<u8>> {
        if self.is(Fault::CommaSeparatesCookies) {
            return line.split(|&octet| octet == b',').map(<[u8]>::to_vec).collect();
        }
        if !self.is(Fault::CommaBeforePairSeparatesCookies) {
            return vec![line.to_vec()];
        }
        let mut strings: Vec<Vec<u8>> = Vec::new();
        for part in line.split(|&octet| octet == b',') {
            let start = part.split(|octet| b"=;".contains(octet)).next().unwrap_or(part);
            let is_pair =
                start.len() < part.len() && self.trim(start).iter().all(|it| is_token(*it));
            match strings.last_mut() {
                Some(last) if !is_pair => last.extend([b",", part].concat()),
                _ => strings.push(part.to_vec()),
            }
        }
        strings
    }

    /// Parses a set-cookie-string; `None` where it is ignored entirely.
    pub(crate) fn parse(self, line: &[u8]) -> Option<Parsed> {
        let line = self.read_line(line)?;
        let end = self.end_of_pair(&line);
        let is_refused = |(at, &octet): (usize, &u8)| match self.cost {
            Some(Cost::ControlsByTables) => self.is_refused_by_table(octet, at < end),
            _ => self.is_refused(octet, at < end),
        };
        if line.iter().enumerate().any(is_refused) {
            return None;
        }
        let (pair, rest) = (&line[..end], line.get(end + 1..));
        let (name, value) = self.name_and_value(pair)?;
        if self.is_too_long(&name, &value, &line, pair) {
            return None;
        }
        if name.is_empty() && value.is_empty() && !self.is(Fault::EmptyPairStored) {
            return None;
        }
        let attributes = self.attributes(rest)?;
        if self.is(Fault::FlagsFoundAnywhere) {
            let found = |flag: &[u8]| {
                line.to_ascii_lowercase().windows(flag.len()).any(|part| part == flag)
            };
            let (secure, http_only) = (found(b"secure"), found(b"httponly"));
            return Some(Parsed {
                name,
                value,
                attributes: Attributes { secure, http_only, ..attributes },
            });
        }
        Some(Parsed { name, value, attributes })
    }

    /// The octets of the line: all of them, as they are.
    fn read_line(self, line: &[u8]) -> Option<Vec<u8>> {
        let up_to = |ends: &[u8]| line.split(|it| ends.contains(it)).next().map(<[u8]>::to_vec);
        match self.fault {
            Some(Fault::LineCutAtNul) => up_to(b"\0"),
            Some(Fault::LineCutAtLineBreak) => up_to(b"\r\n"),
            Some(Fault::LineReadAsLossyUtf8) => {
                Some(String::from_utf8_lossy(line).as_bytes().to_vec())
            }
            Some(Fault::LineReadAsLatin1) => {
                Some(line.iter().map(|&octet| char::from(octet)).collect::<String>().into_bytes())
            }
            Some(Fault::LineMustBeUtf8) => std::str::from_utf8(line).ok().map(|_| line.to_vec()),
            Some(Fault::LineTrimmedOfControls) => {
                let text = line.iter().map(|&octet| char::from(octet)).collect::<String>();
                let text = text.trim_matches(|it| it <= ' ');
                Some(text.chars().map(|it| it as u8).collect())
            }
            Some(Fault::LineBreakChomped) => {
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                Some(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
            }
            _ => Some(line.to_vec()),
        }
    }

    /// Does this octet, in the pair or behind it, make the whole line be ignored?
    pub(crate) fn is_refused(self, octet: u8, in_pair: bool) -> bool {
        match octet {
            b' '..=b'~' => false,
            b'\t' => self.bis() && self.is(Fault::ControlsIncludeTab),
            0x7F => {
                self.bis()
                    && !self.is(Fault::ControlsAccepted)
                    && !self.is(Fault::ControlsWithoutDelete)
            }
            0x80..=0x9F if self.is(Fault::ControlsIncludeC1) => true,
            0x80.. => self.is(Fault::ControlsBySignedOctets),
            _ if !is_control(octet) || self.is(Fault::ControlsAccepted) => false,
            _ if self.is(Fault::ControlsCheckedInPairOnly) => in_pair && self.bis(),
            b'\n' | b'\r' | 0 if self.is(Fault::ControlsAreLineBreaksAndNul) => true,
            _ if self.is(Fault::ControlsAreLineBreaksAndNul) => false,
            _ => self.bis() || self.is(Fault::ControlsRefusedByOldProfile),
        }
    }

    /// Where the pair ends: at the first `;`.
    fn end_of_pair(self, line: &[u8]) -> usize {
        let mut quoted = false;
        for (at, &octet) in line.iter().enumerate() {
            if !matches!(octet, b';' | b'"') {
                continue;
            }
            let escaped = self.is(Fault::BackslashProtectsSemicolon) && line[..at].ends_with(b"\\");
            quoted ^= octet == b'"' && self.is(Fault::QuotesProtectSemicolon);
            let blank_missing = self.is(Fault::SemicolonNeedsBlank)
                && line.get(at + 1).is_some_and(|it| *it != b' ');
            if octet == b';' && !quoted && !escaped && !blank_missing {
                return at;
            }
        }
        line.len()
    }

    /// What stands before and behind the first `=`, without the blanks around it.
    fn name_and_value(self, pair: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let last = pair.iter().rposition(|&octet| octet == b'=');
        let (name, value) = match (split_once(pair, b'='), last) {
            (Some(_), Some(at)) if self.is(Fault::LastEqualsSplits) => {
                (&pair[..at], &pair[at + 1..])
            }
            (Some((name, value)), _) if self.is(Fault::SecondEqualsEndsValue) => {
                (name, split_once(value, b'=').map_or(value, |(value, _)| value))
            }
            (Some(sides), _) => sides,
            (None, _) if self.is(Fault::BareWordIsName) => (pair, &b""[..]),
            (None, _) if self.is(Fault::BareWordIgnored) => return None,
            (None, _) => (&b""[..], pair),
        };
        let nameless_kept = self.bis() || self.is(Fault::NamelessStoredByOldProfile);
        let (name, value) = (self.trim(name), self.trim(value));
        if name.is_empty()
            && (!nameless_kept || self.is(Fault::EmptyNameIgnored) && pair.contains(&b'='))
            || value.is_empty() && self.is(Fault::EmptyValueIgnored)
        {
            return None;
        }
        Some((self.read_name(name)?, self.read_value(value)?))
    }

    /// A name: any octets, as they are.
    fn read_name(self, name: &[u8]) -> Option<Vec<u8>> {
        const RESERVED: [&[u8]; 7] =
            [b"expires", b"path", b"domain", b"max-age", b"secure", b"httponly", b"version"];
        let refused = self.is(Fault::NameMustBeToken) && !name.iter().all(|it| is_token(*it))
            || self.is(Fault::NameWithDollarIgnored) && name.starts_with(b"$")
            || self.is(Fault::NameOfAttributeRefused)
                && RESERVED.contains(&&name.to_ascii_lowercase()[..])
            || self.is(Fault::NameOfPrototypeLost) && name == b"__proto__";
        if refused {
            return None;
        }
        Some(match self.fault {
            Some(Fault::NameLowerCased) => name.to_ascii_lowercase(),
            Some(Fault::NameDecoded) => percent_decoded(name),
            Some(Fault::NameUnquoted) => unquoted(name).unwrap_or(name).to_vec(),
            Some(Fault::NamePrefixStripped) => {
                let bare = name.strip_prefix(b"__Host-").or(name.strip_prefix(b"__Secure-"));
                bare.unwrap_or(name).to_vec()
            }
            _ => name.to_vec(),
        })
    }

    /// A value: any octets, as they are.
    fn read_value(self, value: &[u8]) -> Option<Vec<u8>> {
        if self.is(Fault::ValueMustBeCookieOctets) {
            let inner = unquoted(value).unwrap_or(value);
            return inner.iter().all(|octet| is_cookie_octet(*octet)).then(|| value.to_vec());
        }
        if unquoted(value).is_some() && self.costs(Cost::BackslashesByCopies) {
            return Some(Self::rejoined_at_backslashes(value));
        }
        if self.costs(Cost::BackslashesByBacktracking)
            && let Some(inner) = value.strip_prefix(b"\"")
        {
            std::hint::black_box(Self::is_closed_by_backtracking(inner));
        }
        Some(match (self.fault, unquoted(value)) {
            (Some(Fault::ValueUnquoted), Some(inner)) => inner.to_vec(),
            (Some(Fault::ValueStrippedOfQuotes), _) => {
                value.iter().copied().filter(|octet| *octet != b'"').collect()
            }
            (Some(Fault::ValueUnescaped), Some(_)) => unescaped(value),
            (Some(Fault::ValueDecoded), _) => percent_decoded(value),
            (Some(Fault::ValueFormDecoded), _) => {
                value.iter().map(|octet| if *octet == b'+' { b' ' } else { *octet }).collect()
            }
            (Some(Fault::ValueEndsAtBlank), _) => {
                value.split(|octet| *octet == b' ').next().unwrap_or(value).to_vec()
            }
            _ => value.to_vec(),
        })
    }

    /// Are name and value too long together? 6265bis allows 4096 octets.
    fn is_too_long(self, name: &[u8], value: &[u8], line: &[u8], pair: &[u8]) -> bool {
        let characters = |octets: &[u8]| String::from_utf8_lossy(octets).chars().count();
        let octets = name.len() + value.len();
        let counted = match self.fault {
            Some(Fault::PairLimitMissing) => 0,
            Some(Fault::PairLimitCountsEquals) => octets + usize::from(pair.contains(&b'=')),
            Some(Fault::PairLimitCountsAttributes) => line.len().saturating_sub(1),
            Some(Fault::PairLimitCountsBlanks) => pair.len().saturating_sub(1),
            Some(Fault::PairLimitCountsCharacters) => characters(name) + characters(value),
            Some(Fault::PairLimitCountsValueOnly) => value.len(),
            Some(Fault::PairLimitOneLess) => octets + 1,
            Some(Fault::PairLimitOneMore) => octets.saturating_sub(1),
            _ => octets,
        };
        self.bis() && counted > PAIR_LIMIT
    }
}
