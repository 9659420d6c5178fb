//! Clients that mean no good, or have gone wrong.

use std::error::Error as _;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use cookiespec_wire::server::{Error, Limits, Options, Origins, Reply};

use crate::support::{Octets, eventually, failure, limited, start, telling};

const GET: &str = "GET http://a.test/ HTTP/1.1\r\n\r\n";
const POST: &str = "POST http://a.test/ HTTP/1.1\r\n";

#[test]
fn a_port_in_use_is_an_error_that_says_what_to_do() {
    let first = telling();
    let options = Options { port: first.address().port(), ..Options::default() };
    let error = Origins::start(options, Arc::new(|_: &_| Reply::new(200))).unwrap_err();
    assert!(matches!(error, Error::Listen(address, _) if address == first.address()));
    let want = format!(
        "{} is in use by another program; choose another port, or 0 for a free one",
        first.address()
    );
    assert_eq!(error.to_string(), want);
    assert!(error.source().is_some());
}

#[test]
fn what_is_no_request_is_refused_and_noted() {
    let origins = telling();
    for (request, status, what) in [
        ("\x01\x1b[2J\r\n\r\n".to_owned(), 400, r#"no request line: "\x01\x1b[2J""#),
        ("GET / HTTP/3.0\r\n\r\n".into(), 505, r#"not HTTP/1.1: "GET / HTTP/3.0""#),
        ("GET / HTTP/1.1\r\n\r\n".into(), 400, "no Host field"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".into(), 400, "several Host fields"),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n".into(), 400, "a Host field that names no host"),
        ("GET http:// HTTP/1.1\r\n\r\n".into(), 400, "no request-target"),
        ("CONNECT a:99999 HTTP/1.1\r\n\r\n".into(), 400, "no request-target"),
        (format!("{POST}Content-Length: x\r\n\r\n"), 400, "a Content-Length that is no number"),
        (format!("{POST}Content-Length: +1\r\n\r\n"), 400, "a Content-Length that is no number"),
        (
            format!("{POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            400,
            "several Content-Length",
        ),
        (
            format!("{POST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400,
            "Content-Length beside Transfer-Encoding",
        ),
        (
            format!("{POST}Transfer-Encoding: gzip\r\n\r\n"),
            501,
            "a transfer coding other than chunked",
        ),
        (
            format!("{POST}Transfer-Encoding: chunked\r\n\r\nx\r\n"),
            400,
            "a chunk size that is no number",
        ),
        (
            format!("{POST}Transfer-Encoding: chunked\r\n\r\n\r\n"),
            400,
            "a chunk size that is no number",
        ),
        (
            format!("{POST}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"),
            400,
            "a chunk that is longer than its size",
        ),
    ] {
        let mut client = Octets::connect(&origins);
        client.send(&request);
        let response = String::from_utf8(client.rest()).unwrap();
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {response}");
        assert!(response.contains(what), "{request:?}: {response}");
        failure(&origins, what);
    }
    assert_eq!(origins.exchanges().len(), 0, "the responder has seen nothing");
}

#[test]
fn what_is_too_long_is_refused() {
    let origins = limited(Limits { head: 1000, body: 1000, ..Limits::default() });
    let long = "x".repeat(2000);
    for (request, status) in [
        (format!("GET http://a.test/ HTTP/1.1\r\nCookie: {long}\r\n\r\n"), 431),
        (format!("GET http://a.test/{long}"), 431),
        (format!("{POST}Content-Length: 1001\r\n\r\n"), 413),
        (format!("{POST}Content-Length: {}\r\n\r\n", "9".repeat(40)), 413),
        (format!("{POST}Transfer-Encoding: chunked\r\n\r\n3e9\r\n"), 413),
        (format!("{POST}Transfer-Encoding: chunked\r\n\r\n{}\r\n", "f".repeat(40)), 413),
        (format!("{POST}Transfer-Encoding: chunked\r\n\r\n1;{long}\r\n"), 431),
        (format!("{POST}Transfer-Encoding: chunked\r\n\r\n0\r\nT: {long}\r\n"), 431),
    ] {
        let mut client = Octets::connect(&origins);
        client.send(&request);
        let response = String::from_utf8(client.rest()).unwrap();
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {response}");
    }
    let just = "x".repeat(1000 - "GET http://a.test/ HTTP/1.1\r\nCookie: \r\n\r\n".len());
    let mut client = Octets::connect(&origins);
    client.request(format!("GET http://a.test/ HTTP/1.1\r\nCookie: {just}\r\n\r\n"));
}

#[test]
fn the_refusal_arrives_also_if_the_client_is_still_sending() {
    let origins = limited(Limits { head: 1000, ..Limits::default() });
    let mut client = Octets::connect(&origins);
    // Closing a socket with unread octets would reset the connection and lose the response.
    client.send(format!("GET http://a.test/{}", "x".repeat(200_000)));
    assert!(client.head().starts_with("HTTP/1.1 431 "));
}

#[test]
fn half_a_request_is_noted() {
    let origins = telling();
    for half in [
        "GET",
        "GET http://a.test/ HTTP/1.1\r\nCookie",
        &format!("{POST}Content-Length: 5\r\n\r\nab"),
    ] {
        let before = origins.failures().len();
        let mut client = Octets::connect(&origins);
        client.send(half);
        client.close_sending();
        assert_eq!(client.rest(), b"", "{half:?}");
        failure(&origins, "the connection ended within a request");
        assert_eq!(origins.failures().len(), before + 1, "{half:?}");
    }
}

#[test]
fn slow_requests_are_given_up() {
    let time = Duration::from_millis(50);
    let origins = limited(Limits { request_time: time, ..Limits::default() });
    for half in ["GET http://a.test/ HTTP/1.1\r\n", &format!("{POST}Content-Length: 5\r\n\r\nab")] {
        let mut client = Octets::connect(&origins);
        client.send(half);
        assert!(client.head().starts_with("HTTP/1.1 408 "), "{half:?}");
    }
    let mut client = Octets::connect(&origins);
    client.send([0x16, 3, 1]);
    assert!(client.is_over());
    failure(&origins, "no complete TLS handshake within 0.05 s");
}

#[test]
fn connections_without_requests_are_closed() {
    let time = Duration::from_millis(50);
    let origins = limited(Limits { idle_time: time, ..Limits::default() });
    assert!(Octets::connect(&origins).is_over());
    assert!(Octets::over(Octets::tunnel(&origins, "a.test:443")).is_over());
    let mut used = Octets::connect(&origins);
    used.request(GET);
    assert!(used.is_over());
    assert_eq!(origins.failures(), [], "this is no failure of the client");
}

#[test]
fn a_response_that_is_not_read_is_given_up() {
    let limits = Limits { response_time: Duration::from_millis(50), ..Limits::default() };
    let origins = start(Options { limits, ..Options::default() }, |_| {
        Reply::new(200).body(vec![b'x'; 64 << 20])
    });
    let mut client = Octets::connect(&origins);
    client.send(GET);
    failure(&origins, "the response was not accepted within 0.05 s");
}

#[test]
fn what_is_no_tls_is_noted() {
    for octets in [&[0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0][..], &[0x16; 600]] {
        let origins = telling();
        let mut client = Octets::connect(&origins);
        client.send(octets);
        while !client.is_over() {}
        failure(&origins, "TLS for an unknown host: ");
    }
}

#[test]
fn one_connection_too_many_is_closed() {
    let origins = limited(Limits { connections: 2, ..Limits::default() });
    let mut kept: Vec<_> = (0..2).map(|_| Octets::connect(&origins)).collect();
    for client in &mut kept {
        client.request(GET);
    }
    assert_eq!(origins.connections(), 2);
    assert!(Octets::connect(&origins).is_over());
    failure(&origins, "too many connections are open");
    kept.pop().unwrap().close_sending();
    assert!(eventually(|| origins.connections() == 1));
    Octets::connect(&origins).request(GET);
}

#[test]
fn a_responder_that_panics_costs_one_connection() {
    let origins = start(Options::default(), |request| {
        assert_ne!(request.target, "/panic", "on purpose");
        Reply::new(200).body("ok")
    });
    let mut client = Octets::connect(&origins);
    client.send("GET http://a.test/panic HTTP/1.1\r\n\r\n");
    assert!(client.is_over());
    assert_eq!(Octets::connect(&origins).request(GET), "ok");
}

#[test]
fn octets_by_chance_neither_stop_nor_hang_the_server() {
    let time = Duration::from_millis(20);
    let limits = Limits { request_time: time, idle_time: time, ..Limits::default() };
    let origins = limited(limits);
    let mut random = Random(1);
    let pieces: [&[u8]; 16] = [
        b"GET ",
        b"CONNECT ",
        b"POST ",
        b"http://a.test",
        b"a.test:443",
        b"/",
        b" HTTP/1.1",
        b"\r\n",
        b"\n",
        b"\r\n\r\n",
        b"Host: a.test\r\n",
        b"Content-Length: 7\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Cookie: a=b\r\n",
        &[0x16, 3, 1],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ];
    for _ in 0..300 {
        let mut octets = Vec::new();
        for _ in 0..random.below(12) {
            match random.below(20) {
                piece if piece < pieces.len() => octets.extend_from_slice(pieces[piece]),
                _ => octets.extend((0..random.below(20)).map(|_| random.below(256) as u8)),
            }
        }
        let mut client = Octets::connect(&origins);
        // The server may have ended the connection already.
        let _ = client.stream.write_all(&octets);
        client.close_sending();
        while !client.is_over() {}
    }
    assert_eq!(Octets::connect(&origins).request(GET), "http://a.test/");
}

/// Numbers that are the same in every run (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}
