//! A display that nobody sees: Xvfb.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use cookiespec_process::{Output, Process};

use super::error::{BrowserError, last_line};

/// A running Xvfb.
#[derive(Debug)]
pub(super) struct VirtualDisplay {
    /// Held for its `Drop`.
    _process: Process,
    /// The value of `DISPLAY`.
    pub(super) name: String,
}

impl VirtualDisplay {
    /// Starts Xvfb on a display that is free.
    pub(super) fn start(program: &Path) -> Result<Self, BrowserError> {
        let not_started = |what| BrowserError::NotStarted { program: "Xvfb".to_owned(), what };
        let mut command = Command::new(program);
        // It chooses the number itself and writes it to stdout.
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        command.arg("-noreset");
        let mut process =
            Process::start(command).map_err(|error| not_started(error.to_string()))?;
        let number = match process.read(Instant::now() + START_TIME) {
            Output::Line(line) => String::from_utf8(line).ok(),
            _ => None,
        };
        match number {
            Some(number) => Ok(Self { name: format!(":{}", number.trim()), _process: process }),
            None => {
                process.kill();
                Err(not_started(last_line(&process.stderr_tail())))
            }
        }
    }
}

const START_TIME: Duration = Duration::from_secs(20);
