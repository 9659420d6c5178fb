//! Matching an answer against the pattern an author wrote.
//!
//! Objects match as a subset: members the pattern does not name do not matter. Arrays and scalars
//! match exactly. An object whose only member starts with `$` is an operator:
//!
//! - `{"$any": [a, b, …]}`: one of these patterns matches;
//! - `{"$ne": a}`: this pattern does not match;
//! - `{"$absent": true}`: there is nothing, or `null`, which mean the same; so does a pattern that
//!   is `null`;
//! - `{"$contains": octets}`: a string that has these octets somewhere in it;
//! - `{"$cookies": [[name, value], …]}`: the value of a Cookie field that holds exactly these pairs
//!   in any order;
//! - `{"$set-cookie": {"name": a, "value": b, "attributes": {"Path": c, …}}}`: a set-cookie-string
//!   whose parts match these patterns. What is not named does not matter;
//! - `{"$unordered": [a, b, …]}`: a list that matches these patterns in any order.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::ability;
use crate::problem::Field;
use crate::show;

/// Where an answer differs from what was expected. Texts are escaped and ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// The place in the answer, such as `cookie.max_age`; empty for the complete answer.
    pub path: String,
    /// What was expected there.
    pub want: String,
    /// What was there.
    pub got: String,
}

/// The result of a match. That of an object or an array is the worst of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// As expected.
    Match,
    /// Everything that can be observed is as expected, but the target is blind to this field.
    Blind(String),
    /// Not as expected.
    Mismatch(Mismatch),
}

/// How the answers of one target are matched to one kind of case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matcher<'a> {
    /// The fields and qualities the target cannot observe.
    pub(crate) blind: &'a [&'a str],
    /// Whether `false` means the same as nothing at all, as in a parsed cookie, where a flag that the
    /// header did not set may be absent, `null` or `false`.
    pub(crate) unset_is_false: bool,
}

