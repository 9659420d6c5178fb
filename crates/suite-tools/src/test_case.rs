//! A case for unit tests.

use cookiespec_vectors::{Case, Profile, Suite};
use serde_json::{Value, json};

/// What is given, and a filler for every other member.
pub(crate) fn case(given: Value) -> Case {
    let mut case = json!({
        "id": "test.0001", "rev": 1, "title": "A test", "severity": "low",
        "spec": Profile::ALL.map(|it| json!({"req": "PATH-01", "doc": it.name(), "sec": "5"}))
    });
    let given = given.as_object().cloned().unwrap_or_default();
    case.as_object_mut().unwrap().extend(given);
    let file = json!({"area": "test", "about": "Tests.", "cases": [case]}).to_string();
    let suite = Suite::from_json("test", file.as_bytes());
    suite.unwrap_or_else(|errors| panic!("{errors}")).cases()[0].clone()
}
