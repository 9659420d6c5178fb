//! Where random octets come from: an argument, like the clock.

use std::fmt;

/// A source of random octets.
pub trait Random: Send + Sync + 'static {
    /// Fills all of `octets`.
    ///
    /// # Errors
    /// [`NoRandom`] when the source has none to give. Whoever asks must then give up: there is
    /// no second-best identifier.
    fn fill(&self, octets: &mut [u8]) -> Result<(), NoRandom>;
}

/// The operating system's generator; the only one fit for use.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, octets: &mut [u8]) -> Result<(), NoRandom> {
        getrandom::fill(octets).map_err(|_| NoRandom)
    }
}

/// The source of randomness failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandom;

impl fmt::Display for NoRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the source of random octets failed; no identifier or nonce can be made")
    }
}

impl std::error::Error for NoRandom {}
