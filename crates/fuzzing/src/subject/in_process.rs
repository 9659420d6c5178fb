//! An implementation in this process.

use std::fmt;
use std::time::Duration;

use cookiespec_process::usage;
use cookiespec_report::Outcome;
use cookiespec_vectors::{Implementation, ImplementationInfo, Operation, ask};

use super::executor::Executor;

/// Calls an implementation directly. A panic becomes an `error` answer.
pub struct InProcess {
    about: ImplementationInfo,
    implementation: Box<dyn Implementation + Send>,
}

impl InProcess {
    /// An executor for this implementation.
    pub fn new(implementation: Box<dyn Implementation + Send>) -> Self {
        Self { about: implementation.about(), implementation }
    }

    /// Declares no capability but this operation.
    pub fn restricted_to(mut self, operation: &str) -> Self {
        self.about.can.retain(|can| can == operation);
        self
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("about", &self.about).finish_non_exhaustive()
    }
}

impl Executor for InProcess {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn execute(&mut self, operations: &[&Operation]) -> Vec<Outcome> {
        let execute =
            |operation: &&Operation| Outcome::Answer(ask(&mut *self.implementation, operation));
        operations.iter().map(execute).collect()
    }

    fn cpu_time(&mut self) -> Option<Duration> {
        usage::cpu_time_of_thread()
    }

    fn resident(&mut self) -> Option<u64> {
        None
    }
}
