//! `ureq`: the cookies of its `Agent`, in complete exchanges with a server in memory.

use std::sync::{Arc, Mutex};

use cookiespec_vectors::implementation::{
    Implementation, ImplementationInfo, Jar, OperationResult, Refusal, unsupported,
};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{Context, JarConfig, Sent};
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

use crate::http_text::{field_value, only_same_site_http, text};
use crate::published::{Published, version};

const PUBLISHED: Published = Published {
    package: "ureq",
    version: version!("ureq"),
    can: &["jar", "secure"],
    blind: &["order"],
    claims: Some("rfc6265"),
    notes: "Over cookie_store, without a public suffix list; cookies that a server should not have \
            set are stored and not sent. It reads the system clock, so cases that need one of \
            their own are unsupported. The order in the Cookie field is that of a hash map and \
            differs from run to run. Control characters never reach it.",
};

/// The `Agent` of `ureq`.
pub(crate) struct Ureq;

impl Implementation for Ureq {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn jar(&mut self, _now: i64, _config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        let server = Server::default();
        let config = Agent::config_builder().proxy(None).build();
        let agent = Agent::with_parts(config, server.clone(), Nowhere);
        Ok(Box::new(UreqJar { agent, server }))
    }
}

struct UreqJar {
    agent: Agent,
    server: Server,
}

impl UreqJar {
    /// Requests the URI, and returns the octets of the request.
    fn exchange(&self, uri: &Octets, response: Vec<u8>) -> OperationResult<Vec<u8>> {
        let Ok(uri) = text(uri)?.parse::<Uri>() else { return unsupported("uri") };
        *self.server.0.lock().map_err(Refusal::error)? = Exchange { request: vec![], response };
        match self.agent.get(uri).call() {
            Ok(_) => Ok(self.server.0.lock().map_err(Refusal::error)?.request.clone()),
            Err(ureq::Error::BadUri(_) | ureq::Error::HostNotFound) => unsupported("uri"),
            Err(error) => Err(Refusal::error(error)),
        }
    }
}

impl Jar for UreqJar {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        only_same_site_http(context)?;
        let mut response = EMPTY.to_vec();
        for line in set_cookie {
            response.extend_from_slice(b"Set-Cookie: ");
            response.extend_from_slice(field_value(line)?.as_bytes());
            response.extend_from_slice(b"\r\n");
        }
        response.extend_from_slice(b"\r\n");
        self.exchange(uri, response)?;
        Ok(())
    }

    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent> {
        only_same_site_http(context)?;
        let request = self.exchange(uri, [EMPTY, b"\r\n"].concat())?;
        let header = request
            .split(|&octet| octet == b'\n')
            .filter_map(|line| line.strip_suffix(b"\r"))
            .find(|line| line.len() > 8 && line[..8].eq_ignore_ascii_case(b"cookie: "))
            .map(|line| line[8..].into());
        Ok(Sent { header, cookies: None })
    }
}

/// The beginning of every response.
const EMPTY: &[u8] = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n";

/// What is sent and received in one exchange.
#[derive(Debug, Default)]
struct Exchange {
    request: Vec<u8>,
    response: Vec<u8>,
}

/// Connects to itself, and answers every request with the response of the exchange.
#[derive(Clone, Debug, Default)]
struct Server(Arc<Mutex<Exchange>>);

impl Connector for Server {
    type Out = Connection;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _chained: Option<()>,
    ) -> Result<Option<Connection>, ureq::Error> {
        Ok(Some(Connection {
            exchange: Arc::clone(&self.0),
            buffers: LazyBuffers::new(1 << 16, 1 << 16),
            is_tls: details.needs_tls(),
        }))
    }
}

#[derive(Debug)]
struct Connection {
    exchange: Arc<Mutex<Exchange>>,
    buffers: LazyBuffers,
    is_tls: bool,
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _timeout: NextTimeout) -> Result<(), ureq::Error> {
        let mut exchange = self.exchange.lock().map_err(|_| ureq::Error::ConnectionFailed)?;
        exchange.request.extend_from_slice(&self.buffers.output()[..amount]);
        Ok(())
    }

    fn await_input(&mut self, _timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let mut exchange = self.exchange.lock().map_err(|_| ureq::Error::ConnectionFailed)?;
        let free = self.buffers.input_append_buf();
        let amount = free.len().min(exchange.response.len());
        free[..amount].copy_from_slice(&exchange.response[..amount]);
        exchange.response.drain(..amount);
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        false
    }

    fn is_tls(&self) -> bool {
        self.is_tls
    }
}

/// Finds every host at an address that nobody connects to.
#[derive(Debug)]
struct Nowhere;

impl Resolver for Nowhere {
    fn resolve(
        &self,
        _uri: &Uri,
        _config: &Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut addresses = self.empty();
        addresses.push(([127, 0, 0, 1], 9).into());
        Ok(addresses)
    }
}
