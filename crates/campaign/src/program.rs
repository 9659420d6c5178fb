//! Running the program that is tried, with a limit on its time.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A program that runs, with its output in files, which never fill up.
#[derive(Debug)]
pub struct Running {
    /// The process.
    pub child: Child,
    stdout: File,
    stderr: File,
}

/// What came of running the program.
#[derive(Clone, Debug)]
pub struct Ran {
    /// How it ended; `None` if it did not within its time, and was killed.
    pub status: Option<ExitStatus>,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

impl Running {
    /// Starts a command with an empty stdin.
    ///
    /// # Errors
    /// It cannot be started, or there is no room for its output.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        command.stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
        Ok(Self { child: command.spawn()?, stdout, stderr })
    }

    /// Waits for its end, and kills it when the time is over.
    ///
    /// # Errors
    /// The operating system's.
    pub fn finish(mut self, deadline: Instant) -> io::Result<Ran> {
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break Some(status);
            }
            if Instant::now() >= deadline {
                self.child.kill()?;
                self.child.wait()?;
                break None;
            }
            thread::sleep(Duration::from_millis(2));
        };
        Ok(Ran { status, stdout: read(self.stdout)?, stderr: read(self.stderr)? })
    }
}

impl Ran {
    /// Runs a command, for so long at most.
    ///
    /// # Errors
    /// As [`Running::start`] and [`Running::finish`].
    pub fn of(command: &mut Command, time: Duration) -> io::Result<Self> {
        let deadline = Instant::now() + time;
        Running::start(command)?.finish(deadline)
    }

    /// The exit code; `None` if a signal ended it, or it had to be killed.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// That it ended in time, with one of these exit codes and without a panic.
    ///
    /// # Errors
    /// It did not.
    pub fn expect_code(&self, codes: &[i32]) -> Result<(), String> {
        let Some(status) = self.status else {
            return Err(format!("it did not end in time; stderr: {}", last(&self.stderr)));
        };
        if self.stderr.contains("panicked at") {
            return Err(format!("it panicked: {}", last(&self.stderr)));
        }
        match status.code() {
            Some(code) if codes.contains(&code) => Ok(()),
            _ => Err(format!("{status}, not {codes:?}; stderr: {}", last(&self.stderr))),
        }
    }
}

fn read(mut file: File) -> io::Result<String> {
    file.rewind()?;
    let mut octets = Vec::new();
    file.read_to_end(&mut octets)?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

/// The end of a text.
fn last(text: &str) -> String {
    let from = text.char_indices().rev().nth(300).map_or(0, |(at, _)| at);
    text[from..].to_owned()
}
