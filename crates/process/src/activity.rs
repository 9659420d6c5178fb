//! What the threads of some processes did with their time, where `/proc` shows it: how long they
//! were on a processor, and how long they were ready to run and waited for one.
//!
//! A process that got no processor and one that does nothing look the same to a clock on the wall.
//! The kernel knows which it is.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// The times of every thread of some processes so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// By the id of the thread.
    threads: BTreeMap<u32, Times>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Times {
    on_processor: Duration,
    waiting: Duration,
}

impl Activity {
    /// The times of the processes of a group, and of single threads of this process; `None` where
    /// the system does not show them.
    pub(crate) fn of(group: u32, own_threads: &[u32]) -> Option<Self> {
        let mut activity = Self::default();
        for process in numbers_in("/proc")? {
            if group_of(process) == Some(group) {
                let tasks = format!("/proc/{process}/task");
                for thread in numbers_in(&tasks).unwrap_or_default() {
                    activity.add(&tasks, thread);
                }
            }
        }
        if activity.threads.is_empty() {
            return None;
        }
        for thread in own_threads {
            activity.add("/proc/self/task", *thread);
        }
        Some(activity)
    }

    /// The same with another thread, and its times so far.
    #[must_use]
    pub fn with(mut self, thread: u32, on_processor: Duration, waiting: Duration) -> Self {
        self.threads.insert(thread, Times { on_processor, waiting });
        self
    }

    /// Adds a thread, unless it is over.
    fn add(&mut self, tasks: &str, thread: u32) {
        if let Some(times) = Times::read(&format!("{tasks}/{thread}/schedstat")) {
            self.threads.insert(thread, times);
        }
    }

    /// How long the threads waited for a processor since an earlier moment, all of them together.
    /// No chain of them in which one waits for the next was held up for longer than that.
    pub fn waiting_since(&self, earlier: &Self) -> Duration {
        self.since(earlier).map(|times| times.waiting).sum()
    }

    /// How long the busiest thread was on a processor since an earlier moment.
    pub fn busiest_since(&self, earlier: &Self) -> Duration {
        self.since(earlier).map(|times| times.on_processor).max().unwrap_or_default()
    }

    fn since(&self, earlier: &Self) -> impl Iterator<Item = Times> {
        self.threads.iter().map(|(thread, times)| {
            let before = earlier.threads.get(thread).copied().unwrap_or_default();
            Times {
                on_processor: times.on_processor.saturating_sub(before.on_processor),
                waiting: times.waiting.saturating_sub(before.waiting),
            }
        })
    }
}

impl Times {
    /// Of a `schedstat`: nanoseconds on a processor, and nanoseconds on a run queue.
    fn read(path: &str) -> Option<Self> {
        let schedstat = fs::read_to_string(path).ok()?;
        let mut nanoseconds = schedstat.split_ascii_whitespace().map_while(|it| it.parse().ok());
        let on_processor = Duration::from_nanos(nanoseconds.next()?);
        let waiting = Duration::from_nanos(nanoseconds.next()?);
        Some(Self { on_processor, waiting })
    }
}

/// The names in a folder that are numbers.
fn numbers_in(folder: &str) -> Option<Vec<u32>> {
    let entries = fs::read_dir(folder).ok()?;
    Some(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect())
}

/// The process group of a process.
fn group_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program, in brackets, may hold anything; behind it are state, parent, group.
    let (_, members) = stat.rsplit_once(')')?;
    members.split_ascii_whitespace().nth(2)?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn activity(threads: &[(u32, u64, u64)]) -> Activity {
        let seconds = Duration::from_secs;
        threads.iter().fold(Activity::default(), |activity, &(thread, on_processor, waiting)| {
            activity.with(thread, seconds(on_processor), seconds(waiting))
        })
    }

    #[test]
    fn waiting_adds_up_and_the_processor_time_is_that_of_one_thread() {
        let before = activity(&[(1, 10, 1), (2, 5, 5), (3, 100, 100)]);
        let now = activity(&[(1, 12, 2), (2, 9, 5), (4, 3, 7)]);
        assert_eq!(now.waiting_since(&before), Duration::from_secs(8));
        assert_eq!(now.busiest_since(&before), Duration::from_secs(4));
        assert_eq!(before.waiting_since(&now), Duration::from_secs(100));
    }

    #[test]
    fn the_group_of_this_process_is_shown_and_an_empty_one_is_not() {
        let this = std::process::id();
        let own = Activity::of(group_of(this).unwrap(), &[]).unwrap();
        assert!(own.threads.contains_key(&this), "{own:?}");
        assert_eq!(Activity::of(u32::MAX, &[this]), None);
    }
}
