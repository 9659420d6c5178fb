//! Requests that do not reach the responder.

use std::io;

/// Why there is no request.
#[derive(Debug)]
pub(super) enum Unread {
    /// What the client sent is refused.
    Refused(Refusal),
    /// The connection failed or ended.
    Ended(io::Error),
}

impl From<Refusal> for Unread {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Ended(error)
    }
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The status code.
    pub(super) status: u16,
    /// What is wrong, with octets of the client escaped.
    pub(super) what: String,
}

impl Refusal {
    /// A refusal that shows the octets it is about.
    pub(super) fn new(status: u16, what: &str, octets: &[u8]) -> Self {
        let shown = octets[..octets.len().min(SHOWN)].escape_ascii();
        Self { status, what: format!("{what}: \"{shown}\"") }
    }

    /// A request that is none.
    pub(super) fn bad_request(what: &str, octets: &[u8]) -> Self {
        Self::new(400, what, octets)
    }

    /// A request that is longer than what is allowed.
    pub(super) fn too_long(status: u16, what: &str, most: usize) -> Self {
        Self { status, what: format!("{what} of more than {most} octets") }
    }
}

/// The most octets that are shown.
const SHOWN: usize = 80;
