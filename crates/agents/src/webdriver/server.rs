//! A WebDriver server as a child process.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_process::Process;

use super::error::{BrowserError, last_line};
use super::session::is_ready;

/// A running WebDriver server. It and the browsers it started end when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Process,
    /// Its port on the loopback interface.
    pub(super) port: u16,
}

impl Server {
    /// Starts the server that `command` makes for a port, and waits until it is ready.
    ///
    /// The port is one that the system says is free. Another program may take it before the server
    /// does; the server then ends, and another port is tried.
    pub(super) fn start(
        program: &Path,
        command: impl Fn(&mut Command, u16),
    ) -> Result<Self, BrowserError> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let not_started = |what| BrowserError::NotStarted { program: name.clone(), what };
        for _ in 0..TRIES {
            let port = free_port().map_err(|error| not_started(error.to_string()))?;
            let mut child = Command::new(program);
            command(&mut child, port);
            let process =
                Process::start_service(child).map_err(|error| not_started(error.to_string()))?;
            let mut server = Self { process, port };
            match server.become_ready() {
                Ok(()) => return Ok(server),
                Err(output) if is_port_in_use(&output) => {}
                Err(output) => return Err(not_started(last_line(&output))),
            }
        }
        Err(BrowserError::PortInUse { server: name, tries: TRIES })
    }

    /// Waits until the server is ready.
    ///
    /// # Errors
    /// It ended, or is not ready in time: what it wrote.
    fn become_ready(&mut self) -> Result<(), Vec<u8>> {
        let deadline = Instant::now() + READY_TIME;
        while self.process.exited().is_none() && Instant::now() < deadline {
            if is_ready(self.port) {
                return Ok(());
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        self.process.kill();
        Err(self.process.stderr_tail())
    }

    /// Whether it has ended, and what it wrote last.
    pub(super) fn end(&mut self) -> Option<String> {
        let status = self.process.exited()?;
        Some(format!("{status}; {}", last_line(&self.process.stderr_tail())))
    }
}

/// A port of the loopback interface that nobody listens on.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Whether a server ended because its port was taken: the words of chromedriver, of geckodriver and
/// of WebKitWebDriver.
fn is_port_in_use(output: &[u8]) -> bool {
    let output = String::from_utf8_lossy(output).to_ascii_lowercase();
    ["port not available", "address already in use", "unable to listen"]
        .iter()
        .any(|words| output.contains(words))
}

const TRIES: usize = 3;
const READY_TIME: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);
