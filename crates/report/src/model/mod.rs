//! What a run produced. Every report is made from a [`Record`] and from nothing else.

mod interruption;
mod observation;
mod outcome;
mod oversized;
mod record;

pub use interruption::Interruption;
pub use observation::{Digest, Observation};
pub use outcome::{Outcome, RunError, ShimFailure};
pub use oversized::{Budget, Oversized};
pub use record::{Exit, ProfileResult, Record, TargetReport, Unavailable};
