//! The proxy of the browser: forwards what is for the application, shows the engine each response,
//! and compares what the browser sends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cookiespec_wire::server::{Received, Reply, Responder};
use cookiespec_wire::{Request, Response};

use super::difference::{Difference, Known, differences, pairs};
// Only shown what the real browser receives.
use crate::browser::Browser as Engine;
use crate::error::{ErrorKind, ProbeError};
use crate::site::Site;

/// Forwards the requests for one application, one after the other.
#[derive(Debug)]
pub(super) struct Forwarder {
    site: Arc<Site>,
    /// The path of the page that sends a request of the descriptor; the application has none there.
    page: String,
    current: Mutex<Current>,
    changed: Condvar,
}

#[derive(Debug)]
struct Current {
    engine: Engine,
    /// The engine after the last response with a document, and after each response since then. What
    /// a page requests besides, it requests while other responses are on their way: which of them
    /// the browser has seen by then is not known.
    states: Vec<Engine>,
    /// Whether they were more than are kept: nothing is compared until the next document.
    has_too_many_states: bool,
    step: String,
    html: String,
    counts: Counts,
    /// The content of the last response with a document.
    document: Option<String>,
    /// When the last response was sent.
    last: Instant,
    /// Method and request-target of the request that the page is to send, until it has.
    awaited: Option<(String, String)>,
    known: BTreeMap<Vec<u8>, Known>,
    differences: Vec<Difference>,
    set_by_scripts: BTreeSet<Vec<u8>>,
    elsewhere: BTreeSet<String>,
    failure: Option<ProbeError>,
}

/// What happened in a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) requests: usize,
    pub(super) set_cookies: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub(super) differences: Vec<Difference>,
    pub(super) set_by_scripts: Vec<String>,
    pub(super) elsewhere: Vec<String>,
}

impl Forwarder {
    pub(super) fn new(site: Arc<Site>, engine: Engine) -> Self {
        let states = vec![engine.duplicate()];
        let current = Current {
            engine,
            states,
            has_too_many_states: false,
            step: String::new(),
            html: String::new(),
            counts: Counts::default(),
            document: None,
            last: Instant::now(),
            awaited: None,
            known: BTreeMap::new(),
            differences: Vec::new(),
            set_by_scripts: BTreeSet::new(),
            elsewhere: BTreeSet::new(),
            failure: None,
        };
        let page = format!("/cookiespec-page-{:016x}", fastrand::u64(..));
        Self { site, page, current: Mutex::new(current), changed: Condvar::new() }
    }

    /// Begins a step: its requests are counted from here on.
    pub(super) fn begin(&self, step: &str) {
        let mut current = self.lock();
        step.clone_into(&mut current.step);
        current.counts = Counts::default();
        current.document = None;
    }

