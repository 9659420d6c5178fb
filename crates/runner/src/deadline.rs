//! When the time that a process has for an answer is over, on a machine that may be busy with other
//! things.
//!
//! Only time counts in which the shim could have answered: that in which its threads were on a
//! processor or asleep, not that in which they were ready to run and waited for a processor. Where
//! the system does not show the difference, all time counts.
//!
//! A shim that sleeps may wait for something that the load holds up, such as a disk. So silence is
//! a hang only if it repeats in a fresh process, which has the more time the slower the machine is;
//! [`IsolatingClient`](crate::IsolatingClient) sees to that.

use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_process::{Activity, Output, Process, usage};

/// The time of a shim for one answer.
#[derive(Debug)]
pub(crate) struct Deadline {
    /// How long a thread may be on a processor.
    limit: Duration,
    /// How much of the time that counts there is.
    allowed: Duration,
    /// How much of it is over.
    counted: Duration,
    begin: Instant,
    /// When nobody waits any longer, whatever the process did with its time.
    end: Option<Instant>,
    checked: Instant,
    /// At the first check, if the system shows it.
    first: Option<Activity>,
    /// At the last check.
    last: Option<Activity>,
}

/// Why there is nothing more to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overdue {
    /// The process had its time.
    Late,
    /// It did not get the processor for so long that nothing can be said.
    Starved,
    /// Nobody waits any longer.
    RunOver,
}

impl Deadline {
    /// A limit that begins now, for a machine that is slower than usual by a factor.
    pub(crate) fn new(limit: Duration, slowness: f64) -> Self {
        let begin = Instant::now();
        Self {
            limit,
            allowed: limit.mul_f64(slowness.clamp(1.0, MOST_SLOWNESS)),
            counted: Duration::ZERO,
            begin,
            end: None,
            checked: begin,
            first: None,
            last: None,
        }
    }

    /// The same, if it does not come later than this.
    pub(crate) fn until(self, end: Option<Instant>) -> Self {
        Self { end, ..self }
    }

    /// The next thing that a process writes to stdout; nothing more comes from one that has exited,
    /// even if another process keeps its stdout open.
    ///
    /// # Errors
    /// The time is over.
    pub(crate) fn next_output(&mut self, process: &mut Process) -> Result<Output, Overdue> {
        loop {
            // One that writes without end is checked, too.
            if self.checked.elapsed() >= self.longest_slice() || self.left() == Some(Duration::ZERO)
            {
                self.check(Instant::now(), process.activity())?;
            }
            match process.read(Instant::now() + self.slice()) {
                Output::TimedOut if process.exited().is_some() => return Ok(Output::Closed),
                Output::TimedOut => self.check(Instant::now(), process.activity())?,
                output => return Ok(output),
            }
        }
    }

    /// Closes the stdin of a process that has closed its stdout, waits until it exits, and kills it
    /// when the time is over. Returns how it exited; `None` where it did not by itself.
    pub(crate) fn end(&mut self, process: &mut Process) -> Option<ExitStatus> {
        process.close_stdin();
        while process.exited().is_none() {
            let next = Instant::now() + self.slice();
            while process.exited().is_none() && Instant::now() < next {
                thread::park_timeout(Duration::from_millis(1));
            }
            if self.check(Instant::now(), process.activity()).is_err() {
                break;
            }
        }
        process.end(Instant::now())
    }

    /// How long to wait until the next check.
    fn slice(&self) -> Duration {
        let left = self.allowed.saturating_sub(self.counted);
        let left = self.left().map_or(left, |run| left.min(run));
        self.longest_slice().min(left).max(SHORTEST)
    }

    /// How long somebody waits, if that has an end.
    fn left(&self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }

    fn longest_slice(&self) -> Duration {
        (self.allowed / SLICES).min(LONGEST)
    }

    /// Takes note of what the shim did since the last check; `activity` is `None` where the system
    /// does not show it.
    ///
    /// # Errors
    /// The time is over.
    fn check(&mut self, now: Instant, activity: Option<Activity>) -> Result<(), Overdue> {
        // If a slice was much longer than it should be, this process was stopped itself.
        let slice = now.duration_since(self.checked).min(2 * self.longest_slice());
        self.checked = now;
        self.counted += match (&activity, &self.last) {
            (None, _) => slice,
            // What was before the first check is not known.
            (Some(_), None) => Duration::ZERO,
            (Some(activity), Some(last)) => slice.saturating_sub(activity.waiting_since(last)),
        };
        let busiest = match (&activity, &self.first) {
            (Some(activity), Some(first)) => activity.busiest_since(first),
            _ => Duration::ZERO,
        };
        if self.first.is_none() {
            self.first.clone_from(&activity);
        }
        self.last = activity;
        if self.end.is_some_and(|end| now >= end) {
            Err(Overdue::RunOver)
        } else if self.counted >= self.allowed || busiest >= self.limit {
            Err(Overdue::Late)
        } else if now.duration_since(self.begin) >= self.longest() {
            Err(Overdue::Starved)
        } else {
            Ok(())
        }
    }

    /// How long it takes at most, by a clock on the wall.
    pub(crate) fn longest(&self) -> Duration {
        self.limit * MOST_WALL_TIME
    }
}

