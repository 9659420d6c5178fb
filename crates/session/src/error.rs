//! The errors of a session.

use thiserror::Error;

use crate::random::RandomError;
use crate::set_cookie::CookieError;
use crate::store::StoreError;

/// Why an operation on a session failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// Another request wrote first, and the settings chose
    /// [`Overlap::CompareAndSwap`](crate::Overlap): load again and decide anew.
    #[error("another request changed the session first; try again")]
    Conflict,
    /// The session was logged out, replaced or timed out while this request was under way.
    /// Nothing was written, and no cookie must be set.
    #[error("the session ended while the request was under way")]
    Ended,
    /// The session was used after its request had been answered.
    #[error("the request was answered already; use its session before")]
    Finished,
    /// The data would have more octets than the settings allow. Nothing was written.
    #[error("the session's data would have {octets} octets; {limit} are allowed")]
    TooLarge {
        /// The size it would have.
        octets: usize,
        /// The largest size allowed.
        limit: usize,
    },
    /// A value is not of the requested type, or cannot be written as JSON.
    #[error("the session's value \"{}\": {cause}", .key.escape_debug())]
    Value {
        /// Its key.
        key: String,
        /// The error of the conversion.
        #[source]
        cause: serde_json::Error,
    },
    /// The store failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// No identifier could be made.
    #[error("{0}")]
    Random(#[from] RandomError),
    /// The settings ask for a cookie that cannot be set.
    #[error("{0}")]
    Cookie(#[from] CookieError),
}
