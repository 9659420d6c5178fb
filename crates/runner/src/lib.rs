//! Runs the cookiespec vectors on any program that speaks the shim protocol.
//!
//! A [`Target`] is a program; [`Shims`] finds those of the source tree. [`run_all`] runs every case
//! on each of them and judges the answers; the result is one [`TargetReport`] per target. What goes
//! wrong between harness and shim is a [`ShimFailure`] or a [`RunError`], and never counts as a
//! result of the implementation.
//!
//! From the bottom up: [`ProtocolClient`] speaks to one process and decides what is a failure of
//! it; [`IsolatingClient`] starts the process again after a failure and finds the operation that
//! caused it; [`run()`] takes one target through all cases; [`run_all`] takes many targets at once,
//! between two self-tests.
//!
//! [`RunError`]: cookiespec_report::RunError
//! [`ShimFailure`]: cookiespec_report::ShimFailure
//! [`TargetReport`]: cookiespec_report::TargetReport

pub mod baseline;
pub mod bench;
mod build;
mod deadline;
pub mod doctor;
mod isolating_client;
mod job;
mod plan;
mod protocol_client;
mod run;
pub mod self_test;
pub mod shim_check;
mod shim_failure;
mod shims;
mod target;
mod transport;

pub use isolating_client::IsolatingClient;
pub use job::Job;
pub use plan::{Plan, run_all, run_unjudged};
pub use protocol_client::{Limits, ProtocolClient, ToRequest};
pub use run::{Transcript, run};
pub use shims::{Found, Shims};
pub use target::{BROWSERS, Target, is_agent};
pub use transport::Transport;
