#![doc = include_str!("../README.md")]

pub mod ability;
pub mod canonical;
mod case;
mod catalogue;
mod check;
pub mod dispatch;
mod embedded;
pub mod implementation;
pub mod input_file;
pub mod json;
mod judge;
mod line;
pub mod load;
pub mod matcher;
pub mod message;
pub mod octets;
pub mod operation;
mod problem;
#[cfg(feature = "reference")]
pub mod reference;
mod rules;
pub mod schema;
pub mod shim;
pub mod show;
mod suite;
mod tally;
#[cfg(test)]
mod test_case;
#[cfg(feature = "trials")]
pub mod trials;
pub mod verdict;
mod wire_log;

pub use case::{Case, CaseData, Citation, Expectation, Severity, Wire};
pub use catalogue::{Catalogue, Clause, DOCUMENTS, Requirement};
pub use cookiespec_engine::Profile;
pub use dispatch::ask;
pub use implementation::{
    Implementation, ImplementationInfo, Jar, OperationResult, Refusal, unsupported,
};
pub use judge::{CheckResult, Judgement, judge};
pub use matcher::Mismatch;
pub use message::{Answer, Handshake, MAX_LINE, Reply, Request};
pub use octets::Octets;
pub use operation::Operation;
pub use problem::{Field, LoadError, LoadErrors, Problem};
pub use shim::serve;
pub use suite::Suite;
pub use tally::{Fingerprint, Ratio, Tally};
pub use verdict::{Level, Verdict};
pub use wire_log::{WireExchange, WireLog};
