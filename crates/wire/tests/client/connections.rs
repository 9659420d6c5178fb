//! Which connection a request is sent on.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cookiespec_wire::{Bounds, Client, Error, Request, Scheme, Trust};

use crate::server::{BOUNDS, OK, Server, script, sent};

const KEEP_ALIVE: Bounds = Bounds { keep_alive: true, ..BOUNDS };

fn get() -> Request {
    Request::new("GET", "/")
}

/// Sends two requests to a server that answers the first with these octets and then follows one of
/// two scripts: `true` if the second request came on the same connection.
fn reuses(bounds: Bounds, first: &'static [u8]) -> bool {
    let (sender, receiver) = std::sync::mpsc::channel();
    let same = sender.clone();
    let server = Server::start(vec![
        script(move |mut peer| {
            peer.read_head();
            peer.send(first);
            // Closed by the client, or the next request.
            let mut octet = [0];
            if peer.stream.peek(&mut octet).unwrap_or(0) == 1 {
                peer.read_head();
                peer.send(OK);
                same.send(true).unwrap();
            }
        }),
        script(move |mut peer| {
            // The test connects here in any case, so that the server ends.
            let mut octet = [0];
            if peer.stream.peek(&mut octet).unwrap_or(0) == 1 {
                peer.read_head();
                peer.send(OK);
                sender.send(false).unwrap();
            }
        }),
    ]);
    let client = server.client(bounds);
    assert!(client.send(&get()).is_ok());
    assert!(client.send(&get()).is_ok());
    drop(client);
    drop(std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)));
    let is_same = receiver.recv().unwrap();
    server.finish();
    is_same
}

#[test]
fn a_connection_is_used_for_the_next_request() {
    assert!(reuses(KEEP_ALIVE, OK));
    assert!(reuses(KEEP_ALIVE, b"HTTP/1.1 204 No Content\r\n\r\n"));
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    assert!(reuses(KEEP_ALIVE, chunked));
}

#[test]
fn connections_are_not_kept_unless_the_bounds_say_so() {
    assert!(!reuses(BOUNDS, OK));
}

#[test]
fn a_connection_that_the_server_closes_is_not_used_again() {
    let closing = b"HTTP/1.1 200 OK\r\nConnection: X, Close\r\nContent-Length: 0\r\n\r\n";
    assert!(!reuses(KEEP_ALIVE, closing));
}

#[test]
fn surplus_octets_end_the_use_of_a_connection() {
    assert!(!reuses(KEEP_ALIVE, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"));
    assert!(!reuses(KEEP_ALIVE, b"HTTP/1.1 204 X\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"));
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx";
    assert!(!reuses(KEEP_ALIVE, chunked));
}

#[test]
fn a_request_on_a_stale_connection_is_sent_once_more() {
    let server = Server::start(vec![
        script(|mut peer| {
            peer.read_head();
            peer.send(OK);
        }),
        script(|mut peer| {
            peer.read_head();
            peer.send(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        }),
    ]);
    let client = server.client(KEEP_ALIVE);
    assert_eq!(client.send(&get()).unwrap().status, 200);
    assert_eq!(client.send(&get()).unwrap().status, 201);
    server.finish();
}

#[test]
fn a_request_on_a_new_connection_is_sent_only_once() {
    let server = Server::start(vec![script(|mut peer| drop(peer.read_head()))]);
    let error = server.client(KEEP_ALIVE).send(&get()).unwrap_err();
    assert!(matches!(error, Error::Closed(0)), "{error}");
    server.finish();
}

#[test]
fn requests_of_several_threads_have_connections_of_their_own() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = Server::start(vec![
        script(move |mut peer| {
            peer.read_head();
            sender.send(peer).unwrap();
        }),
        script(move |mut second| {
            second.read_head();
            let mut first = receiver.recv().unwrap();
            // Both requests are open at the same time.
            second.send(OK);
            first.send(OK);
        }),
    ]);
    let client = server.client(KEEP_ALIVE);
    std::thread::scope(|scope| {
        let requests = [(); 2].map(|()| scope.spawn(|| client.send(&get()).unwrap().status));
        assert_eq!(requests.map(|request| request.join().unwrap()), [200, 200]);
    });
    server.finish();
}

#[test]
fn a_closed_port_is_an_error_of_the_connection() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let client = Client::new(Scheme::Http, "127.0.0.1", port, &Trust::System, BOUNDS).unwrap();
    let error = client.send(&get()).unwrap_err();
    assert!(matches!(&error, Error::Connect(address, _) if address.ends_with(&port.to_string())));
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn the_authority_leaves_out_the_default_port() {
    for (scheme, port, authority) in [
        (Scheme::Http, 80, "[::1]"),
        (Scheme::Http, 443, "[::1]:443"),
        (Scheme::Https, 443, "[::1]"),
        (Scheme::Https, 80, "[::1]:80"),
    ] {
        let client = Client::new(scheme, "[::1]", port, &Trust::System, BOUNDS).unwrap();
        assert_eq!(client.authority(), authority);
    }
}

#[test]
fn literal_addresses_are_not_looked_up() {
    for (host, address) in [("127.0.0.1", "127.0.0.1:81"), ("[::1]", "[::1]:81")] {
        let client = Client::new(Scheme::Http, host, 81, &Trust::System, BOUNDS).unwrap();
        let addresses = client.addresses().unwrap();
        assert_eq!(addresses.iter().map(ToString::to_string).collect::<Vec<_>>(), [address]);
    }
}

/// A name that resolves to nothing: the client does not look it up.
#[test]
fn a_pinned_client_connects_to_its_addresses_and_no_others() {
    let server = Server::answering(OK);
    let address = ([127, 0, 0, 1], server.port).into();
    let client = Client::new(Scheme::Http, "name.invalid", 80, &Trust::System, BOUNDS).unwrap();
    let pinned = client.pinned_to(vec![address]);
    assert_eq!(pinned.addresses().unwrap(), [address]);
    assert_eq!(pinned.send(&get()).unwrap().status, 200);
    server.finish();
    let nowhere = pinned.pinned_to(Vec::new());
    assert!(nowhere.send(&get()).is_err());
}

#[test]
fn the_octets_of_requests_and_responses_are_counted() {
    let answer = [OK, b"surplus"].concat();
    let server = Server::answering(answer.clone());
    let counter = Arc::new(AtomicU64::new(5));
    let client = server.client(BOUNDS).counting(Arc::clone(&counter));
    client.send(&get()).unwrap();
    server.finish();
    let sent = sent(&get(), BOUNDS).len();
    let counted = usize::try_from(counter.load(Ordering::SeqCst)).unwrap() - 5;
    // The port in the Host field may have another number of digits.
    assert!(counted.abs_diff(sent + answer.len()) <= 4, "{counted}");
}

/// The bounds of one request take the place of the client's.
#[test]
fn one_request_can_have_bounds_of_its_own() {
    let server = Server::answering(
        [&b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n"[..], &[b'x'; 90]].concat(),
    );
    let bounds = Bounds { octets: 100, ..BOUNDS };
    let error = server.client(BOUNDS).send_within(&get(), bounds).unwrap_err();
    assert!(matches!(error, Error::TooLong(100)), "{error}");
    server.finish();
}
