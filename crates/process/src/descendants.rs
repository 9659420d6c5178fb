//! Kills processes that a child started and that left its process group.
//!
//! Every child gets a tag in its environment, which its own children inherit. Only Linux shows the
//! environment of other processes; elsewhere only the process group is killed.

use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that holds the tag.
const VARIABLE: &str = "COOKIESPEC_SHIM";
/// How often the list of processes is read: one that forks meanwhile shows in the next reading.
#[cfg(target_os = "linux")]
const READINGS: usize = 8;

/// The tag of one child and of everything it starts.
#[derive(Debug)]
pub(crate) struct Tag(String);

impl Tag {
    /// Tags what the command is going to start.
    pub(crate) fn set_on(command: &mut Command) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let tag = format!("{}-{count}", std::process::id());
        command.env(VARIABLE, &tag);
        Self(tag)
    }

    /// Kills every process with the tag.
    #[cfg(target_os = "linux")]
    pub(crate) fn kill_tagged(&self) {
        use rustix::process::{Signal, kill_process};

        for _ in 0..READINGS {
            let tagged = self.tagged();
            if tagged.is_empty() {
                return;
            }
            for process in tagged {
                // An error means that it is dead already.
                let _ = kill_process(process, Signal::KILL);
            }
        }
    }

    /// Only the process group is known here.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn kill_tagged(&self) {}

    #[cfg(target_os = "linux")]
    fn tagged(&self) -> Vec<rustix::process::Pid> {
        let entry = format!("{VARIABLE}={}", self.0);
        let is_tagged = |pid: i32| {
            // A process that is dead, or of another user, does not show its environment.
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment.split(|&octet| octet == 0).any(|variable| variable == entry.as_bytes())
        };
        let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
        processes
            .filter_map(|process| process.ok()?.file_name().to_str()?.parse().ok())
            .filter(|&pid| is_tagged(pid))
            .filter_map(rustix::process::Pid::from_raw)
            .collect()
    }
}
