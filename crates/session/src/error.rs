//! Why a session could not do what was asked of it.

use std::fmt;

use crate::random::NoRandom;
use crate::set_cookie::CookieError;
use crate::store::StoreError;

/// Why a session could not do what was asked of it.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionError {
    /// Another request wrote first, and [`Overlap::CompareAndSwap`](crate::Overlap) was chosen:
    /// load again and decide anew.
    Conflict,
    /// The session was logged out, replaced or timed out while this request was under way.
    /// Nothing was written, and no cookie must be set.
    Ended,
    /// The session was asked for something after its request was answered.
    Finished,
    /// The data would have more octets than the settings allow. Nothing was written.
    TooLarge {
        /// How many it would have.
        octets: usize,
        /// How many it may have.
        limit: usize,
    },
    /// A value is not what the caller takes it for, or cannot be written as JSON.
    Value {
        /// Its key.
        key: String,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
    /// The store could not answer.
    Store(StoreError),
    /// No identifier could be made.
    Random(NoRandom),
    /// The settings ask for a cookie that cannot be set.
    Cookie(CookieError),
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict => f.write_str("another request changed the session first; try again"),
            Self::Ended => f.write_str("the session ended while the request was under way"),
            Self::Finished => {
                f.write_str("the request was answered already; use its session before")
            }
            Self::TooLarge { octets, limit } => {
                write!(f, "the session's data would have {octets} octets; {limit} are allowed")
            }
            Self::Value { key, cause } => {
                write!(f, "the session's value \"{}\": {cause}", key.escape_debug())
            }
            Self::Store(error) => error.fmt(f),
            Self::Random(error) => error.fmt(f),
            Self::Cookie(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SessionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Conflict | Self::Ended | Self::Finished | Self::TooLarge { .. } => None,
            Self::Value { cause, .. } => Some(cause),
            Self::Store(error) => Some(error),
            Self::Random(error) => Some(error),
            Self::Cookie(error) => Some(error),
        }
    }
}

impl From<StoreError> for SessionError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NoRandom> for SessionError {
    fn from(error: NoRandom) -> Self {
        Self::Random(error)
    }
}

impl From<CookieError> for SessionError {
    fn from(error: CookieError) -> Self {
        Self::Cookie(error)
    }
}
