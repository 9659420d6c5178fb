//! The sides of a statement that an expected outcome shows by itself.

use cookiespec_engine::{Profile, set_cookie};
use cookiespec_vectors::operation::{JarProgram, Step};
use cookiespec_vectors::{Case, Expectation, Operation, Requirement};
use serde_json::Value;

/// Whether what a check expects shows this side of a statement.
///
/// A check shows `present` where it wants a value, a match, a cookie; `absent` where it wants none,
/// refuses a value, or leaves out a cookie that was received. A pattern that allows both shows
/// neither.
pub(super) fn shows(
    side: &str,
    requirement: &Requirement,
    case: &Case,
    expectation: &Expectation,
    profile: Profile,
) -> bool {
    let wanted = match side {
        "present" => true,
        "absent" => false,
        _ => return false,
    };
    if let Some(attribute) = attribute_of(requirement) {
        let observed = expectation.is.get("cookie").and_then(|it| it.get(attribute));
        return observed.and_then(there) == Some(wanted);
    }
    let Some(observed) = observed(case, expectation) else { return false };
    if there(observed) == Some(wanted) {
        return true;
    }
    match case.operation() {
        Operation::Jar(program) if !wanted => {
            leaves_out(program, expectation.at.as_deref(), observed, profile)
        }
        _ => false,
    }
}

/// The field of a parsed cookie that a statement about one attribute is about. Such a statement
/// shows its sides only there: in a cookie store, an attribute that took effect may be the reason
/// why a cookie is *not* sent.
fn attribute_of(requirement: &Requirement) -> Option<&'static str> {
    let (class, _) = requirement.id.split_once('-')?;
    Some(match class {
        "DOMA" => "domain",
        "EXP" => "expires",
        "HTOA" => "http_only",
        "MAX" => "max_age",
        "PTHA" => "path",
        "SAM" => "same_site",
        "SECA" => "secure",
        _ => return None,
    })
}

/// The member of the pattern that is or is not there.
fn observed<'a>(case: &Case, expectation: &'a Expectation) -> Option<&'a Value> {
    let members: &[&str] = match case.operation() {
        Operation::ParseSetCookie(_) => &["cookie"],
        Operation::ParseCookie(_) => &["pairs"],
        Operation::ParseDate(_) => &["unix"],
        Operation::MatchDomain(_) | Operation::MatchPath(_) => &["match"],
        Operation::DefaultPath(_) => &["path"],
        Operation::FormatSetCookie(_) => &["set_cookie"],
        Operation::Jar(_) => &["header", "value", "cookies"],
        Operation::Exchange(_) => &["cookie", "authorization"],
    };
    members.iter().find_map(|member| expectation.is.get(member))
}

/// Whether a pattern requires something to be there; `None` if it leaves that open.
fn there(pattern: &Value) -> Option<bool> {
    match pattern {
        Value::Null | Value::Bool(false) => Some(false),
        Value::String(text) => Some(!text.is_empty()),
        Value::Array(elements) => Some(!elements.is_empty()),
        Value::Object(members) => match members.iter().next() {
            Some((operator, _)) if operator == "$absent" => Some(false),
            Some((operator, list)) if operator == "$cookies" || operator == "$unordered" => {
                there(list)
            }
            Some((operator, other)) if operator == "$ne" => there(other).map(|it| !it),
            Some((operator, list)) if operator == "$any" => {
                let mut alternatives = list.as_array()?.iter().map(there);
                let first = alternatives.next()?;
                alternatives.all(|other| other == first).then_some(first)?
            }
            _ => Some(true),
        },
        Value::Bool(true) | Value::Number(_) => Some(true),
    }
}

/// Whether a cookie was received that a check on what is sent, seen or stored does not list.
fn leaves_out(program: &JarProgram, at: Option<&str>, observed: &Value, profile: Profile) -> bool {
    let Some(listed) = names(observed) else { return false };
    let before = program.steps.iter().take_while(|step| step.label() != at || at.is_none());
    before
        .flat_map(|step| match step {
            Step::Receive { set_cookie, .. } => &**set_cookie,
            Step::ScriptSet { value, .. } => std::slice::from_ref(value),
            _ => &[],
        })
        .filter_map(|line| set_cookie::parse(line.as_slice(), profile).ok())
        .any(|cookie| !listed.iter().any(|name| name.as_slice() == cookie.name))
}

