//! Starting and stopping the application.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_process::Process;
use cookiespec_wire::Request;

use crate::descriptor;
use crate::error::{ErrorKind, ProbeError};
use crate::site::Site;
use crate::template::{Place, Values};

/// Starts and stops the application.
pub trait Host: fmt::Debug + Send {
    /// Starts the application with this idle timeout in seconds. It need not be ready when this
    /// returns.
    ///
    /// # Errors
    /// [`ProbeError`] if it cannot be started.
    fn start(&mut self, idle: u64) -> Result<(), ProbeError>;

    /// Stops the application at once.
    fn stop(&mut self);

    /// How the application ended and its last output, if it has ended by itself.
    fn ended(&mut self) -> Option<String>;
}

/// An application that is started by a command.
#[derive(Debug)]
pub(crate) struct CommandHost {
    start: Vec<String>,
    env: BTreeMap<String, String>,
    folder: PathBuf,
    values: Values,
    running: Option<Process>,
}

impl CommandHost {
    /// `values` are those that are the same for every start.
    pub(crate) fn new(
        start: &[String],
        process: &descriptor::Process,
        folder: &Path,
        values: Values,
    ) -> Self {
        Self {
            start: start.to_vec(),
            env: process.env.clone(),
            folder: folder.to_owned(),
            values,
            running: None,
        }
    }
}

impl Host for CommandHost {
    fn start(&mut self, idle: u64) -> Result<(), ProbeError> {
        let values = self.values.clone().with("ttl", idle.to_string());
        let words: Vec<_> = self.start.iter().map(|it| values.fill(it, Place::Plain)).collect();
        // A path is relative to the descriptor's folder, a bare name is looked up as by a shell.
        let program = match words[0].contains('/') {
            true => self.folder.join(&words[0]).into_os_string(),
            false => words[0].clone().into(),
        };
        let mut command = Command::new(program);
        command.args(&words[1..]).current_dir(&self.folder);
        for (name, value) in &self.env {
            command.env(name, values.fill(value, Place::Plain));
        }
        let started = Process::start_service(command).map_err(|error| ProbeError {
            request: format!("starting {}", words.join(" ")),
            got: error.to_string(),
            advice: "correct `process.start`; it is run in the folder of the descriptor".to_owned(),
            kind: ErrorKind::Descriptor,
        })?;
        self.running = Some(started);
        Ok(())
    }

    fn stop(&mut self) {
        self.running = None;
    }

    fn ended(&mut self) -> Option<String> {
        let process = self.running.as_mut()?;
        let status = process.exited()?;
        let output = process.stderr_tail();
        let output = String::from_utf8_lossy(&output);
        let last: Vec<_> = output.lines().rev().take(SHOWN_LINES).collect();
        let last: Vec<_> = last.into_iter().rev().collect();
        Some(format!("it ended with {status}; its last output: {}", last.join(" | ")))
    }
}

/// The path that responds when the application is ready.
pub(crate) fn ready_path<'a>(process: Option<&'a descriptor::Process>, whoami: &'a str) -> &'a str {
    process.and_then(|process| process.ready.as_deref()).unwrap_or(whoami)
}

/// Starts the application, and waits until it responds.
///
/// # Errors
/// [`ProbeError`] if it ends, or does not respond in time.
pub(crate) fn start_and_wait(
    host: &mut dyn Host,
    site: &Arc<Site>,
    ready: &str,
    idle: u64,
) -> Result<(), ProbeError> {
    host.start(idle)?;
    let deadline = Instant::now() + STARTUP;
    loop {
        let request = Request::new("GET", ready);
        let shown = site.shown(&request);
        let error = match site.send(0, request) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind == ErrorKind::Budget => return Err(error),
            Err(error) => error,
        };
        let not_ready = |got: String| {
            let advice = "run `process.start` by hand in the folder of the descriptor, and see \
                          that the application listens on {port}";
            let kind = ErrorKind::NoResponse;
            Err(ProbeError { request: shown.clone(), got, advice: advice.to_owned(), kind })
        };
        if let Some(end) = host.ended() {
            return not_ready(format!("the application has ended: {end}"));
        }
        if Instant::now() > deadline {
            let seconds = STARTUP.as_secs();
            return not_ready(format!("{} for {seconds} s after the start", error.got));
        }
        thread::sleep(POLL);
    }
}

/// A port on loopback that was free when this was called.
///
/// # Errors
/// [`ProbeError`] if there is none.
pub(crate) fn free_port() -> Result<u16, ProbeError> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
    port.map(|address| address.port()).map_err(|error| ProbeError {
        request: "looking for a free port".to_owned(),
        got: error.to_string(),
        advice: "write a port in `origin` instead of {port}".to_owned(),
        kind: ErrorKind::NoResponse,
    })
}

/// The default idle timeout in seconds: half an hour, as the cheat sheet has it for applications of
/// low risk.
pub(crate) const DEFAULT_IDLE: u64 = 1_800;
const STARTUP: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);
const SHOWN_LINES: usize = 6;
