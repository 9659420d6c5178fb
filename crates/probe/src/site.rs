//! The application as it is reached over one origin.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use cookiespec_wire::{Bounds, Client, PendingRequest, Request, Response, Scheme, Trust};

use crate::budget::Budget;
use crate::origin::Origin;
use crate::transcript::{Exchange, Transcript};
use crate::trouble::{Trouble, TroubleKind};

/// What all origins of one application share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) budget: Budget,
    pub(crate) transcript: Mutex<Transcript>,
    /// How far the clock of the application was moved on, in seconds.
    offset: AtomicI64,
    clients: AtomicU32,
}

/// One origin of the application.
#[derive(Debug)]
pub struct Site {
    origin: Origin,
    client: Client,
    /// Sent with every request: what a trusted proxy adds.
    fields: Vec<(String, String)>,
    /// Whether a browser takes the connection for https.
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

    /// Moves the browsers' clock on, by what the application's was moved on.
    pub(crate) fn advance(&self, seconds: u64) {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.offset.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Sets the browsers' clock to that of the machine.
    pub(crate) fn reset_clock(&self) {
        self.offset.store(0, Ordering::SeqCst);
    }

    /// The number of another client.
    pub(crate) fn another_client(&self) -> u32 {
        self.clients.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Starts a transcript of its own for the next check, and counts its clients from one.
    pub(crate) fn begin(&self) {
        self.clients.store(0, Ordering::SeqCst);
        drop(self.take_transcript());
    }

    pub(crate) fn take_transcript(&self) -> (Vec<Exchange>, usize) {
        self.transcript.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn record(&self, exchange: Exchange) {
        self.transcript.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
}

/// A request that was sent but for its last octet.
#[derive(Debug)]
pub struct HeldRequest {
    site: Arc<Site>,
    client: u32,
    request: Request,
    held: PendingRequest,
}

impl Site {
    /// # Errors
    /// The file of trusted certificates is of no use.
    pub(crate) fn new(
        origin: Origin,
        trust: &Trust,
        bounds: Bounds,
        shared: Arc<Shared>,
    ) -> Result<Self, Trouble> {
        let made = Client::new(origin.scheme, &origin.host, origin.port, trust, bounds);
        let client = made.map_err(|error| Trouble::wire(origin.to_string(), &error))?;
        let is_https = origin.scheme == Scheme::Https;
        Ok(Self { origin, client, fields: Vec::new(), is_https, shared })
    }

    /// The same, behind a proxy that says by these fields that it was asked over https.
    pub(crate) fn behind_proxy(mut self, fields: Vec<(String, String)>) -> Self {
        self.is_https |= !fields.is_empty();
        self.fields = fields;
        self
    }

    /// Sends one request as it is.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer, or no request is left.
    pub(crate) fn send(&self, client: u32, mut request: Request) -> Result<Response, Trouble> {
        self.prepare(&mut request)?;
        let came = self.client.send(&request);
        self.conclude(client, &request, came)
    }

    /// Sends one request but for the last octet of its content.
    ///
    /// # Errors
    /// As for [`Site::send`].
    pub(crate) fn hold(
        self: &Arc<Self>,
        client: u32,
        mut request: Request,
    ) -> Result<HeldRequest, Trouble> {
        self.prepare(&mut request)?;
        match self.client.begin(&request) {
            Ok(held) => Ok(HeldRequest { site: Arc::clone(self), client, request, held }),
            Err(error) => Err(Trouble::wire(self.shown(&request), &error)),
        }
    }

    /// The present second, on the clock of the application.
    pub(crate) fn now(&self) -> i64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
        now.saturating_add(self.shared.offset.load(Ordering::SeqCst))
    }

    /// The URI of a request-target, as a browser sees it.
    pub(crate) fn uri(&self, target: &str) -> String {
        let scheme = if self.is_https { "https" } else { self.origin.scheme() };
        format!("{scheme}://{}{target}", self.client.authority())
    }

    /// The value of the Origin field of a request that a page of the application makes.
    pub(crate) fn own_origin(&self) -> String {
        self.uri("")
    }

    /// Where it listens.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether a browser takes the connection for https.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether every address of it is a loopback address.
    pub(crate) fn is_loopback(&self) -> Result<bool, Trouble> {
        let addresses = self.client.addresses();
        let addresses =
            addresses.map_err(|error| Trouble::wire(self.origin.to_string(), &error))?;
        Ok(addresses.iter().all(|address| address.ip().to_canonical().is_loopback()))
    }

    /// Method and URI of a request, for messages.
    pub(crate) fn shown(&self, request: &Request) -> String {
        format!("{} {}{}", request.method, self.origin, request.target)
    }

    fn prepare(&self, request: &mut Request) -> Result<(), Trouble> {
        for (name, value) in &self.fields {
            request.field(name, value);
        }
        self.shared.budget.take().map_err(|exhausted| Trouble {
            request: self.shown(request),
            got: format!("{} requests were sent, as many as are allowed", exhausted.0),
            advice: "allow more with --max-requests".to_owned(),
            kind: TroubleKind::Budget,
        })
    }

    fn conclude(
        &self,
        client: u32,
        request: &Request,
        came: Result<Response, cookiespec_wire::Error>,
    ) -> Result<Response, Trouble> {
        self.shared.record(Exchange::new(client, self.origin.to_string(), request, &came));
        came.map_err(|error| Trouble::wire(self.shown(request), &error))
    }
}

impl HeldRequest {
    /// Sends the last octet and waits for the answer.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn finish(self) -> Result<Response, Trouble> {
        let Self { site, client, request, held } = self;
        site.conclude(client, &request, held.finish())
    }
}
