//! Reading a Cookie field, as a server does.

use cookiespec_vectors::Octets;

use super::octets::{is_cookie_octet, is_token, percent_decoded, split_once, unquoted};
use super::rules::Rules;
use super::slow;
use crate::catalogue::Cost;
use crate::mutant::Mutant;

type Pair = (Vec<u8>, Vec<u8>);

impl Rules {
    /// The pairs of all field lines, in order: not decoded, and with all pairs of one name.
    pub(crate) fn cookie_pairs(self, lines: &[Octets]) -> Vec<Pair> {
        let lines = lines.iter().map(Octets::as_slice).collect::<Vec<_>>();
        let lines = match self.mutant {
            Some(Mutant::FieldFirstLineOnly) => lines.into_iter().take(1).collect(),
            _ => lines,
        };
        let field = match self.mutant {
            Some(Mutant::FieldLinesJoinedByComma) => vec![lines.join(&b", "[..])],
            _ => lines.into_iter().map(<[u8]>::to_vec).collect(),
        };
        let mut pairs = Vec::new();
        for line in field {
            for part in self.field_parts(&line) {
                let Some(pair) = self.field_pair(part) else { continue };
                if self.loses_all(part, &pair) {
                    return Vec::new();
                }
                if self.ends_line(&pair) {
                    break;
                }
                if self.has_cost(Cost::PairsByCopies) {
                    pairs = [&pairs[..], &[pair]].concat();
                } else {
                    pairs.push(pair);
                }
            }
        }
        if self.has_cost(Cost::PairsBySorting) {
            pairs = slow::sorted_and_restored(pairs);
        }
        self.reported(pairs)
    }

    /// The parts between the semicolons.
    fn field_parts(self, line: &[u8]) -> Vec<&[u8]> {
        let mut parts = Vec::new();
        let (mut start, mut quoted, mut comment) = (0, false, false);
        for (at, octet) in line.iter().enumerate() {
            quoted ^= *octet == b'"' && self.is(Mutant::FieldQuotesProtectSemicolon);
            comment |= *octet == b'(' && self.is(Mutant::FieldParenthesisIsComment);
            let blank_missing =
                self.is(Mutant::FieldSemicolonNeedsBlank) && line.get(at + 1) != Some(&b' ');
            let separates = *octet == b';' && !blank_missing
                || *octet == b',' && self.is(Mutant::FieldCommaSeparates)
                || *octet == b'&' && self.is(Mutant::FieldAmpersandSeparates);
            if separates && !quoted && !comment {
                parts.push(&line[start..at]);
                start = at + 1;
            }
        }
        parts.push(&line[start..]);
        parts
    }

    /// A pair; `None` if name and value are empty.
    fn field_pair(self, part: &[u8]) -> Option<Pair> {
        let trimmed = match self.mutant {
            Some(Mutant::FieldOneBlankTrimmed) => part.strip_prefix(b" ").unwrap_or(part),
            _ => self.trim(part),
        };
        let last = trimmed.iter().rposition(|octet| *octet == b'=');
        let (name, value) = match (split_once(trimmed, b'='), last) {
            (Some(_), Some(at)) if self.is(Mutant::FieldLastEqualsSplits) => {
                (&trimmed[..at], &trimmed[at + 1..])
            }
            (Some((name, value)), _) if self.is(Mutant::FieldSecondEqualsEndsValue) => {
                (name, split_once(value, b'=').map_or(value, |(value, _)| value))
            }
            (Some(sides), _) => sides,
            (None, _) => (&b""[..], trimmed),
        };
        let name = if self.is(Mutant::FieldOneBlankTrimmed) { name } else { self.trim(name) };
        let value = self.trim(value);
        let kept = !name.is_empty() || !value.is_empty() || self.is(Mutant::FieldEmptyPairsKept);
        kept.then(|| (self.field_name(name), self.field_value(value)))
    }

