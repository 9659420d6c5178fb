//! Differential fuzzing: inputs made from the grammar and from each other, put to any target, held
//! against the reference engine, against other targets and against properties of their own.
//!
//! [`Fuzzer`] is a run; a [`Subject`] answers for a target, as a [`Shim`] or [`InProcess`]; what
//! comes of it are [`Finding`]s, in a [`Folder`] if they are to stay. `docs/fuzzing.md` is the text.

mod accusation;
mod behaviour;
mod corpus;
mod cost;
mod difference;
mod expected;
mod finding;
mod folder;
mod fuzzer;
mod grammar;
mod hunt;
mod ledger;
mod memory;
mod minimise;
mod mutate;
mod place;
mod promote;
mod property;
mod quirks;
mod random;
mod relation;
mod repertoire;
mod replay;
mod site;
mod slots;
mod subject;
mod tell;
mod tokens;
mod witness;

pub use accusation::Kind;
pub use cost::Growth;
pub use finding::{Finding, Found, Rule, Said, TraceEntry};
pub use folder::{Folder, Progress, read_finding};
pub use fuzzer::{Accused, Event, Fuzzer, ROUND, Settings};
pub use hunt::{Caught, Hunt};
pub use promote::promote;
pub use quirks::Quirks;
pub use replay::replay;
pub use subject::{InProcess, Shim, Subject};
pub use tell::Told;
