//! A server that answers by a function, and a client that sends and reads octets.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_wire::server::{Exchange, Limits, Options, Origins, Received, Reply};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

/// A server that answers each request with this reply.
pub(crate) fn answering(reply: Reply) -> Origins {
    start(Options::default(), move |_| reply.clone())
}

/// A server whose responses tell which URI was requested.
pub(crate) fn telling() -> Origins {
    start(Options::default(), |request| Reply::new(200).body(request.uri()))
}

/// A server whose responses tell which URI was requested, with other limits.
pub(crate) fn limited(limits: Limits) -> Origins {
    let options = Options { limits, ..Options::default() };
    start(options, |request| Reply::new(200).body(request.uri()))
}

pub(crate) fn start(
    options: Options,
    respond: impl Fn(&Received) -> Reply + Send + Sync + 'static,
) -> Origins {
    Origins::start(options, Arc::new(respond)).unwrap()
}

/// TLS that trusts the authority of these origins and offers these protocols.
pub(crate) fn tls_config(trusted: &Origins, protocols: &[&str]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted.ca_pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
    Arc::new(config)
}

/// The only exchange so far.
pub(crate) fn only(origins: &Origins) -> Arc<Exchange> {
    let mut exchanges = origins.exchanges();
    assert_eq!(exchanges.len(), 1);
    exchanges.remove(0)
}

/// Waits until the server has noted a failure with these words. It may come after the client has
/// been told.
pub(crate) fn failure(origins: &Origins, words: &str) {
    let is_noted = || origins.failures().iter().any(|failure| failure.what.contains(words));
    assert!(eventually(is_noted), "no failure with {words:?} among {:#?}", origins.failures());
}

/// Whether this is so within the time that a server may take.
pub(crate) fn eventually(is_so: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        if Instant::now() > deadline {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    true
}

/// A connection over TCP or over something else.
pub(crate) struct Octets<S = TcpStream> {
    pub(crate) stream: S,
    ahead: Vec<u8>,
}

impl Octets {
    pub(crate) fn connect(origins: &Origins) -> Self {
        let stream = TcpStream::connect(origins.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self::over(stream)
    }

    /// Opens a tunnel, and returns what is to be spoken through it.
    pub(crate) fn tunnel(origins: &Origins, to: &str) -> TcpStream {
        let mut outside = Self::connect(origins);
        outside.send(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n"));
        assert!(outside.head().starts_with("HTTP/1.1 200 "));
        assert!(outside.ahead.is_empty());
        outside.stream
    }

    /// Sends nothing more.
    pub(crate) fn close_sending(&self) {
        self.stream.shutdown(Shutdown::Write).unwrap();
    }
}

impl<S: Read + Write> Octets<S> {
    pub(crate) fn over(stream: S) -> Self {
        Self { stream, ahead: Vec::new() }
    }

    pub(crate) fn send(&mut self, octets: impl AsRef<[u8]>) {
        self.stream.write_all(octets.as_ref()).unwrap();
        self.stream.flush().unwrap();
    }

    /// Sends a request and returns the content of its response, which has a Content-Length.
    pub(crate) fn request(&mut self, octets: impl AsRef<[u8]>) -> String {
        self.send(octets);
        self.response().1
    }

    /// The head and the content of a response that has a Content-Length.
    pub(crate) fn response(&mut self) -> (String, String) {
        let head = self.head();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let length: usize = length.unwrap_or_else(|| panic!("no length: {head}")).parse().unwrap();
        let body = self.exactly(length);
        (head, String::from_utf8(body).unwrap())
    }

    /// The octets up to and including the next empty line.
    pub(crate) fn head(&mut self) -> String {
        loop {
            if let Some(at) = self.ahead.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = self.ahead.drain(..at + 4).collect();
                return String::from_utf8(head).unwrap();
            }
            assert!(self.more().unwrap() > 0, "{}", self.ahead.escape_ascii());
        }
    }

    pub(crate) fn exactly(&mut self, count: usize) -> Vec<u8> {
        while self.ahead.len() < count {
            assert!(self.more().unwrap() > 0, "{}", self.ahead.escape_ascii());
        }
        self.ahead.drain(..count).collect()
    }

    /// All octets until the server ends the connection.
    pub(crate) fn rest(mut self) -> Vec<u8> {
        while self.more().unwrap() > 0 {}
        self.ahead
    }

    /// Whether the server has ended the connection, in whatever way.
    pub(crate) fn is_over(&mut self) -> bool {
        match self.more() {
            Ok(count) => count == 0,
            Err(error) => {
                !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
            }
        }
    }

    fn more(&mut self) -> io::Result<usize> {
        let mut octets = [0; 4096];
        let count = self.stream.read(&mut octets)?;
        self.ahead.extend_from_slice(&octets[..count]);
        Ok(count)
    }
}

/// How long a server may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
