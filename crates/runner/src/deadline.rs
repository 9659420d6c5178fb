//! When the time that a shim has for an answer is over, on a machine that may be busy with other
//! things.
//!
//! Only time counts in which the shim could have answered: that in which its threads were on a
//! processor or asleep, not that in which they were ready to run and waited for a processor. Where
//! the system does not show the difference, all time counts.
//!
//! A shim that sleeps may wait for something that the load holds up, such as a disk. So silence is
//! a hang only if it repeats in a fresh process, which has the more time the slower the machine is;
//! [`IsolatingClient`](crate::IsolatingClient) sees to that.

use std::time::{Duration, Instant};

use cookiespec_process::{Activity, usage};

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
    checked: Instant,
    /// At the first check, if the system shows it.
    first: Option<Activity>,
    /// At the last check.
    last: Option<Activity>,
}

/// How a shim stands that has not answered yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has time left.
    InTime,
    /// It had its time.
    Late,
    /// It did not get the processor for so long that nothing can be said.
    Starved,
}

impl Deadline {
    /// A limit that begins at this moment, for a machine that is slower than usual by a factor.
    pub(crate) fn new(limit: Duration, slowness: f64, begin: Instant) -> Self {
        Self {
            limit,
            allowed: limit.mul_f64(slowness.clamp(1.0, MOST_SLOWNESS)),
            counted: Duration::ZERO,
            begin,
            checked: begin,
            first: None,
            last: None,
        }
    }

    /// How long to wait until the next check.
    pub(crate) fn slice(&self) -> Duration {
        self.longest_slice().min(self.allowed.saturating_sub(self.counted)).max(SHORTEST)
    }

    fn longest_slice(&self) -> Duration {
        (self.allowed / SLICES).min(LONGEST)
    }

    /// Takes note of what the shim did since the last check; `activity` is `None` where the system
    /// does not show it.
    pub(crate) fn check(&mut self, now: Instant, activity: Option<Activity>) -> Standing {
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
        if self.counted >= self.allowed || busiest >= self.limit {
            Standing::Late
        } else if now.duration_since(self.begin) >= self.longest() {
            Standing::Starved
        } else {
            Standing::InTime
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
    ) -> (u32, Standing) {
        let begin = deadline.begin;
        for slices in 1..1000 {
            match deadline.check(begin + SLICE * slices, activity(slices)) {
                Standing::InTime => {}
                standing => return (slices, standing),
            }
        }
        panic!("{deadline:?} is never over");
    }

    fn deadline(slowness: f64) -> Deadline {
        Deadline::new(LIMIT, slowness, Instant::now())
    }

    #[test]
    fn without_insight_all_time_counts() {
        assert_eq!(slices_until_over(deadline(1.0), |_| None), (10, Standing::Late));
        assert_eq!(slices_until_over(deadline(3.0), |_| None), (30, Standing::Late));
        assert_eq!(slices_until_over(deadline(99.0), |_| None), (100, Standing::Late));
    }

    #[test]
    fn a_shim_that_sleeps_is_late() {
        let sleeps = |_| Some(Activity::default().with(1, SLICE, SLICE));
        assert_eq!(slices_until_over(deadline(1.0), sleeps), (11, Standing::Late));
        assert_eq!(slices_until_over(deadline(2.0), sleeps), (21, Standing::Late));
    }

    #[test]
    fn a_shim_that_computes_is_late_when_it_had_the_processor_for_the_limit() {
        // A quarter of a processor, and so of the time.
        let computes = |slices| {
            let used = SLICE * slices / 4;
            Some(Activity::default().with(1, used, used * 3))
        };
        assert_eq!(slices_until_over(deadline(1.0), computes), (41, Standing::Late));
        assert_eq!(slices_until_over(deadline(9.0), computes), (41, Standing::Late));
    }

    #[test]
    fn of_a_shim_that_gets_no_processor_nothing_can_be_said() {
        let waits = |slices| Some(Activity::default().with(1, Duration::ZERO, SLICE * slices));
        assert_eq!(slices_until_over(deadline(1.0), waits), (600, Standing::Starved));
        assert_eq!(slices_until_over(deadline(9.0), waits), (600, Standing::Starved));
    }

    #[test]
    fn a_jump_of_the_clock_is_no_time_of_the_shim() {
        let mut deadline = deadline(1.0);
        let later = deadline.begin + LIMIT * 15;
        assert_eq!(deadline.check(later, None), Standing::InTime);
        assert_eq!(deadline.counted, 2 * SLICE);
    }

    #[test]
    fn slowness_is_bounded() {
        assert!((1.0..=MOST_SLOWNESS).contains(&slowness_of_machine()));
        let factors = [0, 20, 60, 100_000].map(|it| slowness_of_echo(Duration::from_millis(it)));
        assert_eq!(factors, [1.0, 1.0, 3.0, MOST_SLOWNESS]);
    }
}
