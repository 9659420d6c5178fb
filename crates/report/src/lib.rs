//! Conformance results and their reports.
//!
//! [`model`] holds what a run produced: a [`Record`] with one [`Outcome`] per case and target, and
//! the verdicts on each. [`writers`] turns a record into a report, one module per format; a new
//! format is a variant of [`Kind`] and a module beside the others. [`compare`] takes two records.
//!
//! [`layout`], [`Style`] and [`Escaped`] are for every text that is shown, also outside of reports.
//! Untrusted text passes [`Escaped`] or [`XmlText`] first. What is kept of it is bounded:
//! [`Outcome::bounded`], [`shortened`].

mod bounds;
pub mod case;
pub mod compare;
mod escaping;
pub mod exchanges;
mod failures;
pub mod layout;
pub mod model;
mod style;
mod table;
mod words;
pub mod writers;

pub use bounds::{KEPT_TEXT, beginning, json_values, shortened};
pub use escaping::{Escaped, XmlText, ascii_json, is_printable};
pub use model::{
    Budget, Digest, Exit, Interruption, Observation, Outcome, Oversized, ProfileResult, Record,
    RunError, ShimFailure, TargetReport, Unavailable,
};
pub use style::{Painted, Style, Terminal};
pub use writers::{Kind, Output};
