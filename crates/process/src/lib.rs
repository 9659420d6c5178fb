//! Child processes that can neither block nor outlive their caller.
//!
//! [`Process`] starts a program with bounded pipes and ends it together with its descendants;
//! [`interrupt`] ends all of them at once, and [`watch_by`] has them ended even if this process is
//! killed. [`Activity`] says what they did with their time; [`usage`] reads the processor time and
//! memory of a process; [`threads`] does with as many threads as there are.

mod activity;
mod children;
mod descendants;
mod process;
mod scarcity;
pub mod threads;
pub mod usage;
mod watcher;

pub use activity::Activity;
pub use children::{interrupt, is_interrupted, watch_by};
pub use process::{MAX_LINE, Output, Process};
pub use scarcity::is_scarcity;
pub use watcher::watch;
