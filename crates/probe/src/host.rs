//! Starting and stopping the application.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use cookiespec_process::Process;

use crate::descriptor;
use crate::template::{Place, Values};
use crate::trouble::{Trouble, TroubleKind};

/// Something that can start and stop the application.
pub trait Host: fmt::Debug + Send {
    /// Starts the application with this idle timeout in seconds. It may take a while until it
    /// answers.
    ///
    /// # Errors
    /// [`Trouble`] where it cannot be started.
    fn start(&mut self, idle: u64) -> Result<(), Trouble>;

    /// Stops it at once.
    fn stop(&mut self);

    /// Whether it has ended by itself, and what it said last.
    fn ended(&mut self) -> Option<String>;
}

/// An application that a command starts.
#[derive(Debug)]
pub(crate) struct CommandHost {
    start: Vec<String>,
    env: BTreeMap<String, String>,
    folder: PathBuf,
    values: Values,
    running: Option<Process>,
}

impl CommandHost {
    /// `values` are those that stay the same from one start to the next.
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
    fn start(&mut self, idle: u64) -> Result<(), Trouble> {
        let values = self.values.clone().with("ttl", idle.to_string());
        let words: Vec<_> = self.start.iter().map(|it| values.fill(it, Place::Plain)).collect();
        // A path is meant from the descriptor's folder, a bare name is looked up as by a shell.
        let program = match words[0].contains('/') {
            true => self.folder.join(&words[0]).into_os_string(),
            false => words[0].clone().into(),
        };
        let mut command = Command::new(program);
        command.args(&words[1..]).current_dir(&self.folder);
        for (name, value) in &self.env {
            command.env(name, values.fill(value, Place::Plain));
        }
        let started = Process::start_service(command).map_err(|error| Trouble {
            request: format!("starting {}", words.join(" ")),
            got: error.to_string(),
            advice: "correct `process.start`; it is run in the folder of the descriptor".to_owned(),
            kind: TroubleKind::Descriptor,
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
        let said = process.stderr_tail();
        let said = String::from_utf8_lossy(&said);
        let last: Vec<_> = said.lines().rev().take(SHOWN_LINES).collect();
        let last: Vec<_> = last.into_iter().rev().collect();
        Some(format!("it ended with {status} and said: {}", last.join(" | ")))
    }
}

/// A port on loopback that was free a moment ago.
///
/// # Errors
/// [`Trouble`] where there is none.
pub(crate) fn free_port() -> Result<u16, Trouble> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
    port.map(|address| address.port()).map_err(|error| Trouble {
        request: "looking for a free port".to_owned(),
        got: error.to_string(),
        advice: "write a port in `origin` in place of {port}".to_owned(),
        kind: TroubleKind::NoAnswer,
    })
}

const SHOWN_LINES: usize = 6;