    fn field_name(self, name: &[u8]) -> Vec<u8> {
        match self.mutant {
            Some(Mutant::FieldNameLowerCased) => name.to_ascii_lowercase(),
            Some(Mutant::FieldNameDotsReplaced) => {
                name.iter().map(|octet| if b". ".contains(octet) { b'_' } else { *octet }).collect()
            }
            _ => name.to_vec(),
        }
    }

    fn field_value(self, value: &[u8]) -> Vec<u8> {
        let form = |octet: &u8| if *octet == b'+' { b' ' } else { *octet };
        match (self.mutant, unquoted(value)) {
            (Some(Mutant::FieldValueUnquoted), Some(inner)) => inner.to_vec(),
            (Some(Mutant::FieldValueDecoded), _) => percent_decoded(value),
            (Some(Mutant::FieldValueFormDecoded), _) => value.iter().map(form).collect(),
            (Some(Mutant::FieldValueCutAtFourThousand), _) => {
                value[..value.len().min(4000)].to_vec()
            }
            _ => value.to_vec(),
        }
    }

    /// Whether this pair causes all cookies to be ignored.
    fn loses_all(self, part: &[u8], (name, value): &Pair) -> bool {
        match self.mutant {
            Some(Mutant::FieldLostToBareWord) => !part.contains(&b'='),
            Some(Mutant::FieldLostToBadName) => !name.iter().all(|octet| is_token(*octet)),
            Some(Mutant::FieldLostToBadValue) => {
                !unquoted(value).unwrap_or(value).iter().all(|octet| is_cookie_octet(*octet))
            }
            Some(Mutant::FieldLostToNonUtf8) => std::str::from_utf8(part).is_err(),
            Some(Mutant::FieldLostToControl) => part.iter().any(u8::is_ascii_control),
            _ => false,
        }
    }

    /// Whether nothing is read from this pair on.
    fn ends_line(self, (name, value): &Pair) -> bool {
        match self.mutant {
            Some(Mutant::FieldEndsAtBadName) => !name.iter().all(|octet| is_token(*octet)),
            Some(Mutant::FieldEndsAtNonAscii) => !value.is_ascii(),
            _ => false,
        }
    }

    /// The pairs that are reported: all of them.
    fn reported(self, mut pairs: Vec<Pair>) -> Vec<Pair> {
        let attributes: [&[u8]; 6] =
            [b"path", b"domain", b"expires", b"max-age", b"secure", b"httponly"];
        let is_attribute = |name: &[u8]| attributes.contains(&&name.to_ascii_lowercase()[..]);
        match self.mutant {
            Some(Mutant::FieldFirstOfNameOnly) => unique(pairs, |a, b| a == b),
            Some(Mutant::FieldLastOfNameOnly) => {
                pairs.reverse();
                let mut pairs = unique(pairs, |a, b| a == b);
                pairs.reverse();
                pairs
            }
            Some(Mutant::FieldNamesIgnoreCase) => {
                unique(pairs, |a: &[u8], b: &[u8]| a.eq_ignore_ascii_case(b))
            }
            _ => {
                pairs.retain(|(name, value)| match self.mutant {
                    Some(Mutant::FieldDollarNamesSkipped) => !name.starts_with(b"$"),
                    Some(Mutant::FieldAttributeNamesSkipped) => !is_attribute(name),
                    Some(Mutant::FieldEmptyValuesSkipped) => !value.is_empty(),
                    Some(Mutant::FieldNumbersSkipped) => !name.iter().all(u8::is_ascii_digit),
                    Some(Mutant::FieldPrototypeSkipped) => name != b"__proto__",
                    _ => true,
                });
                if self.is(Mutant::FieldLimitedToTwenty) {
                    pairs.truncate(20);
                }
                pairs
            }
        }
    }
}

/// The first pair of each name.
fn unique(pairs: Vec<Pair>, same: fn(&[u8], &[u8]) -> bool) -> Vec<Pair> {
    let mut kept: Vec<Pair> = Vec::new();
    for pair in pairs {
        if !kept.iter().any(|(name, _)| same(name, &pair.0)) {
            kept.push(pair);
        }
    }
    kept
}
