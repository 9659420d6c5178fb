//! Settings and limits of the server.

use std::time::Duration;

/// How a server is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The port on 127.0.0.1, or 0 for one that is free.
    pub port: u16,
    /// Whether HTTP/2 is offered to clients, through TLS.
    pub http2: bool,
    /// How many threads serve; at least one does.
    pub threads: usize,
    /// What a client can take up.
    pub limits: Limits,
}

impl Default for Options {
    /// A free port, HTTP/2, two threads and the limits of [`Limits::default`].
    fn default() -> Self {
        Self { port: 0, http2: true, threads: 2, limits: Limits::default() }
    }
}

/// What a client can take up, and what the server keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most octets of the head of a request, and of the lines of a chunked body that are not
    /// content.
    pub head: usize,
    /// The most octets of the content of a request.
    pub body: usize,
    /// The most connections at once. One more is closed.
    pub connections: usize,
    /// How long a request may take from its first octet to its last, and a TLS handshake.
    pub request_time: Duration,
    /// How long a connection is kept without a request.
    pub idle_time: Duration,
    /// How long a client may take to accept a response.
    pub response_time: Duration,
    /// The most exchanges that are kept.
    pub exchanges: usize,
    /// The most octets of memory for the exchanges that are kept.
    pub exchange_octets: usize,
    /// The most hosts whose certificates are kept. One more makes room by the oldest.
    pub certificates: usize,
}

impl Default for Limits {
    /// Heads of 64 KiB, contents of 4 MiB, 1024 connections, 10 s for a request and for a response,
    /// 120 s without one, 4096 exchanges in 32 MiB, 10,000 certificates.
    fn default() -> Self {
        Self {
            head: 64 << 10,
            body: 4 << 20,
            connections: 1024,
            request_time: Duration::from_secs(10),
            idle_time: Duration::from_secs(120),
            response_time: Duration::from_secs(10),
            exchanges: 4096,
            exchange_octets: 32 << 20,
            certificates: 10_000,
        }
    }
}