impl Matcher<'_> {
    /// Matches what was observed, or `None` where nothing was, against a pattern.
    pub(crate) fn find(&self, want: &Value, got: Option<&Value>, field: &Field<'_>) -> Finding {
        match want {
            Value::Object(members) => match operator(members) {
                Some((operator, operand)) => self.operate(operator, operand, want, got, field),
                None => self.object(members, want, got, field),
            },
            Value::Array(elements) => match got {
                Some(Value::Array(observed)) => self.array(elements, observed, want, field),
                _ => mismatch(want, got, field),
            },
            Value::Null | Value::Bool(false) if self.is_unset(want) => {
                if got.is_none_or(|got| self.is_unset(got)) {
                    Finding::Match
                } else {
                    mismatch(want, got, field)
                }
            }
            scalar => match got {
                Some(got) if same_scalar(scalar, got) => Finding::Match,
                _ => mismatch(want, got, field),
            },
        }
    }

    fn operate(
        &self,
        operator: &str,
        operand: &Value,
        want: &Value,
        got: Option<&Value>,
        field: &Field<'_>,
    ) -> Finding {
        let list = operand.as_array().map_or(&[][..], Vec::as_slice);
        match operator {
            "$absent" => match self.find(&Value::Null, got, field) {
                Finding::Mismatch(_) => mismatch(want, got, field),
                other => other,
            },
            "$any" => list
                .iter()
                .map(|alternative| self.find(alternative, got, field))
                .reduce(Finding::better)
                .map_or_else(
                    || mismatch(want, got, field),
                    |best| match best {
                        Finding::Mismatch(_) => mismatch(want, got, field),
                        other => other,
                    },
                ),
            "$ne" => match self.find(operand, got, field) {
                Finding::Match => mismatch(want, got, field),
                Finding::Mismatch(_) => Finding::Match,
                blind @ Finding::Blind(_) => blind,
            },
            "$contains" if contains(got, operand) => Finding::Match,
            "$cookies" if holds_cookies(got, list) => Finding::Match,
            "$set-cookie" => match operand {
                Value::Object(patterns) => self.set_cookie(patterns, want, got, field),
                _ => mismatch(want, got, field),
            },
            "$unordered" => match got {
                Some(Value::Array(observed)) => self.unordered(list, observed, want, field),
                _ => mismatch(want, got, field),
            },
            _ => mismatch(want, got, field),
        }
    }

    fn object(
        &self,
        members: &Map<String, Value>,
        want: &Value,
        got: Option<&Value>,
        field: &Field<'_>,
    ) -> Finding {
        let Some(Value::Object(observed)) = got else { return mismatch(want, got, field) };
        let mut finding = Finding::Match;
        for (name, pattern) in members {
            let field = &field.member(name);
            finding = finding.worse(if self.is_blind_to(name) {
                Finding::Blind(field.to_string())
            } else {
                self.find(pattern, observed.get(name), field)
            });
        }
        finding
    }

    fn array(
        &self,
        elements: &[Value],
        observed: &[Value],
        want: &Value,
        field: &Field<'_>,
    ) -> Finding {
        let is_list_of_compounds = elements.iter().all(|it| it.is_array() || it.is_object());
        if is_list_of_compounds && self.is_blind_to(ability::DUPLICATES) && repeats_a_name(elements)
        {
            return Finding::Blind(format!("{field} ({})", ability::DUPLICATES));
        }
        if is_list_of_compounds && self.is_blind_to(ability::ORDER) {
            return self.unordered(elements, observed, want, field);
        }
        if elements.len() != observed.len() {
            return list_mismatch(want, observed, field);
        }
        elements
            .iter()
            .zip(observed)
            .enumerate()
            .map(|(index, (want, got))| self.find(want, Some(got), &field.element(index)))
            .fold(Finding::Match, Finding::worse)
    }

    fn unordered(
        &self,
        elements: &[Value],
        observed: &[Value],
        want: &Value,
        field: &Field<'_>,
    ) -> Finding {
        if elements.len() != observed.len() {
            return list_mismatch(want, observed, field);
        }
        let findings = elements
            .iter()
            .map(|want| {
                observed.iter().map(|got| self.find(want, Some(got), field)).collect::<Vec<_>>()
            })
            .collect::<Vec<_>>();
        if pairs_off(&findings, |finding| *finding == Finding::Match) {
            Finding::Match
        } else if pairs_off(&findings, |finding| !matches!(finding, Finding::Mismatch(_))) {
            findings
                .into_iter()
                .flatten()
                .find(|finding| matches!(finding, Finding::Blind(_)))
                .unwrap_or_else(|| list_mismatch(want, observed, field))
        } else {
            list_mismatch(want, observed, field)
        }
    }

    /// Matches a set-cookie-string against patterns for its cookie-name, its cookie-value and some
    /// of its attributes. Attributes that no pattern names do not matter.
    fn set_cookie(
        &self,
        patterns: &Map<String, Value>,
        want: &Value,
        got: Option<&Value>,
        field: &Field<'_>,
    ) -> Finding {
        let Some(Value::String(line)) = got else { return mismatch(want, got, field) };
        let parts = Parts::of(line);
        let mut finding = Finding::Match;
        for (member, part) in [("name", parts.name), ("value", parts.value)] {
            if let Some(pattern) = patterns.get(member) {
                let field = field.member(member);
                finding = finding.worse(self.find(pattern, Some(&part.into()), &field));
            }
        }
        let field = field.member("attributes");
        for (name, pattern) in
            patterns.get("attributes").and_then(Value::as_object).into_iter().flatten()
        {
            finding =
                finding.worse(self.attribute(pattern, &parts.values_of(name), &field.member(name)));
        }
        finding
    }

    /// An array is matched against all values of the attribute, any other pattern against each:
    /// user agents do not agree on which of two counts.
    fn attribute(&self, pattern: &Value, values: &[Value], field: &Field<'_>) -> Finding {
        if pattern.is_array() {
            return self.find(pattern, Some(&values.into()), field);
        }
        values
            .iter()
            .map(|value| self.find(pattern, Some(value), field))
            .reduce(Finding::better)
            .unwrap_or_else(|| self.find(pattern, None, field))
    }

    fn is_blind_to(&self, field: &str) -> bool {
        self.blind.contains(&field)
    }

    fn is_unset(&self, value: &Value) -> bool {
        value.is_null() || (self.unset_is_false && *value == Value::Bool(false))
    }
}

impl Finding {
    fn worse(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    fn better(self, other: Self) -> Self {
        if other.rank() < self.rank() { other } else { self }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Match => 0,
            Self::Blind(_) => 1,
            Self::Mismatch(_) => 2,
        }
    }
}

