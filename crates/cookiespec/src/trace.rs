//! The reference engine's own account: what it answers, and the steps by which it gets there.

use cookiespec_report::case;
use cookiespec_vectors::reference::{Reference, trace};
use cookiespec_vectors::{Answer, Octets, Operation, Profile, ask};
use serde_json::{Value, json};

/// What the engine did with one set-cookie-string or one request.
pub(crate) struct Account {
    /// The string, or the URI of the request.
    pub(crate) subject: Octets,
    /// The steps, in order.
    pub(crate) steps: Vec<Step>,
}

/// A step and where it stands.
pub(crate) struct Step {
    /// What happens, as a clause without a full stop.
    pub(crate) text: String,
    /// `section 5.7 step 16`; empty where the profile says nothing of the kind.
    pub(crate) place: String,
}

/// What the engine answers under a profile.
pub(crate) fn answer(profile: Profile, operation: &Operation) -> Answer {
    ask(&mut Reference::new(profile), operation)
}

/// How it gets there.
pub(crate) fn account(profile: Profile, operation: &Operation) -> Vec<Account> {
    let traced = trace(profile, operation).into_iter();
    traced
        .map(|traced| Account {
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
        })
        .collect()
}

/// The account as lines: each subject, with its steps indented below it.
pub(crate) fn lines(profile: Profile, operation: &Operation) -> Vec<String> {
    let mut lines = Vec::new();
    for Account { subject, steps } in account(profile, operation) {
        lines.push(subject.to_string());
        lines.extend(steps.iter().map(|Step { text, place }| format!("  {text}  ({place})")));
    }
    lines
}

/// Answer and account for programs.
pub(crate) fn document(profile: Profile, operation: &Operation) -> Value {
    let account = account(profile, operation).into_iter().map(|Account { subject, steps }| {
        let steps = steps.iter().map(|Step { text, place }| json!({ "text": text, "at": place }));
        json!({ "subject": subject, "steps": steps.collect::<Vec<_>>() })
    });
    let answer = match answer(profile, operation) {
        Answer::Ok(value) => value,
        refused => json!(case::answer(&refused)),
    };
    json!({ "answer": answer, "account": account.collect::<Vec<_>>() })
}