    /// Waits until the browser has been quiet for a while, and returns what happened in the step.
    ///
    /// # Errors
    /// The application did not answer a request.
    pub(super) fn settle(&self) -> Result<Counts, ProbeError> {
        let deadline = Instant::now() + LONGEST_SETTLING;
        let mut current = self.lock();
        loop {
            let quiet = current.last.elapsed();
            if quiet >= QUIET || Instant::now() >= deadline {
                return current.failure.take().map_or(Ok(current.counts), Err);
            }
            let waited = self.changed.wait_timeout(current, QUIET - quiet);
            (current, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Prepares the page that sends this request, and returns its request-target.
    pub(super) fn serve_page(&self, request: &Request) -> String {
        let mut current = self.lock();
        current.html = page(request);
        current.awaited = Some((request.method.clone(), request.target.clone()));
        self.page.clone()
    }

    /// Waits until the request of the page has been answered.
    ///
    /// # Errors
    /// The application did not answer it, or the page did not send it.
    pub(super) fn wait_for_page(&self) -> Result<(), ProbeError> {
        let is_open =
            |current: &mut Current| current.awaited.is_some() && current.failure.is_none();
        let waited = self.changed.wait_timeout_while(self.lock(), PAGE_TIME, is_open);
        let (mut current, time) = waited.unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = current.failure.take() {
            return Err(failure);
        }
        if time.timed_out() {
            return Err(ProbeError {
                request: format!("{} by a page in the browser", current.step),
                got: format!("the page sent no request within {} s", PAGE_TIME.as_secs()),
                advice: "look whether the browser runs scripts".to_owned(),
                kind: ErrorKind::NoResponse,
            });
        }
        Ok(())
    }

    /// The content of the last document of this step.
    pub(super) fn last_document(&self) -> Option<String> {
        self.lock().document.clone()
    }

    /// The session of the engine ends, as that of the browser did.
    pub(super) fn close_and_reopen(&self) {
        let mut current = self.lock();
        current.engine.close_and_reopen();
        let now = current.engine.duplicate();
        current.states = vec![now];
        current.has_too_many_states = false;
    }

    /// # Errors
    /// The application did not answer a request.
    pub(super) fn failure(&self) -> Result<(), ProbeError> {
        self.lock().failure.take().map_or(Ok(()), Err)
    }

    /// What was found so far.
    pub(super) fn outcome(&self) -> Outcome {
        let current = self.lock();
        let names = current.set_by_scripts.iter();
        Outcome {
            differences: current.differences.clone(),
            set_by_scripts: names.map(|name| name.escape_ascii().to_string()).collect(),
            elsewhere: current.elsewhere.iter().cloned().collect(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forwards a request to the application.
    fn forward(&self, current: &mut Current, received: &Received) -> Reply {
        current.compare(received);
        let mut request = Request::new(&received.method, &received.target);
        request.body.clone_from(&received.body);
        for (name, value) in received.fields.iter().filter(|(name, _)| !is_of_hop(name)) {
            request.field(name, value);
        }
        match self.site.send(0, request) {
            Ok(response) => {
                current.receive(received, &response);
                reply(&response)
            }
            Err(error) => {
                current.failure.get_or_insert(error);
                Reply::new(502)
            }
        }
    }
}

impl Responder for Forwarder {
    /// Waits for the application, so that the server needs a few threads.
    fn respond(&self, received: &Received) -> Reply {
        let mut current = self.lock();
        let origin = received.uri();
        let origin = origin.strip_suffix(&received.target).unwrap_or(&origin);
        let reply = if origin != self.site.uri("") {
            current.elsewhere.insert(origin.to_owned());
            Reply::new(404)
        } else if received.target == self.page {
            Reply::new(200).field("Content-Type", "text/html; charset=utf-8").body(&*current.html)
        } else {
            let reply = self.forward(&mut current, received);
            current.awaited.take_if(|(method, target)| {
                (&*method, &*target) == (&received.method, &received.target)
            });
            reply
        };
        current.last = Instant::now();
        self.changed.notify_all();
        reply
    }
}

impl Current {
    /// Compares the Cookie field of a request with those that the engine would send.
    fn compare(&mut self, received: &Received) {
        self.counts.requests += 1;
        let sent = received.values("cookie").collect::<Vec<_>>().join(&b"; "[..]);
        let sent = self.without_cookies_of_scripts(&sent);
        let mut found = None;
        // The newest first: it is what most requests are made with, and what a report compares with.
        for state in self.states.iter_mut().rev() {
            let expected = state.field_for(&received.method, &received.target);
            let differs = differences(&sent, &expected);
            if differs.is_empty() {
                return;
            }
            found.get_or_insert(differs);
        }
        for (name, cookie) in found.unwrap_or_default() {
            match self.differences.iter_mut().find(|known| known.is_like(&cookie)) {
                Some(known) => known.count += 1,
                None => {
                    let request = format!("{} {}", received.method, received.uri());
                    let known = self.known.get(&name);
                    self.differences.push(Difference::new((&self.step, request), cookie, known));
                }
            }
        }
    }

    /// The cookies of a request whose names a response has set, and notes the others.
    fn without_cookies_of_scripts(&mut self, sent: &[u8]) -> Vec<u8> {
        let mut rest = Vec::new();
        for (name, values) in pairs(sent) {
            if !self.known.contains_key(&name) {
                self.set_by_scripts.insert(name);
                continue;
            }
            for value in values {
                let pair = if name.is_empty() { value } else { [&name[..], b"=", &value].concat() };
                rest.push(pair);
            }
        }
        rest.join(&b"; "[..])
    }

    /// Shows the engine a response.
    fn receive(&mut self, received: &Received, response: &Response) {
        let lines = self.engine.receive(response, &received.method, &received.target);
        self.counts.set_cookies += lines.len();
        let changes = !lines.is_empty();
        for (line, outcome) in lines {
            // An empty name counts too: it is what a cookie without one is sent with.
            let name = pairs(line.split(|octet| *octet == b';').next().unwrap_or_default());
            let name = name.into_keys().next().unwrap_or_default();
            self.known.insert(name, Known::new(line, outcome));
        }
        if is_document(received) {
            let text = String::from_utf8_lossy(&response.body).into_owned();
            self.document = Some(text);
            self.states.clear();
            self.has_too_many_states = false;
        }
        if !self.has_too_many_states && (changes || self.states.is_empty()) {
            self.states.push(self.engine.duplicate());
        }
        if self.states.len() > MOST_STATES {
            // Without one of them, what the browser rightly sends would be a difference.
            self.states.clear();
            self.has_too_many_states = true;
        }
    }
}

/// Whether a request is for what the browser shows in its window, which is requested when the
/// response before it has been dealt with.
fn is_document(received: &Received) -> bool {
    let first = |name| received.values(name).next().unwrap_or_default();
    match first("sec-fetch-dest") {
        b"" => first("accept").windows(9).any(|window| window == b"text/html"),
        destination => destination == b"document",
    }
}

/// Whether a field is for the next hop alone (RFC 9110 section 7.6.1), or is written again by
/// whoever forwards.
fn is_of_hop(name: &str) -> bool {
    const NAMES: [&str; 10] = [
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// A response for the browser. It is not to be kept: each page is to be requested.
fn reply(response: &Response) -> Reply {
    const CACHING: [&str; 4] = ["age", "cache-control", "etag", "expires"];
    let fields = response.fields.iter().filter(|(name, _)| {
        !is_of_hop(name) && !CACHING.iter().any(|known| known.eq_ignore_ascii_case(name))
    });
    fields.fold(Reply::new(response.status).body(&*response.body), |reply, (name, value)| {
        reply.field(name, &**value)
    })
}

/// A page that sends a request as a page of the application would: a form by submitting it, and
/// whatever a form cannot send by a script.
fn page(request: &Request) -> String {
    let json = |text: &str| serde_json::Value::from(text).to_string().replace('<', "\\u003c");
    let body = String::from_utf8_lossy(&request.body);
    let kind = request.fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let is_form = kind.is_some_and(|(_, kind)| kind == b"application/x-www-form-urlencoded");
    let needs_script = request.fields.len() > usize::from(kind.is_some());
    let (target, method) = (json(&request.target), json(&request.method));
    let script = if request.method == "POST" && !needs_script && (is_form || body.is_empty()) {
        format!(
            "const form = document.createElement('form'); form.method = 'POST'; \
             form.action = {target}; \
             for (const [name, value] of new URLSearchParams({})) {{ \
             const field = document.createElement('input'); field.type = 'hidden'; \
             field.name = name; field.value = value; form.append(field); }} \
             document.body.append(form); form.submit();",
            json(&body)
        )
    } else {
        let fields: serde_json::Map<_, _> = request
            .fields
            .iter()
            .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into()))
            .collect();
        let fields = serde_json::Value::from(fields).to_string().replace('<', "\\u003c");
        let body = if body.is_empty() { "undefined".to_owned() } else { json(&body) };
        format!(
            "fetch({target}, {{method: {method}, headers: {fields}, body: {body}, \
             credentials: 'same-origin'}});"
        )
    };
    // Without an icon of its own, a document makes browsers request one.
    format!(
        "<!DOCTYPE html><meta charset=utf-8><link rel=icon href=data:,><title>cookiespec</title>\n\
         <body><script>{script}</script>\n"
    )
}

/// How long nothing may arrive before a step is over.
const QUIET: Duration = Duration::from_millis(400);
/// How long a step may go on when something arrives all the time.
const LONGEST_SETTLING: Duration = Duration::from_secs(10);
/// How long a page may take to send its request.
const PAGE_TIME: Duration = Duration::from_secs(30);
/// How many states of the engine are kept.
const MOST_STATES: usize = 64;
