//! What a shim leaves behind: processes that it started and that left its process group.
//!
//! Every shim gets a mark in its environment that its children inherit, wherever they go. Only
//! Linux shows the environment of other processes; elsewhere the process group has to do.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that carries the mark.
const VARIABLE: &str = "COOKIESPEC_SHIM";
/// How often the list of processes is read: one that forks meanwhile shows in the next reading.
#[cfg(target_os = "linux")]
const READINGS: usize = 8;

/// The mark of one shim and of everything it starts.
#[derive(Debug)]
pub(crate) struct Mark(String);

impl Mark {
    /// Marks what the command is going to start.
    pub(crate) fn put_on(command: &mut Command) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{count}", std::process::id());
        command.env(VARIABLE, &mark);
        Self(mark)
    }

    /// Kills every process with the mark.
    #[cfg(target_os = "linux")]
    pub(crate) fn kill_bearers(&self) {
        use rustix::process::{Signal, kill_process};

        for _ in 0..READINGS {
            let bearers = self.bearers();
            if bearers.is_empty() {
                return;
            }
            for process in bearers {
                // An error means that it is dead already.
                let _ = kill_process(process, Signal::KILL);
            }
        }
    }

    /// The process group is all that is known here.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn kill_bearers(&self) {}

    #[cfg(target_os = "linux")]
    fn bearers(&self) -> Vec<rustix::process::Pid> {
        let entry = format!("{VARIABLE}={}", self.0);
        let bears = |pid: i32| {
            // A process that is dead, or somebody else's, does not show its environment.
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment.split(|&octet| octet == 0).any(|variable| variable == entry.as_bytes())
        };
        let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
        processes
            .filter_map(|process| process.ok()?.file_name().to_str()?.parse().ok())
            .filter(|&pid| bears(pid))
            .filter_map(rustix::process::Pid::from_raw)
            .collect()
    }
}
