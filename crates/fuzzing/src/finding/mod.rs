//! A finding: the input, all answers, the place in the specification, and how to reproduce it.

pub(crate) mod causes;
pub(crate) mod display;
pub(crate) mod files;
pub(crate) mod identity;
pub(crate) mod severity;

use std::fmt;

use cookiespec_engine::trace::Reference;
use cookiespec_engine::{Profile, Step};
use cookiespec_report::{KEPT_TEXT, Outcome, beginning, shortened};
use cookiespec_vectors::canonical::sha256;
use cookiespec_vectors::message::Answer;
use cookiespec_vectors::{Level, Octets, Operation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use self::identity::{Class, Kind};
use crate::oracles::cost::measurement::Growth;
use crate::oracles::relation;

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
    /// The rule that the target breaks, if that was confirmed. In files of version 1 it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<SpecReference>,
    /// The model that the target behaves like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub like: Option<Likeness>,
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

/// A model that a target behaves like: an implementation that is right but for one rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likeness {
    /// The name of the model.
    pub model: String,
    /// What it does wrong, in one sentence.
    pub behaviour: String,
    /// On how many variations of the input it answers like the target, among those on which
    /// one of them differs from the reference engine.
    pub agreed: usize,
    /// The number of these variations.
    pub of: usize,
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

impl SpecReference {
    /// The place at a section and step, which depend on the profile.
    pub(crate) fn at(
        profile: Profile,
        rfc6265: (&str, &str),
        bis: (&str, &str),
        text: &str,
    ) -> Self {
        let (section, step) = if profile == Profile::Rfc6265 { rfc6265 } else { bis };
        Self {
            text: text.to_owned(),
            document: profile.name().to_owned(),
            section: section.to_owned(),
            step: step.to_owned(),
            id: format!("{section}/{step}"),
        }
    }

    /// The place of a step of the reference engine; `None` if the profile does not have it.
    pub(crate) fn of_step(profile: Profile, step: Step) -> Option<Self> {
        let Reference { section, step: number } = step.reference(profile)?;
        Some(Self {
            text: step.text().to_owned(),
            document: profile.name().to_owned(),
            section: section.to_owned(),
            step: number.to_owned(),
            id: format!("{step:?}"),
        })
    }
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
    /// An object with `ok`, `unsupported`, `error` or `fault`; or with `oversized`, if a result is
    /// too long to be kept.
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
    pub const VERSION: u32 = 2;

    /// The class of the finding.
    pub(crate) fn class(&self) -> Class {
        Class {
            kind: self.kind,
            operation: self.operation.name(),
            field: self.field.clone(),
            difference: self.difference.clone(),
        }
    }

    /// What tells findings of one class apart by their cause: the model, or else the rule; empty if
    /// neither is known.
    pub(crate) fn cause(&self) -> &str {
        match (self.kind, &self.like, &self.rule) {
            (Kind::Crash | Kind::Hang | Kind::Error, ..) => "",
            (_, Some(like), _) => &like.model,
            (_, None, Some(rule)) => &rule.id,
            (_, None, None) => "",
        }
    }

    /// What differs, in words.
    pub fn statement(&self) -> String {
        let Self { field, difference, want, got, .. } = self;
        let is_change = relation::NAMES.contains(&difference.as_str());
        if is_change && self.kind != Kind::Property {
            format!("the {field} changed from {want} to {got} ({difference})")
        } else {
            format!("{field}: {difference}")
        }
    }
}

/// An outcome in the form of finding files. Of what is long its beginning, its length and its digest
/// are left.
pub(crate) fn answer_json(outcome: &Outcome) -> Value {
    let shortened = |text: &String| shortened(text.clone(), KEPT_TEXT);
    match outcome {
        Outcome::Answer(Answer::Ok(value)) => {
            let text = value.to_string();
            if text.len() <= KEPT_ANSWER {
                return json!({ "ok": value });
            }
            let (start, sha256) = (beginning(&text, KEPT_TEXT), sha256(text.as_bytes()));
            json!({ "oversized": { "start": start, "octets": text.len(), "sha256": sha256 } })
        }
        Outcome::Answer(Answer::Unsupported { need }) => json!({ "unsupported": shortened(need) }),
        Outcome::Answer(Answer::Error { message }) => json!({ "error": shortened(message) }),
        Outcome::Oversized(it) => json!({
            "oversized": { "start": it.start, "octets": it.octets, "sha256": it.sha256 },
        }),
        Outcome::Failure(failure) => json!({
            "fault": failure.verdict.name(),
            "what": failure.what,
            "stderr": failure.stderr,
        }),
        Outcome::Varies(_) | Outcome::NotRun => json!({ "fault": "notrun" }),
    }
}

/// The longest result that is kept in a finding, in octets of JSON. The inputs are shorter.
const KEPT_ANSWER: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_keeps_no_more_of_an_answer_than_is_read() {
        let flood = "\u{1b}".repeat(1 << 20);
        let error = Answer::Error { message: flood.clone() };
        let need = Answer::Unsupported { need: flood.clone() };
        for answer in [Answer::Ok(json!({ "value": flood })), error, need] {
            let kept = answer_json(&Outcome::Answer(answer)).to_string();
            assert!(kept.len() < 7 * KEPT_TEXT, "{} octets", kept.len());
            assert!(kept.to_lowercase().contains("sha"), "{kept}");
        }
        let short = json!({ "value": "v".repeat(KEPT_ANSWER / 2) });
        assert_eq!(
            answer_json(&Outcome::Answer(Answer::Ok(short.clone()))),
            json!({ "ok": short })
        );
    }
}
