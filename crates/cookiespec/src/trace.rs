//! The reference engine's answer to an operation, and the steps that lead to it.

use std::fmt;

use cookiespec_report::case::{self, Wording};
use cookiespec_vectors::reference::{ExplainedStep, Explanation, Reference, explain_in_detail};
use cookiespec_vectors::{Answer, Octets, Operation, Profile, ask};
use serde_json::{Value, json};

/// What the engine answers to an operation under a profile, and by which steps.
pub(crate) struct EngineAnswer {
    pub(crate) answer: Answer,
    /// One for each set-cookie-string and each request, in order.
    pub(crate) traces: Vec<Trace>,
}

/// The steps of the engine for one set-cookie-string or one request.
pub(crate) struct Trace {
    /// The string, or the URI of the request.
    pub(crate) subject: Octets,
    /// The steps, in order.
    pub(crate) steps: Vec<Step>,
}

/// A step, and where the specification has it.
pub(crate) struct Step {
    /// What happens, as a clause without a full stop.
    text: &'static str,
    /// `section 5.7 step 16`; empty where the profile has no such step.
    place: String,
    /// What it is about, escaped; may be empty.
    detail: String,
}

impl EngineAnswer {
    /// Runs the engine.
    pub(crate) fn new(profile: Profile, operation: &Operation) -> Self {
        let (answer, explanations) = explain_in_detail(profile, operation);
        let traces = explanations.into_iter().map(|Explanation { subject, steps }| {
            let steps = steps.into_iter().map(|ExplainedStep { text, place, detail }| {
                let place = place.map_or_else(String::new, |place| place.to_string());
                Step { text, place, detail }
            });
            Trace { subject, steps: steps.collect() }
        });
        Self { answer, traces: traces.collect() }
    }

    /// The traces as lines: each subject, with its steps indented below it.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for Trace { subject, steps } in &self.traces {
            lines.push(subject.to_string());
            lines.extend(steps.iter().map(|step| format!("  {step}")));
        }
        lines
    }

    /// Answer and traces for programs.
    pub(crate) fn document(&self) -> Value {
        let traces = self.traces.iter().map(|Trace { subject, steps }| {
            let step = |Step { text, place, detail }: &Step| {
                json!({ "text": text, "at": place, "detail": detail })
            };
            json!({ "subject": subject, "steps": steps.iter().map(step).collect::<Vec<_>>() })
        });
        let answer = match &self.answer {
            Answer::Ok(value) => value.clone(),
            refusal => json!(case::answer(refusal, Wording::Values)),
        };
        json!({ "answer": answer, "trace": traces.collect::<Vec<_>>() })
    }
}

/// On one line: what it is about, what happens, and where the specification has it.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if !self.place.is_empty() {
            write!(f, " ({})", self.place)?;
        }
        Ok(())
    }
}

/// What the engine answers to an operation under a profile.
pub(crate) fn answer(profile: Profile, operation: &Operation) -> Answer {
    ask(&mut Reference::new(profile), operation)
}
