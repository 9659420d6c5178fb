//! A Redis server for the length of a test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A server of its own on a free port; it ends with this.
#[derive(Debug)]
pub struct RedisServer {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl RedisServer {
    /// Starts one; `None`, with a remark on stderr, if `redis-server` is not installed.
    ///
    /// # Panics
    /// If no folder or port can be had, or the server does not answer within 20 s.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let started = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--port", &port.to_string(), "--dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn();
        let process = match started {
            Ok(process) => process,
            Err(error) => {
                // Past the test harness, which keeps what a passing test prints to itself.
                let why = "skipped: redis-server does not start; install it to test this store";
                let _ = writeln!(std::io::stderr(), "{why} ({error})");
                return None;
            }
        };
        let server = Self { process, port, _folder: folder };
        let begun = Instant::now();
        while !server.answers() {
            assert!(begun.elapsed() < Duration::from_secs(20), "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }

    /// Its address, as Redis clients take it.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let mut reply = [0; 7];
        stream.write_all(b"PING\r\n").is_ok()
            && stream.read_exact(&mut reply).is_ok()
            && reply == *b"+PONG\r\n"
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
