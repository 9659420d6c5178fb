//! A connection, with a moment at which patience ends.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustls::{ClientConnection, StreamOwned};

use crate::error::Error;

/// A connection to a server.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// When patience ends, and how long it was at first.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    time: Duration,
}

impl Deadline {
    pub(crate) fn in_time(time: Duration) -> Self {
        Self { at: Instant::now() + time, time }
    }

    pub(crate) fn timeout(self) -> Error {
        Error::Timeout(self.time)
    }

    /// What is left of it, which is never none.
    fn left(self) -> Result<Duration, Error> {
        match self.at.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(self.timeout()),
            left => Ok(left),
        }
    }
}

impl Stream {
    /// Writes all of it. The octets are the whole of what is sent in one go.
    pub(crate) fn write(&mut self, octets: &[u8], deadline: Deadline) -> Result<(), Error> {
        self.socket().set_write_timeout(Some(deadline.left()?)).map_err(Error::Io)?;
        // A handshake reads before anything is written.
        self.socket().set_read_timeout(Some(deadline.left()?)).map_err(Error::Io)?;
        let written = match self {
            Self::Plain(socket) => socket.write_all(octets).and_then(|()| socket.flush()),
            Self::Tls(stream) => stream.write_all(octets).and_then(|()| stream.flush()),
        };
        written.map_err(|error| explain(error, deadline))
    }

    /// Reads some octets more; none at the end.
    pub(crate) fn read(&mut self, into: &mut Vec<u8>, deadline: Deadline) -> Result<usize, Error> {
        self.socket().set_read_timeout(Some(deadline.left()?)).map_err(Error::Io)?;
        let mut block = [0; 16 << 10];
        let read = match self {
            Self::Plain(socket) => socket.read(&mut block),
            Self::Tls(stream) => stream.read(&mut block),
        };
        let count = match read {
            Ok(count) => count,
            Err(error) if is_end(&error) => 0,
            Err(error) => return Err(explain(error, deadline)),
        };
        into.extend_from_slice(&block[..count]);
        Ok(count)
    }

    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => stream.get_ref(),
        }
    }
}

/// A peer that goes away, politely or not.
fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

fn explain(error: io::Error, deadline: Deadline) -> Error {
    if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
        return deadline.timeout();
    }
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(tls) => Error::Tls(tls.to_string()),
        None if is_end(&error) => Error::Closed(0),
        None => Error::Io(error),
    }
}
