//! The request budget: how many requests an application receives, and how fast.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The limits of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The most requests in total.
    pub total: u64,
    /// The most requests per second.
    pub per_second: u32,
}

impl Allowance {
    /// The default for an application on this machine.
    pub const LOOPBACK: Self = Self { total: 100_000, per_second: 5_000 };
    /// The default for an application on another machine.
    pub const ELSEWHERE: Self = Self { total: 5_000, per_second: 50 };
}

/// Counts requests, and delays those that come too fast.
#[derive(Debug)]
pub(crate) struct Budget {
    allowance: Allowance,
    spent: Mutex<Spent>,
}

#[derive(Debug)]
struct Spent {
    count: u64,
    /// The time of the next request.
    next: Instant,
}

/// The total number of requests was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} requests were sent, as many as are allowed")]
pub(crate) struct Exhausted(pub(crate) u64);

impl Budget {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self { allowance, spent: Mutex::new(Spent { count: 0, next: Instant::now() }) }
    }

    /// Takes one request from the budget, and waits until it may be sent.
    pub(crate) fn take(&self) -> Result<(), Exhausted> {
        let wait = {
            let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
            if spent.count == self.allowance.total {
                return Err(Exhausted(self.allowance.total));
            }
            spent.count += 1;
            let now = Instant::now();
            let turn = spent.next.max(now);
            spent.next = turn + Duration::from_secs(1) / self.allowance.per_second.max(1);
            turn - now
        };
        if !wait.is_zero() {
            thread::sleep(wait);
        }
        Ok(())
    }

    pub(crate) const fn allowance(&self) -> Allowance {
        self.allowance
    }

    pub(crate) fn spent(&self) -> u64 {
        self.spent.lock().unwrap_or_else(PoisonError::into_inner).count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_ends_and_requests_keep_their_distance() {
        let budget = Budget::new(Allowance { total: 3, per_second: 100 });
        let start = Instant::now();
        assert_eq!([(); 3].map(|()| budget.take()), [Ok(()); 3]);
        assert!(start.elapsed() >= Duration::from_millis(20));
        assert_eq!(budget.take(), Err(Exhausted(3)));
        assert_eq!(budget.spent(), 3);
    }
}
