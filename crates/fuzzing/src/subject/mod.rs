//! What is fuzzed: an implementation in this process, or a program behind the shim protocol.

mod in_process;
mod shim;

use std::time::Duration;

use cookiespec_vectors::{ImplementationInfo, Operation};

pub use self::in_process::InProcess;
pub use self::shim::Shim;
use cookiespec_report::Outcome;

/// Something that answers operations.
pub trait Subject {
    /// Who this is and what it can do.
    fn about(&self) -> &ImplementationInfo;

    /// Puts operations to it, each on its own. One element per operation, in their order.
    fn ask(&mut self, operations: &[&Operation]) -> Vec<Outcome>;

    /// Puts one operation to it, with no other under way. Where it can be ended, it is after
    /// the patience given, if that is less than usual.
    fn ask_alone(&mut self, operation: &Operation, _patience: Option<Duration>) -> Outcome {
        self.ask(&[operation]).pop().unwrap_or(Outcome::NotRun)
    }

    /// The processor time that it has used so far, where that can be known. For an implementation
    /// in this process it is that of the thread that asks.
    fn cpu_time(&mut self) -> Option<Duration>;

    /// The memory that it holds, in octets, where that can be known.
    fn resident(&mut self) -> Option<u64>;
}
