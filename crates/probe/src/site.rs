//! The application over one origin: every request of a probe is sent here, within the budget, and
//! recorded.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cookiespec_wire::{Bounds, Client, Error, Request, Response, Scheme, Trust, resolve};

use crate::budget::{Allowance, Budget, Exhausted};
use crate::error::{ErrorKind, ProbeError, SetupError};
use crate::origin::Origin;
use crate::transcript::{Exchange, Transcript};

/// State that all origins of one application share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) budget: Budget,
    transcript: Mutex<Transcript>,
    /// Whether a check is running: what comes before the first one is shown nowhere.
    is_recording: AtomicBool,
    /// How far the clock of the application is ahead of the machine's, in seconds.
    offset: AtomicI64,
    clients: AtomicU32,
}

/// One origin of the application.
#[derive(Debug)]
pub struct Site {
    origin: Origin,
    client: Client,
    bounds: Bounds,
    /// The fields of a trusted proxy, sent with every request.
    fields: Vec<(String, String)>,
    /// Whether the connection is https for a browser.
    is_https: bool,
    pub(crate) shared: Arc<Shared>,
}

impl Shared {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            transcript: Mutex::default(),
            is_recording: AtomicBool::new(false),
            offset: AtomicI64::new(0),
            clients: AtomicU32::new(0),
        }
    }

    /// Advances the clock of the browsers together with that of the application.
    pub(crate) fn advance(&self, seconds: u64) {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.offset.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Sets the clock of the browsers to that of the machine.
    pub(crate) fn reset_clock(&self) {
        self.offset.store(0, Ordering::SeqCst);
    }

    /// The number of a new client.
    pub(crate) fn next_client(&self) -> u32 {
        self.clients.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Starts a new transcript for the next check, whose clients are counted from one.
    pub(crate) fn start_check(&self) {
        self.clients.store(0, Ordering::SeqCst);
        self.is_recording.store(true, Ordering::SeqCst);
        drop(self.transcript().take());
    }

    /// Waits, within the allowed time.
    ///
    /// # Errors
    /// [`ProbeError`] if the time is not enough.
    pub(crate) fn wait(&self, time: Duration) -> Result<(), ProbeError> {
        let waited = self.budget.wait(time);
        waited.map_err(|limit| over(format!("waiting for {} s", time.as_secs_f64()), limit))
    }

    pub(crate) fn transcript(&self) -> MutexGuard<'_, Transcript> {
        self.transcript.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request whose last octet is held back.
#[derive(Debug)]
pub struct PendingRequest {
    site: Arc<Site>,
    client: u32,
    request: Request,
    pending: cookiespec_wire::PendingRequest,
}

impl Site {
    /// # Errors
    /// [`ProbeError`] if the file of trusted certificates cannot be used.
    pub(crate) fn new(
        admitted: Admitted,
        trust: &Trust,
        bounds: Bounds,
        shared: Arc<Shared>,
    ) -> Result<Self, ProbeError> {
        let client = admitted.client(trust, bounds)?.counting(shared.budget.counter());
        let origin = admitted.origin;
        let is_https = origin.scheme == Scheme::Https;
        Ok(Self { origin, client, bounds, fields: Vec::new(), is_https, shared })
    }

    /// The same origin behind a proxy that declares with these fields that its own connection is
    /// https.
    pub(crate) fn behind_proxy(mut self, fields: Vec<(String, String)>) -> Self {
        self.is_https |= !fields.is_empty();
        self.fields = fields;
        self
    }

    /// Sends one request unchanged.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response, or the budget is exhausted.
    pub(crate) fn send(&self, client: u32, mut request: Request) -> Result<Response, ProbeError> {
        self.prepare(&mut request)?;
        let bounds = self.shared.budget.bounds(self.bounds);
        let outcome = self.client.send_within(&request, bounds);
        self.record(client, &request, outcome)
    }

    /// Sends one request except for the last octet of its content.
    ///
    /// # Errors
    /// As for [`Site::send`].
    pub(crate) fn begin(
        self: &Arc<Self>,
        client: u32,
        mut request: Request,
    ) -> Result<PendingRequest, ProbeError> {
        self.prepare(&mut request)?;
        let bounds = self.shared.budget.bounds(self.bounds);
        match self.client.begin_within(&request, bounds) {
            Ok(pending) => Ok(PendingRequest { site: Arc::clone(self), client, request, pending }),
            Err(error) => Err(self.explain(&request, &error)),
        }
    }

    /// The current time by the clock of the application, in Unix seconds.
    pub(crate) fn now(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        now.saturating_add(self.shared.offset.load(Ordering::SeqCst))
    }

    /// The URI of a request-target for a browser.
    pub(crate) fn uri(&self, target: &str) -> String {
        let scheme = if self.is_https { "https" } else { self.origin.scheme() };
        format!("{scheme}://{}{target}", self.client.authority())
    }

    /// The value of the Origin field of a request that a page of the application makes.
    pub(crate) fn own_origin(&self) -> String {
        self.uri("")
    }

    /// The origin.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether the connection is https for a browser.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Method and URI of a request in messages.
    pub(crate) fn shown(&self, request: &Request) -> String {
        format!("{} {}{}", request.method, self.origin, request.target)
    }

    fn prepare(&self, request: &mut Request) -> Result<(), ProbeError> {
        for (name, value) in &self.fields {
            request.field(name, value);
        }
        self.shared.budget.take().map_err(|limit| over(self.shown(request), limit))
    }

    fn record(
        &self,
        client: u32,
        request: &Request,
        outcome: Result<Response, Error>,
    ) -> Result<Response, ProbeError> {
        if self.shared.is_recording.load(Ordering::SeqCst) {
            let exchange = Exchange::new(client, self.origin.to_string(), request, &outcome);
            self.shared.transcript().push(exchange);
        }
        outcome.map_err(|error| self.explain(request, &error))
    }

    /// Why there is no response: the budget, if nothing is left of it, because the bounds of the
    /// request were then those of the budget.
    fn explain(&self, request: &Request, error: &Error) -> ProbeError {
        let shown = self.shown(request);
        match self.shared.budget.check() {
            Err(limit) => over(shown, limit),
            Ok(()) => ProbeError::wire(shown, error),
        }
    }
}

impl PendingRequest {
    /// Sends the last octet and waits for the response.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn finish(self) -> Result<Response, ProbeError> {
        let Self { site, client, request, pending } = self;
        site.record(client, &request, pending.finish())
    }
}

/// The error of a step for which nothing is left of the budget.
pub(crate) fn over(step: String, limit: Exhausted) -> ProbeError {
    ProbeError {
        request: step,
        got: limit.to_string(),
        advice: limit.advice().to_owned(),
        kind: ErrorKind::Budget,
    }
}

/// An origin that may be probed, and its addresses when that was decided. No other address is ever
/// connected to, whatever the name of the host resolves to later.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    pub(crate) origin: Origin,
    addresses: Vec<SocketAddr>,
}