/// The names of the cookies a pattern lists; `None` where it does not list cookies.
fn names(pattern: &Value) -> Option<Vec<Vec<u8>>> {
    let octets = |text: &str| text.chars().map(|it| it as u8).collect::<Vec<_>>();
    match pattern {
        Value::String(header) => Some(
            header
                .split("; ")
                .map(|pair| octets(pair.split_once('=').map_or("", |(name, _)| name)))
                .collect(),
        ),
        Value::Array(elements) => elements
            .iter()
            .map(|it| it.get(0).or_else(|| it.get("name"))?.as_str().map(octets))
            .collect(),
        Value::Object(members) => {
            names(members.get("$cookies").or_else(|| members.get("$unordered"))?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use cookiespec_vectors::Catalogue;
    use serde_json::json;

    use super::*;
    use crate::test_case::case;

    fn shown(id: &str, given: Value) -> Vec<&'static str> {
        let case = case(given);
        let requirement = Catalogue::embedded().find(id).unwrap();
        let mut sides = vec!["present", "absent", "at-limit"];
        sides.retain(|side| {
            case.expect.iter().any(|it| shows(side, requirement, &case, it, Profile::Rfc6265bis))
        });
        sides
    }

    fn sent(lines: Value, header: Value) -> Vec<&'static str> {
        shown(
            "RETR-06",
            json!({
                "kind": "jar", "now": 0,
                "steps": [
                    {"do": "receive", "uri": "http://a.example/", "set_cookie": lines},
                    {"do": "send", "at": "sent", "uri": "http://a.example/"},
                    {"do": "receive", "uri": "http://a.example/", "set_cookie": ["later=1"]}
                ],
                "expect": [{"for": ["*"], "level": "must", "at": "sent", "is": {"header": header}}]
            }),
        )
    }

    #[test]
    fn what_is_sent_and_what_is_left_out() {
        assert_eq!(sent(json!(["a=1"]), json!("a=1")), ["present"]);
        assert_eq!(sent(json!(["a=1"]), Value::Null), ["absent"]);
        assert_eq!(sent(json!(["a=1", "b=1"]), json!("b=1")), ["present", "absent"]);
        assert_eq!(sent(json!(["a=1", "a=2"]), json!({"$cookies": [["a", "2"]]})), ["present"]);
        assert_eq!(sent(json!(["a=1"]), json!({"$any": [null, "a=1"]})), [] as [&str; 0]);
        assert_eq!(sent(json!(["a=1"]), json!({"$any": ["a=1", "a=2"]})), ["present"]);
        assert_eq!(sent(json!(["a=1"]), json!({"$ne": null})), ["present"]);
        assert_eq!(sent(json!(["a=1"]), json!({"$ne": "a=1"})), ["absent"]);
        assert_eq!(sent(json!(["a=1"]), json!({"$ne": {"$any": [null, "a=1"]}})), [] as [&str; 0]);
    }

    #[test]
    fn a_statement_about_an_attribute_looks_at_that_attribute() {
        let parsed = |is| {
            json!({
                "kind": "parse.set-cookie", "in": {"set_cookie": "a=b; Max-Age=x; Path=/"},
                "expect": [{"for": ["*"], "level": "must", "is": is}]
            })
        };
        let is = json!({"cookie": {"name": "a", "max_age": null, "path": "/"}});
        assert_eq!(shown("MAX-03", parsed(is.clone())), ["absent"]);
        assert_eq!(shown("PTHA-03", parsed(is.clone())), ["present"]);
        assert_eq!(shown("EXP-03", parsed(is.clone())), [] as [&str; 0]);
        assert_eq!(shown("PARSE-13", parsed(is)), ["present"]);
        assert_eq!(shown("PARSE-13", parsed(json!({"cookie": null}))), ["absent"]);
    }
}
