//! Bounds: what a server cannot make a client read, store or wait for.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use cookiespec_wire::{Bounds, Error, Request, Response};

use crate::server::{BOUNDS, OK, Peer, Server, script};

const LIMIT: usize = 4_096;
const TIME: Duration = Duration::from_millis(200);

/// The outcome of a GET request to a server that does this after it has read the head.
fn send(
    bounds: Bounds,
    request: &Request,
    act: impl FnOnce(&mut Peer) + Send + 'static,
) -> Result<Response, Error> {
    let server = Server::start(vec![script(move |mut peer| {
        peer.read_head();
        act(&mut peer);
    })]);
    let response = server.client(bounds).send(request);
    server.finish();
    response
}

#[track_caller]
fn is_too_long(act: impl FnOnce(&mut Peer) + Send + 'static) {
    let bounds = Bounds { octets: LIMIT, ..BOUNDS };
    let response = send(bounds, &Request::new("GET", "/"), act);
    assert!(matches!(response, Err(Error::TooLong(LIMIT))), "{response:?}");
}

#[track_caller]
fn times_out(request: &Request, act: impl FnOnce(&mut Peer) + Send + 'static) {
    let start = Instant::now();
    let response = send(Bounds { time: TIME, ..BOUNDS }, request, act);
    assert!(matches!(response, Err(Error::Timeout(TIME))), "{response:?}");
    let elapsed = start.elapsed();
    assert!(elapsed >= TIME && elapsed < 20 * TIME, "{elapsed:?}");
}

#[test]
fn a_head_without_an_end_is_too_long() {
    is_too_long(|peer| {
        peer.send(b"HTTP/1.1 200 OK\r\nX: ");
        peer.flood(&[b'x'; 512]);
    });
}

#[test]
fn interim_responses_without_an_end_are_too_long() {
    is_too_long(|peer| peer.flood(b"HTTP/1.1 100 Continue\r\n\r\n"));
}

#[test]
fn content_without_an_end_is_too_long() {
    is_too_long(|peer| {
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n");
        peer.flood(&[b'x'; 512]);
    });
}

#[test]
fn a_length_above_the_limit_is_too_long() {
    is_too_long(|peer| {
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n");
        peer.flood(&[b'x'; 512]);
    });
}

#[test]
fn a_chunk_above_the_limit_is_refused_before_it_arrives() {
    is_too_long(|peer| {
        peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n");
        peer.wait_for_close();
    });
}

#[test]
fn chunks_and_trailers_without_an_end_are_too_long() {
    for part in [&b"1\r\nx\r\n"[..], b"0\r\nTrailer: x\r\n"] {
        is_too_long(move |peer| {
            peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            peer.flood(part);
        });
    }
}

#[test]
fn a_response_of_exactly_the_limit_is_accepted() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: ";
    let length = LIMIT - head.len() - "4036\r\n\r\n".len();
    for (surplus, is_accepted) in [(0, true), (1, false)] {
        let length = length + surplus;
        let octets = format!("{head}{length}\r\n\r\n{}", "x".repeat(length)).into_bytes();
        assert_eq!(octets.len(), LIMIT + surplus);
        let bounds = Bounds { octets: LIMIT, ..BOUNDS };
        let response = send(bounds, &Request::new("GET", "/"), move |peer| peer.send(&octets));
        assert_eq!(response.is_ok(), is_accepted, "{response:?}");
    }
}

#[test]
fn a_silent_server_times_out() {
    times_out(&Request::new("GET", "/"), |peer| drop(peer.wait_for_close()));
}

#[test]
fn a_server_that_sends_octet_by_octet_does_not_extend_the_deadline() {
    times_out(&Request::new("GET", "/"), |peer| {
        peer.stream.set_nodelay(true).unwrap();
        peer.stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
        peer.send(b"HTTP/1.1 200 OK\r\nX: ");
        // A read that ends by its timeout paces the octets.
        while peer.wait_for_timeout() {
            peer.send(b"x");
        }
    });
}

#[test]
fn a_server_that_does_not_read_times_out() {
    let mut request = Request::new("POST", "/");
    request.body = vec![b'x'; 64 << 20];
    let (given_up, wait) = channel::<()>();
    let server = Server::start(vec![script(move |peer| {
        // The connection stays open without being read until the client has given up.
        let _ = wait.recv();
        drop(peer);
    })]);
    let response = server.client(Bounds { time: TIME, ..BOUNDS }).send(&request);
    assert!(matches!(response, Err(Error::Timeout(TIME))), "{response:?}");
    drop(given_up);
    server.finish();
}

#[test]
fn a_response_in_time_is_not_affected_by_the_deadline() {
    let bounds = Bounds { time: TIME * 10, ..BOUNDS };
    let response = send(bounds, &Request::new("GET", "/"), |peer| peer.send(OK));
    assert_eq!(response.unwrap().status, 200);
}
