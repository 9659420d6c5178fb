//! A case for unit tests.

use cookiespec_vectors::Case;
use serde_json::Value;

/// A case of these members; the fixture has the others.
pub(crate) fn case(members: Value) -> Case {
    let case = cookiespec_test_support::case(members);
    Case::from_json("test", case).unwrap_or_else(|errors| panic!("{errors}"))
}
