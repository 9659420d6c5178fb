//! A server that follows a script: one function per connection, in the order of connection.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use cookiespec_wire::{Bounds, Client, Error, Request, Response, Scheme, Trust};

/// What a server does with one connection.
pub(crate) type Script = Box<dyn FnOnce(Peer) + Send>;

/// A server on a port of its own. Its thread is joined by [`Server::finish`], which passes on the
/// failed assertions of the scripts.
pub(crate) struct Server {
    pub(crate) port: u16,
    thread: JoinHandle<()>,
}

impl Server {
    /// A server that follows one script for each connection, and then accepts no more.
    pub(crate) fn start(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = thread::spawn(move || {
            for script in scripts {
                let (stream, _) = listener.accept().unwrap();
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                script(Peer { stream });
            }
        });
        Self { port, thread }
    }

    /// A server with one connection, on which it reads a request head and sends these octets.
    pub(crate) fn answering(octets: impl Into<Vec<u8>>) -> Self {
        let octets = octets.into();
        Self::start(vec![script(move |mut peer| {
            peer.read_head();
            peer.send(&octets);
        })])
    }

    pub(crate) fn client(&self, bounds: Bounds) -> Client {
        Client::new(Scheme::Http, "127.0.0.1", self.port, &Trust::System, bounds).unwrap()
    }

    pub(crate) fn finish(self) {
        self.thread.join().unwrap();
    }
}

/// A script.
pub(crate) fn script(script: impl FnOnce(Peer) + Send + 'static) -> Script {
    Box::new(script)
}

/// The client's end of a connection, as the server sees it.
pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
}

impl Peer {
    /// Reads up to the empty line that ends a request head.
    pub(crate) fn read_head(&mut self) -> Vec<u8> {
        let mut head = Vec::new();
        let mut octet = [0];
        while !head.ends_with(b"\r\n\r\n") {
            assert_eq!(
                self.stream.read(&mut octet).unwrap(),
                1,
                "the client closed the connection"
            );
            head.push(octet[0]);
        }
        head
    }

    pub(crate) fn read_exactly(&mut self, count: usize) -> Vec<u8> {
        let mut octets = vec![0; count];
        self.stream.read_exact(&mut octets).unwrap();
        octets
    }

    /// Sends octets; a client that has closed the connection is no failure of the server.
    pub(crate) fn send(&mut self, octets: &[u8]) {
        let _ = self.stream.write_all(octets);
    }

    /// Sends the same octets until the client closes the connection.
    pub(crate) fn flood(&mut self, octets: &[u8]) {
        while self.stream.write_all(octets).is_ok() {}
    }

    /// Waits until the read timeout of the stream; `false` if the client closed the connection.
    pub(crate) fn wait_for_timeout(&mut self) -> bool {
        let mut block = [0; 1 << 10];
        loop {
            match self.stream.read(&mut block) {
                Ok(0) => return false,
                Ok(_) => {}
                Err(error) => {
                    use std::io::ErrorKind::{TimedOut, WouldBlock};
                    return matches!(error.kind(), TimedOut | WouldBlock);
                }
            }
        }
    }

    /// Keeps the connection open until the client closes it, and returns what the client sent.
    pub(crate) fn wait_for_close(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let _ = self.stream.read_to_end(&mut rest);
        rest
    }
}

/// Short limits on a connection that is not reused.
pub(crate) const BOUNDS: Bounds =
    Bounds { time: Duration::from_secs(5), octets: 64 << 10, keep_alive: false };

/// The request head that a server receives for this request.
pub(crate) fn sent(request: &Request, bounds: Bounds) -> Vec<u8> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let length = request.body.len();
    let server = Server::start(vec![script(move |mut peer| {
        let mut octets = peer.read_head();
        octets.extend(peer.read_exactly(length));
        sender.send(octets).unwrap();
        peer.send(OK);
    })]);
    assert_eq!(server.client(bounds).send(request).unwrap().status, 200);
    server.finish();
    receiver.recv().unwrap()
}

/// What a client makes of this response to a GET request.
pub(crate) fn received(octets: impl Into<Vec<u8>>) -> Result<Response, Error> {
    received_for("GET", octets)
}

/// What a client makes of this response to a request with this method.
pub(crate) fn received_for(method: &str, octets: impl Into<Vec<u8>>) -> Result<Response, Error> {
    let server = Server::answering(octets);
    let response = server.client(BOUNDS).send(&Request::new(method, "/"));
    server.finish();
    response
}

/// An empty response.
pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
/// Only a test that fails waits for this long.
const PATIENCE: Duration = Duration::from_secs(20);
