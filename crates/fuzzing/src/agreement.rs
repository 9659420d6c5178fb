//! How an answer stands to the reference engine's, by the same oracle as a run of the fuzzer, for
//! views that show answers and judge none.

use cookiespec_engine::Profile;
use cookiespec_report::Observation;
use cookiespec_vectors::operation::{JarProgram, Operation, Step};
use cookiespec_vectors::{Answer, Case, ImplementationInfo, Level};
use serde_json::Value;

use crate::capabilities::lacks;
use crate::oracles::difference::Comparison;
use crate::oracles::divergence::differences;
use crate::oracles::reference::{Expected, variants};

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
    /// It differs in what the specification says.
    Differs {
        /// How binding the specification is there.
        level: Level,
    },
    /// It cannot be compared.
    NotCompared {
        /// Why, as a clause.
        why: String,
    },
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
    let binding = match differences(comparison, got) {
        Ok(found) => found
            .into_iter()
            .find(|difference| difference.is_property || difference.level <= Level::Should),
        Err(malformed) => return Some(Agreement::NotCompared { why: malformed.0 }),
    };
    Some(match binding {
        Some(difference) => Agreement::Differs { level: difference.level },
        None if shows_the_same(about, case, &expected, got) => Agreement::Same,
        None => Agreement::Allowed { why: what_is_open(profile, about, case, got) },
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
    let Operation::Jar(program) = case.operation() else { return FORM };
    let gives_it = |variant: &JarProgram| {
        let expected = Expected::of(profile, &Operation::Jar(variant.clone()));
        shows_the_same(about, case, &expected, got)
    };
    let variant = variants(program, about).into_iter().find(gives_it);
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

/// Parsers have interfaces of their own: a domain with its dot, a default-path left to the caller.
const FORM: &str = "a parser may report it in this form";

const OPEN: &str = "the specification leaves it open";
