//! The processor time and memory of processes, where `/proc` shows them.

use std::fs;
use std::time::Duration;

/// The processor time of a process and all its threads so far.
pub fn cpu_time(process: u32) -> Option<Duration> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).ok()?;
    let mut total = Duration::ZERO;
    for task in tasks.flatten() {
        // The first number of schedstat is the time on a processor, in nanoseconds.
        let Ok(schedstat) = fs::read_to_string(task.path().join("schedstat")) else { continue };
        let nanoseconds = schedstat.split(' ').next().and_then(|number| number.parse().ok());
        total += Duration::from_nanos(nanoseconds?);
    }
    Some(total)
}

/// The processor time of the calling thread so far.
pub fn cpu_time_of_thread() -> Option<Duration> {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::try_from(time).ok()
    }
    #[cfg(not(unix))]
    None
}

/// The memory of a process that is in RAM, in octets.
pub fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// The processor time of this process so far, and that of all processes it started that are over;
/// `None` where the system does not show it.
pub fn own_and_children() -> Option<[Duration; 2]> {
    /// How many ticks of `/proc/self/stat` make a second, on every Linux.
    const TICKS: u64 = 100;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in brackets, may hold anything; utime is the 12th member behind it.
    let (_, members) = stat.rsplit_once(')')?;
    let ticks: Vec<u64> =
        members.split_whitespace().skip(11).take(4).map_while(|it| it.parse().ok()).collect();
    let [user, system, children_user, children_system] = ticks[..] else { return None };
    let time = |ticks| Duration::from_millis(ticks * 1000 / TICKS);
    Some([time(user + system), time(children_user + children_system)])
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_something() {
        let before = cpu_time(std::process::id()).unwrap();
        let mut sum = 0_u64;
        while cpu_time(std::process::id()).unwrap() == before {
            sum = (0..100_000).fold(sum, |sum, number| sum.rotate_left(1) ^ number);
        }
        assert!(resident(std::process::id()).unwrap() > 100_000, "{sum}");
    }

    #[test]
    fn children_that_are_over_count() {
        let spin = "i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done";
        let [_, before] = own_and_children().unwrap();
        std::process::Command::new("sh").args(["-c", spin]).status().unwrap();
        let [own, after] = own_and_children().unwrap();
        assert!(after > before, "{own:?} {after:?}");
    }
}
