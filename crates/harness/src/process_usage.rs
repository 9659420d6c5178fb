//! What a process has used: processor time and memory, where the system says so in `/proc`.

use std::fs;
use std::time::Duration;

/// The processor time of a process and all its threads so far.
pub(crate) fn cpu_time(process: u32) -> Option<Duration> {
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

/// The memory of a process that is in RAM, in octets.
pub(crate) fn resident(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
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
}
