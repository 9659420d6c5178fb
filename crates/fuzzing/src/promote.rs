//! From a finding to a vector: a skeleton that an author completes.

use cookiespec_vectors::{Level, Operation};
use serde_json::{Value, json};

use super::finding::Finding;

/// A case for an area, with what is left for its author to say in capitals. What each target
/// answered stands in the member `observed`, which the loader refuses: it is to be read and
/// removed.
pub fn promote(finding: &Finding, area: &str) -> Value {
    let Finding { operation, rule, profile, level, .. } = finding;
    let mut case = json!({
        "id": format!("{area}.NNNN"),
        "rev": 1,
        "title": format!("WHAT IS EXPECTED (the fuzzer: {} {})", finding.field, finding.difference),
        "why": "WHAT GOES WRONG WHERE IT IS NOT SO",
        "kind": operation.name(),
        "severity": "low",
        "spec": [{ "req": "REQ-NN", "doc": rule.document, "sec": rule.section, "step": rule.step }],
        "expect": [],
        "observed": finding.answers.iter().map(|said| {
            json!({ "target": said.target, "version": said.version, "answer": said.answer })
        }).collect::<Vec<_>>(),
    });
    let expected = finding.answers.first().and_then(|reference| reference.answer.get("ok"));
    let mut expectation = json!({ "for": [profile], "level": level, "is": expected });
    let input = operation.input();
    match operation {
        Operation::Jar(_) => {
            for member in ["now", "config", "steps"] {
                if let Some(value) = input.get(member) {
                    case[member] = value.clone();
                }
            }
            let observation = |at: &String| expected?.get("obs")?.get(at);
            if let Some(at) = &finding.at {
                expectation["at"] = json!(at);
                expectation["is"] = observation(at).cloned().unwrap_or_default();
            }
        }
        _ => case["in"] = input,
    }
    // A fault of the target says nothing about what the specification expects.
    if expected.is_none() {
        expectation["level"] = json!(Level::Observe);
    }
    case["expect"] = json!([expectation]);
    case
}
