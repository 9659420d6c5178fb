//! What the server leaves behind: nothing. The test has a process of its own, because it counts what
//! the process has.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_wire::server::{Options, Origins, Received, Reply};

#[test]
fn nothing_is_left_of_many_requests() {
    let answer = |_: &Received| Reply::new(200).field("Set-Cookie", "a=1").body("x");
    let start = || Origins::start(Options::default(), Arc::new(answer)).unwrap();
    // What tokio opens once for a process, such as its pipe for signals, is no leak.
    start().stop();
    let descriptors = count("/proc/self/fd");
    let threads = count("/proc/self/task");
    let origins = start();
    let file = origins.ca_file().to_owned();

    // As many as it takes to see a leak; `examples/load.rs` sends more.
    for round in 0..100 {
        let mut streams: Vec<_> =
            (0..10).map(|_| TcpStream::connect(origins.address()).unwrap()).collect();
        for number in 0..5 {
            for stream in &mut streams {
                let request = format!("GET http://h{round}.test/{number} HTTP/1.1\r\n\r\n");
                stream.write_all(request.as_bytes()).unwrap();
            }
            for stream in &mut streams {
                read_response(stream);
            }
        }
        // Half of them in the middle of a request.
        for stream in streams.iter_mut().step_by(2) {
            stream.write_all(b"GET http://a.test/ HT").unwrap();
        }
    }
    let deadline = Instant::now() + Duration::from_secs(30);
    while origins.connections() > 0 {
        assert!(Instant::now() < deadline, "{} connections are left", origins.connections());
        thread::sleep(Duration::from_millis(1));
    }
    let exchanges = origins.exchanges();
    assert_eq!(exchanges.last().unwrap().number, 100 * 10 * 5);
    assert!(exchanges.len() <= 4096);
    drop(exchanges);

    // Some that are open when it stops.
    let mut open: Vec<_> =
        (0..10).map(|_| TcpStream::connect(origins.address()).unwrap()).collect();
    for stream in &mut open {
        stream.write_all(b"GET http://a.test/ HTTP/1.1\r\n\r\n").unwrap();
        read_response(stream);
    }
    let address = origins.address();
    origins.stop();
    for mut stream in open {
        assert_eq!(stream.read(&mut [0; 10]).unwrap_or(0), 0, "the connection is closed");
    }
    assert!(TcpStream::connect(address).is_err(), "nothing listens any longer");
    assert!(!file.exists());
    assert_eq!(count("/proc/self/fd"), descriptors);
    assert_eq!(count("/proc/self/task"), threads);
}

/// Reads the response of the server above, which ends with its content.
fn read_response(stream: &mut TcpStream) {
    let mut octets = Vec::new();
    let mut octet = [0];
    while !octets.ends_with(b"\r\n\r\nx") {
        assert_eq!(stream.read(&mut octet).unwrap(), 1, "{}", octets.escape_ascii());
        octets.push(octet[0]);
    }
}

fn count(folder: &str) -> usize {
    fs::read_dir(folder).unwrap().count()
}
