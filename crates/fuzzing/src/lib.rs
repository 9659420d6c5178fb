//! Differential fuzzing of cookie implementations.
//!
//! Inputs flow through five steps, in one direction: they are generated (`generators`, `mutators`,
//! `corpus`), executed on each [`Subject`], compared by `oracles` (divergence from the reference
//! engine, properties, cost, memory), deduplicated and minimised (`triage`, `minimize`), and
//! reported as [`Finding`]s, which a [`Folder`] keeps as files.
//!
//! [`Fuzzer`] is one run. A [`Subject`] is a target with its [`Executor`]s: [`Shim`] for a program
//! behind the shim protocol, [`InProcess`] for an implementation in this process.

mod agreement;
mod capabilities;
mod corpus;
mod coverage;
mod finding;
mod fingerprint;
mod fuzzer;
mod generators;
mod minimize;
mod model;
mod mutation_score;
mod mutators;
mod octet_fields;
mod oracles;
mod promote;
mod random;
mod replay;
mod subject;
mod time_limit;
mod triage;

pub use agreement::{Agreement, Deviation, agreement};
pub use finding::causes::{Cause, Causes, CausesDisplay};
pub use finding::display::FindingDisplay;
pub use finding::files::{FindingFileError, Folder, Progress, read_finding};
pub use finding::identity::Kind;
pub use finding::severity::Impact;
pub use finding::{Finding, Likeness, Origin, SpecReference, TargetAnswer, TraceEntry};
pub use fuzzer::{Event, Fuzzer, ROUND, Settings};
pub use model::Model;
pub use mutation_score::{KilledMutant, MutationScore};
pub use oracles::cost::measurement::Growth;
pub use promote::promote;
pub use replay::replay;
pub use subject::Subject;
pub use subject::executor::Executor;
pub use subject::in_process::InProcess;
pub use subject::shim::Shim;
pub use triage::quirks::Quirks;
