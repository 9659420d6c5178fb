//! Clients that send their requests slowly or not at all, over real connections.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cookiespec_reference_app::app::{self, Parts};
use cookiespec_reference_app::serve::{Limits, serve};
use cookiespec_session::{MemoryStore, Settings, SystemClock};
use tokio::runtime::{Builder, Runtime};

const LIMITS: Limits = Limits {
    head: Duration::from_millis(200),
    body: Duration::from_millis(200),
    connection: Duration::from_secs(600),
    connections: 4,
};
/// Only a test that fails waits for this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The application with these limits, until the runtime is dropped.
fn start(limits: Limits) -> (Runtime, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let router = app::router(Parts {
        store: Arc::new(MemoryStore::new()),
        clock: Arc::new(SystemClock),
        settings: Settings::default(),
        mutant: None,
        clock_control: None,
    });
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        serve(listener, router.unwrap(), limits).await.unwrap();
    });
    (runtime, address)
}

fn send(address: SocketAddr, octets: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(octets.as_bytes()).unwrap();
    stream
}

/// What the server sends until it closes the connection.
fn rest(mut stream: TcpStream) -> String {
    let mut octets = Vec::new();
    match stream.read_to_end(&mut octets) {
        Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => {
            panic!("the connection is held: {error}")
        }
        _ => String::from_utf8(octets).unwrap(),
    }
}

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

#[test]
fn sixteen_slow_connections_are_closed_and_keep_nobody_out() {
    for start_of_head in ["", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
        let (_runtime, address) = start(LIMITS);
        let slow: Vec<_> = (0..16).map(|_| send(address, start_of_head)).collect();
        assert!(rest(send(address, GET)).starts_with("HTTP/1.1 200 "), "{start_of_head:?}");
        for stream in slow {
            assert!(!rest(stream).starts_with("HTTP/1.1 200 "));
        }
    }
}

#[test]
fn content_that_does_not_come_is_408_and_the_end_of_the_connection() {
    let (_runtime, address) = start(LIMITS);
    let head = "POST /state HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\
        Content-Type: application/x-www-form-urlencoded\r\n\r\nkey=";
    let answer = rest(send(address, head));
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn an_idle_connection_is_closed_and_an_old_one_takes_no_more_requests() {
    let (_runtime, address) = start(LIMITS);
    let answer = rest(send(address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(
        answer.matches("HTTP/1.1").count(),
        1,
        "not what a next request would get: {answer}"
    );

    let connection = Duration::from_secs(1);
    let (_runtime, address) = start(Limits { connection, head: PATIENCE, ..LIMITS });
    let begun = Instant::now();
    let answer = rest(send(address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 ") && begun.elapsed() < PATIENCE, "{answer}");
}
