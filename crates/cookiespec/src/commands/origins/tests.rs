//! A browser whose cookie store is the reference engine, without a network: it follows redirects and
//! does what the pages of this command and of the walks tell it to do.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use cookiespec_agents::WalkOrigins;
use cookiespec_vectors::operation::{Api, Context, JarConfig};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{Implementation, Jar, Octets, Profile, Suite};
use cookiespec_wire::Scheme;
use cookiespec_wire::server::{HttpVersion, Received, Reply, Responder};
use serde_json::Value;

use super::session::Session;
use super::site::{HOST, Site};

/// The verdicts of a browser on cases whose ids begin like this, as the start page has them.
fn verdicts(area: &str, browser: fn(Arc<Site>) -> Browser) -> (Vec<Value>, String) {
    let (start, starts) = mpsc::channel();
    let walk = Arc::new(WalkOrigins::new());
    let site = Arc::new(Site::new(Arc::clone(&walk), start, PATIENCE));
    thread::scope(|scope| {
        let shown = scope.spawn(|| browser(Arc::clone(&site)).run());
        starts.recv().unwrap();
        let suite = Suite::embedded().unwrap().select(|case| case.id.starts_with(area));
        let session = Session::new(&site, &walk, Profile::Rfc6265bis);
        let summary = session.run(&suite, &AtomicBool::new(false)).to_string();
        let (verdicts, last_word) = shown.join().unwrap();
        assert_eq!(last_word, summary);
        (verdicts, summary)
    })
}

#[test]
fn a_browser_that_follows_the_specification_fails_nothing() {
    for area in ["jar.path", "jar.http-only", "jar.secure"] {
        let (verdicts, summary) = verdicts(area, Browser::new);
        let count = |verdict: &str| verdicts.iter().filter(|it| it["verdict"] == verdict).count();
        let (passed, unsupported) = (count("pass"), count("unsupported"));
        assert_eq!(passed + unsupported + count("info"), verdicts.len(), "{verdicts:#?}");
        assert!(passed > unsupported, "{area}: {summary}");
    }
}

#[test]
fn a_browser_that_cannot_be_emptied_is_not_judged() {
    let (verdicts, summary) =
        verdicts("jar.path", |site| Browser { keeps_all: true, ..Browser::new(site) });
    assert_eq!(verdicts, [] as [Value; 0]);
    assert!(summary.contains("cannot empty the cookie store"), "{summary}");
    assert!(summary.contains("kept=1"), "{summary}");
}

#[test]
fn a_browser_without_cookies_is_not_judged() {
    let (verdicts, summary) =
        verdicts("jar.path", |site| Browser { is_blind: true, ..Browser::new(site) });
    assert_eq!(verdicts, [] as [Value; 0]);
    assert_eq!(summary, "No case was run: the browser keeps no cookies.");
}

#[test]
fn a_browser_that_stops_emptying_its_store_is_judged_no_further() {
    let (verdicts, summary) =
        verdicts("jar.path", |site| Browser { clears: 5, ..Browser::new(site) });
    assert!(
        summary.ends_with("the browser does not open the pages that empty its cookie store."),
        "{summary}"
    );
    // Once before each case but the first, and twice before that.
    assert!(!verdicts.is_empty() && verdicts.len() < 6, "{verdicts:#?}");
    assert!(verdicts.iter().all(|it| it["verdict"] == "pass"), "{verdicts:#?}");
}

#[test]
fn a_second_browser_waits_for_the_first() {
    let (start, starts) = mpsc::channel();
    let site = Site::new(Arc::new(WalkOrigins::new()), start, PATIENCE);
    let begin = received("POST", &format!("http://{HOST}/start"));
    assert_eq!(site.respond(&begin).body, b"1");
    assert_eq!(site.respond(&begin).status, 409);
    assert_eq!(starts.try_iter().count(), 1);
    site.end("over");
    assert_eq!(site.respond(&begin).body, b"2");
    let events = |session| {
        site.respond(&received("GET", &format!("http://{HOST}/events?session={session}")))
    };
    assert_eq!(events(1).status, 204, "the page of the first session is told to ask no more");
    assert_eq!(events(2).status, 200);
}

#[test]
fn without_a_session_every_uri_shows_what_arrived() {
    let (start, _starts) = mpsc::channel();
    let site = Site::new(Arc::new(WalkOrigins::new()), start, PATIENCE);
    let mut request = received("GET", "https://a.test/?set-cookie=a%3D%01");
    request.fields = vec![("Cookie".into(), b"b=\x1b".to_vec())];
    let reply = site.respond(&request);
    let text = String::from_utf8(reply.body).unwrap();
    assert_eq!(text, "GET https://a.test/?set-cookie=a%3D%01\n\nCookie: b=\\x1b\n");
    assert!(reply.fields.contains(&("Set-Cookie".into(), b"a=\x01".to_vec())));
}

struct Browser {
    site: Arc<Site>,
    jar: Box<dyn Jar>,
    /// It ignores Clear-Site-Data.
    keeps_all: bool,
    /// It stores nothing.
    is_blind: bool,
    /// How often it can still be sent to empty its store.
    clears: usize,
}

