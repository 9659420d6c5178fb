//! Runs the cookiespec vectors against any program that speaks the shim protocol, and reports.
//!
//! A [`Target`] is a program; [`Shims`] finds those of the source tree. [`run_all`] puts every case
//! to each of them and judges what they say; [`report`] shows the [`Results`] in every form that
//! people and programs want. What goes wrong between harness and shim is a [`ShimFailure`] or [`RunError`]
//! and never counts as a result of the target.

pub mod baseline;
pub mod bench;
pub mod doctor;
pub mod lint;
mod plan;
mod protocol_client;
mod run;
pub mod self_test;
mod shims;
mod target;
mod transcript;
mod transport;

pub use plan::{Job, Plan, run_all};
pub use protocol_client::{Limits, ProtocolClient};
pub use run::run;
pub use shims::{Found, Shims};
pub use target::Target;
pub use transcript::Transcript;
pub use transport::Transport;
