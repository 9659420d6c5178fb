//! A finding: the input, all answers, the place in the specification, and how to reproduce it.

pub(crate) mod display;
pub(crate) mod files;
pub(crate) mod identity;

use std::fmt;

use cookiespec_report::Outcome;
use cookiespec_vectors::message::Answer;
use cookiespec_vectors::{Level, Octets, Operation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::identity::{Class, Kind};
use crate::oracles::cost::measurement::Growth;

/// A bug candidate of one target, with everything needed to reproduce it. Its JSON form is a
/// finding file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The version of the file format.
    pub cookiespec_finding: u32,
    /// A name that depends on the target, the class and the shape of the input only.
    pub id: String,
    /// The kind.
    pub kind: Kind,
    /// How binding the specification is.
    pub level: Level,
    /// The selector of the target.
    pub target: String,
    /// The version of the target.
    pub version: String,
    /// The profile that it was compared with.
    pub profile: String,
    /// The field of the answer that differs.
    pub field: String,
    /// How it differs.
    pub difference: String,
    /// The deciding place in the specification.
    pub rule: SpecReference,
    /// The minimised input.
    pub operation: Operation,
    /// The label of the observation that differs, for a jar program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The expected value, escaped.
    pub want: String,
    /// The value in the answer, escaped.
    pub got: String,
    /// The other profile, if the target conforms to that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// Whether some repetition did not reproduce it.
    #[serde(default)]
    pub flaky: bool,
    /// The answers of all targets of the run, the reference engine's first.
    pub answers: Vec<TargetAnswer>,
    /// The reference engine's trace, by set-cookie-string or request.
    pub trace: Vec<TraceEntry>,
    /// The growth of the cost, for a finding of that kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<Growth>,
    /// The case that led to it.
    pub found: Origin,
    /// The command that starts the target, if it has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
}

/// A place in a specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecReference {
    /// What happens there, as a clause.
    pub text: String,
    /// `rfc6265` or `rfc6265bis`.
    pub document: String,
    /// The section.
    pub section: String,
    /// The step in it; empty if the place is no step.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// A stable name: a step of the reference engine, or section and step.
    pub id: String,
}

/// The citation: "rfc6265 section 5.2 step 4".
impl fmt::Display for SpecReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { document, section, step, .. } = self;
        write!(f, "{document} section {section}")?;
        if step.is_empty() { Ok(()) } else { write!(f, " step {step}") }
    }
}

/// The answer of one target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetAnswer {
    /// The selector of the target.
    pub target: String,
    /// Its version.
    pub version: String,
    /// An object with `ok`, `unsupported`, `error` or `fault`.
    pub answer: Value,
}

/// The trace of the reference engine for one set-cookie-string or one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceEntry {
    /// The string, or the URI.
    pub subject: Octets,
    /// The steps in words, with their places.
    pub steps: Vec<String>,
}

/// The case that a finding was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The seed of the run.
    pub seed: u64,
    /// The number of the case, counted from 0.
    pub case: u64,
}

impl Finding {
    /// The version of the file format that this code writes.
    pub const VERSION: u32 = 1;

    /// The class of the finding.
    pub(crate) fn class(&self) -> Class {
        Class {
            kind: self.kind,
            operation: self.operation.name(),
            field: self.field.clone(),
            difference: self.difference.clone(),
            place: match self.kind {
                Kind::Crash | Kind::Hang | Kind::Error => String::new(),
                _ => self.rule.id.clone(),
            },
        }
    }
}

/// An outcome in the form of finding files.
pub(crate) fn answer_json(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Answer(Answer::Ok(value)) => json!({ "ok": value }),
        Outcome::Answer(Answer::Unsupported { need }) => json!({ "unsupported": need }),
        Outcome::Answer(Answer::Error { message }) => json!({ "error": message }),
        Outcome::Failure(failure) => json!({
            "fault": failure.verdict.name(),
            "what": failure.what,
            "stderr": failure.stderr,
        }),
        Outcome::Varies(_) | Outcome::NotRun => json!({ "fault": "notrun" }),
    }
}
