//! Values and patterns as people read them: a time with its date, and the operators of a pattern in
//! words. Every text for people is made here; the formats for programs have the values themselves.

use cookiespec_vectors::show;
use cookiespec_vectors::{Case, Mismatch, Profile};
use serde_json::{Map, Value, json};

use crate::escaping::Escaped;

/// The members that hold a time in Unix seconds.
const TIMES: [&str; 5] = ["creation", "expires", "last_access", "now", "unix"];

/// A value of a member, or of none if its name is empty, with the date beside each time.
pub(crate) fn value(name: &str, value: &Value) -> String {
    show::value_with(name, value, &time)
}

/// What a check expects, in words.
pub(crate) fn pattern(pattern: &Value) -> String {
    member("", pattern)
}

/// Where a check looks: at an observation of a program of steps, at a member of the answer, or both.
/// Empty for the complete answer.
pub(crate) fn place(at: Option<&str>, path: &str) -> String {
    let observation = at.map(|at| format!("the observation \"{}\"", Escaped(at)));
    let path = Some(path).filter(|path| !path.is_empty());
    let words = observation.into_iter().chain(path.map(|path| Escaped(path).to_string()));
    words.collect::<Vec<_>>().join(", ")
}

/// What was expected where an answer differs, in words. A mismatch has it as a text already, so the
/// pattern is looked up among those that the profile expects.
pub(crate) fn want(case: &Case, profile: Profile, mismatch: &Mismatch) -> String {
    let mut patterns = case.expected_by(profile).map(|expectation| &expectation.is);
    let name = last_name(&mismatch.path);
    match patterns.find_map(|pattern| find(pattern, &mismatch.want)) {
        Some(pattern) => member(name, pattern),
        None => dated(name, &mismatch.want),
    }
}

/// What was there where an answer differs, with the date beside each time.
pub(crate) fn got(mismatch: &Mismatch) -> String {
    dated(last_name(&mismatch.path), &mismatch.got)
}

/// A part of a pattern, under the name of the member it is expected in.
fn member(name: &str, pattern: &Value) -> String {
    show::value_with(name, pattern, &|name, part| {
        let operator = part.as_object().and_then(|part| operator(name, part));
        operator.or_else(|| time(name, part))
    })
}

fn time(name: &str, value: &Value) -> Option<String> {
    TIMES.contains(&name).then(|| value.as_i64().map(show::time))?
}

/// An operator in words; `None` for any other object.
fn operator(name: &str, members: &Map<String, Value>) -> Option<String> {
    let (operator, operand) = members.iter().next().filter(|(name, _)| name.starts_with('$'))?;
    let list = operand.as_array().map_or(&[][..], Vec::as_slice);
    let part = |part: &Value| member(name, part);
    Some(match &**operator {
        "$absent" => "nothing".to_owned(),
        "$any" if list.iter().all(|one| operand_of("$contains", one).is_some()) => {
            format!("a text that {}", predicate(&Value::Object(members.clone())))
        }
        "$any" => alternatives(&list.iter().map(part).collect::<Vec<_>>()),
        "$contains" => format!("a text that contains {}", part(operand)),
        "$cookies" if list.is_empty() => "no cookies".to_owned(),
        "$cookies" => {
            let pairs: Vec<_> = list.iter().map(pair).collect();
            format!("exactly the cookies {} in any order", pairs.join(", "))
        }
        "$ne" => format!("anything but {}", part(operand)),
        "$set-cookie" => set_cookie(operand.as_object()?),
        "$unordered" => format!("{} in any order", part(operand)),
        _ => return None,
    })
}

fn alternatives(words: &[String]) -> String {
    match words {
        [] => "nothing that is possible".to_owned(),
        [one] => one.clone(),
        [one, other] => format!("either {one} or {other}"),
        [first @ .., last] => format!("one of {} or {last}", first.join(", ")),
    }
}

/// What a pattern says of the part of a set-cookie-string before it.
fn predicate(pattern: &Value) -> String {
    if let Some(part) = operand_of("$contains", pattern) {
        return format!("contains {}", member("", part));
    }
    let list = operand_of("$any", pattern).and_then(Value::as_array);
    match list {
        Some(list) if list.iter().any(|one| operand_of("$contains", one).is_some()) => {
            list.iter().map(predicate).collect::<Vec<_>>().join(" or ")
        }
        _ => format!("is {}", member("", pattern)),
    }
}

/// The operand of this operator, if the pattern is one.
fn operand_of<'a>(operator: &str, pattern: &'a Value) -> Option<&'a Value> {
    pattern.as_object()?.get(operator)
}

/// A cookie as it stands in a Cookie field.
fn pair(pair: &Value) -> String {
    match (pair.get(0).and_then(Value::as_str), pair.get(1).and_then(Value::as_str)) {
        (Some(""), Some(value)) => show::value(&json!(value)),
        (Some(name), Some(value)) => show::value(&json!(format!("{name}={value}"))),
        _ => show::value(pair),
    }
}

/// The parts that a set-cookie-string is to have, and the attributes that it is not to have.
fn set_cookie(patterns: &Map<String, Value>) -> String {
    let mut words = Vec::new();
    for part in ["name", "value"] {
        words.extend(
            patterns.get(part).map(|pattern| format!("whose {part} {}", predicate(pattern))),
        );
    }
    for (name, pattern) in
        patterns.get("attributes").and_then(Value::as_object).into_iter().flatten()
    {
        let name = name.escape_debug();
        words.push(match pattern {
            Value::Null => format!("without {name}"),
            Value::Object(members) if members.contains_key("$absent") => format!("without {name}"),
            Value::Array(_) => format!("whose values of {name} are {}", member("", pattern)),
            _ => format!("whose {name} {}", predicate(pattern)),
        });
    }
    match words.is_empty() {
        true => "a set-cookie-string".to_owned(),
        false => format!("a set-cookie-string {}", words.join(", ")),
    }
}

