//! The budget of a probe: how many requests an application receives, how fast, how many octets, and
//! for how long.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_process::is_interrupted;
use cookiespec_wire::Bounds;

/// The limits of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The most requests in total.
    pub total: u64,
    /// The most requests per second.
    pub per_second: u32,
    /// The most time from the start of the application to the last response.
    pub time: Duration,
    /// The most octets of all requests and responses together.
    pub octets: u64,
}

impl Allowance {
    /// The default for an application on this machine.
    pub const LOOPBACK: Self = Self {
        total: 100_000,
        per_second: 5_000,
        time: Duration::from_secs(60 * 60),
        octets: 2 << 30,
    };
    /// The default for an application on another machine.
    pub const ELSEWHERE: Self = Self {
        total: 5_000,
        per_second: 50,
        time: Duration::from_secs(60 * 60),
        octets: 256 << 20,
    };
}

/// Counts requests and octets, delays requests that come too fast, and refuses them at the end.
#[derive(Debug)]
pub(crate) struct Budget {
    allowance: Allowance,
    start: Instant,
    /// Counted by the clients of all origins.
    octets: Arc<AtomicU64>,
    spent: Mutex<Spent>,
    /// The limit that was reached first, once something was refused because of it.
    exhausted: OnceLock<Exhausted>,
}

#[derive(Debug)]
struct Spent {
    count: u64,
    /// The time of the next request.
    next: Instant,
}

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exhausted {
    #[error("{0} requests were sent, as many as are allowed")]
    Requests(u64),
    #[error("the probe has taken {} s, as long as is allowed", .0.as_secs_f64())]
    Time(Duration),
    #[error("requests and responses have more than {0} octets, as many as are allowed")]
    Octets(u64),
    #[error("the probe was interrupted")]
    Interrupted,
}

impl Exhausted {
    /// What to do about it.
    pub(crate) const fn advice(self) -> &'static str {
        match self {
            Self::Requests(_) => "allow more with --max-requests",
            Self::Time(_) => "allow more with --max-time",
            Self::Octets(_) => "allow more with --max-octets",
            Self::Interrupted => "run the probe again",
        }
    }
}

impl Budget {
    /// A budget whose time starts now.
    pub(crate) fn new(allowance: Allowance) -> Self {
        let start = Instant::now();
        let spent = Mutex::new(Spent { count: 0, next: start });
        let (octets, exhausted) = (Arc::default(), OnceLock::new());
        Self { allowance, start, octets, spent, exhausted }
    }

    /// Takes one request from the budget, and waits until it may be sent.
    pub(crate) fn take(&self) -> Result<(), Exhausted> {
        self.check()?;
        let wait = {
            let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
            if spent.count == self.allowance.total {
                return Err(self.exhaust(Exhausted::Requests(self.allowance.total)));
            }
            spent.count += 1;
            let now = Instant::now();
            let turn = spent.next.max(now);
            spent.next = turn + Duration::from_secs(1) / self.allowance.per_second.max(1);
            turn - now
        };
        self.wait(wait)
    }

    /// Waits, but not beyond the end of the allowed time or an interruption.
    pub(crate) fn wait(&self, time: Duration) -> Result<(), Exhausted> {
        let end = Instant::now() + time.min(self.time_left());
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return self.check();
            }
            thread::sleep(left.min(LONGEST_SLEEP));
            if is_interrupted() {
                return self.check();
            }
        }
    }

    /// Whether time or octets are used up, or the probe was interrupted. If so, nothing may be sent or
    /// waited for.
    pub(crate) fn check(&self) -> Result<(), Exhausted> {
        if is_interrupted() {
            return Err(self.exhaust(Exhausted::Interrupted));
        }
        if self.octets_left() == 0 {
            return Err(self.exhaust(Exhausted::Octets(self.allowance.octets)));
        }
        if self.time_left().is_zero() {
            return Err(self.exhaust(Exhausted::Time(self.allowance.time)));
        }
        Ok(())
    }

    /// The bounds of the next request: no more than is left of the budget.
    pub(crate) fn bounds(&self, bounds: Bounds) -> Bounds {
        let octets = usize::try_from(self.octets_left()).unwrap_or(usize::MAX);
        Bounds {
            time: bounds.time.min(self.time_left()),
            octets: bounds.octets.min(octets),
            ..bounds
        }
    }

    /// The counter of octets, for a client.
    pub(crate) fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.octets)
    }

    pub(crate) const fn allowance(&self) -> Allowance {
        self.allowance
    }

    pub(crate) fn spent(&self) -> u64 {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner).count
    }

    /// The limit because of which something was refused; or an interruption, which also ends the
    /// application in the middle of a check.
    pub(crate) fn exhausted(&self) -> Option<Exhausted> {
        if is_interrupted() {
            self.exhaust(Exhausted::Interrupted);
        }
        self.exhausted.get().copied()
    }

    fn exhaust(&self, limit: Exhausted) -> Exhausted {
        *self.exhausted.get_or_init(|| limit)
    }

    fn time_left(&self) -> Duration {
        self.allowance.time.saturating_sub(self.start.elapsed())
    }

    fn octets_left(&self) -> u64 {
        self.allowance.octets.saturating_sub(self.octets.load(Ordering::Relaxed))
    }
}

/// How long nobody looks whether the probe was interrupted.
const LONGEST_SLEEP: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests {
    use super::*;

    const NO_LIMIT: Allowance = Allowance { per_second: u32::MAX, ..Allowance::LOOPBACK };

    #[test]
    fn a_budget_ends_and_requests_keep_their_distance() {
        let budget = Budget::new(Allowance { total: 3, per_second: 100, ..NO_LIMIT });
        let start = Instant::now();
        assert_eq!([(); 3].map(|()| budget.take()), [Ok(()); 3]);
        assert!(start.elapsed() >= Duration::from_millis(20));
        assert_eq!(budget.exhausted(), None);
        assert_eq!(budget.take(), Err(Exhausted::Requests(3)));
        assert_eq!(budget.exhausted(), Some(Exhausted::Requests(3)));
        assert_eq!(budget.spent(), 3);
    }

    #[test]
    fn octets_are_counted_and_bound_the_next_response() {
        let budget = Budget::new(Allowance { octets: 100, ..NO_LIMIT });
        assert_eq!(budget.take(), Ok(()));
        budget.counter().fetch_add(90, Ordering::Relaxed);
        assert_eq!(budget.bounds(Bounds::default()).octets, 10);
        assert_eq!(budget.take(), Ok(()));
        budget.counter().fetch_add(11, Ordering::Relaxed);
        assert_eq!(budget.take(), Err(Exhausted::Octets(100)));
    }

    #[test]
    fn no_wait_is_longer_than_the_time_that_is_left() {
        let time = Duration::from_millis(20);
        let budget = Budget::new(Allowance { time, ..NO_LIMIT });
        assert!(budget.bounds(Bounds::default()).time <= time);
        let start = Instant::now();
        assert_eq!(budget.wait(Duration::from_secs(600)), Err(Exhausted::Time(time)));
        assert!(start.elapsed() < Duration::from_secs(300));
        assert_eq!(budget.take(), Err(Exhausted::Time(time)));
    }
}
