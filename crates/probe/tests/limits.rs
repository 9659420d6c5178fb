//! Limits: of requests, time and octets of a whole probe, and of what is kept and shown of an
//! application that sends much.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_probe::report::text::Text;
use cookiespec_probe::{
    Descriptor, DescriptorError, ErrorKind, Options, ProbeRun, Profile, SetupError, probe, report,
};
use cookiespec_report::{Kind, Style};

/// An application with sessions that never end: a login sets the cookie `sid` to a new number, and
/// `/me` names the user whose password was sent. `extra` are fields of every response to a login.
fn application(extra: String, shown: fn(&str) -> String) -> String {
    static SESSIONS: AtomicUsize = AtomicUsize::new(1);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let extra = extra.clone();
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                while let Some((head, body)) = request(&mut stream) {
                    let (mut fields, mut page) = (String::new(), String::new());
                    if head.starts_with("POST /login") {
                        let user = body.split(['=', '&']).nth(1).unwrap_or_default();
                        let nth = SESSIONS.fetch_add(1, Ordering::SeqCst);
                        fields = format!("Set-Cookie: sid={user}-{nth}; Path=/\r\n{extra}");
                    } else if let Some((_, rest)) = head.split_once("sid=") {
                        page = shown(rest.split(['-', ';', '\r']).next().unwrap_or_default());
                    }
                    let length = page.len();
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{fields}\r\n{page}"
                    );
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let (mut octets, mut block) = (Vec::<u8>::new(), vec![0; 64 << 10]);
    let (mut searched, mut end) = (0, None);
    loop {
        if end.is_none() {
            let found = octets[searched..].windows(4).position(|four| four == b"\r\n\r\n");
            end = found.map(|at| searched + at + 4);
            searched = octets.len().saturating_sub(3);
        }
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&octets[..end]).into_owned();
            let length = head.split_once("Content-Length: ").map(|(_, rest)| rest);
            let length = length.and_then(|rest| rest.split('\r').next()?.parse().ok()).unwrap_or(0);
            if octets.len() >= end + length {
                return Some((head, String::from_utf8_lossy(&octets[end..]).into_owned()));
            }
        }
        match stream.read(&mut block) {
            Ok(0) | Err(_) => return None,
            Ok(count) => octets.extend_from_slice(&block[..count]),
        }
    }
}

fn user(name: &str) -> String {
    format!("user={name}.")
}

fn descriptor(origin: &str, name: &str) -> Descriptor {
    let text = format!(
        r#"
        origin = "{origin}"
        login = {{ path = "/login", form = {{ u = "{{user}}", w = "{{password}}" }} }}
        logout = {{ path = "/logout" }}
        whoami = {{ path = "/me", capture = 'user=(\w+)' }}
        accounts = [{{ user = "{name}", password = "w" }}, {{ user = "bob", password = "b" }}]
        "#
    );
    Descriptor::read(&text, Path::new(".")).unwrap()
}

fn options() -> Options {
    let mut options = Options::default();
    options.sample.count = 40;
    options
}

fn run(options: &Options) -> ProbeRun {
    let descriptor = descriptor(&application(String::new(), user), "alice");
    probe(descriptor, options, None, &|_| {}).unwrap()
}

fn text(run: &ProbeRun) -> String {
    let (style, profile) = (Style::default(), Profile::All);
    Text { run, style, profile, lists_all: true }.to_string()
}

