//! Requests whose last octet is held back.

use std::sync::mpsc::channel;

use cookiespec_wire::{Bounds, Error, Request};

use crate::server::{BOUNDS, OK, Server, script};

fn post(body: &[u8]) -> Request {
    let mut request = Request::new("POST", "/");
    request.body = body.to_vec();
    request
}

#[test]
fn the_last_octet_is_sent_by_finish() {
    let (sender, receiver) = channel();
    let server = Server::start(vec![script(move |mut peer| {
        peer.read_head();
        sender.send(peer.read_exactly(2)).unwrap();
        assert_eq!(peer.read_exactly(1), b"c");
        peer.send(OK);
        assert_eq!(peer.wait_for_close(), b"");
    })]);
    let pending = server.client(BOUNDS).begin(&post(b"abc")).unwrap();
    assert_eq!(receiver.recv().unwrap(), b"ab");
    // The server has everything but the last octet, and no other octet is on its way.
    assert_eq!(pending.finish().unwrap().status, 200);
    server.finish();
}

#[test]
fn content_of_one_octet_is_held_back_completely() {
    let (sender, receiver) = channel();
    let server = Server::start(vec![script(move |mut peer| {
        sender.send(peer.read_head()).unwrap();
        assert_eq!(peer.read_exactly(1), b"a");
        peer.send(OK);
    })]);
    let pending = server.client(BOUNDS).begin(&post(b"a")).unwrap();
    let head = receiver.recv().unwrap();
    assert!(head.windows(17).any(|part| part == b"Content-Length: 1"));
    assert_eq!(pending.finish().unwrap().status, 200);
    server.finish();
}

#[test]
fn a_request_without_content_is_sent_completely() {
    let server = Server::answering(OK);
    let pending = server.client(BOUNDS).begin(&Request::new("GET", "/")).unwrap();
    assert_eq!(pending.finish().unwrap().status, 200);
    server.finish();
}

#[test]
fn other_requests_pass_a_pending_one() {
    let (sender, receiver) = channel();
    let server = Server::start(vec![
        script(move |peer| sender.send(peer).unwrap()),
        script(move |mut other| {
            other.read_head();
            other.send(OK);
            let mut peer = receiver.recv().unwrap();
            peer.read_head();
            assert_eq!(peer.read_exactly(2), b"ab");
            peer.send(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        }),
    ]);
    let client = server.client(Bounds { keep_alive: true, ..BOUNDS });
    let pending = client.begin(&post(b"ab")).unwrap();
    assert_eq!(client.send(&Request::new("GET", "/")).unwrap().status, 200);
    assert_eq!(pending.finish().unwrap().status, 201);
    server.finish();
}

#[test]
fn a_server_that_gives_up_on_a_pending_request_is_an_error() {
    let server = Server::start(vec![script(|mut peer| drop(peer.read_head()))]);
    let pending = server.client(BOUNDS).begin(&post(b"a")).unwrap();
    server.finish();
    let error = pending.finish().unwrap_err();
    assert!(matches!(error, Error::Closed(0)), "{error}");
}

#[test]
fn finish_has_a_deadline_of_its_own() {
    let time = std::time::Duration::from_millis(200);
    let server = Server::start(vec![script(|mut peer| {
        peer.read_head();
        peer.wait_for_close();
    })]);
    let pending = server.client(Bounds { time, ..BOUNDS }).begin(&post(b"a")).unwrap();
    let error = pending.finish().unwrap_err();
    assert!(matches!(error, Error::Timeout(it) if it == time), "{error}");
    server.finish();
}

#[test]
fn debug_output_shows_no_content() {
    let server = Server::answering(OK);
    let pending = server.client(BOUNDS).begin(&post(b"secret")).unwrap();
    let shown = format!("{pending:?}");
    assert!(shown.contains("POST") && !shown.contains("secret"), "{shown}");
    drop(pending);
    server.finish();
}
