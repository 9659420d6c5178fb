//! A run that a signal ended before it was complete.

use std::fmt;

use super::outcome::Outcome;
use super::record::Record;

/// How far an interrupted run got. Every report of it says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interruption {
    /// How many cases were run, those of all targets together.
    pub done: usize,
    /// How many there were to run.
    pub of: usize,
}

impl Record {
    /// How far the run got; `None` if no signal ended it.
    pub fn interruption(&self) -> Option<Interruption> {
        self.exit.is_signal().then(|| {
            let outcomes = self.targets.iter().flat_map(|target| &target.outcomes);
            let done = outcomes.filter(|outcome| **outcome != Outcome::NotRun).count();
            Interruption { done, of: self.targets.len() * self.cases.len() }
        })
    }
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "incomplete: interrupted after {} of {} cases", self.done, self.of)
    }
}
