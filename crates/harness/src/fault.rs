//! What can go wrong between the harness and a shim.

use cookiespec_vectors::Verdict;

/// A shim that did not answer as the protocol says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `crash`, `hang` or `broken`.
    pub verdict: Verdict,
    /// What happened, with what the shim wrote escaped.
    pub what: String,
    /// The end of what it wrote to stderr, at most 8 KiB. Not escaped.
    pub stderr: String,
}

/// Why a run does not say everything it should about a target: exit code 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What happened, with what the shim wrote escaped.
    pub what: String,
    /// The end of what the shim wrote to stderr, at most 8 KiB. Not escaped.
    pub stderr: String,
    /// The messages that were under way, where the fault could not be pinned on one of them.
    pub messages: Vec<String>,
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self { what: fault.what, stderr: fault.stderr, messages: Vec::new() }
    }
}
