//! What is fuzzed: an implementation in this process, or a program behind the shim protocol.

mod in_process;
mod shim;

use std::time::Duration;

use cookiespec_vectors::{About, Operation};

pub use self::in_process::InProcess;
pub use self::shim::Shim;
use crate::transcript::Heard;

/// Something that answers operations.
pub trait Subject {
    /// Who this is and what it can do.
    fn about(&self) -> &About;

    /// Puts operations to it, each on its own. One element per operation, in their order.
    fn ask(&mut self, operations: &[&Operation]) -> Vec<Heard>;

    /// The processor time that it has used so far, where that can be known.
    fn cpu_time(&mut self) -> Option<Duration>;

    /// The memory that it holds, in octets, where that can be known.
    fn resident(&mut self) -> Option<u64>;
}
