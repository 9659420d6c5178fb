//! The reference engine's answer to an operation, and the steps that lead to it.

use cookiespec_report::case;
use cookiespec_vectors::reference::{Reference, trace};
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
    pub(crate) text: String,
    /// `section 5.7 step 16`; empty where the profile has no such step.
    pub(crate) place: String,
}

impl EngineAnswer {
    /// Runs the engine.
    pub(crate) fn new(profile: Profile, operation: &Operation) -> Self {
        let traces = trace(profile, operation).into_iter().map(|traced| Trace {
            subject: traced.subject,
            steps: traced
                .events
                .iter()
                .map(|event| Step {
                    text: event.step.to_string(),
                    place: event
                        .step
                        .reference(profile)
                        .map_or_else(String::new, |it| it.to_string()),
                })
                .collect(),
        });
        Self { answer: answer(profile, operation), traces: traces.collect() }
    }

    /// The traces as lines: each subject, with its steps indented below it.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for Trace { subject, steps } in &self.traces {
            lines.push(subject.to_string());
            lines.extend(steps.iter().map(|Step { text, place }| format!("  {text}  ({place})")));
        }
        lines
    }

    /// Answer and traces for programs.
    pub(crate) fn document(&self) -> Value {
        let traces = self.traces.iter().map(|Trace { subject, steps }| {
            let step = |Step { text, place }: &Step| json!({ "text": text, "at": place });
            json!({ "subject": subject, "steps": steps.iter().map(step).collect::<Vec<_>>() })
        });
        let answer = match &self.answer {
            Answer::Ok(value) => value.clone(),
            refusal => json!(case::answer(refusal)),
        };
        json!({ "answer": answer, "trace": traces.collect::<Vec<_>>() })
    }
}

/// What the engine answers to an operation under a profile.
pub(crate) fn answer(profile: Profile, operation: &Operation) -> Answer {
    ask(&mut Reference::new(profile), operation)
}
