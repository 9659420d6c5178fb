//! Matching an answer against the pattern an author wrote.
//!
//! Objects match as a subset: members the pattern does not name do not matter. Arrays and scalars
//! match exactly. An object whose only member starts with `$` is an operator:
//!
//! - `{"$any": [a, b, …]}`: one of these patterns matches;
//! - `{"$ne": a}`: this pattern does not match;
//! - `{"$absent": true}`: there is nothing, or `null`, which say the same; so does a pattern that
//!   is `null`;
//! - `{"$contains": octets}`: a string that has these octets somewhere in it;
//! - `{"$cookies": [[name, value], …]}`: the value of a Cookie field that holds exactly these pairs
//!   in any order;
//! - `{"$set-cookie": {"name": a, "value": b, "attributes": {"Path": c, …}}}`: a set-cookie-string
//!   whose parts match these patterns. What is not named does not matter;
//! - `{"$unordered": [a, b, …]}`: a list that matches these patterns in any order.

mod cookie_field;
mod pairing;
mod set_cookie;

use serde::Serialize;
use serde_json::{Map, Value};

use self::cookie_field::holds_cookies;
use self::pairing::pairs_off;
use crate::ability;
use crate::problem::Field;
use crate::show;

/// Where an answer differs from what was expected. Texts are escaped and ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    /// The place in the answer, such as `cookie.max_age`; empty for the answer as a whole.
    pub path: String,
    /// What was expected there.
    pub want: String,
    /// What was there.
    pub got: String,
}

/// What became of a match. Ordered: the finding on a whole is the worst of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// As expected.
    Match,
    /// Everything that can be observed is as expected, but the target is blind to this field.
    Blind(String),
    /// Not as expected.
    Mismatch(Mismatch),
}

/// How to read the answers of one target to one kind of case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matcher<'a> {
    /// The fields and qualities the target cannot observe.
    pub(crate) blind: &'a [&'a str],
    /// Does `false` say no more than nothing at all? So it does in a parsed cookie, where a flag
    /// that the header did not set may be absent, `null` or `false`.
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
            return whole(want, observed, field);
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
            return whole(want, observed, field);
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
                .unwrap_or_else(|| whole(want, observed, field))
        } else {
            whole(want, observed, field)
        }
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

fn contains(got: Option<&Value>, part: &Value) -> bool {
    match (got, part) {
        (Some(Value::String(whole)), Value::String(part)) => whole.contains(&**part),
        _ => false,
    }
}

/// Are two scalars the same? Numbers are compared by value: `1` and `1.0` are.
fn same_scalar(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => want == got,
    }
}

