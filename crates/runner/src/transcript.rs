//! What a target said to all cases.

use cookiespec_report::{Outcome, RunError};
use cookiespec_vectors::{Case, Handshake};

/// What a target said to all cases.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// Who the target says it is; `None` where it did not get so far.
    pub handshake: Option<Handshake>,
    /// One element per case, in the order of the cases.
    pub outcomes: Vec<Outcome>,
    /// What kept the run from being whole.
    pub error: Option<RunError>,
}

impl Transcript {
    /// Of a run that did not take place, with so many cases.
    pub(crate) fn not_run(cases: usize) -> Self {
        Self { handshake: None, outcomes: vec![Outcome::NotRun; cases], error: None }
    }

    /// Adds another run of the same cases: where it differs, the target varies. What says nothing
    /// about the target stands, whichever run it happened in.
    pub(crate) fn repeated(mut self, again: Self, cases: &[&Case]) -> Self {
        let about = self.handshake.as_ref().map(Handshake::about).unwrap_or_default();
        for ((outcome, again), case) in self.outcomes.iter_mut().zip(again.outcomes).zip(cases) {
            outcome.merge(again, case, &about);
        }
        self.handshake = self.handshake.or(again.handshake);
        self.error = self.error.or(again.error);
        self
    }
}
