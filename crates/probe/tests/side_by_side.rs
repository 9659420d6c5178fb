//! A browser beside the engine. The browsers are small ones with a fault each, the application is
//! one that the tests serve.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use cookiespec_probe::side_by_side::{Comparison, RealBrowser, Text, side_by_side};
use cookiespec_probe::{Descriptor, ErrorKind, Options, SetupError};
use cookiespec_report::Style;
use cookiespec_wire::server::{self, Origins, Received, Reply};
use cookiespec_wire::{Bounds, Client, Request, Scheme, Trust};

/// What a browser does wrong with cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// A cookie that is set with Max-Age=0 stays.
    KeepsExpired,
    /// Cookies without a lifetime outlive the session.
    KeepsAll,
    /// Its pages add a cookie of a script.
    Script,
}

/// A browser with one host and no paths.
#[derive(Debug)]
struct SmallBrowser {
    proxy: Client,
    fault: Fault,
    /// Values, and whether the cookie outlives the session.
    jar: BTreeMap<String, (String, bool)>,
}

impl SmallBrowser {
    fn start(proxy: SocketAddr, fault: Fault) -> Box<dyn RealBrowser> {
        let proxy =
            Client::new(Scheme::Http, "127.0.0.1", proxy.port(), &Trust::System, Bounds::default());
        Box::new(Self { proxy: proxy.unwrap(), fault, jar: BTreeMap::new() })
    }

    /// Requests a document, and follows redirects and the form of a page.
    fn load(&mut self, origin: &str, mut request: Request) {
        loop {
            request.target = format!("{origin}{}", request.target);
            request.field("Sec-Fetch-Dest", "document");
            let mut pairs: Vec<_> =
                self.jar.iter().map(|(name, (value, _))| format!("{name}={value}")).collect();
            if self.fault == Fault::Script {
                pairs.push("analytics=1".to_owned());
            }
            if !pairs.is_empty() {
                request.field("Cookie", pairs.join("; "));
            }
            let response = self.proxy.send(&request).unwrap();
            for line in response.all("set-cookie") {
                self.store(std::str::from_utf8(line).unwrap());
            }
            let text = String::from_utf8_lossy(&response.body).into_owned();
            request = if let Some(location) = response.first("location") {
                Request::new("GET", std::str::from_utf8(location).unwrap())
            } else if let Some(action) = between(&text, "form.action = \"", "\"") {
                let mut form = Request::new("POST", action);
                let body = between(&text, "new URLSearchParams(\"", "\")").unwrap_or_default();
                form.field("Content-Type", "application/x-www-form-urlencoded");
                form.body = body.as_bytes().to_vec();
                form
            } else {
                return;
            };
        }
    }

    fn store(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap();
        let is_expired = attributes.contains("Max-Age=0");
        if is_expired && self.fault != Fault::KeepsExpired {
            self.jar.remove(name);
        } else if !is_expired {
            let lasts = attributes.contains("Max-Age");
            self.jar.insert(name.to_owned(), (value.to_owned(), lasts));
        }
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(between, _)| between)
}

impl RealBrowser for SmallBrowser {
    fn title(&self) -> String {
        "Small 1".to_owned()
    }

    fn open(&mut self, uri: &str) -> Result<(), String> {
        let (_, rest) = uri.split_once("://").unwrap();
        let (authority, _) = rest.split_once('/').unwrap();
        let origin = format!("http://{authority}");
        self.load(&origin, Request::new("GET", &uri[origin.len()..]));
        Ok(())
    }

    fn can_reopen(&self) -> bool {
        self.fault != Fault::Script
    }

    fn close_and_reopen(&mut self) -> Result<(), String> {
        if self.fault != Fault::KeepsAll {
            self.jar.retain(|_, (_, lasts)| *lasts);
        }
        Ok(())
    }
}

/// An application whose session is a cookie that is the name of the user.
fn application() -> Origins {
    let answer = |request: &Received| {
        let cookies = request.values("cookie").collect::<Vec<_>>().join(&b"; "[..]);
        let cookies = String::from_utf8(cookies).unwrap();
        let user = cookies.split("; ").find_map(|pair| pair.strip_prefix("sid="));
        match (&*request.method, &*request.target) {
            ("POST", "/login") => {
                let body = String::from_utf8(request.body.clone()).unwrap();
                let user = between(&body, "user=", "&").unwrap();
                Reply::new(302)
                    .field("Set-Cookie", format!("sid={user}; HttpOnly; Path=/"))
                    .field("Set-Cookie", "seen=1; Max-Age=1000; Path=/")
                    .field("Location", "/whoami")
            }
            ("POST", "/logout") => Reply::new(302)
                .field("Set-Cookie", "sid=; Max-Age=0; HttpOnly; Path=/")
                .field("Location", "/whoami"),
            ("GET", "/whoami") => Reply::new(200)
                .field("Content-Type", "text/html")
                .body(user.map_or("nobody".to_owned(), |user| format!("user {user}."))),
            _ => Reply::new(404),
        }
    };
    Origins::start(server::Options::default(), Arc::new(answer)).unwrap()
}