#[test]
fn a_probe_that_reaches_a_limit_stops_and_judges_nothing_more() {
    let limits = [
        (Options { total: Some(120), ..options() }, "--max-requests"),
        (Options { octets: Some(30_000), ..options() }, "--max-octets"),
        (Options { time: Some(Duration::from_secs(6)), rate: Some(20), ..options() }, "--max-time"),
    ];
    let all = Options::default().selected().unwrap().len();
    for (options, option) in limits {
        let start = Instant::now();
        let run = run(&options);
        assert!(start.elapsed() < Duration::from_secs(60));
        let (last, before) = run.results.split_last().unwrap();
        let error = last.outcome.as_ref().unwrap_err();
        assert_eq!(error.kind, ErrorKind::Budget);
        assert!(error.to_string().contains(option), "{error}");
        assert!(before.iter().all(|result| result.outcome.is_ok()), "{option}");
        assert!(!run.not_run.is_empty(), "{option}");
        assert_eq!(run.results.len() + run.not_run.len(), all, "{option}");

        let count = run.not_run.len();
        let text = text(&run);
        assert!(text.contains(&format!("{count} NOT RUN")), "{text}");
        assert!(text.contains(&format!("of {all} checks")), "{text}");
        let render = |kind| report::render(kind, &run, Profile::All).unwrap();
        let json: serde_json::Value = serde_json::from_str(&render(Kind::Json)).unwrap();
        let ids: Vec<_> = run.not_run.iter().map(|check| check.id).collect();
        assert_eq!(json["not_run"], serde_json::json!(ids));
        assert_eq!(render(Kind::Junit).matches("not run, because").count(), count);
    }
}

/// A check that turns every failed request into a verdict would pass on an exhausted budget.
#[test]
fn no_check_passes_on_requests_that_were_refused() {
    for total in 20..60 {
        let run = run(&Options { total: Some(total), ..options() });
        assert_eq!(run.requests, total);
        assert!(run.results.last().unwrap().outcome.is_err(), "{total}");
    }
}

#[test]
fn a_server_with_many_cookies_of_4_kilobytes_fills_neither_memory_nor_screen() {
    let cookie = |nth| format!("Set-Cookie: big{nth}={}\r\n", "x".repeat(4_000));
    let cookies: String = (0..40).map(cookie).collect();
    let descriptor = descriptor(&application(cookies, user), "alice");
    // Checks that fail on this application, because no logout ends a session.
    let only = ["SM-001", "SM-052", "SM-054"].map(str::to_owned).to_vec();
    let run = probe(descriptor, &Options { only, ..options() }, None, &|_| {}).unwrap();
    assert!(run.results.iter().any(|result| result.is_failure()), "{}", text(&run));
    for result in &run.results {
        let json = serde_json::to_string(&result.transcript).unwrap();
        assert!(json.len() < 1 << 20, "{}: {}", result.check.id, json.len());
        let cut = result.transcript.iter().flat_map(|exchange| &exchange.cut);
        assert!(cut.into_iter().any(|cut| cut.octets > 160_000 && cut.sha256.len() == 64));
    }
    assert!(text(&run).len() < 20_000, "{}", text(&run).len());
    let html = report::render(Kind::Html, &run, Profile::All).unwrap();
    assert!(html.len() < 400_000, "{}", html.len());
}

#[test]
fn a_user_of_15_megabytes_is_a_short_error() {
    let whoami = |_: &str| user(&"a".repeat(15 << 20));
    let descriptor_of_it = descriptor(&application(String::new(), whoami), "alice");
    let error = probe(descriptor_of_it, &options(), None, &|_| {}).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("whoami.capture") && text.len() < 5_000, "{}", text.len());

    // In the descriptor, as long as one may be: nobody is logged in, because the page is another's.
    let long = "a".repeat(900_000);
    let origin = application(String::new(), |_| String::new());
    let error = probe(descriptor(&origin, &long), &options(), None, &|_| {}).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("octets in all, SHA-256") && text.len() < 8_000, "{}", text.len());
}

#[test]
fn what_cannot_be_a_descriptor_is_a_short_error() {
    let read = |text: &str| Descriptor::read(text, Path::new(".")).unwrap_err();
    let largest = Descriptor::MAX_OCTETS;
    assert_eq!(read(&"x".repeat(largest + 1)), DescriptorError::TooLong);
    for junk in ["x", "[", "a=\"", "\u{1b}", "\n", "é"] {
        let error = read(&junk.repeat(largest / junk.len())).to_string();
        assert!(error.len() < 3_000, "{junk:?}: {}", error.len());
    }
    let value = "y".repeat(largest - 100);
    let error = read(&format!("name = 1\norigin = \"{value}\"\nlogin = \"{value:.50}\"\n"));
    assert!(error.to_string().len() < 3_000);
    let error = SetupError::from(read(&format!("accounts = \"{value}\""))).to_string();
    assert!(error.len() < 3_000 && error.contains("line 1"), "{error:.3000}");
}