/// By which factor this machine is slower than an idle one, as far as that shows: 1, or more if a
/// thread that computes gets only part of a processor.
pub(crate) fn slowness_of_machine() -> f64 {
    let (begin, Some(before)) = (Instant::now(), usage::cpu_time_of_thread()) else { return 1.0 };
    loop {
        let used = usage::cpu_time_of_thread().unwrap_or_default().saturating_sub(before);
        let took = begin.elapsed();
        if used >= CALIBRATION || took >= CALIBRATION * MOST_SLOWNESS as u32 {
            return (took.as_secs_f64() / used.as_secs_f64().max(1e-6)).clamp(1.0, MOST_SLOWNESS);
        }
    }
}

/// By which factor a shim is slower than usual, if an echo takes so long.
pub(crate) fn slowness_of_echo(trip: Duration) -> f64 {
    (trip.as_secs_f64() / USUAL_ECHO.as_secs_f64()).clamp(1.0, MOST_SLOWNESS)
}

/// Whether a machine of this slowness is so busy that what comes late may have been held up.
pub(crate) fn is_busy(slowness: f64) -> bool {
    slowness >= BUSY
}

/// The number of checks until the time is over.
const SLICES: u32 = 10;
/// The bounds of the time between two checks.
const SHORTEST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(500);
/// The most by which a limit is extended.
const MOST_SLOWNESS: f64 = 10.0;
/// How long a wait is at most, as a multiple of its limit.
const MOST_WALL_TIME: u32 = 60;
/// The processor time after which the slowness of the machine is known.
const CALIBRATION: Duration = Duration::from_millis(50);
/// The slowness from which on the machine counts as busy.
const BUSY: f64 = 1.5;
/// Longer than an echo takes on an idle machine, for any shim.
const USUAL_ECHO: Duration = Duration::from_millis(20);

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(1);
    const SLICE: Duration = Duration::from_millis(100);

    /// The number of slices until the deadline is over, and how. `activity` gives what a check sees
    /// after so many slices.
    fn slices_until_over(
        mut deadline: Deadline,
        activity: impl Fn(u32) -> Option<Activity>,
    ) -> (u32, Overdue) {
        let begin = deadline.begin;
        for slices in 1..1000 {
            if let Err(overdue) = deadline.check(begin + SLICE * slices, activity(slices)) {
                return (slices, overdue);
            }
        }
        panic!("{deadline:?} is never over");
    }

    fn deadline(slowness: f64) -> Deadline {
        Deadline::new(LIMIT, slowness)
    }

    #[test]
    fn without_insight_all_time_counts() {
        assert_eq!(slices_until_over(deadline(1.0), |_| None), (10, Overdue::Late));
        assert_eq!(slices_until_over(deadline(3.0), |_| None), (30, Overdue::Late));
        assert_eq!(slices_until_over(deadline(99.0), |_| None), (100, Overdue::Late));
    }

    #[test]
    fn a_shim_that_sleeps_is_late() {
        let sleeps = |_| Some(Activity::default().with(1, SLICE, SLICE));
        assert_eq!(slices_until_over(deadline(1.0), sleeps), (11, Overdue::Late));
        assert_eq!(slices_until_over(deadline(2.0), sleeps), (21, Overdue::Late));
    }

    #[test]
    fn a_shim_that_computes_is_late_when_it_had_the_processor_for_the_limit() {
        // A quarter of a processor, and so of the time.
        let computes = |slices| {
            let used = SLICE * slices / 4;
            Some(Activity::default().with(1, used, used * 3))
        };
        assert_eq!(slices_until_over(deadline(1.0), computes), (41, Overdue::Late));
        assert_eq!(slices_until_over(deadline(9.0), computes), (41, Overdue::Late));
    }

    #[test]
    fn of_a_shim_that_gets_no_processor_nothing_can_be_said() {
        let waits = |slices| Some(Activity::default().with(1, Duration::ZERO, SLICE * slices));
        assert_eq!(slices_until_over(deadline(1.0), waits), (600, Overdue::Starved));
        assert_eq!(slices_until_over(deadline(9.0), waits), (600, Overdue::Starved));
    }

    #[test]
    fn the_end_of_the_run_comes_first() {
        let begin = Instant::now();
        let ends = deadline(1.0).until(Some(begin + SLICE * 3));
        assert_eq!(slices_until_over(ends, |_| None), (3, Overdue::RunOver));
        let ends = deadline(1.0).until(Some(begin + SLICE * 30));
        assert_eq!(slices_until_over(ends, |_| None), (10, Overdue::Late));
    }

    #[test]
    fn a_jump_of_the_clock_is_no_time_of_the_shim() {
        let mut deadline = deadline(1.0);
        let later = deadline.begin + LIMIT * 15;
        assert_eq!(deadline.check(later, None), Ok(()));
        assert_eq!(deadline.counted, 2 * SLICE);
    }

    #[test]
    fn slowness_is_bounded() {
        assert!((1.0..=MOST_SLOWNESS).contains(&slowness_of_machine()));
        let factors = [0, 20, 60, 100_000].map(|it| slowness_of_echo(Duration::from_millis(it)));
        assert_eq!(factors, [1.0, 1.0, 3.0, MOST_SLOWNESS]);
    }
}
