//! Kills what a child started, also what left its process group.
//!
//! Every child gets a tag in its environment, which its own children inherit. Only Linux shows the
//! environment of other processes; elsewhere only the process group is killed.

use std::env;
use std::hash::{BuildHasher, RandomState};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that holds the tags, with commas between them: a child may be a harness itself.
const VARIABLE: &str = "COOKIESPEC_SHIM";
/// How often the list of processes is read: one that forks meanwhile shows in the next reading.
#[cfg(target_os = "linux")]
const READINGS: usize = 8;

/// What the tags of some processes begin with: those of everything that one child starts, or of
/// everything that a harness starts.
#[derive(Clone, Debug)]
pub(crate) struct Tag(String);

impl Tag {
    /// Of everything that this process starts. No process of another time has it, although the id of
    /// this one may be given to it.
    pub(crate) fn of_this_process() -> &'static Self {
        static TAG: OnceLock<Tag> = OnceLock::new();
        TAG.get_or_init(|| {
            let random = RandomState::new().hash_one(());
            Self(format!("{}-{random:016x}-", std::process::id()))
        })
    }

    /// As it was shown by [`Tag::text`].
    pub(crate) fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Tags what the command is going to start.
    pub(crate) fn set_on(command: &mut Command) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let tag = format!("{}{count}.", Self::of_this_process().0);
        let outer = env::var(VARIABLE).map(|outer| outer + ",").unwrap_or_default();
        command.env(VARIABLE, outer + &tag);
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
        let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
        processes
            .filter_map(|process| process.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid: &i32| {
                // A process that is dead, or of another user, does not show its environment.
                let environment = std::fs::read(format!("/proc/{pid}/environ"));
                self.is_in(&environment.unwrap_or_default())
            })
            .filter_map(rustix::process::Pid::from_raw)
            .collect()
    }

    /// Whether an environment, as the system shows it, has the tag.
    #[cfg(any(target_os = "linux", test))]
    fn is_in(&self, environment: &[u8]) -> bool {
        let mut variables = environment.split(|&octet| octet == 0);
        let tags = variables
            .find_map(|variable| variable.strip_prefix(VARIABLE.as_bytes())?.strip_prefix(b"="));
        let mut tags = tags.unwrap_or_default().split(|&octet| octet == b',');
        tags.any(|tag| tag.starts_with(self.0.as_bytes()))
    }
}

/// Kills a process group.
#[cfg(unix)]
pub(crate) fn kill_group(group: u32) {
    let group = i32::try_from(group).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // An error means that the group is empty already.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

/// There are no process groups here.
#[cfg(not(unix))]
pub(crate) fn kill_group(_: u32) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_those_of_an_outer_harness_and_others_are_not() {
        let (mut command, mut other) = (Command::new("x"), Command::new("x"));
        let (tag, other) = (Tag::set_on(&mut command), Tag::set_on(&mut other));
        let environment = |tags: &str| format!("PATH=/bin\0{VARIABLE}={tags}\0HOME=/\0");
        for tags in [tag.text().to_owned(), format!("1-0-7.,{}", tag.text())] {
            let environment = environment(&tags);
            assert!(tag.is_in(environment.as_bytes()));
            assert!(Tag::of_this_process().is_in(environment.as_bytes()));
            assert!(!other.is_in(environment.as_bytes()));
        }
        assert!(!tag.is_in(environment("1-0-7.").as_bytes()));
        assert!(!tag.is_in(format!("X{VARIABLE}={}\0", tag.text()).as_bytes()));
        assert!(!tag.is_in(b""));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_child_starts_under_tags_of_its_own_is_killed_with_it() {
        use std::time::{Duration, Instant};

        // As a child does that uses this crate: its own children carry both tags.
        let mut outer = Command::new("sh");
        outer.args(["-c", "COOKIESPEC_SHIM=$COOKIESPEC_SHIM,1-0-1. setsid sleep 600 & wait"]);
        let tag = Tag::set_on(&mut outer);
        let mut outer = outer.spawn().unwrap();

        let deadline = Instant::now() + Duration::from_secs(60);
        while tag.tagged().len() < 2 && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert_eq!(tag.tagged().len(), 2);
        tag.kill_tagged();
        outer.wait().unwrap();
        assert_eq!(tag.tagged(), []);
    }
}
