//! How an answer stands to the reference engine's, by the same oracle as a run of the fuzzer, for
//! views that show answers and judge none.

use cookiespec_engine::Profile;
use cookiespec_report::Observation;
use cookiespec_vectors::operation::{JarProgram, Operation, Step};
use cookiespec_vectors::{Answer, Case, ImplementationInfo, Level};
use serde_json::Value;

use crate::capabilities::lacks;
use crate::octet_fields;
use crate::oracles::difference::{Comparison, Difference};
use crate::oracles::divergence::differences;
use crate::oracles::reference::{Expected, variants};
use crate::oracles::unambiguous::is_unambiguous_uri;

/// How an answer stands to that of the reference engine under a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It shows the same, as far as the target can show it.
    Same,
    /// It differs in what the specification leaves open, or what the target cannot be set to.
    Allowed {
        /// What is left open, as a clause.
        why: &'static str,
    },
    /// It differs in what the specification says, in at least one member.
    Differs(Vec<Deviation>),
    /// It cannot be compared.
    NotCompared {
        /// Why, as a clause.
        why: String,
    },
}

/// A member of an answer that differs from what the specification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The member, such as `value` or `header`.
    pub field: &'static str,
    /// How it differs, such as `lost`.
    pub kind: &'static str,
    /// How binding the specification is there: must or should.
    pub level: Level,
    /// The expected value, escaped.
    pub want: String,
    /// The value in the answer, escaped.
    pub got: String,
}

/// Compares the answer of a target to a case with the engine's under a profile. The expectations of
/// the case play no part. `None` for an answer that shows nothing about cookies: an error, or that
/// the target lacks something.
pub fn agreement(
    profile: Profile,
    about: &ImplementationInfo,
    case: &Case,
    answer: &Answer,
) -> Option<Agreement> {
    let Answer::Ok(got) = answer else { return None };
    let operation = case.operation();
    if let Some(ability) = lacks(about, operation) {
        return Some(Agreement::NotCompared { why: format!("the target lacks {ability}") });
    }
    let expected = Expected::of(profile, operation);
    if !expected.is_answered {
        let why = "the reference engine does not take the input".to_owned();
        return Some(Agreement::NotCompared { why });
    }
    let comparison = Comparison { operation, profile, about, expected: &expected };
    let found = match differences(comparison, got) {
        Ok(found) => found,
        Err(malformed) => return Some(Agreement::NotCompared { why: malformed.0 }),
    };
    let is_of_form = found.is_empty() && matches!(operation, Operation::ParseSetCookie(_));
    let binding = found
        .into_iter()
        .filter(|difference| difference.is_property || difference.level <= Level::Should)
        .map(|Difference { field, kind, level, want, got, .. }| Deviation {
            field,
            kind,
            level,
            want,
            got,
        });
    let binding: Vec<_> = binding.collect();
    let is_plain = || octet_fields::uris(operation).into_iter().all(is_unambiguous_uri);
    Some(if !binding.is_empty() {
        Agreement::Differs(binding)
    } else if shows_the_same(about, case, &expected, got) {
        Agreement::Same
    } else if !is_plain() {
        let why = "URL parsers read the URI in different ways".to_owned();
        Agreement::NotCompared { why }
    } else if is_of_form {
        // A domain with its dot, a default-path left to the caller, a value in other letters:
        // parsers have interfaces of their own.
        let why = "the parser reports attributes in another form".to_owned();
        Agreement::NotCompared { why }
    } else {
        Agreement::Allowed { why: what_is_open(profile, about, case, got) }
    })
}

/// Whether an answer shows what the engine's does, without the fields that either cannot show.
fn shows_the_same(
    about: &ImplementationInfo,
    case: &Case,
    expected: &Expected,
    got: &Value,
) -> bool {
    let mut about = about.clone();
    about.blind.extend(NOT_IN_THE_ENGINE.map(str::to_owned));
    let observed = |value: &Value| {
        let mut value = value.clone();
        without_single_cookies(&mut value);
        Observation::new(case, &about, &Answer::Ok(value))
    };
    observed(&expected.value) == observed(got)
}

