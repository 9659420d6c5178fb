//! A set-cookie-string up to its attributes: section 5.2 of RFC 6265, section 5.6 of 6265bis.

use super::cookie::{Attributes, Parsed};
use super::octets::{
    is_control, is_cookie_octet, is_token, percent_decoded, split_once, unescaped, unquoted,
};
use super::rules::Rules;
use super::slow;
use crate::catalogue::Cost;
use crate::mutant::Mutant;

/// The maximum length of name and value together, in octets.
const PAIR_LIMIT: usize = 4096;

impl Rules {
    /// The set-cookie-strings in a field line: one.
    pub(crate) fn set_cookie_strings(self, line: &[u8]) -> Vec<Vec<u8>> {
        if self.is(Mutant::CommaSeparatesCookies) {
            return line.split(|&octet| octet == b',').map(<[u8]>::to_vec).collect();
        }
        if !self.is(Mutant::CommaBeforePairSeparatesCookies) {
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

    /// Parses a set-cookie-string; `None` if it is ignored.
    pub(crate) fn parse(self, line: &[u8]) -> Option<Parsed> {
        let line = self.read_line(line)?;
        let end = self.end_of_pair(&line);
        let is_refused = |(at, &octet): (usize, &u8)| match self.cost {
            Some(Cost::ControlsByTables) => {
                slow::look_up_in_table(octet, |octet| self.is_refused(octet, at < end))
            }
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
        if name.is_empty() && value.is_empty() && !self.is(Mutant::EmptyPairStored) {
            return None;
        }
        let attributes = self.attributes(rest)?;
        if self.is(Mutant::FlagsFoundAnywhere) {
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

    /// The octets of the line, unchanged.
    fn read_line(self, line: &[u8]) -> Option<Vec<u8>> {
        let up_to = |ends: &[u8]| line.split(|it| ends.contains(it)).next().map(<[u8]>::to_vec);
        match self.mutant {
            Some(Mutant::LineCutAtNul) => up_to(b"\0"),
            Some(Mutant::LineCutAtLineBreak) => up_to(b"\r\n"),
            Some(Mutant::LineReadAsLossyUtf8) => {
                Some(String::from_utf8_lossy(line).as_bytes().to_vec())
            }
            Some(Mutant::LineReadAsLatin1) => {
                Some(line.iter().map(|&octet| char::from(octet)).collect::<String>().into_bytes())
            }
            Some(Mutant::LineMustBeUtf8) => std::str::from_utf8(line).ok().map(|_| line.to_vec()),
            Some(Mutant::LineTrimmedOfControls) => {
                let text = line.iter().map(|&octet| char::from(octet)).collect::<String>();
                let text = text.trim_matches(|it| it <= ' ');
                Some(text.chars().map(|it| it as u8).collect())
            }
            Some(Mutant::LineBreakChomped) => {
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                Some(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
            }
            Some(Mutant::BlankSeparatesAttributes) => Some(separated_at_blanks(line)),
            _ => Some(line.to_vec()),
        }
    }

    /// Whether this octet, in the pair or after it, causes the complete line to be ignored.
    fn is_refused(self, octet: u8, in_pair: bool) -> bool {
        match octet {
            b' '..=b'~' => false,
            b'\t' => self.bis() && self.is(Mutant::ControlsIncludeTab),
            0x7F => {
                self.bis()
                    && !self.is(Mutant::ControlsAccepted)
                    && !self.is(Mutant::ControlsWithoutDelete)
            }
            0x80..=0x9F if self.is(Mutant::ControlsIncludeC1) => true,
            0x80.. => self.is(Mutant::ControlsBySignedOctets),
            _ if !is_control(octet) || self.is(Mutant::ControlsAccepted) => false,
            _ if self.is(Mutant::ControlsCheckedInPairOnly) => in_pair && self.bis(),
            b'\n' | b'\r' | 0 if self.is(Mutant::ControlsAreLineBreaksAndNul) => true,
            _ if self.is(Mutant::ControlsAreLineBreaksAndNul) => false,
            _ => self.bis() || self.is(Mutant::ControlsRefusedByOldProfile),
        }
    }

    /// Where the pair ends: at the first `;`.
    fn end_of_pair(self, line: &[u8]) -> usize {
        let mut quoted = false;
        for (at, &octet) in line.iter().enumerate() {
            if !matches!(octet, b';' | b'"') {
                continue;
            }
            let escaped =
                self.is(Mutant::BackslashProtectsSemicolon) && line[..at].ends_with(b"\\");
            quoted ^= octet == b'"' && self.is(Mutant::QuotesProtectSemicolon);
            let blank_missing = self.is(Mutant::SemicolonNeedsBlank)
                && line.get(at + 1).is_some_and(|it| *it != b' ');
            if octet == b';' && !quoted && !escaped && !blank_missing {
                return at;
            }
        }
        line.len()
    }

    /// What stands before and after the first `=`, without the blanks around it.
    fn name_and_value(self, pair: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let last = pair.iter().rposition(|&octet| octet == b'=');
        let (name, value) = match (split_once(pair, b'='), last) {
            (Some(_), Some(at)) if self.is(Mutant::LastEqualsSplits) => {
                (&pair[..at], &pair[at + 1..])
            }
            (Some((name, value)), _) if self.is(Mutant::SecondEqualsEndsValue) => {
                (name, split_once(value, b'=').map_or(value, |(value, _)| value))
            }
            (Some(sides), _) => sides,
            (None, _) if self.is(Mutant::BareWordIsName) => (pair, &b""[..]),
            (None, _) if self.is(Mutant::BareWordIgnored) => return None,
            (None, _) => (&b""[..], pair),
        };
        let nameless_kept = self.bis() || self.is(Mutant::NamelessStoredByOldProfile);
        let (name, value) = (self.trim(name), self.trim(value));
        if name.is_empty()
            && (!nameless_kept || self.is(Mutant::EmptyNameIgnored) && pair.contains(&b'='))
            || value.is_empty() && self.is(Mutant::EmptyValueIgnored)
        {
            return None;
        }
        Some((self.read_name(name)?, self.read_value(value)?))
    }

    /// A name: any octets, unchanged.
    fn read_name(self, name: &[u8]) -> Option<Vec<u8>> {
        const RESERVED: [&[u8]; 7] =
            [b"expires", b"path", b"domain", b"max-age", b"secure", b"httponly", b"version"];
        let refused = self.is(Mutant::NameMustBeToken) && !name.iter().all(|it| is_token(*it))
            || self.is(Mutant::NameWithDollarIgnored) && name.starts_with(b"$")
            || self.is(Mutant::NameOfAttributeRefused)
                && RESERVED.contains(&&name.to_ascii_lowercase()[..])
            || self.is(Mutant::NameOfPrototypeLost) && name == b"__proto__";
        if refused {
            return None;
        }
        Some(match self.mutant {
            Some(Mutant::NameLowerCased) => name.to_ascii_lowercase(),
            Some(Mutant::NameDecoded) => percent_decoded(name),
            Some(Mutant::NameUnquoted) => unquoted(name).unwrap_or(name).to_vec(),
            Some(Mutant::NamePrefixStripped) => {
                let bare = name.strip_prefix(b"__Host-").or(name.strip_prefix(b"__Secure-"));
                bare.unwrap_or(name).to_vec()
            }
            _ => name.to_vec(),
        })
    }

    /// A value: any octets, unchanged.
    fn read_value(self, value: &[u8]) -> Option<Vec<u8>> {
        if self.is(Mutant::ValueMustBeCookieOctets) {
            let inner = unquoted(value).unwrap_or(value);
            return inner.iter().all(|octet| is_cookie_octet(*octet)).then(|| value.to_vec());
        }
        if unquoted(value).is_some() && self.has_cost(Cost::BackslashesByCopies) {
            return Some(slow::rejoined_at_backslashes(value));
        }
        if self.has_cost(Cost::BackslashesByBacktracking)
            && let Some(inner) = value.strip_prefix(b"\"")
        {
            std::hint::black_box(slow::is_closed_by_backtracking(inner));
        }
        Some(match (self.mutant, unquoted(value)) {
            (Some(Mutant::ValueUnquoted), Some(inner)) => inner.to_vec(),
            (Some(Mutant::ValueStrippedOfQuotes), _) => {
                value.iter().copied().filter(|octet| *octet != b'"').collect()
            }
            (Some(Mutant::ValueUnescaped), Some(_)) => unescaped(value),
            (Some(Mutant::ValueDecoded), _) => percent_decoded(value),
            (Some(Mutant::ValueFormDecoded), _) => {
                value.iter().map(|octet| if *octet == b'+' { b' ' } else { *octet }).collect()
            }
            (Some(Mutant::ValueEndsAtBlank), _) => {
                value.split(|octet| *octet == b' ').next().unwrap_or(value).to_vec()
            }
            _ => value.to_vec(),
        })
    }

    /// Whether name and value are too long together. 6265bis allows 4096 octets.
    fn is_too_long(self, name: &[u8], value: &[u8], line: &[u8], pair: &[u8]) -> bool {
        let characters = |octets: &[u8]| String::from_utf8_lossy(octets).chars().count();
        let octets = name.len() + value.len();
        let counted = match self.mutant {
            Some(Mutant::PairLimitMissing) => 0,
            Some(Mutant::PairLimitCountsEquals) => octets + usize::from(pair.contains(&b'=')),
            Some(Mutant::PairLimitCountsAttributes) => line.len().saturating_sub(1),
            Some(Mutant::PairLimitCountsBlanks) => pair.len().saturating_sub(1),
            Some(Mutant::PairLimitCountsCharacters) => characters(name) + characters(value),
            Some(Mutant::PairLimitCountsValueOnly) => value.len(),
            Some(Mutant::PairLimitOneLess) => octets + 1,
            Some(Mutant::PairLimitOneMore) => octets.saturating_sub(1),
            _ => octets,
        };
        self.bis() && counted > PAIR_LIMIT
    }
}

/// A set-cookie-string with a `;` for each blank behind the beginning of a name or a value. The
/// blanks of a date stay, and so do those around a `=`.
fn separated_at_blanks(line: &[u8]) -> Vec<u8> {
    let mut separated = line.to_vec();
    let mut start = 0;
    for part in line.split(|&octet| octet == b';') {
        let name = split_once(part, b'=').map_or(part, |(name, _)| name).trim_ascii();
        let is_blank = |at: &usize| b" \t".contains(&part[*at]);
        let ends = |at: &usize| {
            let (before, after) = (part[..*at].trim_ascii_end(), part[*at..].trim_ascii_start());
            !before.is_empty() && !before.ends_with(b"=") && !after.starts_with(b"=")
        };
        let is_date = name.eq_ignore_ascii_case(b"expires");
        for at in (0..part.len()).filter(|_| !is_date).filter(is_blank).filter(ends) {
            separated[start + at] = b';';
        }
        start += part.len() + 1;
    }
    separated
}
