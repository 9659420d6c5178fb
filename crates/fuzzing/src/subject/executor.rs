//! The interface through which inputs are executed.

use std::time::{Duration, Instant};

use cookiespec_report::Outcome;
use cookiespec_vectors::{ImplementationInfo, Operation};

/// Executes operations: an implementation in this process, or a program behind the shim protocol.
pub trait Executor {
    /// The name, version and capabilities of the implementation.
    fn about(&self) -> &ImplementationInfo;

    /// Executes operations independently of each other. Gives one outcome per operation, in order.
    fn execute(&mut self, operations: &[&Operation]) -> Vec<Outcome>;

    /// Executes one operation with no other in flight. `time_limit` replaces the usual limit if it
    /// is shorter; an executor that cannot be interrupted ignores it.
    fn execute_alone(&mut self, operation: &Operation, _time_limit: Option<Duration>) -> Outcome {
        self.execute(&[operation]).pop().unwrap_or(Outcome::NotRun)
    }

    /// Executes one operation with no other in flight, and gives the processor time that it took, if
    /// that can be measured; without an answer, the time until it was given up.
    fn measure(&mut self, operation: &Operation) -> (Outcome, Option<Duration>) {
        let before = self.cpu_time();
        let outcome = self.execute_alone(operation, None);
        let spent = self.cpu_time().zip(before).and_then(|(now, then)| now.checked_sub(then));
        (outcome, spent)
    }

    /// Ends the run at this moment: what has no outcome by then is not run. An executor that cannot be
    /// interrupted ignores it.
    fn end_at(&mut self, _moment: Instant) {}

    /// Ends the process of an implementation that has one of its own: what comes next is executed
    /// by a new one.
    fn restart(&mut self) {}

    /// The processor time used so far, if it can be measured. For an implementation in this process
    /// it is that of the calling thread.
    fn cpu_time(&mut self) -> Option<Duration>;

    /// The resident memory in octets, if it can be measured.
    fn resident(&mut self) -> Option<u64>;
}
