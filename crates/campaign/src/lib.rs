//! Campaigns: `cookiespec` is run in hostile circumstances, by the hundred.
//!
//! A [`Kind`] is a list of trials, one module below [`kinds`] each. A trial has a name that does not
//! change from run to run, so that one that fails can be repeated alone. `docs/robustness.md` says what
//! is tried.

mod bounds;
pub mod cookie_file;
mod fixtures;
mod folder;
pub mod kinds;
mod mark;
mod options;
mod program;
mod report;

pub use bounds::Bounds;
pub use folder::Contents;
pub use kinds::Kind;
pub use mark::Mark;
pub use options::Options;
pub use program::{Ran, Running};
pub use report::{Broken, Report, Trial};
