//! `cookiespec origins` as a process: what it prints is true, and Ctrl-C ends it cleanly.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A process that is ended with its test.
struct Served {
    process: Child,
    /// The lines up to the one that says how to end it.
    printed: Vec<String>,
}

impl Served {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cookiespec"));
        let mut process = command.arg("origins").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.as_mut().unwrap()).lines();
        let mut printed = Vec::new();
        while printed.last().is_none_or(|line| line != "Ctrl-C ends it.") {
            printed.push(lines.next().expect("it ended by itself").unwrap());
        }
        Self { process, printed }
    }

    /// The first word of the line that begins like this.
    fn value(&self, name: &str) -> &str {
        let line = self.printed.iter().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim_start().split([',', ' ']).next().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended already unless an assertion failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_serves_what_it_prints_until_a_signal() {
    let mut served = Served::start();
    let authority = Path::new(served.value("Authority")).to_owned();
    assert!(std::fs::read_to_string(&authority).unwrap().contains("BEGIN CERTIFICATE"));

    let page = get(served.value("Proxy"), served.value("Start page"));
    assert!(page.contains("\r\n\r\n<!DOCTYPE html>"), "{page}");
    assert!(page.contains("<button id=\"start\">"), "{page}");
    let any = get(served.value("Proxy"), "http://a.test/?set-cookie=a%3D1");
    assert!(any.contains("\r\nSet-Cookie: a=1\r\n"), "{any}");
    assert!(any.ends_with("GET http://a.test/?set-cookie=a%3D1\n\nCookie: b=2\n"), "{any}");

    let id = served.process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(served.process.wait().unwrap().code(), Some(0));
    assert!(!authority.exists());
}

#[test]
fn a_port_in_use_is_an_error() {
    let served = Served::start();
    let (_, port) = served.value("Proxy").split_once(':').unwrap();
    let mut second = Command::new(env!("CARGO_BIN_EXE_cookiespec"));
    let output = second.args(["origins", "--port", port]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains(&format!("127.0.0.1:{port} is in use by another program")), "{text}");
}

/// The response of a proxy to a GET of a URI.
fn get(proxy: &str, uri: &str) -> String {
    let mut stream = TcpStream::connect(proxy).unwrap();
    write!(stream, "GET {uri} HTTP/1.1\r\nCookie: b=2\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}
