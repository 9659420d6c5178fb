//! The source of random octets, which sessions take as an argument.

use thiserror::Error;

/// A source of random octets.
pub trait Random: Send + Sync + 'static {
    /// Fills all of `octets`.
    ///
    /// # Errors
    /// [`RandomError`] if the source fails. The caller must then give up: there is no second-best
    /// identifier.
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError>;
}

/// The operating system's generator, the only one fit for production.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, octets: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(octets).map_err(|_| RandomError)
    }
}

/// The source of random octets failed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the source of random octets failed; no identifier or nonce can be made")]
pub struct RandomError;
