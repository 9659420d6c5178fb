//! The outcome of a case on a target, and what can go wrong between the harness and a shim.

use std::fmt;

use cookiespec_vectors::{Answer, Case, ImplementationInfo, Judgement, Profile, Verdict, show};

use super::observation::Observation;

/// The outcome of running one case on one target.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The target answered, or lacks what the case needs.
    Answer(Answer),
    /// The target failed to answer, and failed again when the case was run alone.
    Failure(ShimFailure),
    /// The case was run several times and the outcomes differ.
    Varies(Vec<Outcome>),
    /// The run of the target ended before this case.
    NotRun,
}

/// A shim that did not answer as the protocol requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShimFailure {
    /// `crash`, `hang` or `broken`.
    pub verdict: Verdict,
    /// What happened, with what the shim wrote escaped.
    pub what: String,
    /// The end of what it wrote to stderr, at most 8 KiB. Not escaped.
    pub stderr: String,
}

/// Why a run of a target is not complete: exit code 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunError {
    /// What happened, with what the shim wrote escaped.
    pub what: String,
    /// The end of what the shim wrote to stderr, at most 8 KiB. Not escaped.
    pub stderr: String,
    /// The messages in flight, if the failure could not be attributed to one of them.
    pub messages: Vec<String>,
}

impl Outcome {
    /// The verdict on this outcome of the case.
    pub fn judge(&self, case: &Case, profile: Profile, about: &ImplementationInfo) -> Judgement {
        let uniform = |verdict, note: String| Judgement::uniform(case, profile, verdict, note);
        match self {
            Self::Answer(answer) => cookiespec_vectors::judge(case, profile, about, answer),
            Self::Failure(failure) => uniform(failure.verdict, failure.what.clone()),
            Self::Varies(_) => uniform(Verdict::Flaky, self.to_string()),
            Self::NotRun => uniform(Verdict::NotRun, "it was not run on the target".to_owned()),
        }
    }

    /// Adds the outcome of another run of the same case: if the two differ, the outcome varies. An
    /// inconclusive outcome replaces any other.
    pub fn merge(&mut self, again: Self, case: &Case, about: &ImplementationInfo) {
        match self {
            _ if self.is_inconclusive() => {}
            _ if again.is_inconclusive() => *self = again,
            Self::Varies(variants) => {
                if !variants.iter().any(|one| one.agrees(&again, case, about)) {
                    variants.push(again);
                }
            }
            _ if self.agrees(&again, case, about) => {}
            _ => *self = Self::Varies(vec![self.clone(), again]),
        }
    }

    /// Whether both are the same observation of the target.
    fn agrees(&self, other: &Self, case: &Case, about: &ImplementationInfo) -> bool {
        let observation = |answer| Observation::new(case, about, answer);
        match (self, other) {
            (Self::Answer(one), Self::Answer(other)) => observation(one) == observation(other),
            // How far a process gets before it dies differs from run to run.
            (Self::Failure(one), Self::Failure(other)) => one.verdict == other.verdict,
            _ => self == other,
        }
    }

    /// Whether the target answered with an error, each time if it was asked several times.
    pub(super) fn is_error(&self) -> bool {
        match self {
            Self::Answer(answer) => matches!(answer, Answer::Error { .. }),
            Self::Varies(variants) => variants.iter().all(Self::is_error),
            Self::Failure(_) | Self::NotRun => false,
        }
    }

    /// Whether it says nothing about the target.
    fn is_inconclusive(&self) -> bool {
        match self {
            Self::Failure(failure) => failure.verdict == Verdict::Broken,
            Self::NotRun => true,
            Self::Answer(_) | Self::Varies(_) => false,
        }
    }
}

/// Shown on one line, every octet escaped.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(Answer::Ok(value)) => f.write_str(&show::value(value)),
            Self::Answer(Answer::Unsupported { need }) => {
                write!(f, "unsupported: {}", need.escape_debug())
            }
            Self::Answer(Answer::Error { message }) => {
                write!(f, "error: {}", message.escape_debug())
            }
            Self::Failure(failure) => write!(f, "{}: {}", failure.verdict, failure.what),
            Self::Varies(variants) => {
                variants.iter().enumerate().try_for_each(|(index, variant)| {
                    write!(f, "{}{variant}", if index == 0 { "" } else { " or " })
                })
            }
            Self::NotRun => f.write_str("not run"),
        }
    }
}

impl From<ShimFailure> for RunError {
    fn from(failure: ShimFailure) -> Self {
        Self { what: failure.what, stderr: failure.stderr, messages: Vec::new() }
    }
}
