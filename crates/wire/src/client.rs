//! A client of one server.

use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, io};

use rustls::{ClientConfig, StreamOwned};

use crate::body::{Reader, Whole};
use crate::error::Error;
use crate::held::Held;
use crate::request::Request;
use crate::response::Response;
use crate::stream::{Deadline, Stream};
use crate::tls::{self, Trust};

/// How the server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

/// What a server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The time from the first octet sent to the last received.
    pub time: Duration,
    /// The octets of a response, head and content together.
    pub octets: usize,
    /// Whether connections are kept for the next request.
    pub keep_alive: bool,
}

impl Default for Bounds {
    /// Ten seconds, 16 MiB, connections are kept.
    fn default() -> Self {
        Self { time: Duration::from_secs(10), octets: 16 << 20, keep_alive: true }
    }
}

/// A client of one server. It can be used by many threads at once: each request has a connection
/// to itself.
pub struct Client {
    host: String,
    authority: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
    bounds: Bounds,
    idle: Mutex<Vec<Stream>>,
}

impl Client {
    /// A client of the server at this host and port. Nothing is connected yet. `trust` does not
    /// matter to [`Scheme::Http`].
    ///
    /// # Errors
    /// [`Error::Tls`]: the file of trusted certificates is of no use.
    pub fn new(
        scheme: Scheme,
        host: &str,
        port: u16,
        trust: &Trust,
        bounds: Bounds,
    ) -> Result<Self, Error> {
        let (tls, usual) = match scheme {
            Scheme::Http => (None, 80),
            Scheme::Https => (Some(trust.config()?), 443),
        };
        let host = host.to_owned();
        let authority = if port == usual { host.clone() } else { format!("{host}:{port}") };
        Ok(Self { host, authority, port, tls, bounds, idle: Mutex::default() })
    }

    /// Sends a request and waits for the final response.
    ///
    /// A kept connection may have been closed by the server in the meantime; the request then goes
    /// out once more on a new one, as browsers do.
    ///
    /// # Errors
    /// Any [`Error`], after which the connection is not used again.
    pub fn send(&self, request: &Request) -> Result<Response, Error> {
        let octets = request.to_octets(&self.authority, self.bounds.keep_alive);
        let kept = self.idle().pop();
        if let Some(stream) = kept {
            match self.exchange(stream, &request.method, &octets) {
                Err(Error::Closed(0) | Error::Io(_)) => {}
                other => return other,
            }
        }
        self.exchange(self.connect(self.deadline())?, &request.method, &octets)
    }

    /// Sends a request but for the last octet of its content.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn hold(&self, request: &Request) -> Result<Held, Error> {
        let deadline = self.deadline();
        let mut octets = request.to_octets(&self.authority, false);
        let kept_back = octets.len() - request.body.len().min(1);
        let rest = octets.split_off(kept_back);
        let mut stream = self.connect(deadline)?;
        stream.write(&octets, deadline)?;
        Ok(Held { bounds: self.bounds, stream, method: request.method.clone(), rest })
    }

    /// The addresses of the server.
    ///
    /// # Errors
    /// [`Error::Address`]: the host name has none.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, Error> {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, self.port)]);
        }
        let found = (bare, self.port).to_socket_addrs();
        let found: Vec<_> =
            found.map_err(|error| Error::Address(self.host.clone(), error))?.collect();
        if found.is_empty() {
            let none = io::Error::new(io::ErrorKind::NotFound, "the list is empty");
            return Err(Error::Address(self.host.clone(), none));
        }
        Ok(found)
    }

    /// Host and port, as the Host field has them.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    fn deadline(&self) -> Deadline {
        Deadline::in_time(self.bounds.time)
    }

    fn exchange(&self, mut stream: Stream, method: &str, octets: &[u8]) -> Result<Response, Error> {
        let deadline = self.deadline();
        match stream.write(octets, deadline) {
            // A server may refuse and close before it has read everything; its answer counts.
            Ok(()) | Err(Error::Closed(_)) => {}
            Err(error) => return Err(error),
        }
        let Whole { response, is_reusable } = read(&mut stream, method, self.bounds, deadline)?;
        if is_reusable && self.bounds.keep_alive {
            self.idle().push(stream);
        }
        Ok(response)
    }

    fn connect(&self, deadline: Deadline) -> Result<Stream, Error> {
        let mut last = None;
        for address in self.addresses()? {
            match TcpStream::connect_timeout(&address, self.bounds.time) {
                Ok(socket) => return self.begin(socket, deadline),
                Err(error) => last = Some(Error::Connect(address.to_string(), error)),
            }
        }
        Err(last.unwrap_or(Error::Closed(0)))
    }

    fn begin(&self, socket: TcpStream, deadline: Deadline) -> Result<Stream, Error> {
        // Requests are small, and each waits for its response.
        socket.set_nodelay(true).map_err(Error::Io)?;
        let Some(config) = &self.tls else { return Ok(Stream::Plain(socket)) };
        let connection = tls::connection(config, &self.host)?;
        let mut stream = Stream::Tls(Box::new(StreamOwned::new(connection, socket)));
        // Nothing to send: only the handshake is done, so that its errors are its own.
        stream.write(b"", deadline).map_err(|error| match error {
            Error::Closed(_) => Error::Tls("the server closed the connection".to_owned()),
            error => error,
        })?;
        Ok(stream)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Stream>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the final response to a request with this method.
pub(crate) fn read(
    stream: &mut Stream,
    method: &str,
    bounds: Bounds,
    deadline: Deadline,
) -> Result<Whole, Error> {
    Reader { stream, deadline, limit: bounds.octets }.response(method)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("authority", &self.authority)
            .field("is_tls", &self.tls.is_some())
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}
