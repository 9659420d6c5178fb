//! Running the program that is tried, with a limit on its time.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A program that runs, with its output in files: nothing that it writes can make it wait.
#[derive(Debug)]
pub struct Running {
    /// The process.
    pub child: Child,
    started: Instant,
    stdout: File,
    stderr: File,
}

/// What came of running the program.
#[derive(Clone, Debug)]
pub struct Ran {
    /// How it ended; `None` if it did not within its time, and was killed.
    pub status: Option<ExitStatus>,
    /// What it wrote to stdout.
    pub stdout: Vec<u8>,
    /// What it wrote to stderr.
    pub stderr: Vec<u8>,
    /// How long it took.
    pub took: Duration,
    /// The most memory it had, in octets; 0 where the system does not show it.
    pub memory: u64,
}

impl Running {
    /// Starts a command with an empty stdin.
    ///
    /// # Errors
    /// It cannot be started, or there is no room for its output.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let (stdout, stderr) = (tempfile::tempfile()?, tempfile::tempfile()?);
        command.stdin(Stdio::null()).stdout(stdout.try_clone()?).stderr(stderr.try_clone()?);
        Ok(Self { child: command.spawn()?, started: Instant::now(), stdout, stderr })
    }

    /// Waits for its end, and kills it when the time is over.
    ///
    /// # Errors
    /// The operating system's.
    pub fn finish(mut self, deadline: Instant) -> io::Result<Ran> {
        let mut memory = 0;
        let status = loop {
            memory = memory.max(peak_memory(self.child.id()));
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
        let took = self.started.elapsed();
        Ok(Ran { status, stdout: read(self.stdout)?, stderr: read(self.stderr)?, took, memory })
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

    /// What it wrote to stderr, as text.
    pub fn complaint(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stderr)
    }

    /// The end of what it wrote to stderr.
    pub fn last_words(&self) -> String {
        let end = self.stderr.len().saturating_sub(300);
        String::from_utf8_lossy(&self.stderr[end..]).into_owned()
    }

    /// That it ended in time, with one of these exit codes and without a panic.
    ///
    /// # Errors
    /// It did not.
    pub fn expect_code(&self, codes: &[i32]) -> Result<(), String> {
        let end = self.last_words();
        let Some(status) = self.status else {
            return Err(format!("it did not end in time; stderr: {end}"));
        };
        if self.complaint().contains("panicked at") {
            return Err(format!("it panicked: {end}"));
        }
        match status.code() {
            Some(code) if codes.contains(&code) => Ok(()),
            _ => Err(format!("{status}, not {codes:?}; stderr: {end}")),
        }
    }
}

fn read(mut file: File) -> io::Result<Vec<u8>> {
    file.rewind()?;
    let mut octets = Vec::new();
    file.read_to_end(&mut octets)?;
    Ok(octets)
}

/// The most memory that a process had, in octets; 0 where the system does not show it.
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kibibytes.map_or(0, |number: u64| number * 1024)
}