fn descriptor(origin: SocketAddr) -> Descriptor {
    let text = format!(
        r#"
        origin = "http://{origin}"
        login = {{ path = "/login", form = {{ user = "{{user}}", z = "{{password}}" }} }}
        logout = {{ path = "/logout" }}
        whoami = {{ path = "/whoami", capture = 'user (\w+)\.' }}
        accounts = [{{ user = "alice", password = "w" }}, {{ user = "bob", password = "b" }}]
        "#
    );
    Descriptor::read(&text, Path::new(".")).unwrap()
}

fn compare(fault: Fault) -> Comparison {
    let application = application();
    let descriptor = descriptor(application.address());
    let start = |proxy| Ok(SmallBrowser::start(proxy, fault));
    side_by_side(descriptor, &Options::default(), start).unwrap()
}

/// Name, number of values on each side, and step of each difference.
fn differences(comparison: &Comparison) -> Vec<(&str, usize, usize, &str)> {
    let shown = comparison.differences.iter();
    shown
        .map(|it| (&*it.cookie.name, it.cookie.browser.len(), it.cookie.engine.len(), &*it.step))
        .collect()
}

/// Who is logged in, as each who-am-i shows.
fn users(comparison: &Comparison) -> Vec<&str> {
    comparison.steps.iter().filter_map(|step| step.user.as_deref()).collect()
}

#[test]
fn a_sound_browser_differs_nowhere() {
    let comparison = compare(Fault::None);
    assert_eq!(differences(&comparison), []);
    assert_eq!(users(&comparison), ["", "alice", "", "alice", ""]);
    assert_eq!(comparison.set_by_scripts, [""; 0]);
    let text = Text { comparison: &comparison, style: Style::default() }.to_string();
    assert!(text.starts_with("Small 1 beside the reference engine\n"), "{text}");
    assert!(text.ends_with("0 differences in 11 requests and 5 Set-Cookie fields\n"), "{text}");
}

#[test]
fn a_cookie_that_outlives_its_session_is_found_at_the_first_request() {
    let comparison = compare(Fault::KeepsAll);
    assert_eq!(differences(&comparison), [("sid", 1, 0, "who-am-i")]);
    assert_eq!(users(&comparison), ["", "alice", "alice", ""]);
    let text = Text { comparison: &comparison, style: Style::default() }.to_string();
    for line in [
        "DIFFERS the browser sends sid and the engine does not, in GET http://127.0.0.1:",
        "  browser  alice\n  engine   not sent\n",
        "  from     Set-Cookie: sid=alice; HttpOnly; Path=/\n",
        "1 difference in ",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(!text.contains("script"), "{text}");
}

#[test]
fn a_cookie_that_is_not_removed_is_found() {
    let comparison = compare(Fault::KeepsExpired);
    assert_eq!(differences(&comparison), [("sid", 1, 0, "logout")]);
    let (line, outcome) = comparison.differences[0].set_cookie.clone().unwrap();
    assert_eq!(line, "sid=; Max-Age=0; HttpOnly; Path=/");
    assert_eq!(outcome, "removed: it had expired on arrival");
    assert!(comparison.differences[0].count > 1);
}

#[test]
fn what_scripts_set_is_named_and_not_compared() {
    let comparison = compare(Fault::Script);
    assert_eq!(differences(&comparison), []);
    assert_eq!(comparison.set_by_scripts, ["analytics"]);
    // A browser that cannot be opened again leaves that out, and the rest is done.
    let left_out = comparison.steps.iter().find(|step| step.left_out.is_some()).unwrap();
    assert_eq!(left_out.what, "close and open again");
    assert_eq!(users(&comparison), ["", "alice", "alice", ""]);
}

#[test]
fn a_browser_that_does_not_start_is_no_fault_of_the_descriptor() {
    let application = application();
    let start = |_| Err("it is not installed".to_owned());
    let error = side_by_side(descriptor(application.address()), &Options::default(), start);
    let error = error.unwrap_err();
    assert!(matches!(error, SetupError::Browser(_)) && !error.is_usage(), "{error}");
    assert_eq!(error.to_string(), "it is not installed");
}

#[test]
fn an_application_that_does_not_answer_is_named() {
    let application = application();
    let descriptor = descriptor(application.address());
    let start = |proxy| {
        application.stop();
        Ok(SmallBrowser::start(proxy, Fault::None))
    };
    match side_by_side(descriptor, &Options::default(), start).unwrap_err() {
        SetupError::Probe(error) => {
            assert_ne!(error.kind, ErrorKind::Descriptor);
            assert!(error.request.starts_with("GET http://127.0.0.1:"), "{error}");
        }
        other => panic!("{other}"),
    }
}
