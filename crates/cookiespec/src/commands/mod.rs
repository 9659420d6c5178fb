//! The commands, one module each, named after what stands on the command line.

pub(crate) mod bench;
pub(crate) mod bless;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod fuzz;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod origins;
pub(crate) mod probe;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod shim;
pub(crate) mod show;
pub(crate) mod survey;
pub(crate) mod try_;
pub(crate) mod vectors;
