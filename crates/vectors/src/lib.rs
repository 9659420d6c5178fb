#![doc = include_str!("../README.md")]

pub mod ability;
pub mod case;
pub mod catalogue;
mod check;
pub mod coverage;
pub mod dispatch;
pub mod export;
mod html;
#[cfg(feature = "reference")]
pub mod http_state;
pub mod implementation;
mod json;
pub mod judge;
mod line;
pub mod lint;
mod load;
pub mod lock;
mod loose;
pub mod matcher;
pub mod message;
pub mod new_case;
pub mod octets;
pub mod operation;
mod plain;
pub mod problem;
#[cfg(feature = "reference")]
pub mod reference;
mod rules;
mod schema;
mod shape;
pub mod shim;
pub mod show;
pub mod stats;
mod sugar;
pub mod suite;
pub mod tally;
#[cfg(feature = "trials")]
pub mod trials;
pub mod verdict;

pub use case::{Case, Citation, Expectation, Severity, Wire};
pub use catalogue::{Catalogue, Clause, Requirement};
pub use cookiespec_engine::Profile;
pub use dispatch::ask;
pub use implementation::{About, Implementation, Jar, Outcome, Refusal, unsupported};
pub use judge::{CheckResult, Judgement, judge};
pub use matcher::Mismatch;
pub use message::{Answer, MAX_LINE, Reply, Request, Welcome};
pub use octets::Octets;
pub use operation::Operation;
pub use problem::{LoadError, LoadErrors, Problem};
pub use schema::schema;
pub use shim::serve;
pub use suite::Suite;
pub use tally::{Fingerprint, Ratio, Tally};
pub use verdict::{Level, Verdict};
