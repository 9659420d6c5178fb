//! Control over the application: its clock, its process and its store.

use std::io::{self, Read, Seek};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::TestContext;
use crate::descriptor::request::RequestTemplate;
use crate::descriptor::{Process, Store};
use crate::error::{ErrorKind, ProbeError};
use crate::host::{DEFAULT_IDLE, ready_path, start_and_wait};
use crate::template::Values;
use crate::verdict::shown_value;

impl TestContext {
    /// Whether the clock of the application can be advanced, so that no check has to wait.
    pub fn has_clock(&self) -> bool {
        self.clock_control().is_some()
    }

    /// Lets time pass: advances the clock if the descriptor declares how, and waits otherwise.
    ///
    /// # Errors
    /// [`ProbeError`] if the clock cannot be advanced.
    pub fn pass_time(&self, seconds: u64) -> Result<(), ProbeError> {
        let Some(clock) = self.clock_control() else {
            return self.shared.wait(Duration::from_secs(seconds));
        };
        let values = Values::default().with("seconds", seconds.to_string());
        let reply = self.replay_client("").send(clock, &values)?;
        if !(200..400).contains(&reply.status()) {
            return Err(ProbeError::descriptor(
                format!("{} {}{}", clock.method, self.site.origin(), clock.path),
                format!("status {}", reply.status()),
                "correct `process.clock`: the request has to advance the clock of the application",
            ));
        }
        self.shared.advance(seconds);
        Ok(())
    }

    /// Stops the application and starts it again with this idle timeout in seconds.
    ///
    /// # Errors
    /// [`ProbeError`] if it does not start, or there is no `[process]`.
    pub fn restart(&self, idle: u64) -> Result<(), ProbeError> {
        let Some(host) = &self.host else {
            let advice = "add [process] to the descriptor";
            return Err(ProbeError::descriptor(
                "a restart",
                "the descriptor has no [process]",
                advice,
            ));
        };
        let mut host = Self::lock(host);
        host.stop();
        // A new process starts with the clock of the machine.
        self.shared.reset_clock();
        let ready = ready_path(self.descriptor.process.as_ref(), &self.descriptor.whoami.path);
        start_and_wait(&mut **host, &self.site, ready, idle)
    }

    /// Whether the application can be started with another idle timeout.
    pub fn can_set_idle(&self) -> bool {
        self.descriptor.process.as_ref().is_some_and(Process::mentions_idle)
    }

    /// The idle timeout that the application is started with by default, in seconds.
    pub fn default_idle(&self) -> u64 {
        self.descriptor.policy.idle.unwrap_or(DEFAULT_IDLE)
    }

    /// The number of sessions in the store (`second.store.size`).
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response, or no number in it.
    pub fn store_size(&self) -> Result<u64, ProbeError> {
        let size = self.store().and_then(|store| store.size.as_ref());
        let Some(size) = size else { return Err(missing("second.store.size")) };
        let found = self.replay_client("").find(size, &Values::default())?;
        found.as_deref().and_then(|count| count.trim().parse().ok()).ok_or_else(|| {
            ProbeError::descriptor(
                format!("GET {}{}", self.site().origin(), size.path),
                format!("`second.store.size` matches {}", shown_value(found.as_deref())),
                "let group 1 of its capture match a number",
            )
        })
    }

    /// Has the application remove expired sessions, if the descriptor declares how.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn purge(&self) -> Result<(), ProbeError> {
        if let Some(purge) = self.store().and_then(|store| store.purge.as_ref()) {
            self.replay_client("").send(purge, &Values::default())?;
        }
        Ok(())
    }

    /// Stops the store (`second.store.stop`).
    ///
    /// # Errors
    /// [`ProbeError`] if the command fails.
    pub fn stop_store(&self) -> Result<(), ProbeError> {
        self.run("second.store.stop", self.store().and_then(|store| store.stop.as_deref()))
    }

    /// Starts the store again (`second.store.start`).
    ///
    /// # Errors
    /// [`ProbeError`] if the command fails.
    pub fn start_store(&self) -> Result<(), ProbeError> {
        self.run("second.store.start", self.store().and_then(|store| store.start.as_deref()))
    }

    fn clock_control(&self) -> Option<&RequestTemplate> {
        self.descriptor.process.as_ref()?.clock.as_ref()
    }

    fn store(&self) -> Option<&Store> {
        self.descriptor.second.as_ref()?.store.as_ref()
    }

    /// Runs a command of the descriptor in its folder, and waits for its end.
    fn run(&self, key: &str, words: Option<&[String]>) -> Result<(), ProbeError> {
        let Some([program, arguments @ ..]) = words else { return Err(missing(key)) };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.descriptor.folder);
        let got = match self.run_to_end(command) {
            Ok((status, _)) if status.success() => return Ok(()),
            Ok((status, stderr)) => {
                format!("it ended with {status}; its error output: {}", stderr.trim())
            }
            Err(error) => error.to_string(),
        };
        Err(ProbeError {
            request: format!("running {}", words.unwrap_or_default().join(" ")),
            got,
            advice: format!("correct `{key}`; it is run in the folder of the descriptor"),
            kind: ErrorKind::Descriptor,
        })
    }

    /// Runs a command to its end, and returns the start of what it writes to stderr. What it starts
    /// in the background goes on, and may keep its output open: hence a file instead of a pipe.
    fn run_to_end(&self, mut command: Command) -> io::Result<(ExitStatus, String)> {
        let mut stderr = tempfile::tempfile()?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(stderr.try_clone()?);
        let mut child = command.spawn()?;
        let deadline = Instant::now() + COMMAND_TIME;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if Instant::now() > deadline || self.shared.budget.check().is_err() {
                child.kill()?;
                child.wait()?;
                let seconds = COMMAND_TIME.as_secs();
                return Err(io::Error::other(format!("it did not end within {seconds} s")));
            }
            thread::sleep(POLL);
        };
        let mut text = Vec::new();
        stderr.rewind()?;
        stderr.take(SHOWN_STDERR).read_to_end(&mut text)?;
        Ok((status, String::from_utf8_lossy(&text).into_owned()))
    }
}

fn missing(key: &str) -> ProbeError {
    ProbeError::descriptor(
        "the store",
        format!("the descriptor has no `{key}`"),
        format!("add `{key}` to the descriptor"),
    )
}

/// The longest that a command of the descriptor may take.
const COMMAND_TIME: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);
/// The most octets of a command's error output that are read.
const SHOWN_STDERR: u64 = 2_000;
