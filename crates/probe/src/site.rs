//! The application over one origin: every request of a probe is sent here, within the budget, and
//! recorded.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use cookiespec_wire::{Bounds, Client, Request, Response, Scheme, Trust};

use crate::budget::{Allowance, Budget};
use crate::error::{ErrorKind, ProbeError, SetupError};
use crate::origin::Origin;
use crate::transcript::{Exchange, Transcript};

/// State that all origins of one application share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) budget: Budget,
    transcript: Mutex<Transcript>,
    /// How far the clock of the application is ahead of the machine's, in seconds.
    offset: AtomicI64,
    clients: AtomicU32,
}

/// One origin of the application.
#[derive(Debug)]
pub struct Site {
    origin: Origin,
    client: Client,
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
        drop(self.transcript().take());
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
        origin: Origin,
        trust: &Trust,
        bounds: Bounds,
        shared: Arc<Shared>,
    ) -> Result<Self, ProbeError> {
        let client = Client::new(origin.scheme, &origin.host, origin.port, trust, bounds);
        let client = client.map_err(|error| ProbeError::wire(origin.to_string(), &error))?;
        let is_https = origin.scheme == Scheme::Https;
        Ok(Self { origin, client, fields: Vec::new(), is_https, shared })
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
        let outcome = self.client.send(&request);
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
        match self.client.begin(&request) {
            Ok(pending) => Ok(PendingRequest { site: Arc::clone(self), client, request, pending }),
            Err(error) => Err(ProbeError::wire(self.shown(&request), &error)),
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

    /// Whether all addresses of the host are loopback addresses.
    pub(crate) fn is_loopback(&self) -> Result<bool, ProbeError> {
        let addresses = self.client.addresses();
        let addresses =
            addresses.map_err(|error| ProbeError::wire(self.origin.to_string(), &error))?;
        Ok(addresses.iter().all(|address| address.ip().to_canonical().is_loopback()))
    }

    /// Method and URI of a request in messages.
    pub(crate) fn shown(&self, request: &Request) -> String {
        format!("{} {}{}", request.method, self.origin, request.target)
    }

    fn prepare(&self, request: &mut Request) -> Result<(), ProbeError> {
        for (name, value) in &self.fields {
            request.field(name, value);
        }
        self.shared.budget.take().map_err(|exhausted| ProbeError {
            request: self.shown(request),
            got: exhausted.to_string(),
            advice: "allow more with --max-requests".to_owned(),
            kind: ErrorKind::Budget,
        })
    }

    fn record(
        &self,
        client: u32,
        request: &Request,
        outcome: Result<Response, cookiespec_wire::Error>,
    ) -> Result<Response, ProbeError> {
        let exchange = Exchange::new(client, self.origin.to_string(), request, &outcome);
        self.shared.transcript().push(exchange);
        outcome.map_err(|error| ProbeError::wire(self.shown(request), &error))
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

/// The default limits for an application at this origin, which may only be probed if it is on this
/// machine, or its host is one of those allowed.
///
/// # Errors
/// [`SetupError::Refused`]; [`SetupError::Probe`] if the host has no address.
pub(crate) fn admit(
    origin: &Origin,
    allowed_hosts: &[String],
    bounds: Bounds,
) -> Result<Allowance, SetupError> {
    // The limits depend on the address. This site only resolves it, and sends nothing.
    let shared = Arc::new(Shared::new(Budget::new(Allowance::ELSEWHERE)));
    let site = Site::new(origin.clone(), &Trust::System, bounds, shared)?;
    if site.is_loopback()? {
        return Ok(Allowance::LOOPBACK);
    }
    match allowed_hosts.iter().any(|host| host.eq_ignore_ascii_case(&origin.host)) {
        true => Ok(Allowance::ELSEWHERE),
        false => Err(SetupError::Refused(origin.host.clone())),
    }
}