impl Admitted {
    /// Resolves the host of an origin, which may only be probed if all its addresses are on this
    /// machine, or it is one of those allowed.
    ///
    /// # Errors
    /// [`SetupError::Refused`]; [`SetupError::Probe`] if the host has no address.
    pub(crate) fn new(origin: Origin, allowed_hosts: &[String]) -> Result<Self, SetupError> {
        let addresses = resolve(&origin.host, origin.port)
            .map_err(|error| ProbeError::wire(origin.to_string(), &error))?;
        let admitted = Self { origin, addresses };
        let host = &admitted.origin.host;
        let is_allowed = allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host));
        match admitted.is_loopback() || is_allowed {
            true => Ok(admitted),
            false => Err(SetupError::Refused(host.clone())),
        }
    }

    /// A client that connects to these addresses only.
    ///
    /// # Errors
    /// [`ProbeError`] if the file of trusted certificates cannot be used.
    pub(crate) fn client(&self, trust: &Trust, bounds: Bounds) -> Result<Client, ProbeError> {
        let Self { origin, addresses } = self;
        let client = Client::new(origin.scheme, &origin.host, origin.port, trust, bounds);
        let client = client.map_err(|error| ProbeError::wire(origin.to_string(), &error))?;
        Ok(client.pinned_to(addresses.clone()))
    }

    /// The default limits for an application at this origin.
    pub(crate) fn allowance(&self) -> Allowance {
        if self.is_loopback() { Allowance::LOOPBACK } else { Allowance::ELSEWHERE }
    }

    fn is_loopback(&self) -> bool {
        self.addresses.iter().all(|address| address.ip().to_canonical().is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener};
    use std::thread;

    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::parse(text).unwrap()
    }

    #[test]
    fn every_connection_goes_to_an_address_that_was_checked() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            let mut heads = Vec::new();
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().unwrap();
                let (mut head, mut octet) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut octet).unwrap() == 1 {
                    head.push(octet[0]);
                }
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
                heads.push(String::from_utf8(head).unwrap());
            }
            heads
        });
        // A name without any address: nothing but what was checked can be connected to.
        let origin = origin(&format!("http://rebinding.invalid:{}", address.port()));
        let admitted = Admitted { origin, addresses: vec![address] };
        let shared = Arc::new(Shared::new(Budget::new(admitted.allowance())));
        let site = Site::new(admitted, &Trust::System, Bounds::default(), shared).unwrap();
        for _ in 0..2 {
            assert_eq!(site.send(1, Request::new("GET", "/")).unwrap().status, 200);
        }
        let heads = server.join().unwrap();
        let host = format!("Host: rebinding.invalid:{}\r\n", address.port());
        assert!(heads.iter().all(|head| head.contains(&host)), "{heads:?}");
    }

    #[test]
    fn one_address_elsewhere_is_enough_to_be_refused() {
        let at = |addresses: &[&str]| Admitted {
            origin: origin("http://both.example"),
            addresses: addresses.iter().map(|it| it.parse().unwrap()).collect(),
        };
        assert!(at(&["127.0.0.1:80", "[::1]:80", "[::ffff:127.0.0.2]:80"]).is_loopback());
        assert!(!at(&["127.0.0.1:80", "192.0.2.1:80"]).is_loopback());
        assert_eq!(at(&["192.0.2.1:80"]).allowance(), Allowance::ELSEWHERE);
        let refused = |text, hosts: &[String]| Admitted::new(origin(text), hosts).is_err();
        assert!(refused("http://192.0.2.1", &[]));
        assert!(refused("http://192.0.2.1", &["192.0.2.2".to_owned()]));
        assert!(!refused("http://192.0.2.1", &["192.0.2.1".to_owned()]));
        assert!(!refused("http://[::1]", &[]));
    }
}
