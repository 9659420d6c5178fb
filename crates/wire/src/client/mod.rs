//! A client of one server that sends requests octet for octet.

pub(crate) mod connection;
pub(crate) mod exchange;
pub(crate) mod message;

use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use rustls::ClientConfig;

use self::connection::{Connection, Deadline, Trust};
use self::exchange::{Bounds, Received, read};
use self::message::{Request, Response};
use crate::error::Error;
use crate::scheme::Scheme;

/// A client of one server. Several threads can use it at once: no two requests share a connection
/// at the same time.
pub struct Client {
    host: String,
    authority: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
    bounds: Bounds,
    /// The only addresses that are connected to; `None` for those that the host has at the time.
    pinned: Option<Vec<SocketAddr>>,
    octets: Arc<AtomicU64>,
    /// Connections that can be used again.
    idle: Mutex<Vec<Connection>>,
}

impl Client {
    /// A client of the server at this host and port. No connection is made yet. `trust` is ignored
    /// with [`Scheme::Http`].
    ///
    /// # Errors
    /// [`Error::Tls`] if the file of trusted certificates cannot be used.
    pub fn new(
        scheme: Scheme,
        host: &str,
        port: u16,
        trust: &Trust,
        bounds: Bounds,
    ) -> Result<Self, Error> {
        let (tls, default_port) = match scheme {
            Scheme::Http => (None, 80),
            Scheme::Https => (Some(trust.config()?), 443),
        };
        let host = host.to_owned();
        let authority = if port == default_port { host.clone() } else { format!("{host}:{port}") };
        let (pinned, octets, idle) = (None, Arc::default(), Mutex::default());
        Ok(Self { host, authority, port, tls, bounds, pinned, octets, idle })
    }

    /// Connects to these addresses only, whatever the name of the host resolves to later. The name
    /// is still the one in the Host field, and the one that the certificate has to have.
    #[must_use]
    pub fn pinned_to(mut self, addresses: Vec<SocketAddr>) -> Self {
        self.pinned = Some(addresses);
        self
    }

    /// Adds the octets of all requests and responses to this counter, those of TLS left out.
    #[must_use]
    pub fn counting(mut self, octets: Arc<AtomicU64>) -> Self {
        self.octets = octets;
        self
    }

    /// Sends a request and waits for the final response.
    ///
    /// The server may have closed a kept connection in the meantime; the request is then sent once
    /// more on a new one, as browsers do.
    ///
    /// # Errors
    /// Any [`Error`]. The connection is not used again after it.
    pub fn send(&self, request: &Request) -> Result<Response, Error> {
        self.send_within(request, self.bounds)
    }

    /// As [`Client::send`], with other bounds for this request.
    ///
    /// # Errors
    /// As for [`Client::send`].
    pub fn send_within(&self, request: &Request, bounds: Bounds) -> Result<Response, Error> {
        let octets = request.to_octets(&self.authority, bounds.keep_alive);
        let kept = self.idle().pop();
        if let Some(connection) = kept {
            match self.exchange(connection, &request.method, &octets, bounds) {
                Err(Error::Closed(0) | Error::Io(_)) => {}
                other => return other,
            }
        }
        let connection = self.connect(Deadline::after(bounds.time))?;
        self.exchange(connection, &request.method, &octets, bounds)
    }

    /// Sends a request except for the last octet of its content.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn begin(&self, request: &Request) -> Result<PendingRequest, Error> {
        self.begin_within(request, self.bounds)
    }

    /// As [`Client::begin`], with other bounds for this request.
    ///
    /// # Errors
    /// Any [`Error`].
    pub fn begin_within(&self, request: &Request, bounds: Bounds) -> Result<PendingRequest, Error> {
        let deadline = Deadline::after(bounds.time);
        let mut octets = request.to_octets(&self.authority, false);
        let held_back = octets.split_off(octets.len() - request.body.len().min(1));
        let mut connection = self.connect(deadline)?;
        connection.write(&octets, deadline)?;
        let method = request.method.clone();
        Ok(PendingRequest { connection, method, held_back, bounds })
    }

    /// The addresses of the server: those it is pinned to, or those that its host has now.
    ///
    /// # Errors
    /// As for [`resolve`].
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, Error> {
        self.pinned.clone().map_or_else(|| resolve(&self.host, self.port), Ok)
    }

    /// Host and port as in the Host field: the default port of the scheme is left out.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    fn exchange(
        &self,
        mut connection: Connection,
        method: &str,
        octets: &[u8],
        bounds: Bounds,
    ) -> Result<Response, Error> {
        let deadline = Deadline::after(bounds.time);
        match connection.write(octets, deadline) {
            // A server may refuse a request and close the connection before it has read all of it;
            // its response counts.
            Ok(()) | Err(Error::Closed(_)) => {}
            Err(error) => return Err(error),
        }
        let Received { response, is_reusable } = read(&mut connection, method, bounds, deadline)?;
        if is_reusable && bounds.keep_alive {
            self.idle().push(connection);
        }
        Ok(response)
    }

    fn connect(&self, deadline: Deadline) -> Result<Connection, Error> {
        let mut last = None;
        for address in self.addresses()? {
            // All addresses together have as much time as one.
            let connected =
                deadline.left().and_then(|left| TcpStream::connect_timeout(&address, left));
            match connected {
                Ok(stream) => {
                    let (tls, octets) = (self.tls.as_ref(), Arc::clone(&self.octets));
                    return Connection::open(stream, &self.host, tls, octets, deadline);
                }
                Err(error) => last = Some(Error::Connect(address.to_string(), error)),
            }
        }
        Err(last.unwrap_or(Error::Closed(0)))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

/// The addresses that a host has now. An address, in brackets or not, is its own.
///
/// # Errors
/// [`Error::Address`] if the host name has none.
pub fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = (bare, port).to_socket_addrs();
    let found: Vec<_> = found.map_err(|error| Error::Address(host.to_owned(), error))?.collect();
    if found.is_empty() {
        let error = io::Error::new(io::ErrorKind::NotFound, "the list of addresses is empty");
        return Err(Error::Address(host.to_owned(), error));
    }
    Ok(found)
}

/// A request whose last octet is held back. The server has the head and the rest of the content,
/// and may have started to process them.
pub struct PendingRequest {
    connection: Connection,
    method: String,
    held_back: Vec<u8>,
    bounds: Bounds,
}

impl PendingRequest {
    /// Sends the last octet and waits for the response. The time of [`Bounds`] starts again.
    ///
    /// # Errors
    /// As for [`Client::send`].
    pub fn finish(mut self) -> Result<Response, Error> {
        let deadline = Deadline::after(self.bounds.time);
        self.connection.write(&self.held_back, deadline)?;
        Ok(read(&mut self.connection, &self.method, self.bounds, deadline)?.response)
    }
}

impl fmt::Debug for PendingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingRequest")
            .field("method", &self.method)
            .field("held_back", &self.held_back.len())
            .finish_non_exhaustive()
    }
}
