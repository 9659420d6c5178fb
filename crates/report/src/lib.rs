//! Conformance results and their reports.
//!
//! [`model`] holds what a run produced: a [`Record`] with one [`Outcome`] per case and target, and
//! the verdicts on each. [`writers`] turns a record into a report, one module per format; a new
//! format is a variant of [`Kind`] and a module beside the others. [`compare`] takes two records.
//!
//! [`layout`], [`Style`] and [`Escaped`] are for every text that is shown, also outside of reports.
//! Untrusted text passes [`Escaped`] or [`XmlText`] first.

pub mod case;
pub mod compare;
mod escaping;
mod failures;
pub mod layout;
pub mod model;
mod style;
mod table;
mod words;
pub mod writers;

pub use escaping::{Escaped, XmlText, ascii_json};
pub use model::{
    Digest, Exit, Interruption, Observation, Outcome, ProfileResult, Record, RunError, ShimFailure,
    TargetReport, Unavailable,
};
pub use style::{Painted, Style, Terminal};
pub use writers::{Kind, Output};
