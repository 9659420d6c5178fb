//! Shorthand for octet strings that are long or not text. Loading replaces it by the string, so
//! that no shim has to support it.
//!
//! - `{"repeat": "x", "n": 4096}`: the string, repeated;
//! - `{"cat": [a, b, …]}`: its parts joined, each a string or shorthand;
//! - `{"hex": "00ff"}`: those octets.

use serde_json::{Map, Value};

use crate::line::MAX_LINE;
use crate::problem::{Field, Problem};

/// Replaces all shorthand inside a value. What cannot be replaced is reported, and becomes the empty
/// string so that it is not reported again as something that is not a string.
pub(super) fn expand(value: &mut Value, field: &Field<'_>, problems: &mut Vec<Problem>) {
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                expand(element, &field.element(index), problems);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                expand(member, &field.member(name), problems);
            }
            if let Some(plain) = plain(members) {
                *value = Value::String(plain.unwrap_or_else(|(problem, fix)| {
                    problems.push(Problem::new(field, problem, fix));
                    String::new()
                }));
            }
        }
        _ => {}
    }
}

/// What is wrong, and what to do about it.
type Fault = (String, &'static str);

/// The string an object stands for, if it is shorthand. Its parts have been expanded.
fn plain(members: &Map<String, Value>) -> Option<Result<String, Fault>> {
    if let Some(part) = members.get("repeat") {
        Some(only(members, &["repeat", "n"]).and_then(|()| repeat(part, members.get("n"))))
    } else if let Some(parts) = members.get("cat") {
        Some(only(members, &["cat"]).and_then(|()| cat(parts)))
    } else {
        let digits = members.get("hex")?;
        Some(only(members, &["hex"]).and_then(|()| hex(digits)))
    }
}

fn only(members: &Map<String, Value>, known: &[&str]) -> Result<(), Fault> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err((
            format!("\"{}\" does not belong into this shorthand", name.escape_debug()),
            "write {\"repeat\": string, \"n\": integer}, {\"cat\": [string, …]} or {\"hex\": digits}",
        )),
    }
}

fn repeat(part: &Value, times: Option<&Value>) -> Result<String, Fault> {
    let part = part.as_str().ok_or_else(|| {
        ("`repeat` is not a string".to_owned(), "repeat a string, or other shorthand")
    })?;
    let times = times.and_then(Value::as_u64).ok_or_else(|| {
        ("`n` is missing or not a natural number".to_owned(), "say how often: \"n\": 4096")
    })?;
    let times = usize::try_from(times).unwrap_or(usize::MAX);
    match part.len().checked_mul(times) {
        Some(length) if length <= MAX_LINE => Ok(part.repeat(times)),
        _ => Err(too_long()),
    }
}

fn cat(parts: &Value) -> Result<String, Fault> {
    let fault =
        || ("`cat` is not an array of strings".to_owned(), "give it strings and shorthand only");
    let parts = parts
        .as_array()
        .and_then(|parts| parts.iter().map(Value::as_str).collect::<Option<Vec<_>>>())
        .ok_or_else(fault)?;
    match parts.iter().map(|part| part.len()).sum::<usize>() {
        length if length <= MAX_LINE => Ok(parts.concat()),
        _ => Err(too_long()),
    }
}

fn too_long() -> Fault {
    (format!("the string is longer than {MAX_LINE} octets"), "a message has to fit in 1 MiB")
}

fn hex(digits: &Value) -> Result<String, Fault> {
    let fault = || {
        let problem = "`hex` is not an even number of hexadecimal digits".to_owned();
        (problem, "write two digits per octet, nothing between them")
    };
    let digits = digits.as_str().ok_or_else(fault)?.as_bytes();
    if digits.len() % 2 != 0 {
        return Err(fault());
    }
    let digit = |octet: u8| char::from(octet).to_digit(16);
    digits
        .chunks_exact(2)
        .map(|pair| char::from_u32(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect::<Option<String>>()
        .ok_or_else(fault)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expanded(mut value: Value) -> (Value, Vec<String>) {
        let mut problems = Vec::new();
        expand(&mut value, &Field::Root("in"), &mut problems);
        (value, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn sugar_nests_and_leaves_the_rest_alone() {
        let (value, problems) = expanded(json!({
            "a": {"cat": ["n=", {"repeat": {"hex": "00Ff"}, "n": 2}]},
            "b": [{"repeat": "ab", "n": 0}, 1, null]
        }));
        assert_eq!(value, json!({"a": "n=\u{0}\u{ff}\u{0}\u{ff}", "b": ["", 1, null]}));
        assert!(problems.is_empty());
    }

    #[test]
    fn faults_are_reported_where_they_are() {
        for (shorthand, says) in [
            (json!({"repeat": "x"}), "`n` is missing"),
            (json!({"repeat": "x", "n": -1}), "`n` is missing"),
            (json!({"repeat": 1, "n": 1}), "not a string"),
            (json!({"repeat": "x", "times": 2}), "\"times\" does not belong"),
            (json!({"repeat": "xx", "n": u64::MAX}), "longer than"),
            (json!({"cat": ["a", 1]}), "`cat` is not an array"),
            (json!({"cat": [{"repeat": "x", "n": MAX_LINE}, "y"]}), "longer than"),
            (json!({"hex": "abc"}), "even number"),
            (json!({"hex": "+1"}), "even number"),
        ] {
            let (value, problems) = expanded(json!({ "uri": shorthand }));
            assert_eq!(value, json!({"uri": ""}));
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(
                problems[0].starts_with("in.uri: ") && problems[0].contains(says),
                "{problems:?}"
            );
        }
    }
}
