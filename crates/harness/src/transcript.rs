//! What a target said to all cases.

use std::fmt;

use cookiespec_vectors::{About, Answer, Case, Verdict, Welcome, show};

use crate::fault::{Fault, Trouble};
use crate::observation::Observation;

/// What became of putting one case to a target.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// It answered, or was not asked because it lacks what the case needs.
    Answer(Answer),
    /// It failed to answer, and did so again when the case was put to it alone.
    Fault(Fault),
    /// It was asked several times and did not always say the same.
    Varies(Vec<Heard>),
    /// The target was given up before, or the run was stopped.
    NotRun,
}

/// What a target said to all cases.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// Who the target says it is; `None` where it did not get so far.
    pub welcome: Option<Welcome>,
    /// One element per case, in the order of the cases.
    pub heard: Vec<Heard>,
    /// What kept the run from being whole.
    pub trouble: Option<Trouble>,
}

impl Heard {
    /// Whether it says the same about the target as `other`.
    fn agrees(&self, other: &Self, case: &Case, about: &About) -> bool {
        let observation = |answer| Observation::new(case, about, answer);
        match (self, other) {
            (Self::Answer(one), Self::Answer(other)) => observation(one) == observation(other),
            // How far a process gets before it dies is not always the same.
            (Self::Fault(one), Self::Fault(other)) => one.verdict == other.verdict,
            _ => self == other,
        }
    }

    /// Whether it says nothing about the target.
    fn is_silent(&self) -> bool {
        match self {
            Self::Fault(fault) => fault.verdict == Verdict::Broken,
            Self::NotRun => true,
            Self::Answer(_) | Self::Varies(_) => false,
        }
    }
}

/// Shown on one line, every octet escaped.
impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(Answer::Ok(value)) => f.write_str(&show::value(value)),
            Self::Answer(Answer::Unsupported { need }) => {
                write!(f, "unsupported: {}", need.escape_debug())
            }
            Self::Answer(Answer::Error { message }) => {
                write!(f, "error: {}", message.escape_debug())
            }
            Self::Fault(fault) => write!(f, "{}: {}", fault.verdict, fault.what),
            Self::Varies(variants) => {
                variants.iter().enumerate().try_for_each(|(index, variant)| {
                    write!(f, "{}{variant}", if index == 0 { "" } else { " or " })
                })
            }
            Self::NotRun => f.write_str("not run"),
        }
    }
}

impl Transcript {
    /// Of a run that did not take place, with so many cases.
    pub(crate) fn not_run(cases: usize) -> Self {
        Self { welcome: None, heard: vec![Heard::NotRun; cases], trouble: None }
    }

    /// Adds another run of the same cases: where it differs, the target varies. What says nothing
    /// about the target stands, whichever run it happened in.
    pub(crate) fn repeated(mut self, again: Self, cases: &[&Case]) -> Self {
        let about = self.welcome.as_ref().map(Welcome::about).unwrap_or_default();
        for ((heard, again), case) in self.heard.iter_mut().zip(again.heard).zip(cases) {
            match heard {
                _ if heard.is_silent() => {}
                _ if again.is_silent() => *heard = again,
                Heard::Varies(variants) => {
                    if !variants.iter().any(|one| one.agrees(&again, case, &about)) {
                        variants.push(again);
                    }
                }
                _ if heard.agrees(&again, case, &about) => {}
                _ => *heard = Heard::Varies(vec![heard.clone(), again]),
            }
        }
        self.welcome = self.welcome.or(again.welcome);
        self.trouble = self.trouble.or(again.trouble);
        self
    }
}
