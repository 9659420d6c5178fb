//! The pages of this command, beside the origins of the case that is under way.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cookiespec_agents::WalkOrigins;
use cookiespec_wire::server::{Received, Reply, Responder};
use serde_json::{Value, json};

use super::echo;

/// The host of the start page. No case has it.
pub(super) const HOST: &str = "cookiespec-start.test";

/// Answers everything that a browser requests: the start page and what it reads, the pages that
/// begin a navigation or empty the cookie store, and the hops of the case.
pub(super) struct Site {
    walk: Arc<WalkOrigins>,
    /// Who starts a session: what its User-Agent field says.
    start: Sender<String>,
    /// How long the browser may take to empty its store, each time that it is sent to.
    patience: Duration,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Counted, so that the page of an earlier session is told that it is over.
    session: u64,
    is_running: bool,
    events: Vec<Event>,
    /// When the start page last asked for events.
    polled: Option<Instant>,
    task: Task,
    /// The hosts that were requested since the store was emptied.
    touched: BTreeSet<String>,
    is_stuck: bool,
}

/// What the window of the walk is to do.
#[derive(Default)]
enum Task {
    #[default]
    Nothing,
    /// Request a URI with a method.
    Navigate { uri: String, method: String },
    /// Go through these hosts, each of which empties what the browser keeps for it.
    Clear(Vec<String>),
}

struct Event {
    name: &'static str,
    data: Value,
}

