//! A test vector as JSON.

use serde_json::{Value, json};

/// A case with these members, and with the required ones that are not among them. It is the case
/// `test.0001` and cites both specifications.
///
/// # Panics
/// If `members` is not an object.
pub fn case(members: Value) -> Value {
    let citation = |doc| json!({"req": "PATH-01", "doc": doc, "sec": "5"});
    let mut case = json!({
        "id": "test.0001", "rev": 1, "title": "A test", "severity": "low",
        "spec": [citation("rfc6265"), citation("rfc6265bis")]
    });
    for (name, member) in members.as_object().expect("the members are those of an object") {
        case[name] = member.clone();
    }
    case
}
