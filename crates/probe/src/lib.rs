//! Black-box checks of the sessions of a web application that is described by a small
//! [`Descriptor`].
//!
//! [`probe`] connects to the application, finds the cookies that identify its sessions, and runs
//! the checks of [`checks::table::TABLE`]. The browser is the reference engine's cookie store, so
//! that every cookie is handled as a conforming user agent handles it. A check ends with a
//! [`Verdict`]; if it cannot be completed, a [`ProbeError`] says what to change.

#![forbid(unsafe_code)]

pub mod browser;
pub mod budget;
pub mod check;
pub mod checks;
pub mod descriptor;
pub mod error;
pub mod evidence;
pub mod host;
pub mod init;
pub mod origin;
pub mod profile;
pub mod report;
pub mod run;
pub mod session;
pub mod side_by_side;
pub mod site;
pub mod template;
pub mod test_context;
pub mod transcript;
pub mod verdict;

pub use self::budget::Allowance;
pub use self::descriptor::{Descriptor, DescriptorError};
pub use self::error::{ErrorKind, ProbeError, SetupError};
pub use self::profile::Profile;
pub use self::run::options::Options;
pub use self::run::{CheckReport, ProbeRun, probe};
pub use self::verdict::Verdict;
