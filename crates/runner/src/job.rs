//! A job of a run: one target, the profiles it is judged under, and its report.

use std::time::Duration;

use cookiespec_report::{Escaped, Outcome, RunError, TargetReport};
use cookiespec_vectors::{Answer, Case, Fingerprint, Handshake, ImplementationInfo, Profile};

use crate::run::Transcript;
use crate::target::Target;

/// A target and the profiles to judge it under.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to run.
    pub target: Target,
    /// Empty for the profile that the target claims, or 6265bis where it claims none.
    pub profiles: Vec<Profile>,
}

impl Job {
    /// The profiles to judge the target under, given its claim.
    pub(crate) fn profiles(&self, about: &ImplementationInfo) -> Vec<Profile> {
        if !self.profiles.is_empty() {
            return self.profiles.clone();
        }
        vec![self.profile(about)]
    }

    /// The one profile to judge the target under where there can only be one.
    pub(crate) fn profile(&self, about: &ImplementationInfo) -> Profile {
        let claimed = || about.claims.as_ref().and_then(|name| name.parse().ok());
        self.profiles.first().copied().or_else(claimed).unwrap_or(Profile::Rfc6265bis)
    }

    /// The judged results of this job.
    pub(crate) fn report(
        &self,
        transcript: Transcript,
        cases: &[&Case],
        took: Duration,
    ) -> TargetReport {
        let Transcript { handshake, outcomes, error, stderr } = transcript;
        let about = handshake.as_ref().map(Handshake::about).unwrap_or_default();
        let profiles = self.profiles(&about);
        let name = self.target.reported_name(&about).to_owned();
        let mut report = TargetReport {
            // The reference engine is run once for each profile.
            label: match profiles.first() {
                Some(profile) if self.target.is_per_profile() => format!("{name} {profile}"),
                _ => name.clone(),
            },
            name,
            ecosystem: self.target.ecosystem.clone(),
            selector: self.target.selector(),
            handshake,
            error,
            outcomes,
            results: Vec::new(),
            fingerprint: Fingerprint::default(),
            baseline: None,
            took,
        };
        if let Some(count) = report.errors_only() {
            report
                .error
                .get_or_insert_with(|| nothing_but_errors(count, &report.outcomes, cases, &stderr));
        }
        report.judged(&profiles, cases)
    }
}

/// Why the answers of a target that answered every case with an error show nothing: it is the shim,
/// or what the shim needs, that does not work.
fn nothing_but_errors(
    count: usize,
    outcomes: &[Outcome],
    cases: &[&Case],
    stderr: &str,
) -> RunError {
    let mut errors = outcomes.iter().zip(cases).filter_map(|(outcome, case)| match outcome {
        Outcome::Answer(Answer::Error { message }) => Some((message, case)),
        _ => None,
    });
    let what = match errors.next() {
        Some((message, case)) => {
            let is_same = errors.all(|(other, _)| other == message);
            let which = if is_same { "the same each time" } else { "not always the same" };
            let (id, message) = (Escaped(&case.id), Escaped(message));
            format!(
                "each of its {count} answers is an error, {which}; the first, on {id}: {message}"
            )
        }
        None => format!("each of its {count} answers is an error"),
    };
    RunError { what, stderr: distinct_lines(stderr), messages: Vec::new() }
}

/// The lines of a text without those that are repeated. The first may be the end of one.
fn distinct_lines(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut rest = text.lines();
    while let Some(line) = rest.next() {
        let is_repeated = lines.is_empty() && rest.clone().any(|later| later.ends_with(line));
        if !is_repeated && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}
