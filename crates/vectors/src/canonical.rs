//! A case as canonical JSON: without shorthand, and with one spelling for equal values.

use cookiespec_engine::Profile;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::case::{Case, Expectation};
use crate::operation::Operation;

impl Case {
    /// The case as it could stand in a vector file: shorthand is expanded, and `needs` includes
    /// what the steps imply. Loading it again gives the same case.
    pub fn to_json(&self) -> Value {
        let mut plain = json!({
            "id": self.id,
            "rev": self.rev,
            "title": self.title,
            "kind": self.kind(),
            "severity": self.severity,
            "tags": self.tags,
            "spec": self.spec,
            "needs": self.needs,
            "wire": self.wire,
            "expect": self.expect.iter().map(expectation).collect::<Vec<_>>(),
        });
        if let Some(members) = plain.as_object_mut() {
            if !self.why.is_empty() {
                members.insert("why".to_owned(), json!(self.why));
            }
            members.extend(input(&self.operation));
        }
        plain
    }

    /// The digest of what the case means: the input, what the target needs for it, and what each
    /// profile expects. Titles, tags and citations are no part of it, nor is the way in
    /// which the same is written. The first 128 bits of a SHA-256, in hexadecimal digits.
    pub fn digest(&self) -> String {
        let mut needs = self.needs.clone();
        needs.sort_unstable();
        let expect = Profile::ALL.map(|profile| {
            let checks = self.expected_by(profile).map(|it| json!([it.level, it.at, it.is]));
            (profile.name().to_owned(), checks.collect::<Value>())
        });
        let mut meaning = Map::from_iter(expect);
        meaning.insert("needs".to_owned(), json!(needs));
        // Part of every digest in the lock file.
        meaning.insert("asked".to_owned(), json!(self.operation));
        let mut digits = sha256(canonical(&meaning.into()).as_bytes());
        digits.truncate(32);
        digits
    }
}

/// The members of a case that are the input of the target.
fn input(operation: &Operation) -> Map<String, Value> {
    match operation.input() {
        Value::Object(program) if matches!(operation, Operation::Jar(_)) => program,
        input => Map::from_iter([("in".to_owned(), input)]),
    }
}

fn expectation(expectation: &Expectation) -> Value {
    let names = if expectation.profiles == Profile::ALL {
        json!(["*"])
    } else {
        expectation.profiles.iter().map(|profile| profile.name()).collect()
    };
    let mut plain = json!({ "for": names, "level": expectation.level, "is": expectation.is });
    if let Some(at) = &expectation.at {
        plain["at"] = json!(at);
    }
    plain
}

/// A value with the members of every object in the order of their names, and no blanks.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Array(elements) => {
            let elements = elements.iter().map(canonical).collect::<Vec<_>>();
            format!("[{}]", elements.join(","))
        }
        Value::Object(members) => {
            let mut members = members.iter().collect::<Vec<_>>();
            members.sort_unstable_by_key(|(name, _)| *name);
            let members = members
                .into_iter()
                .map(|(name, member)| format!("{}:{}", json!(name), canonical(member)))
                .collect::<Vec<_>>();
            format!("{{{}}}", members.join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// The SHA-256 of some octets in 64 hexadecimal digits.
pub fn sha256(octets: &[u8]) -> String {
    Sha256::digest(octets).iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_case::case;

    fn date(given: Value) -> Case {
        let mut members = json!({"kind": "parse.date", "in": {"date": ""}});
        members.as_object_mut().unwrap().extend(given.as_object().cloned().unwrap());
        case(members)
    }

    fn check(profiles: &[&str], unix: i64) -> Value {
        json!({"for": profiles, "level": "must", "is": {"unix": unix}})
    }

    #[test]
    fn the_digest_is_that_of_the_meaning() {
        let digest = date(json!({"expect": [check(&["*"], 1)]})).digest();
        assert_eq!(digest.len(), 32);
        for same in [
            json!({"expect": [check(&["*"], 1)], "title": "Other", "rev": 2, "tags": ["x"]}),
            json!({"expect": [check(&["rfc6265"], 1), check(&["rfc6265bis"], 1)]}),
            json!({"expect": [check(&["*"], 1)], "in": {"date": {"hex": ""}}}),
        ] {
            assert_eq!(date(same).digest(), digest);
        }
        for other in [
            json!({"expect": [check(&["*"], 2)]}),
            json!({"expect": [check(&["rfc6265"], 1)]}),
            json!({"expect": [check(&["*"], 1)], "in": {"date": "0"}}),
            json!({"expect": [check(&["*"], 1)], "needs": ["clock"]}),
        ] {
            assert_ne!(date(other).digest(), digest);
        }
    }

    #[test]
    fn canonical_is_one_spelling() {
        let value = json!({"b": [1, {"z": null, "a": "\u{1b}\""}], "a": {}});
        assert_eq!(canonical(&value), r#"{"a":{},"b":[1,{"a":"\u001b\"","z":null}]}"#);
    }

    #[test]
    fn sha256_is_that_of_the_standard() {
        let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), of_abc);
    }
}
