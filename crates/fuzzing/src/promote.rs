//! From a finding to a vector: a draft that an author completes.

use cookiespec_vectors::{Level, Operation};
use serde_json::{Value, json};

use crate::finding::Finding;

/// The draft of a case for an area. The parts that the author has to write are in capitals. The
/// member `observed` has the answer of each target; the loader rejects it, so that it is read and
/// removed.
pub fn promote(finding: &Finding, area: &str) -> Value {
    let Finding { operation, rule, profile, level, .. } = finding;
    let citation = match rule {
        Some(rule) => {
            json!({ "req": "REQ-NN", "doc": rule.document, "sec": rule.section, "step": rule.step })
        }
        None => json!({ "req": "REQ-NN", "doc": profile, "sec": "WHICH SECTION", "step": "" }),
    };
    let mut case = json!({
        "id": format!("{area}.NNNN"),
        "rev": 1,
        "title": format!("WHAT IS EXPECTED (the fuzzer: {})", finding.statement()),
        "why": "WHAT BREAKS IF AN IMPLEMENTATION DIFFERS",
        "kind": operation.name(),
        "severity": finding.impact().severity(),
        "spec": [citation],
        "expect": [],
        "observed": finding.answers.iter().map(|one| {
            json!({ "target": one.target, "version": one.version, "answer": one.answer })
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
        }
        _ => case["in"] = input,
    }
    let observation = |at: &String| expected?.get("obs")?.get(at);
    if let Some(at) = &finding.at {
        expectation["at"] = json!(at);
        expectation["is"] = observation(at).cloned().unwrap_or_default();
    }
    // Without an answer of the reference engine there is no expectation to derive.
    if expected.is_none() {
        expectation["level"] = json!(Level::Observe);
    }
    case["expect"] = json!([expectation]);
    case
}
