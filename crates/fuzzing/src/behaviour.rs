//! What tells two inputs apart: what the engine did with them.

use cookiespec_vectors::Operation;
use serde_json::Value;

use super::corpus::mark;
use super::expected::Expected;

/// What the engine did with an operation, as far as it tells two operations apart: its steps
/// without repetition, and the outline of its answer.
pub(crate) fn behaviour(operation: &Operation, expected: &Expected) -> u64 {
    let mut steps: Vec<_> = expected.steps().collect();
    steps.dedup();
    steps.truncate(MOST_STEPS);
    mark((operation.name(), steps, outline(&expected.value)))
}

/// What an answer looks like from afar.
fn outline(value: &Value) -> u64 {
    match value {
        Value::Null => 1,
        Value::Bool(value) => 2 + u64::from(*value),
        Value::Number(_) => 4,
        Value::String(text) => 5 + u64::from(text.is_empty()),
        Value::Array(elements) => mark((
            7,
            elements.iter().take(4).map(outline).collect::<Vec<_>>(),
            elements.len().min(8),
        )),
        Value::Object(members) => mark((8, members.values().map(outline).collect::<Vec<_>>())),
    }
}

/// How many steps of the engine tell two inputs apart.
const MOST_STEPS: usize = 16;
