//! The outcome of a case on a target, and what can go wrong between the harness and a shim.

use std::fmt;

use cookiespec_vectors::{
    Answer, Case, Fingerprint, ImplementationInfo, Judgement, Profile, Verdict, WireLog, show,
};
use serde_json::Value;

use super::observation::{Digest, Observation};
use super::oversized::{Budget, Oversized};
use crate::bounds::{KEPT_TEXT, shortened};
use crate::escaping::Escaped;

/// The outcome of running one case on one target.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The target answered, or lacks what the case needs.
    Answer(Answer),
    /// The target answered more than is kept of an answer.
    Oversized(Box<Oversized>),
    /// The target failed to answer, and failed again when the case was run alone.
    Failure(ShimFailure),
    /// The case was run several times and the outcomes differ. At most 16 of them are kept.
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
    /// The same outcome, with no more of an answer than is kept for a report: a result that is too large
    /// for the budget of its target is judged and cut, a long message is cut, and what went over a
    /// network is left out where it shows nothing that is missed. No verdict depends on it.
    #[must_use]
    pub fn bounded(self, case: &Case, about: &ImplementationInfo, budget: &mut Budget) -> Self {
        let Self::Answer(mut answer) = self else { return self };
        let log = match &mut answer {
            Answer::Ok(ok) => WireLog::take_from(ok),
            Answer::Unsupported { .. } | Answer::Error { .. } => None,
        };
        if let Some(oversized) = Oversized::new(case, about, &answer, budget) {
            return Self::Oversized(Box::new(oversized));
        }
        if let (Answer::Ok(ok), Some(log)) = (&mut answer, log)
            && misses_something(case, about, ok)
        {
            budget.add_log(&log, ok);
        }
        Self::Answer(answer).with_bounded_message()
    }

    /// The same outcome, with no more of a message than is kept.
    #[must_use]
    pub fn with_bounded_message(self) -> Self {
        match self {
            Self::Answer(Answer::Unsupported { need }) => {
                Self::Answer(Answer::Unsupported { need: shortened(need, KEPT_TEXT) })
            }
            Self::Answer(Answer::Error { message }) => {
                Self::Answer(Answer::Error { message: shortened(message, KEPT_TEXT) })
            }
            other => other,
        }
    }

    /// The verdict on this outcome of the case.
    pub fn judge(&self, case: &Case, profile: Profile, about: &ImplementationInfo) -> Judgement {
        let uniform = |verdict, note: String| Judgement::uniform(case, profile, verdict, note);
        match self {
            Self::Answer(answer) => cookiespec_vectors::judge(case, profile, about, answer),
            Self::Oversized(oversized) => oversized.judgement(profile).clone(),
            Self::Failure(failure) => uniform(failure.verdict, failure.what.clone()),
            Self::Varies(_) => uniform(Verdict::Flaky, self.to_string()),
            Self::NotRun => uniform(Verdict::NotRun, "it was not run on the target".to_owned()),
        }
    }

    /// Counts an answer in a fingerprint.
    pub(crate) fn add_to(
        &self,
        fingerprint: &mut Fingerprint,
        case: &Case,
        about: &ImplementationInfo,
    ) {
        match self {
            Self::Answer(answer) => fingerprint.add(case, about, answer),
            Self::Oversized(oversized) => fingerprint.add_verdicts(case, oversized.verdicts()),
            Self::Failure(_) | Self::Varies(_) | Self::NotRun => {}
        }
    }

    /// Adds the outcome of another run of the same case: if the two differ, the outcome varies. An
    /// inconclusive outcome replaces any other.
    pub fn merge(&mut self, again: Self, case: &Case, about: &ImplementationInfo) {
        match self {
            _ if self.is_inconclusive() => {}
            _ if again.is_inconclusive() => *self = again,
            Self::Varies(variants) => {
                let is_new = !variants.iter().any(|one| one.agrees(&again, case, about));
                if is_new && variants.len() < VARIANTS {
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
            Self::Oversized(_) | Self::Failure(_) | Self::NotRun => false,
        }
    }

    /// The digest of what it shows about the target, if it shows anything.
    pub fn digest(&self, case: &Case, about: &ImplementationInfo) -> Option<Digest> {
        match self {
            Self::Answer(answer) => Observation::new(case, about, answer).digest(),
            Self::Oversized(oversized) => oversized.digest(),
            Self::Failure(_) | Self::Varies(_) | Self::NotRun => None,
        }
    }

    /// Whether it says nothing about the target.
    fn is_inconclusive(&self) -> bool {
        match self {
            Self::Failure(failure) => failure.verdict == Verdict::Broken,
            Self::NotRun => true,
            Self::Answer(_) | Self::Oversized(_) | Self::Varies(_) => false,
        }
    }
}

/// Shown on one line, every octet escaped.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(Answer::Ok(value)) => f.write_str(&show::value(value)),
            Self::Answer(Answer::Unsupported { need }) => {
                write!(f, "unsupported: {}", Escaped(need))
            }
            Self::Answer(Answer::Error { message }) => {
                write!(f, "error: {}", Escaped(message))
            }
            Self::Oversized(oversized) => oversized.fmt(f),
            Self::Failure(failure) => write!(f, "{}: {}", failure.verdict, Escaped(&failure.what)),
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

/// Whether a result is less than what one of the profiles asks for.
fn misses_something(case: &Case, about: &ImplementationInfo, ok: &Value) -> bool {
    let answer = Answer::Ok(ok.clone());
    let mut verdicts = Profile::ALL
        .into_iter()
        .map(|profile| cookiespec_vectors::judge(case, profile, about, &answer).verdict);
    verdicts.any(|verdict| verdict == Verdict::Weak || verdict.is_failure())
}

/// How many different outcomes of one case are kept.
const VARIANTS: usize = 16;
