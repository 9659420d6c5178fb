//! The client at the other end of a connection, and what all connections share.

use std::sync::Arc;
use std::time::SystemTime;

use super::authority::Authority;
use super::certificates::Certificates;
use super::log::{Failure, Log};
use super::message::{Received, Reply, Responder};
use super::options::Limits;

/// What all connections share.
pub(super) struct Service {
    pub(super) responder: Arc<dyn Responder>,
    pub(super) certificates: Certificates,
    pub(super) log: Arc<Log>,
    pub(super) limits: Limits,
    pub(super) http2: bool,
}

/// A client, and what is between it and the requests that are read now.
#[derive(Clone)]
pub(super) struct Peer {
    service: Arc<Service>,
    connection: u64,
    tunnel: Option<Authority>,
    tls: bool,
}

impl Peer {
    /// The client of a new connection.
    pub(super) fn new(service: Arc<Service>, connection: u64) -> Self {
        Self { service, connection, tunnel: None, tls: false }
    }

    /// What follows is inside a tunnel.
    pub(super) fn enter_tunnel(&mut self, to: Authority) {
        self.tunnel = Some(to);
        self.tls = false;
    }

    /// What follows is inside TLS.
    pub(super) fn enter_tls(&mut self) {
        self.tls = true;
    }

    /// The response to a request.
    pub(super) fn respond(&self, request: &Received) -> Reply {
        self.service.responder.respond(request)
    }

    /// Keeps an exchange in the log.
    pub(super) fn answered(&self, request: Received, reply: Reply, unsent: Option<String>) {
        self.service.log.exchange(request, reply, unsent);
    }

    /// Keeps a failure in the log.
    pub(super) fn failed(&self, what: String) {
        let tunnel = self.tunnel.as_ref().map(Authority::to_string);
        let (at, connection) = (SystemTime::now(), self.connection);
        self.service.log.failure(Failure { at, connection, tunnel, what });
    }

    pub(super) fn certificates(&self) -> &Certificates {
        &self.service.certificates
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.service.limits
    }

    pub(super) fn takes_http2(&self) -> bool {
        self.service.http2
    }

    pub(super) fn connection(&self) -> u64 {
        self.connection
    }

    pub(super) fn tunnel(&self) -> Option<&Authority> {
        self.tunnel.as_ref()
    }

    pub(super) fn is_tls(&self) -> bool {
        self.tls
    }
}
