//! The moment at which a run ends, which whatever takes long looks at.

use std::time::Instant;

/// A moment, or none for a run that is ended otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeLimit(pub(crate) Option<Instant>);

impl TimeLimit {
    /// Whether the time is over.
    pub(crate) fn is_over(self) -> bool {
        self.0.is_some_and(|moment| Instant::now() >= moment)
    }
}