/// Do two elements of a list of pairs or cookies have the same name?
fn repeats_a_name(elements: &[Value]) -> bool {
    let names = elements
        .iter()
        .filter_map(|element| element.get(0).or_else(|| element.get("name"))?.as_str())
        .collect::<Vec<_>>();
    (1..names.len()).any(|index| names[..index].contains(&names[index]))
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
fn whole(want: &Value, observed: &[Value], field: &Field<'_>) -> Finding {
    mismatch(want, Some(&Value::Array(observed.to_vec())), field)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find(want: Value, got: Value, blind: &[&str]) -> Finding {
        let matcher = Matcher { blind, unset_is_false: false };
        matcher.find(&want, Some(&got), &Field::Root(""))
    }

    fn matches(want: Value, got: Value) -> bool {
        find(want, got, &[]) == Finding::Match
    }

    fn path_of(finding: Finding) -> String {
        match finding {
            Finding::Match => "match".to_owned(),
            Finding::Blind(field) => format!("blind {field}"),
            Finding::Mismatch(Mismatch { path, want, got }) => format!("{path}: {want} / {got}"),
        }
    }

    #[test]
    fn objects_match_as_a_subset_and_the_rest_exactly() {
        assert!(matches(json!({"a": {"b": 1}}), json!({"a": {"b": 1, "c": 2}, "d": 3})));
        assert!(matches(json!({"a": 1}), json!({"a": 1.0})));
        assert!(!matches(json!(["a"]), json!(["a", "b"])));
        assert!(!matches(json!("1"), json!(1)));
        assert!(!matches(json!({}), json!(null)));
        let finding = find(json!({"a": [{"b": "\u{e9}"}]}), json!({"a": [{"b": "\u{1b}"}]}), &[]);
        assert_eq!(path_of(finding), r#"a[0].b: "\xe9" / "\x1b""#);
    }

    #[test]
    fn the_first_mismatch_is_the_one_that_is_shown() {
        let finding = find(json!({"a": 1, "b": 2}), json!({"a": 2, "b": 1}), &[]);
        assert_eq!(path_of(finding), "a: 1 / 2");
    }

    #[test]
    fn nothing_null_and_absent_are_one() {
        for want in [json!({"a": null}), json!({"a": {"$absent": true}})] {
            assert!(matches(want.clone(), json!({})));
            assert!(matches(want.clone(), json!({"a": null})));
            assert!(!matches(want.clone(), json!({"a": ""})));
            assert!(!matches(want, json!({"a": false})));
        }
        assert!(!matches(json!({"a": false}), json!({})));
        assert_eq!(path_of(find(json!({"a": 1}), json!({}), &[])), "a: 1 / nothing");
    }

    #[test]
    fn in_a_parsed_cookie_an_unset_flag_may_be_false() {
        let matcher = Matcher { blind: &[], unset_is_false: true };
        for want in [json!(null), json!(false), json!({"$absent": true})] {
            for got in [None, Some(json!(null)), Some(json!(false))] {
                let finding = matcher.find(&want, got.as_ref(), &Field::Root("f"));
                assert_eq!(finding, Finding::Match, "{want} {got:?}");
            }
            let finding = matcher.find(&want, Some(&json!(true)), &Field::Root("f"));
            assert!(matches!(finding, Finding::Mismatch(_)));
        }
    }

    #[test]
    fn any_and_ne() {
        let any = json!({"$any": [null, "a"]});
        assert!(matches(any.clone(), json!("a")) && matches(any.clone(), json!(null)));
        assert_eq!(path_of(find(any, json!("b"), &[])), r#": {"$any": [null, "a"]} / "b""#);
        assert!(matches(json!({"$ne": "a"}), json!("b")));
        assert!(!matches(json!({"$ne": {"a": 1}}), json!({"a": 1, "b": 2})));
        assert!(matches(json!({"$ne": {"$any": [1, 2]}}), json!(3)));
    }

    #[test]
    fn contained_octets_may_be_anywhere() {
        assert!(matches(json!({"$contains": "\n"}), json!("a\r\nb")));
        assert!(!matches(json!({"$contains": "\n"}), json!("a\rb")));
        assert!(!matches(json!({"$contains": ""}), json!(null)));
        assert!(matches(json!({"$ne": {"$contains": "a"}}), json!(null)));
        assert!(!matches(json!({"$contains": "1"}), json!(1)));
    }

    #[test]
    fn cookies_are_a_multiset_of_pairs() {
        let want = json!({"$cookies": [["a", "1"], ["a", "1"], ["", "x=y"], ["", "z"]]});
        assert!(matches(want.clone(), json!("x=y; a=1; z; a=1")));
        assert!(!matches(want.clone(), json!("x=y; a=1; z")));
        assert!(!matches(want.clone(), json!("x=y;a=1; z; a=1")));
        assert!(!matches(want, json!("x=y; a=1; =z; a=1")));
        assert!(matches(json!({"$cookies": []}), json!(null)));
        assert!(!matches(json!({"$cookies": []}), json!("")));
    }

    #[test]
    fn an_unordered_list_pairs_off_even_where_patterns_overlap() {
        let broad_first = json!({"$unordered": [{"n": "a"}, {"n": "a", "v": 1}]});
        assert!(matches(broad_first.clone(), json!([{"n": "a", "v": 1}, {"n": "a", "v": 2}])));
        assert!(!matches(broad_first.clone(), json!([{"n": "a", "v": 2}, {"n": "a", "v": 2}])));
        assert!(!matches(broad_first, json!([{"n": "a", "v": 1}])));
    }

    #[test]
    fn what_cannot_be_seen_is_neither_right_nor_wrong() {
        let want = json!({"cookie": {"name": "a", "same_site": "Lax"}});
        let blind = ["same_site"];
        let same = json!({"cookie": {"name": "a"}});
        assert_eq!(path_of(find(want.clone(), same, &blind)), "blind cookie.same_site");
        let other = json!({"cookie": {"name": "b"}});
        assert_eq!(path_of(find(want.clone(), other.clone(), &blind)), r#"cookie.name: "a" / "b""#);
        assert!(matches!(
            find(json!({"$ne": {"same_site": "Lax"}}), json!({}), &blind),
            Finding::Blind(_)
        ));
        assert_eq!(find(json!({"$any": [want, other.clone()]}), other, &blind), Finding::Match);
    }

    #[test]
    fn a_target_blind_to_order_or_duplicates_is_judged_on_the_pairs() {
        let pairs = json!({"pairs": [["a", "1"], ["b", "2"]]});
        let other_way = json!({"pairs": [["b", "2"], ["a", "1"]]});
        assert_eq!(find(pairs.clone(), other_way.clone(), &["order"]), Finding::Match);
        assert!(matches!(find(pairs, other_way, &[]), Finding::Mismatch(_)));
        let twice = json!({"pairs": [["a", "1"], ["a", "2"]]});
        let once = json!({"pairs": [["a", "2"]]});
        assert_eq!(path_of(find(twice, once, &["duplicates"])), "blind pairs (duplicates)");
    }
}