fn operator(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    members.iter().next().filter(|(name, _)| name.starts_with('$')).map(|(name, it)| (&**name, it))
}

/// Whether this is the value of a Cookie field that holds exactly these pairs. A pair without a name is
/// written without "=".
fn holds_cookies(got: Option<&Value>, pairs: &[Value]) -> bool {
    let mut want = pairs
        .iter()
        .filter_map(|pair| match (pair.get(0)?.as_str()?, pair.get(1)?.as_str()?) {
            ("", value) => Some(value.to_owned()),
            (name, value) => Some(format!("{name}={value}")),
        })
        .collect::<Vec<_>>();
    let mut found = match got {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(header)) => header.split("; ").collect(),
        Some(_) => return false,
    };
    want.sort_unstable();
    found.sort_unstable();
    want == found
}

fn contains(got: Option<&Value>, part: &Value) -> bool {
    match (got, part) {
        (Some(Value::String(text)), Value::String(part)) => text.contains(&**part),
        _ => false,
    }
}

/// Whether two scalars are the same. Numbers are compared by value: `1` is `1.0`.
fn same_scalar(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => want == got,
    }
}

/// Whether two elements of a list of pairs or cookies have the same name.
fn repeats_a_name(elements: &[Value]) -> bool {
    let names = elements
        .iter()
        .filter_map(|element| element.get(0).or_else(|| element.get("name"))?.as_str())
        .collect::<Vec<_>>();
    (1..names.len()).any(|index| names[..index].contains(&names[index]))
}

/// Whether every row can be given a column of its own: a maximum matching by augmenting paths, so that a
/// broad pattern does not take away what a narrow one needs.
fn pairs_off(findings: &[Vec<Finding>], fits: impl Fn(&Finding) -> bool) -> bool {
    let mut row_of = vec![None; findings.len()];
    (0..findings.len()).all(|row| {
        let mut tried = vec![false; findings.len()];
        augment(row, findings, &fits, &mut tried, &mut row_of)
    })
}

fn augment(
    row: usize,
    findings: &[Vec<Finding>],
    fits: &impl Fn(&Finding) -> bool,
    tried: &mut [bool],
    row_of: &mut [Option<usize>],
) -> bool {
    for column in 0..tried.len() {
        if tried[column] || !fits(&findings[row][column]) {
            continue;
        }
        tried[column] = true;
        if row_of[column].is_none_or(|other| augment(other, findings, fits, tried, row_of)) {
            row_of[column] = Some(row);
            return true;
        }
    }
    false
}

/// The parts of a set-cookie-string: divided at each ";", then at the first "=", blanks trimmed.
struct Parts<'a> {
    name: &'a str,
    value: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Parts<'a> {
    fn of(line: &'a str) -> Self {
        let mut parts = line.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = divided(pair).unwrap_or(("", trimmed(pair)));
        let attributes = parts.map(|part| divided(part).unwrap_or((trimmed(part), ""))).collect();
        Self { name, value, attributes }
    }

    fn values_of(&self, name: &str) -> Vec<Value> {
        let is_meant = |(it, _): &&(&str, &str)| it.eq_ignore_ascii_case(name);
        self.attributes.iter().filter(is_meant).map(|(_, value)| Value::from(*value)).collect()
    }
}

fn divided(part: &str) -> Option<(&str, &str)> {
    part.split_once('=').map(|(name, value)| (trimmed(name), trimmed(value)))
}

fn trimmed(part: &str) -> &str {
    part.trim_matches([' ', '\t'])
}

#[cold]
fn mismatch(want: &Value, got: Option<&Value>, field: &Field<'_>) -> Finding {
    let position = got.and_then(|got| show::parting(want, got)).unwrap_or(0);
    Finding::Mismatch(Mismatch {
        path: field.to_string(),
        want: show::around(want, position),
        got: got.map_or_else(|| "nothing".to_owned(), |got| show::around(got, position)),
    })
}

#[cold]
fn list_mismatch(want: &Value, observed: &[Value], field: &Field<'_>) -> Finding {
    mismatch(want, Some(&Value::Array(observed.to_vec())), field)
}

#[cfg(test)]
mod tests;
