//! Runs the cookiespec vectors against any program that speaks the shim protocol, and reports.
//!
//! A [`Target`] is a program; [`Shims`] finds those of the source tree. [`run_all`] puts every case
//! to each of them and judges what they say; [`report`] shows the [`Results`] in every form that
//! people and programs want. What goes wrong between harness and shim is a [`Fault`] or [`Trouble`]
//! and never counts as a result of the target.

pub mod baseline;
pub mod bench;
pub mod canary;
mod descendants;
pub mod doctor;
mod fault;
pub mod fuzz;
pub mod lint;
mod observation;
mod plan;
mod process;
mod process_usage;
pub mod report;
mod results;
mod run;
mod session;
mod shims;
mod target;
mod transcript;
mod transport;

pub use fault::{Fault, Trouble};
pub use observation::{Digest, Observation};
pub use plan::{Job, Plan, run_all};
pub use process::Process;
pub use process_usage::own_and_children;
pub use results::{Exit, Results, Sheet};
pub use run::run;
pub use session::Limits;
pub use shims::{Absent, Found, Shims};
pub use target::Target;
pub use transcript::{Heard, Transcript};
