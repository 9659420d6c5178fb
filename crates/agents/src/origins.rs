//! Every origin of a walk: answers the requests of one navigation, and keeps what arrived.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cookiespec_vectors::operation::{Arrived, HttpVersion};
use cookiespec_vectors::{Octets, WireExchange, WireLog};
use cookiespec_wire::Scheme;
use cookiespec_wire::server::{self, DateField, Received, Reply, Responder};

use crate::pages;
use crate::strays::Strays;
use crate::walk::Hop;

/// Answers what belongs to the current navigation as its hops say, and everything else with 404.
#[derive(Debug)]
pub struct WalkOrigins {
    /// The path to which pages report. Nobody can know it beforehand.
    report: String,
    current: Mutex<Current>,
    changed: Condvar,
}

/// The navigation that is under way.
#[derive(Debug, Default)]
struct Current {
    hops: Vec<Hop>,
    date: DateField,
    passage: Passage,
    /// Of all navigations, and between them.
    strays: Strays,
    /// Of all navigations since [`WalkOrigins::begin_log`].
    log: WireLog,
}

/// What arrived of a navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The request of each hop that was requested, in their order.
    pub arrived: Vec<Arrived>,
    /// What the script of the last hop's page read. Empty where it read nothing, and `None` while it
    /// has not reported.
    pub script: Option<Octets>,
    /// The first request that belongs to no hop.
    pub stray: Option<String>,
}

impl WalkOrigins {
    /// Origins without a navigation.
    pub fn new() -> Self {
        let random = [0_u8, 1].map(|half| RandomState::new().hash_one(half));
        Self {
            report: format!("/cookiespec-report-{:016x}{:016x}", random[0], random[1]),
            current: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Begins a navigation through these hops. `date` is what the Date field says, in Unix seconds;
    /// `None` for the real time.
    pub fn begin(&self, hops: &[Hop], date: Option<i64>) {
        let seconds = date.and_then(|date| u64::try_from(date).ok());
        let time = seconds.map(|date| SystemTime::UNIX_EPOCH + Duration::from_secs(date));
        let mut current = self.lock();
        current.hops = hops.to_vec();
        current.date = time.map_or(DateField::Now, DateField::At);
        current.passage = Passage::default();
    }

    /// Waits until all of the navigation has arrived, for this long at most, and ends it. Whatever
    /// arrives later belongs to no hop.
    pub fn end(&self, settling: Duration) -> Passage {
        let is_open = |current: &mut Current| !current.is_complete();
        let waited = self.changed.wait_timeout_while(self.lock(), settling, is_open);
        let (mut current, _) = waited.unwrap_or_else(PoisonError::into_inner);
        current.hops.clear();
        std::mem::take(&mut current.passage)
    }

    /// Forgets the exchanges before.
    pub fn begin_log(&self) {
        self.lock().log = WireLog::default();
    }

    /// The exchanges since then.
    pub fn log(&self) -> WireLog {
        self.lock().log.clone()
    }

    /// The requests so far that belong to no hop.
    pub fn strays(&self) -> Strays {
        self.lock().strays.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for WalkOrigins {
    fn default() -> Self {
        Self::new()
    }
}

impl Responder for WalkOrigins {
    fn respond(&self, request: &Received) -> Reply {
        let mut current = self.lock();
        let reply = if request.target == pages::NONE {
            Reply::new(200).field("Content-Type", "text/html; charset=utf-8").body(pages::LAST)
        } else if request.target == self.report && request.method == "POST" {
            current.passage.script = Some(request.body.clone().into());
            Reply::new(204)
        } else {
            current.advance(request, &self.report)
        };
        if request.target != pages::NONE {
            let (request, response) = (request.head.as_slice().into(), reply.head().into());
            current.log.add(WireExchange { request, response });
        }
        self.changed.notify_all();
        reply
    }
}

impl Current {
    /// Takes a request as the next hop if it is one, and answers it.
    fn advance(&mut self, request: &Received, report: &str) -> Reply {
        let next = self.passage.arrived.len();
        match self.hops.get(next) {
            Some(hop) if is_for(request, hop) => {
                self.passage.arrived.push(arrived(request));
                self.reply(hop, self.hops.get(next + 1), report)
            }
            _ => {
                let stray = format!("{} {}", request.method, request.uri());
                self.strays.add(&stray);
                self.passage.stray.get_or_insert(stray);
                Reply::new(404)
            }
        }
    }

    fn reply(&self, hop: &Hop, next: Option<&Hop>, report: &str) -> Reply {
        let response = Reply { date: self.date, ..hop.response.clone() };
        let html = match &hop.page {
            Some(page) => pages::html(page, next, report),
            None if is_shown_empty(&response) => pages::LAST.to_owned(),
            None => return response,
        };
        let response = response.body(html);
        match has(&response, "content-type") {
            true => response,
            false => response.field("Content-Type", "text/html; charset=utf-8"),
        }
    }

    fn is_complete(&self) -> bool {
        // A page reports when what it led to is done, and not only asked for.
        let has_page = self.hops.iter().any(|hop| hop.page.is_some());
        let is_reported = !has_page || self.passage.script.is_some();
        self.passage.arrived.len() == self.hops.len() && is_reported
    }
}

/// Whether a request is the one that a hop expects.
fn is_for(request: &Received, hop: &Hop) -> bool {
    let location = &hop.location;
    hop.method.as_ref().is_none_or(|method| *method == request.method)
        && (request.scheme == Scheme::Https) == location.secure
        && request.host == location.host
        && request.port == location.port
        && request.target == location.target
}

/// Whether a browser would show this response and find nothing in it, so that it takes it for an error.
fn is_shown_empty(response: &Reply) -> bool {
    let is_content = !matches!(response.status, 204 | 304);
    let says_otherwise =
        ["content-length", "transfer-encoding", "location"].iter().any(|name| has(response, name));
    response.body.is_empty() && is_content && !says_otherwise
}

fn has(response: &Reply, name: &str) -> bool {
    response.fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
}

fn arrived(request: &Received) -> Arrived {
    let values = |name: &str| request.values(name).map(Octets::from).collect();
    Arrived {
        method: request.method.clone(),
        cookie: values("cookie"),
        authorization: values("authorization"),
        version: match request.version {
            server::HttpVersion::Http10 => HttpVersion::Http10,
            server::HttpVersion::Http11 => HttpVersion::Http11,
            server::HttpVersion::Http2 => HttpVersion::Http2,
        },
    }
}