impl Browser {
    fn new(site: Arc<Site>) -> Self {
        Self { site, jar: jar(), keeps_all: false, is_blind: false, clears: usize::MAX }
    }

    /// What the start page does: it returns the cases that it was shown, and the last word.
    fn run(mut self) -> (Vec<Value>, String) {
        let start = self.site.respond(&received("POST", &format!("http://{HOST}/start")));
        let session = String::from_utf8(start.body).unwrap();
        let (mut cases, mut seen) = (Vec::new(), String::new());
        loop {
            let mut request = received("GET", &format!("http://{HOST}/events?session={session}"));
            request.fields = vec![("Last-Event-ID".into(), seen.clone().into_bytes())];
            let events = String::from_utf8(self.site.respond(&request).body).unwrap();
            for event in events.split("\n\n") {
                let member = |name| event.lines().find_map(|line| line.strip_prefix(name));
                let Some(id) = member("id: ") else { continue };
                seen = id.to_owned();
                let data: Value = serde_json::from_str(member("data: ").unwrap()).unwrap();
                match member("event: ").unwrap() {
                    "go" if data.as_str().unwrap().ends_with("/clear") && self.clears == 0 => {}
                    "go" => self.go(data.as_str().unwrap()),
                    "case" => cases.push(data),
                    "end" => return (cases, data.as_str().unwrap().to_owned()),
                    _ => {}
                }
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Requests a URI and whatever it leads to.
    fn go(&mut self, uri: &str) {
        let (mut method, mut uri) = ("GET".to_owned(), uri.to_owned());
        for _ in 0..100 {
            let reply = self.request(&method, &uri);
            let location = reply.fields.iter().find(|(name, _)| name == "Location");
            if let Some((_, location)) = location {
                (method, uri) = ("GET".to_owned(), String::from_utf8(location.clone()).unwrap());
                continue;
            }
            let page = String::from_utf8(reply.body).unwrap();
            if let Some(next) = argument(&page, "location.replace(") {
                (method, uri) = ("GET".to_owned(), next);
            } else if let Some(next) = argument(&page, "form.action = ") {
                (method, uri) = ("POST".to_owned(), next);
            } else {
                return self.script(&page, &uri);
            }
        }
        panic!("no end of the way to {uri}");
    }

    fn request(&mut self, method: &str, uri: &str) -> Reply {
        let context = Context { method: method.to_owned(), ..Context::default() };
        let target = Octets::from(uri);
        let mut request = received(method, uri);
        let cookie = self.jar.send(&target, &context).unwrap().header;
        request.fields = cookie.into_iter().map(|it| ("Cookie".into(), it.into_vec())).collect();
        let reply = self.site.respond(&request);
        let lines = reply.fields.iter().filter(|(name, _)| name == "Set-Cookie");
        let lines: Vec<_> = lines.map(|(_, line)| Octets::from(line)).collect();
        if !self.is_blind {
            self.jar.receive(&target, &lines, &context).unwrap();
        }
        let empties = reply.fields.iter().any(|(name, _)| name == "Clear-Site-Data");
        if empties {
            self.clears = self.clears.saturating_sub(1);
            if !self.keeps_all {
                self.jar = jar();
            }
        }
        reply
    }

    /// Does what the page of a case does with `document.cookie`.
    fn script(&mut self, page: &str, uri: &str) {
        let Some(report) = argument(page, "fetch(") else { return };
        let context = Context { api: Api::Script, ..Context::default() };
        let mut body = Vec::new();
        if let Some(value) = argument(page, "document.cookie = ") {
            self.jar.script_set(&uri.into(), &value.as_str().into(), &context).unwrap();
        } else {
            body = self.jar.script_get(&uri.into(), &context).unwrap().into_vec();
        }
        let origin = &uri[..uri.match_indices('/').nth(2).map_or(uri.len(), |(at, _)| at)];
        let mut request = received("POST", &format!("{origin}{report}"));
        request.body = body;
        assert_eq!(self.site.respond(&request).status, 204);
    }
}

/// Browsers of these tests answer at once or never.
const PATIENCE: Duration = Duration::from_secs(2);

fn jar() -> Box<dyn Jar> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    Reference::new(Profile::Rfc6265bis).jar(now.try_into().unwrap(), &JarConfig::default()).unwrap()
}

/// The string literal of a script that follows these words.
fn argument(page: &str, words: &str) -> Option<String> {
    let (_, rest) = page.split_once(words)?;
    serde_json::Deserializer::from_str(rest).into_iter().next()?.ok()
}

/// A request for a URI, as it arrives.
fn received(method: &str, uri: &str) -> Received {
    let (scheme, rest) = uri.split_once("://").unwrap();
    let scheme = if scheme == "https" { Scheme::Https } else { Scheme::Http };
    let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().unwrap()),
        _ => (authority, scheme.default_port()),
    };
    Received {
        method: method.to_owned(),
        scheme,
        host: host.to_ascii_lowercase(),
        port,
        target: if target.starts_with('/') { target.to_owned() } else { format!("/{target}") },
        version: HttpVersion::Http11,
        fields: Vec::new(),
        head: Vec::new(),
        body: Vec::new(),
        connection: 1,
        tls: scheme == Scheme::Https,
        at: SystemTime::now(),
    }
}
