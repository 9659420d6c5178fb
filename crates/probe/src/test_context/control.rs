//! Control over the application: its clock, its process and its store.

use std::process::Command;
use std::thread;
use std::time::Duration;

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
            thread::sleep(Duration::from_secs(seconds));
            return Ok(());
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
        let got = match command.output() {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => {
                let stderr = String::from_utf8_lossy(&output.stderr);
                format!("it ended with {}; its error output: {}", output.status, stderr.trim())
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
}

fn missing(key: &str) -> ProbeError {
    ProbeError::descriptor(
        "the store",
        format!("the descriptor has no `{key}`"),
        format!("add `{key}` to the descriptor"),
    )
}
