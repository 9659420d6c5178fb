//! A connection to a server, plain or over TLS, with a deadline for every read and write.

use std::fmt::Display;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::error::Error;

/// The certificate authorities that a client trusts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// The authorities that this machine trusts.
    #[default]
    System,
    /// The authorities in a PEM file, and no others.
    File(PathBuf),
}

impl Trust {
    /// The TLS configuration of a client that trusts these authorities.
    pub(crate) fn config(&self) -> Result<Arc<ClientConfig>, Error> {
        let mut roots = RootCertStore::empty();
        for certificate in self.certificates()? {
            // The certificates of a machine may include some that rustls cannot read; they are
            // skipped.
            let added = roots.add(certificate);
            if let (Self::File(path), Err(error)) = (self, added) {
                return Err(unusable(path, &error));
            }
        }
        if let (Self::File(path), true) = (self, roots.is_empty()) {
            return Err(unusable(path, &"it contains no certificate"));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Tls(error.to_string()))?;
        Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, Error> {
        match self {
            Self::System => Ok(rustls_native_certs::load_native_certs().certs),
            Self::File(path) => CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect)
                .map_err(|error| unusable(path, &error)),
        }
    }
}

fn unusable(path: &Path, error: &dyn Display) -> Error {
    let path = path.to_string_lossy();
    Error::Tls(format!("cannot use {} as trusted certificates: {error}", path.escape_debug()))
}

/// The time at which an exchange is given up, and the duration that was allowed for it.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    time: Duration,
}

impl Deadline {
    pub(crate) fn after(time: Duration) -> Self {
        Self { at: Instant::now() + time, time }
    }

    /// The time left, which is never zero: sockets take zero for no timeout at all.
    pub(crate) fn left(self) -> io::Result<Duration> {
        match self.at.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(io::ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }
}

/// A TCP connection that honours a deadline. The timeout of the socket is set for each read and
/// write, so that a peer that sends one octet at a time cannot extend the deadline.
pub(crate) struct Socket {
    stream: TcpStream,
    deadline: Deadline,
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.deadline.left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.deadline.left()?))?;
        self.stream.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A connection to a server.
pub(crate) struct Connection {
    stream: Stream,
    /// Counts the octets of requests and responses.
    octets: Arc<AtomicU64>,
}

enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Connection {
    /// Takes over a TCP connection, and completes the TLS handshake with `host` if there is a
    /// `config`.
    pub(crate) fn open(
        stream: TcpStream,
        host: &str,
        config: Option<&Arc<ClientConfig>>,
        octets: Arc<AtomicU64>,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        // Requests are small, and each waits for its response.
        stream.set_nodelay(true).map_err(Error::Io)?;
        let socket = Socket { stream, deadline };
        let Some(config) = config else {
            return Ok(Self { stream: Stream::Plain(socket), octets });
        };
        let stream = Stream::Tls(Box::new(StreamOwned::new(tls_client(config, host)?, socket)));
        let mut connection = Self { stream, octets };
        // Writing nothing performs the handshake, so that its errors are reported as errors of TLS.
        connection.write(b"", deadline).map_err(|error| match error {
            Error::Closed(_) => Error::Tls("the server closed the connection".to_owned()),
            error => error,
        })?;
        Ok(connection)
    }

    /// Writes all octets in one go.
    pub(crate) fn write(&mut self, octets: &[u8], deadline: Deadline) -> Result<(), Error> {
        self.socket().deadline = deadline;
        self.count(octets.len());
        let written = match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(octets).and_then(|()| socket.flush()),
            Stream::Tls(stream) => stream.write_all(octets).and_then(|()| stream.flush()),
        };
        written.map_err(|error| classify(error, deadline))
    }

    /// Appends the octets that arrive next, and returns their number: 0 when the peer has closed
    /// the connection.
    pub(crate) fn read(&mut self, into: &mut Vec<u8>, deadline: Deadline) -> Result<usize, Error> {
        self.socket().deadline = deadline;
        let mut block = [0; 16 << 10];
        let read = match &mut self.stream {
            Stream::Plain(socket) => socket.read(&mut block),
            Stream::Tls(stream) => stream.read(&mut block),
        };
        let count = match read {
            Ok(count) => count,
            Err(error) if is_closed(&error) => 0,
            Err(error) => return Err(classify(error, deadline)),
        };
        into.extend_from_slice(&block[..count]);
        self.count(count);
        Ok(count)
    }

    fn socket(&mut self) -> &mut Socket {
        match &mut self.stream {
            Stream::Plain(socket) => socket,
            Stream::Tls(stream) => &mut stream.sock,
        }
    }

    fn count(&self, octets: usize) {
        self.octets.fetch_add(u64::try_from(octets).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

fn tls_client(config: &Arc<ClientConfig>, host: &str) -> Result<ClientConnection, Error> {
    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(bare).map_err(|error| Error::Tls(error.to_string()))?;
    ClientConnection::new(Arc::clone(config), name).map_err(|error| Error::Tls(error.to_string()))
}

/// Whether the peer closed the connection, properly or not.
fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

fn classify(error: io::Error, deadline: Deadline) -> Error {
    if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
        return Error::Timeout(deadline.time);
    }
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(tls) => Error::Tls(tls.to_string()),
        None if is_closed(&error) => Error::Closed(0),
        None => Error::Io(error),
    }
}
