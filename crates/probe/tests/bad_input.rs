//! Applications and descriptors that do not match: each error says which request failed, what came
//! back, and what to change.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use cookiespec_probe::{Descriptor, Options, SetupError, probe};

/// The error for an application that answers each request-target with these octets.
fn error_for(answer: fn(&str) -> &'static str) -> SetupError {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || serve(stream.unwrap(), answer));
        }
    });
    error_at(&format!("http://127.0.0.1:{port}"))
}

fn serve(mut stream: TcpStream, answer: fn(&str) -> &'static str) {
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut octet).unwrap_or(0) == 1 {
        head.push(octet[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or("/");
    let answer = answer(target);
    let is_endless = answer.ends_with(ENDLESS);
    let _ = stream.write_all(answer.as_bytes());
    while is_endless && stream.write_all(&[b'x'; 4096]).is_ok() {}
}

/// The error for an application at this origin.
fn error_at(origin: &str) -> SetupError {
    let text = format!(
        r#"
        origin = "{origin}"
        login = {{ path = "/login", form = {{ u = "{{user}}", p = "{{password}}" }} }}
        logout = {{ path = "/logout" }}
        whoami = {{ path = "/me", capture = 'user=(\w+)' }}
        accounts = [{{ user = "alice", password = "wonderland" }}]
        "#
    );
    let mut options = Options::default();
    options.bounds.time = Duration::from_secs(2);
    options.bounds.octets = 1 << 20;
    let descriptor = Descriptor::read(&text, Path::new(".")).unwrap();
    probe(descriptor, &options, None, &|_| {}).unwrap_err()
}

#[track_caller]
fn assert_says(error: &SetupError, is_usage: bool, words: &[&str]) {
    let text = error.to_string();
    assert!(words.iter().all(|word| text.contains(word)), "{text}");
    assert_eq!(error.is_usage(), is_usage, "{text}");
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

const EMPTY: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const ENDLESS: &str = "Content-Type: text/plain\r\n\r\n";

#[test]
fn nobody_listens() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = error_at(&format!("http://127.0.0.1:{port}"));
    assert_says(&error, false, &["GET http://127.0.0.1:", "/me", "Start the application"]);
}

#[test]
fn a_login_that_does_not_log_in() {
    assert_says(&error_for(|_| EMPTY), true, &["/me", "alice", "status 200", "whoami"]);
}

#[test]
fn a_capture_that_matches_for_everybody() {
    let error = error_for(|_| "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nuser=guest");
    assert_says(&error, true, &["without cookies", "guest", "whoami.capture"]);
}

#[test]
fn redirects_without_an_end() {
    let error =
        error_for(|_| "HTTP/1.1 302 Found\r\nLocation: /me?again\r\nContent-Length: 0\r\n\r\n");
    assert_says(&error, true, &["GET http://127.0.0.1:", "redirects", "/me?again"]);
}

#[test]
fn a_body_without_an_end() {
    let error = error_for(|_| "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
    assert_says(&error, false, &["/me", "page that ends"]);
}

#[test]
fn what_is_no_http() {
    let error = error_for(|_| "\u{1b}[31mSSH-2.0-OpenSSH\r\n\r\n");
    assert_says(&error, false, &["/me", "speaks HTTP/1.1"]);
}

/// An origin that sends these octets on every connection at once, and keeps it open.
fn speaks_first(scheme: &str, octets: &'static [u8]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.write_all(octets);
            open.push(stream);
        }
    });
    format!("{scheme}://127.0.0.1:{port}")
}

#[test]
fn tls_where_there_is_none() {
    let error = error_at(&speaks_first("https", b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    assert_says(&error, false, &["https://127.0.0.1:", "scheme"]);
}

#[test]
fn silence() {
    for scheme in ["http", "https"] {
        let error = error_at(&speaks_first(scheme, b""));
        assert_says(&error, false, &[scheme, "/me", "--timeout"]);
    }
}

#[test]
fn a_host_that_is_not_this_machine() {
    assert_says(&error_at("http://192.0.2.1"), true, &["192.0.2.1", "--allow-host 192.0.2.1"]);
}

#[test]
fn a_descriptor_that_is_wrong_is_named_by_its_line() {
    let text = "origin = \"http://127.0.0.1\"\nlogin = { path = \"/\" }\nlogut = 1\n";
    let error = Descriptor::read(text, Path::new(".")).unwrap_err().to_string();
    assert!(error.contains("logut") && error.contains('3'), "{error}");
}