impl Site {
    pub(super) fn new(walk: Arc<WalkOrigins>, start: Sender<String>, patience: Duration) -> Self {
        Self { walk, start, patience, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Tells the start page something.
    pub(super) fn tell(&self, name: &'static str, data: Value) {
        self.lock().events.push(Event { name, data });
    }

    /// Ends the session, with a last word for the start page.
    pub(super) fn end(&self, word: &str) {
        let mut state = self.lock();
        state.events.push(Event { name: "end", data: json!(word) });
        state.is_running = false;
        state.task = Task::Nothing;
    }

    /// Whether the start page is still there.
    pub(super) fn is_watched(&self) -> bool {
        self.lock().polled.is_some_and(|polled| polled.elapsed() < MISSED)
    }

    /// Sends the window of the walk to a URI.
    pub(super) fn navigate(&self, uri: &str, method: &str) {
        let mut state = self.lock();
        state.task = Task::Navigate { uri: uri.to_owned(), method: method.to_owned() };
        state.events.push(Event { name: "go", data: json!(beginning(uri)) });
    }

    /// Empties the cookie store as far as it was used, and returns whether the browser has gone
    /// through all of it.
    pub(super) fn clear(&self) -> bool {
        let mut state = self.lock();
        let touched = std::mem::take(&mut state.touched);
        let hosts: BTreeSet<_> = touched.iter().flat_map(|host| domains(host)).collect();
        let hosts: Vec<_> = hosts.into_iter().map(str::to_owned).collect();
        let Some((first, others)) = hosts.split_first() else { return true };
        let is_under_way = |state: &mut State| matches!(state.task, Task::Clear(_));
        // A browser may lose a navigation that comes while it still loads something.
        for _ in 0..ATTEMPTS {
            state.events.push(Event { name: "go", data: json!(clearing(first)) });
            state.task = Task::Clear(others.to_vec());
            let waited = self.changed.wait_timeout_while(state, self.patience, is_under_way);
            let (after, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            if !timeout.timed_out() {
                return true;
            }
            state = after;
        }
        state.task = Task::Nothing;
        state.is_stuck = true;
        false
    }

    /// Whether the store could not be emptied: nothing can be said of the browser any more.
    pub(super) fn is_stuck(&self) -> bool {
        self.lock().is_stuck
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start_page(&self, request: &Received) -> Reply {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        match (&*request.method, path) {
            ("GET" | "HEAD", "/") => html(START_PAGE),
            ("POST", "/start") => self.begin(request),
            ("GET", "/events") => self.events(request, query),
            ("GET", CLEARED) => {
                self.lock().task = Task::Nothing;
                self.changed.notify_all();
                html("<!DOCTYPE html><title>cookiespec</title><p>The cookie store is empty.")
            }
            _ => Reply::new(404),
        }
    }

    /// Begins a session, unless one is under way.
    fn begin(&self, request: &Received) -> Reply {
        let mut state = self.lock();
        if state.is_running {
            let text = "Another browser is being tested; wait for it to end.";
            return Reply::new(409).field("Content-Type", "text/plain").body(text);
        }
        let session = state.session + 1;
        *state =
            State { session, is_running: true, polled: Some(Instant::now()), ..State::default() };
        let browser = request.values("user-agent").next().unwrap_or(b"a browser without a name");
        match self.start.send(String::from_utf8_lossy(browser).into_owned()) {
            Ok(()) => Reply::new(200).body(session.to_string()),
            Err(_) => Reply::new(503),
        }
    }

    /// The events after the one that the page has seen last. The response ends with them, and the
    /// page asks again soon.
    fn events(&self, request: &Received, query: &str) -> Reply {
        let mut state = self.lock();
        if query != format!("session={}", state.session) {
            // Status 204 tells the page to ask no more.
            return Reply::new(204);
        }
        state.polled = Some(Instant::now());
        let seen = request.values("last-event-id").next().unwrap_or_default();
        let seen = std::str::from_utf8(seen).ok().and_then(|seen| seen.parse().ok()).unwrap_or(0);
        let mut text = format!("retry: {}\n\n", SOON.as_millis());
        for (index, Event { name, data }) in state.events.iter().enumerate().skip(seen) {
            text.push_str(&format!("id: {}\nevent: {name}\ndata: {data}\n\n", index + 1));
        }
        Reply::new(200).field("Content-Type", "text/event-stream").body(text)
    }

    /// A page of the host of a case, from which the window goes where it is to go. A request that it
    /// makes is one of the same site.
    fn beginning_page(&self) -> Reply {
        match &self.lock().task {
            Task::Navigate { uri, method } if method == "POST" => {
                let uri = script_string(uri);
                script(&format!(
                    "const form = document.createElement('form'); form.action = {uri}; \
                     form.method = 'POST'; document.body.append(form); form.submit();"
                ))
            }
            Task::Navigate { uri, .. } => {
                script(&format!("location.replace({});", script_string(uri)))
            }
            Task::Nothing | Task::Clear(_) => Reply::new(404),
        }
    }

    /// A page that empties the store for its site, and leads to the next one.
    fn clearing_page(&self) -> Reply {
        let mut state = self.lock();
        let Task::Clear(hosts) = &mut state.task else { return Reply::new(404) };
        let next =
            hosts.pop().map_or_else(|| format!("http://{HOST}{CLEARED}"), |host| clearing(&host));
        script(&format!("location.replace({});", script_string(&next)))
            .field("Clear-Site-Data", "\"cookies\"")
    }
}

impl Responder for Site {
    fn respond(&self, request: &Received) -> Reply {
        if request.host == HOST {
            return self.start_page(request);
        }
        match &*request.target {
            BEGINNING => self.beginning_page(),
            CLEARING => self.clearing_page(),
            _ => {
                let mut state = self.lock();
                if !state.is_running {
                    return echo::reply(request);
                }
                state.touched.insert(request.host.clone());
                drop(state);
                self.walk.respond(request)
            }
        }
    }
}

/// The page of the same origin as a URI from which it is requested.
fn beginning(uri: &str) -> String {
    let authority = uri.find("://").map_or(0, |at| at + "://".len());
    let end = uri[authority..].find(['/', '?', '#']).map_or(uri.len(), |at| authority + at);
    format!("{}{BEGINNING}", &uri[..end])
}

/// A host and the domains above it whose cookies it may get: Firefox empties the store for one host
/// at a time. An address is in no domain.
fn domains(host: &str) -> impl Iterator<Item = &str> {
    let is_address = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
    let above = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
    let is_domain = move |it: &&str| !is_address && it.trim_end_matches('.').contains('.');
    std::iter::once(host).chain(above.filter(is_domain))
}

/// The page that empties the store for the site of a host. Browsers do so only for https.
fn clearing(host: &str) -> String {
    format!("https://{host}{CLEARING}")
}

/// A page that does no more than its script says: it requests no icon, which would count as a use
/// of the store.
fn script(script: &str) -> Reply {
    html(&format!(
        "<!DOCTYPE html><title>cookiespec</title><link rel=\"icon\" href=\"data:,\">\
         <body><script>{script}</script>"
    ))
}

fn html(text: &str) -> Reply {
    Reply::new(200).field("Content-Type", "text/html; charset=utf-8").body(text)
}

/// A string literal of a script inside HTML.
fn script_string(text: &str) -> String {
    json!(text).to_string().replace('<', "\\u003c")
}

const START_PAGE: &str = include_str!("start_page.html");
/// Paths that no case requests.
const BEGINNING: &str = "/cookiespec-origins/go";
const CLEARING: &str = "/cookiespec-origins/clear";
/// The page of [`HOST`] that follows the last one that empties the store.
const CLEARED: &str = "/cleared";
/// When the page asks for events again.
const SOON: Duration = Duration::from_millis(40);
/// How long the page may not ask for events before it is taken for closed. Browsers slow down the
/// timers of windows in the background.
const MISSED: Duration = Duration::from_secs(20);
/// How often the browser is sent to empty its store.
const ATTEMPTS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_emptied_for_a_host_and_the_domains_above_it() {
        for (host, expected) in [
            ("a.b.example.test", &["a.b.example.test", "b.example.test", "example.test"][..]),
            ("example.test", &["example.test"]),
            ("www.example.test.", &["www.example.test.", "example.test."]),
            ("localhost", &["localhost"]),
            ("127.0.5.9", &["127.0.5.9"]),
            ("[::ffff:1.2.3.4]", &["[::ffff:1.2.3.4]"]),
        ] {
            assert_eq!(domains(host).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_navigation_begins_at_its_own_origin() {
        for (uri, expected) in [
            ("https://a.test:8443/x/y?z", "https://a.test:8443/cookiespec-origins/go"),
            ("http://a.test", "http://a.test/cookiespec-origins/go"),
            ("http://a.test?x=/", "http://a.test/cookiespec-origins/go"),
        ] {
            assert_eq!(beginning(uri), expected);
        }
    }
}
