//! An implementation in this process.

use std::fmt;
use std::time::Duration;

use cookiespec_vectors::{Implementation, ImplementationInfo, Operation, ask};

use super::Subject;
use cookiespec_process::usage;
use cookiespec_report::Outcome;

/// An implementation that is called directly. A panic is an `error`.
pub struct InProcess {
    about: ImplementationInfo,
    implementation: Box<dyn Implementation + Send>,
}

impl InProcess {
    /// Puts questions to this implementation.
    pub fn new(implementation: Box<dyn Implementation + Send>) -> Self {
        Self { about: implementation.about(), implementation }
    }

    /// The same, and nothing is asked but this operation.
    pub fn asked_only(mut self, operation: &str) -> Self {
        self.about.can.retain(|can| can == operation);
        self
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("about", &self.about).finish_non_exhaustive()
    }
}

impl Subject for InProcess {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn ask(&mut self, operations: &[&Operation]) -> Vec<Outcome> {
        let ask =
            |operation: &&Operation| Outcome::Answer(ask(&mut *self.implementation, operation));
        operations.iter().map(ask).collect()
    }

    fn cpu_time(&mut self) -> Option<Duration> {
        usage::cpu_time_of_thread()
    }

    fn resident(&mut self) -> Option<u64> {
        None
    }
}
