//! Child processes that can neither block nor outlive their caller.
//!
//! [`Process`] starts a program with bounded pipes and ends it together with its descendants;
//! [`Activity`] says what they did with their time; [`usage`] reads the processor time and memory
//! of a process.

mod activity;
mod descendants;
mod process;
pub mod usage;

pub use activity::Activity;
pub use process::{MAX_LINE, Output, Process};
