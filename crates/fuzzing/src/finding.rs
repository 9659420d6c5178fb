//! A finding, whole: what was asked, what everybody answered, what the specification says and how
//! to see it again.

use cookiespec_vectors::message::Answer;
use cookiespec_vectors::{Level, Operation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::accusation::{Class, Kind};
use super::cost::Growth;
use super::place::Place;
use cookiespec_report::Outcome;

/// Something that a target does and should not, with all that is needed to see it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The version of this format.
    pub cookiespec_finding: u32,
    /// A name that stays the same while the input and the class do.
    pub id: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// How binding the text is.
    pub level: Level,
    /// The target it is about, as on the command line.
    pub target: String,
    /// Its version.
    pub version: String,
    /// The profile it is judged by.
    pub profile: String,
    /// The field of the answer that differs.
    pub field: String,
    /// How it differs.
    pub difference: String,
    /// What decides, according to the specification.
    pub rule: Rule,
    /// The minimised input.
    pub operation: Operation,
    /// The label of the observation that differs, in a jar case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What the reference engine says of it, escaped.
    pub want: String,
    /// What the target says, escaped.
    pub got: String,
    /// Does the target do what the other profile says?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// Did it behave otherwise when it was asked again?
    #[serde(default)]
    pub flaky: bool,
    /// What all targets of the run answered, the reference engine first.
    pub answers: Vec<Said>,
    /// The engine's account, one set-cookie-string or request after the other.
    pub trace: Vec<TraceEntry>,
    /// How the cost grows, where that is the matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<Growth>,
    /// Seed and number of the case it was found with.
    pub found: Found,
    /// The command that starts the target, where it has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
}

/// A place in a specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What happens there.
    pub text: String,
    /// `rfc6265` or `rfc6265bis`.
    pub document: String,
    /// The section.
    pub section: String,
    /// The step in it, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// The name of the step in the engine.
    pub id: String,
}

impl Rule {
    pub(crate) fn of(place: &Place, document: &str) -> Self {
        let Place { id, text, section, step } = place.clone();
        Self { text, document: document.to_owned(), section, step, id }
    }

    /// As people cite it: "rfc6265 section 5.2 step 4".
    pub fn citation(&self) -> String {
        let Self { document, section, step, .. } = self;
        let step = if step.is_empty() { String::new() } else { format!(" step {step}") };
        format!("{document} section {section}{step}")
    }
}

/// What a target answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The target.
    pub target: String,
    /// Its version.
    pub version: String,
    /// `ok`, `unsupported`, `error` or `fault`, and what it said.
    pub answer: Value,
}

/// What the engine did with one set-cookie-string or one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceEntry {
    /// The string, or the URI.
    pub subject: cookiespec_vectors::Octets,
    /// The steps, in words, with their places.
    pub steps: Vec<String>,
}

/// Where a finding comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The seed.
    pub seed: u64,
    /// The number of the case, counted from 0.
    pub case: u64,
}

impl Finding {
    /// The version of the format that this code writes.
    pub const VERSION: u32 = 1;

    /// The class that the finding stands for.
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

/// An answer, as it stands in a finding file.
pub(crate) fn said(heard: &Outcome) -> Value {
    match heard {
        Outcome::Answer(Answer::Ok(value)) => json!({ "ok": value }),
        Outcome::Answer(Answer::Unsupported { need }) => json!({ "unsupported": need }),
        Outcome::Answer(Answer::Error { message }) => json!({ "error": message }),
        Outcome::Failure(fault) => {
            json!({ "fault": fault.verdict.name(), "what": fault.what, "stderr": fault.stderr })
        }
        Outcome::Varies(_) | Outcome::NotRun => json!({ "fault": "notrun" }),
    }
}