/// The part of a pattern that is shown as this text.
fn find<'a>(pattern: &'a Value, text: &str) -> Option<&'a Value> {
    if show::value(pattern) == text {
        return Some(pattern);
    }
    match pattern {
        Value::Array(elements) => elements.iter().find_map(|element| find(element, text)),
        Value::Object(members) => members.values().find_map(|member| find(member, text)),
        _ => None,
    }
}

/// The name of the member at the end of a path.
fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// A value that is a text already, with the date beside each time. Quotation marks inside strings
/// are escaped, so that a name between two of them is a name.
fn dated(name: &str, text: &str) -> String {
    if let (true, Ok(seconds)) = (TIMES.contains(&name), text.parse()) {
        return show::time(seconds);
    }
    let mut dated = String::new();
    let mut rest = text;
    while let Some((at, length)) = next_time(rest) {
        let (before, after) = rest.split_at(at);
        let (digits, after) = after.split_at(length);
        dated.push_str(before);
        dated.push_str(&digits.parse().map_or_else(|_| digits.to_owned(), show::time));
        rest = after;
    }
    dated + rest
}

/// Where the first time of a text begins, and how many digits it has.
fn next_time(text: &str) -> Option<(usize, usize)> {
    let place = |name: &str| {
        let member = format!("\"{name}\": ");
        let at = text.find(&member)? + member.len();
        let is_end = |character: char| !character.is_ascii_digit() && character != '-';
        let length = text[at..].find(is_end).unwrap_or(text.len() - at);
        Some((at, length))
    };
    TIMES.iter().filter_map(|name| place(name)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_read_as_sentences() {
        for (value, words) in [
            (json!({"$absent": true}), "nothing"),
            (json!({"$any": ["a", null]}), r#"either "a" or null"#),
            (
                json!({"$any": [1, 2, {"$contains": "x"}]}),
                r#"one of 1, 2 or a text that contains "x""#,
            ),
            (
                json!({"$ne": {"$contains": "\u{1b}"}}),
                r#"anything but a text that contains "\x1b""#,
            ),
            (json!({"$cookies": []}), "no cookies"),
            (
                json!({"$cookies": [["a", "1"], ["", "b\""]]}),
                r#"exactly the cookies "a=1", "b\"" in any order"#,
            ),
            (json!({"$unordered": [["a", "1"]]}), r#"[["a", "1"]] in any order"#),
            (
                json!({"$set-cookie": {
                    "name": "n",
                    "value": {"$ne": "v"},
                    "attributes": {"Path": "/", "Secure": null, "SameSite": ["Lax", "Strict"]}
                }}),
                r#"a set-cookie-string whose name is "n", whose value is anything but "v", whose Path is "/", whose values of SameSite are ["Lax", "Strict"], without Secure"#,
            ),
            (json!({"$set-cookie": {}}), "a set-cookie-string"),
            (
                json!({"$ne": {"$set-cookie": {"value": {"$any": ["v", {"$contains": "w"}]}}}}),
                r#"anything but a set-cookie-string whose value is "v" or contains "w""#,
            ),
            (
                json!({"$ne": {"$any": [{"$contains": "\r"}, {"$contains": "\n"}]}}),
                r#"anything but a text that contains "\r" or contains "\n""#,
            ),
            (
                json!({"cookie": {"expires": {"$any": [0, null]}, "max_age": 0}}),
                r#"{"cookie": {"expires": either 0 (Thu, 01 Jan 1970 00:00:00 GMT) or null, "max_age": 0}}"#,
            ),
            (json!({"$unknown": 1}), r#"{"$unknown": 1}"#),
        ] {
            assert_eq!(pattern(&value), words);
        }
    }

    #[test]
    fn what_a_target_answers_is_no_pattern() {
        let answer = json!({"$any": ["a"], "expires": 1});
        assert_eq!(
            value("", &answer),
            r#"{"$any": ["a"], "expires": 1 (Thu, 01 Jan 1970 00:00:01 GMT)}"#
        );
    }

    #[test]
    fn times_in_a_text_get_their_dates() {
        let shown = show::value(&json!({"creation": -1, "name": "\"expires\": 7", "expires": 60}));
        assert_eq!(
            dated("", &shown),
            concat!(
                r#"{"creation": -1 (Wed, 31 Dec 1969 23:59:59 GMT), "#,
                r#""expires": 60 (Thu, 01 Jan 1970 00:01:00 GMT), "name": "\"expires\": 7"}"#
            )
        );
        assert_eq!(dated("unix", "0"), "0 (Thu, 01 Jan 1970 00:00:00 GMT)");
        assert_eq!(dated("max_age", "0"), "0");
        assert_eq!(dated("", r#"{"expires": null}"#), r#"{"expires": null}"#);
    }

    #[test]
    fn a_place_is_an_observation_and_a_member() {
        assert_eq!(place(Some("over http"), "header"), "the observation \"over http\", header");
        assert_eq!(place(Some("x\u{1b}"), ""), "the observation \"x\\u{1b}\"");
        assert_eq!(place(None, "cookie.name"), "cookie.name");
        assert_eq!(place(None, ""), "");
    }
}