/// Removes the cookies of each request one by one, which only some targets report beside the
/// header.
fn without_single_cookies(value: &mut Value) {
    let observations = value.get_mut("obs").and_then(Value::as_object_mut);
    for observation in observations.into_iter().flat_map(|observations| observations.values_mut()) {
        if let Some(members) = observation.as_object_mut()
            && members.contains_key("header")
        {
            members.remove("cookies");
        }
    }
}

/// What the specification leaves to the user agent, for an answer that differs in nothing else.
fn what_is_open(
    profile: Profile,
    about: &ImplementationInfo,
    case: &Case,
    got: &Value,
) -> &'static str {
    let Operation::Jar(program) = case.operation() else { return OPEN };
    let gives_it = |variant: &JarProgram| {
        let expected = Expected::of(profile, &Operation::Jar(variant.clone()));
        shows_the_same(about, case, &expected, got)
    };
    let variant = variants(profile, program, about).into_iter().find(gives_it);
    variant.map_or(OPEN, |variant| choice(program, &variant))
}

/// The choice of a user agent in which a variant differs from its program.
fn choice(program: &JarProgram, variant: &JarProgram) -> &'static str {
    let suffixes = |program: &JarProgram| {
        let later = program.steps.iter().filter_map(|step| match step {
            Step::Configure { config } => Some(config.public_suffixes.clone()),
            _ => None,
        });
        std::iter::once(program.config.public_suffixes.clone()).chain(later).collect::<Vec<_>>()
    };
    if suffixes(program) != suffixes(variant) {
        "which public suffixes are refused is left to the user agent"
    } else if program.config.secure_localhost != variant.config.secure_localhost {
        "whether http to localhost is secure is left to the user agent"
    } else if program.config.lax_allowing_unsafe != variant.config.lax_allowing_unsafe {
        "Lax-allowing-unsafe is optional"
    } else if program.config.strict_hosts != variant.config.strict_hosts {
        "how strictly host names are read is left open"
    } else {
        "the exact second of the expiry is left open"
    }
}

/// Fields of an answer that no specification has yet, and the engine does not report.
const NOT_IN_THE_ENGINE: [&str; 1] = ["partitioned"];

const OPEN: &str = "the specification leaves it open";

#[cfg(test)]
mod tests {
    use cookiespec_vectors::ability;
    use serde_json::json;

    use super::*;

    fn able(can: &[&str]) -> ImplementationInfo {
        let can = can.iter().map(|&word| word.to_owned()).collect();
        ImplementationInfo { can, ..ImplementationInfo::default() }
    }

    fn parsed(profile: Profile, line: &str, cookie: Value) -> Agreement {
        let input = json!({ "set_cookie": line, "uri": "https://site.example/dir/page", "now": 0 });
        let operation = Operation::ParseSetCookie(serde_json::from_value(input).unwrap());
        let case = Case::unjudged("test", operation);
        let answer = Answer::Ok(json!({ "cookie": cookie }));
        agreement(profile, &able(&["parse.set-cookie"]), &case, &answer).unwrap()
    }

    fn sent(about: &ImplementationInfo, profile: Profile, line: &str, uri: &str) -> Agreement {
        let steps = json!([
            { "do": "receive", "uri": uri, "set_cookie": [line] },
            { "do": "send", "at": "sent", "uri": uri }
        ]);
        let program = json!({ "now": 0, "steps": steps });
        let case = Case::unjudged("test", Operation::Jar(serde_json::from_value(program).unwrap()));
        let header = line.split(';').next().unwrap();
        let answer = Answer::Ok(json!({ "obs": { "sent": { "header": header } } }));
        agreement(profile, about, &case, &answer).unwrap()
    }

    const BIS: Profile = Profile::Rfc6265bis;

