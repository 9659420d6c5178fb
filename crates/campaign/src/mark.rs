//! Processes that are found by a word on their command line.

use std::fs;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// A word that is on the command line of nothing else.
#[derive(Clone, Debug)]
pub struct Mark(String);

impl Mark {
    /// A new word.
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        Self(format!("mark-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
    }

    /// The word.
    pub fn word(&self) -> &str {
        &self.0
    }

    /// The processes that are alive with the mark, and their command lines. Only Linux shows them.
    pub fn processes(&self) -> Vec<(i32, String)> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        ids.filter_map(|id: i32| {
            // One that is dead and not waited for has an empty command line.
            let line = fs::read(format!("/proc/{id}/cmdline")).ok()?;
            let has_mark = line.split(|&octet| octet == 0).any(|word| word == self.0.as_bytes());
            has_mark.then(|| (id, String::from_utf8_lossy(&line).replace('\0', " ")))
        })
        .collect()
    }

    /// Waits until something is so for these processes, at most until `deadline`, and returns whether
    /// it is.
    pub fn wait_until(&self, deadline: Instant, is_so: impl Fn(&[(i32, String)]) -> bool) -> bool {
        loop {
            if is_so(&self.processes()) {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Default for Mark {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Mark {
    /// What a trial leaves behind is not there for the next.
    fn drop(&mut self) {
        for (id, _) in self.processes() {
            let _ = Pid::from_raw(id).map(|id| kill_process(id, Signal::KILL));
        }
    }
}
