//! Results and their reports.
//!
//! [`Record`] is the model: everything a run came to, one [`Outcome`] per case and target and what
//! each is worth. Every report is made from it: one module per format, and [`Output`] chooses among
//! them. Whatever comes from outside passes [`Escaped`] or [`XmlText`] before it is shown.

pub mod badge;
pub mod case;
pub mod compare;
mod escaping;
pub mod events;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod observation;
mod outcome;
mod output;
mod record;
pub mod sarif;
mod style;
mod table;
pub mod text;

pub use escaping::{Escaped, XmlText, ascii_json};
pub use observation::{Digest, Observation};
pub use outcome::{Outcome, RunError, ShimFailure};
pub use output::{Kind, Output};
pub use record::{Exit, ProfileResult, Record, TargetReport, Unavailable};
pub use style::{Painted, Style};