    #[test]
    fn a_parser_may_add_what_the_uri_says_and_refuse_what_no_store_takes() {
        for (line, cookie) in [
            ("a=b", json!({ "name": "a", "value": "b", "domain": "site.example" })),
            ("a=b", json!({ "name": "a", "value": "b", "path": "/dir" })),
            (
                "a=b; Domain=..site.example",
                json!({
                    "name": "a", "value": "b", "domain": "..site.example"
                }),
            ),
            ("a=b; Domain=other.example", Value::Null),
            ("a=b; Domain=site.example:443", Value::Null),
            ("=", json!({ "name": "", "value": "" })),
        ] {
            let agreement = parsed(BIS, line, cookie);
            assert!(!matches!(agreement, Agreement::Differs(_)), "{line}: {agreement:?}");
        }
        for (line, cookie, field) in [
            ("a=b", json!({ "name": "a", "value": "b", "domain": "other.example" }), "domain"),
            ("a=b", json!({ "name": "a", "value": "b", "path": "/dir/page" }), "path"),
            ("a=b; Path=x; Path=/y", json!({ "name": "a", "value": "b", "path": "/" }), "path"),
            ("a=b; Domain=site.example", Value::Null, "cookie"),
            ("\u{1}=", json!({ "name": "", "value": "" }), "cookie"),
        ] {
            let Agreement::Differs(deviations) = parsed(BIS, line, cookie) else {
                panic!("{line} is no difference");
            };
            assert_eq!(deviations[0].field, field, "{line}");
        }
    }

    #[test]
    fn a_field_that_no_specification_has_is_not_compared() {
        let cookie = json!({ "name": "a", "value": "b", "secure": true, "partitioned": true });
        assert_eq!(parsed(BIS, "a=b; Secure; Partitioned", cookie), Agreement::Same);
    }

    #[test]
    fn what_the_text_leaves_open_is_allowed_and_says_in_what() {
        let store = able(&["jar", ability::SECURE]);
        for (line, uri, wanted) in [
            ("a=b; Domain=co.uk", "https://shop.co.uk/", "public suffixes"),
            ("a=b; Secure", "http://localhost/", "http to localhost"),
        ] {
            let Agreement::Allowed { why } = sent(&store, BIS, line, uri) else {
                panic!("{line} is not allowed");
            };
            assert!(why.contains(wanted), "{why}");
        }
        let configured = able(&["jar", ability::SECURE, ability::SECURE_LOCALHOST]);
        let unset = sent(&configured, BIS, "a=b; Secure", "http://localhost/");
        assert!(matches!(unset, Agreement::Allowed { .. }), "it is not set: {unset:?}");
        let blind = sent(&able(&["jar"]), BIS, "a=b; Secure", "http://site.example/");
        assert_eq!(blind, Agreement::NotCompared { why: "the target lacks secure".to_owned() });
    }

    #[test]
    fn only_an_empty_domain_leaves_the_host_prefix_open() {
        let store = able(&["jar", ability::SECURE]);
        let uri = "https://site.example/";
        let line = "__Host-a=b; Secure; Path=/; Domain=site.example";
        assert!(matches!(sent(&store, BIS, line, uri), Agreement::Differs(_)));
        assert_eq!(sent(&store, Profile::Rfc6265, line, uri), Agreement::Same);
        let empty = sent(&store, BIS, "__Host-a=b; Secure; Path=/; Domain=", uri);
        assert!(!matches!(empty, Agreement::Differs(_)), "{empty:?}");
    }

    #[test]
    fn what_is_no_answer_is_not_compared() {
        let case = Case::unjudged("test", Operation::Jar(JarProgram::default()));
        let error = Answer::Error { message: "no".to_owned() };
        assert_eq!(agreement(BIS, &able(&["jar"]), &case, &error), None);
        let shapeless = Answer::Ok(json!({ "cookie": 7 }));
        let operation = Operation::ParseSetCookie(Default::default());
        let case = Case::unjudged("test", operation);
        let found = agreement(BIS, &able(&["parse.set-cookie"]), &case, &shapeless);
        assert!(matches!(found, Some(Agreement::NotCompared { .. })), "{found:?}");
    }
}
