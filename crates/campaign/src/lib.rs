//! Campaigns: `cookiespec` is run in hostile circumstances, by the hundred.
//!
//! A [`Kind`] is a list of trials, one module below [`kinds`] each. A trial has a name that does not
//! change from run to run, so that one that fails can be repeated alone. `docs/robustness.md` says what
//! is tried.

pub mod kinds;
mod options;
mod report;

pub use kinds::Kind;
pub use options::Options;
pub use report::{Broken, Report, Trial};
