//! Coverage of the reference engine: which steps of the specification an input exercises.

use cookiespec_vectors::Operation;
use serde_json::Value;

use crate::fingerprint::Fingerprint;
use crate::oracles::reference::Expected;

/// A key for what the reference engine did with an operation: its steps without direct repetitions,
/// and the outline of its answer. Inputs with equal keys count as the same for the corpus.
pub(crate) fn coverage_key(operation: &Operation, expected: &Expected) -> u64 {
    let mut steps: Vec<_> = expected.steps().collect();
    steps.dedup();
    steps.truncate(MOST_STEPS);
    Fingerprint::new()
        .text(operation.name())
        .list(steps.iter(), |hash, step| hash.text(&format!("{step:?}")))
        .number(outline(&expected.value))
        .finish()
}

/// The form of an answer: types, and the lengths of short arrays, but no texts or numbers.
fn outline(value: &Value) -> u64 {
    match value {
        Value::Null => 1,
        Value::Bool(value) => 2 + u64::from(*value),
        Value::Number(_) => 4,
        Value::String(text) => 5 + u64::from(text.is_empty()),
        Value::Array(elements) => Fingerprint::new()
            .number(7)
            .list(elements.iter().take(4), |hash, element| hash.number(outline(element)))
            .number(elements.len().min(8) as u64)
            .finish(),
        Value::Object(members) => Fingerprint::new()
            .number(8)
            .list(members.values(), |hash, member| hash.number(outline(member)))
            .finish(),
    }
}

/// How many steps count, from the first.
const MOST_STEPS: usize = 16;
