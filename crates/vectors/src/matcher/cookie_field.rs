//! The value of a Cookie field as a set of pairs.

use serde_json::Value;

/// Is this the value of a Cookie field that holds exactly these pairs? A pair without a name is
/// written without "=".
pub(super) fn holds_cookies(got: Option<&Value>, pairs: &[Value]) -> bool {
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
