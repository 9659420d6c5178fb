//! A request whose last octets are kept back.

use crate::client::{Bounds, read};
use crate::error::Error;
use crate::response::Response;
use crate::stream::{Deadline, Stream};

/// A request that was sent but for the end of its content. The server has the head and most of the
/// content, and may have begun to work on it.
pub struct Held {
    pub(crate) bounds: Bounds,
    pub(crate) stream: Stream,
    pub(crate) method: String,
    pub(crate) rest: Vec<u8>,
}

impl Held {
    /// Sends the rest and waits for the response.
    ///
    /// # Errors
    /// As for [`Client::send`](crate::Client::send).
    pub fn finish(mut self) -> Result<Response, Error> {
        let deadline = Deadline::in_time(self.bounds.time);
        self.stream.write(&self.rest, deadline)?;
        Ok(read(&mut self.stream, &self.method, self.bounds, deadline)?.response)
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { method, rest, .. } = self;
        f.debug_struct("Held")
            .field("method", method)
            .field("rest", &rest.len())
            .finish_non_exhaustive()
    }
}
