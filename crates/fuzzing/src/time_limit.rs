//! The moment at which a run ends, which whatever takes long looks at.

use std::time::Instant;

use cookiespec_process::is_interrupted;

/// A moment, or none for a run that is ended otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeLimit(pub(crate) Option<Instant>);

impl TimeLimit {
    /// Whether the time is over, or the run was interrupted.
    pub(crate) fn is_over(self) -> bool {
        is_interrupted() || self.0.is_some_and(|moment| Instant::now() >= moment)
    }
}
