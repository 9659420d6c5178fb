//! Black-box checks of the sessions of a web application that is known only by a small
//! [`Descriptor`].
//!
//! [`examine`] reaches the application, finds the cookies that make its session, and puts every
//! [`Check`](check::Check) to it. The browser is the reference engine's cookie store, so that a
//! cookie counts for what a conforming user agent makes of it. What comes of a check is a
//! [`Verdict`]; what keeps it from being made is a [`Trouble`] that says what to change.

#![forbid(unsafe_code)]

pub mod bench;
pub mod browser;
pub mod budget;
pub mod check;
pub mod checks;
pub mod curl;
pub mod descriptor;
pub mod discovery;
pub mod earlier;
pub mod examination;
pub mod host;
pub mod init;
pub mod origin;
pub mod profile;
pub mod report;
pub mod site;
pub mod template;
pub mod transcript;
pub mod trouble;
pub mod verdict;

pub use self::budget::Allowance;
pub use self::descriptor::{Descriptor, DescriptorError};
pub use self::examination::{CheckResult, Examination, Options, ProbeError, examine};
pub use self::profile::Profile;
pub use self::trouble::{Trouble, TroubleKind};
pub use self::verdict::Verdict;
