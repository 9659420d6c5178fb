//! The kinds of circumstances.
//!
//! A new kind is a module with a function `run`, and its line in [`Kind::ALL`].

mod damaged;
mod files;
mod invocations;
mod scarcity;
mod servers;
mod shims;
mod signals;

use crate::options::Options;
use crate::report::Report;

/// A kind of circumstance.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name on the command line.
    pub name: &'static str,
    /// What is tried, in one line.
    pub about: &'static str,
    /// Runs its trials.
    pub run: fn(&Options) -> Report,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self {
            name: "signals",
            about: "signals to commands whose target does not want to end",
            run: signals::run,
        },
        Self {
            name: "files",
            about: "each step of writing a file fails, or is the last of a killed process",
            run: files::run,
        },
        Self {
            name: "scarcity",
            about: "too few descriptors, processes, octets of a file or of memory",
            run: scarcity::run,
        },
        Self {
            name: "damaged",
            about: "files that are cut, changed, too long or of another kind",
            run: damaged::run,
        },
        Self {
            name: "invocations",
            about: "command lines that are malformed",
            run: invocations::run,
        },
        Self {
            name: "servers",
            about: "servers that answer a probe with malice",
            run: servers::run,
        },
        Self {
            name: "shims",
            about: "shims that misbehave or write hostile text, with every report",
            run: shims::run,
        },
    ];

    /// The kind with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|kind| kind.name == name)
    }
}
