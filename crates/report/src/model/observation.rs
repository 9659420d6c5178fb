//! An answer without what the case does not ask for, so that answers with the same meaning are
//! equal.

use std::fmt;

use cookiespec_vectors::canonical::sha256;
use cookiespec_vectors::{Answer, Case, ImplementationInfo, WireLog, ability};
use serde_json::{Map, Value};

/// How much of the digest is kept, in octets.
const DIGEST: usize = 6;

/// The normalised result of a case. Members that are `null` or `false` are left out, as if they
/// were absent; so are fields the target is blind to. Cookies are sorted, unless the case is about
/// their order and the target reports one.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation(Answer);

/// The first 48 bits of the SHA-256 of an observation, shown in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest([u8; DIGEST]);

impl Observation {
    /// The observation in an answer to the case.
    pub fn new(case: &Case, about: &ImplementationInfo, answer: &Answer) -> Self {
        let Answer::Ok(value) = answer else { return Self(answer.clone()) };
        let mut value = value.clone();
        // What went over a network is no observation of the cookies.
        WireLog::take_from(&mut value);
        let is_blind = |field: &str| about.blind.iter().any(|blind| blind == field);
        let is_ordered =
            !is_blind(ability::ORDER) && case.needs.iter().any(|need| need == ability::ORDER);
        normalise(&mut value, &is_blind, is_ordered);
        Self(Answer::Ok(value))
    }

    /// The normalised answer.
    pub fn answer(&self) -> &Answer {
        &self.0
    }

    /// A short name for it. `None` for errors and unsupported operations: their words change from
    /// one version to the next and say nothing about cookies.
    pub fn digest(&self) -> Option<Digest> {
        matches!(self.0, Answer::Ok(_)).then(|| Digest::from_sha256(&self.sha256()))?
    }

    /// The SHA-256 of the normalised result as JSON, in hexadecimal; of nothing where there is none.
    pub(super) fn sha256(&self) -> String {
        let text = match &self.0 {
            Answer::Ok(value) => value.to_string(),
            Answer::Unsupported { .. } | Answer::Error { .. } => String::new(),
        };
        sha256(text.as_bytes())
    }
}

impl Digest {
    /// The beginning of a SHA-256 in hexadecimal; `None` if it is none.
    pub(super) fn from_sha256(sha256: &str) -> Option<Self> {
        let octet = |at: usize| u8::from_str_radix(sha256.get(2 * at..2 * at + 2)?, 16).ok();
        let mut digest = [0; DIGEST];
        for (at, place) in digest.iter_mut().enumerate() {
            *place = octet(at)?;
        }
        Some(Self(digest))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

fn normalise(value: &mut Value, is_blind: &dyn Fn(&str) -> bool, is_ordered: bool) {
    match value {
        Value::Object(members) => {
            let kept = std::mem::take(members).into_iter().filter(|(name, member)| {
                !matches!(member, Value::Null | Value::Bool(false)) && !is_blind(name)
            });
            *members = kept.collect::<Map<_, _>>();
            for (name, member) in members {
                match (&**name, member) {
                    ("header", Value::String(header)) if !is_ordered => sort_header(header),
                    (_, member) => normalise(member, is_blind, is_ordered),
                }
            }
        }
        Value::Array(elements) => {
            elements.iter_mut().for_each(|element| normalise(element, is_blind, is_ordered));
            // A list of pairs or of cookies; a pair itself is a list of strings and is left alone.
            if !is_ordered && elements.iter().all(|one| one.is_array() || one.is_object()) {
                elements.sort_by_cached_key(Value::to_string);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Sorts the cookies of a Cookie field value.
fn sort_header(header: &mut String) {
    let mut cookies: Vec<_> = header.split("; ").collect();
    cookies.sort_unstable();
    *header = cookies.join("; ");
}

#[cfg(test)]
mod tests {
    use cookiespec_vectors::Suite;
    use serde_json::json;

    use super::*;

    fn digest(case: &str, blind: &[&str], value: Value) -> String {
        let suite = Suite::embedded().unwrap();
        let blind = blind.iter().map(|&field| field.to_owned()).collect();
        let about = ImplementationInfo { blind, ..ImplementationInfo::default() };
        let answer = Answer::Ok(value);
        let observation = Observation::new(suite.find(case).unwrap(), &about, &answer);
        observation.digest().unwrap().to_string()
    }

    #[test]
    fn what_was_not_set_is_absent() {
        let digest_of = |cookie| digest("set-cookie.pair.0001", &[], json!({ "cookie": cookie }));
        let plain = digest_of(json!({"name": "a", "value": "1"}));
        assert_eq!(
            digest_of(json!({"value": "1", "name": "a", "secure": false, "path": null})),
            plain
        );
        assert_ne!(digest_of(json!({"name": "a", "value": "1", "secure": true})), plain);
        assert_ne!(digest_of(json!(null)), plain);
    }

    #[test]
    fn a_blind_field_is_not_seen() {
        let digest_of = |blind: &[&str], path| {
            let cookie = json!({"name": "a", "value": "1", "path": path});
            digest("set-cookie.pair.0001", blind, json!({ "cookie": cookie }))
        };
        assert_ne!(digest_of(&[], "/a"), digest_of(&[], "/b"));
        assert_eq!(digest_of(&["path"], "/a"), digest_of(&["path"], "/b"));
    }

    #[test]
    fn cookies_are_in_order_where_the_case_is_about_order() {
        let suite = Suite::embedded().unwrap();
        let jar = |needs_order: bool| {
            let mut jars = suite.cases().iter().filter(|case| case.kind() == "jar");
            let case = jars.find(|case| case.needs.iter().any(|it| it == "order") == needs_order);
            case.unwrap().id.clone()
        };
        let digest_of = |case: &str, header: &str, cookies: Value| {
            digest(case, &[], json!({"obs": {"a": {"header": header, "cookies": cookies}}}))
        };
        let one = |case: &str| digest_of(case, "a=1; b=2", json!([["a", "1"], ["b", "2"]]));
        let other = |case: &str| digest_of(case, "b=2; a=1", json!([["b", "2"], ["a", "1"]]));
        assert_eq!(one(&jar(false)), other(&jar(false)));
        assert_ne!(one(&jar(true)), other(&jar(true)));
    }

    #[test]
    fn what_is_no_observation_has_no_digest() {
        let suite = Suite::embedded().unwrap();
        let case = &suite.cases()[0];
        let error = Answer::Error { message: "at 0x7f".to_owned() };
        assert_eq!(Observation::new(case, &ImplementationInfo::default(), &error).digest(), None);
    }
}
