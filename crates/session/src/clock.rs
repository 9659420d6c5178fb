//! The clock, which sessions take as an argument.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// An instant in milliseconds since the Unix epoch.
pub type UnixMillis = i64;

/// A clock.
pub trait Clock: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> UnixMillis;
}

/// The system clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        millis(since_epoch)
    }
}

/// A clock that stands still until it is advanced.
///
/// ```
/// use cookiespec_session::{Clock, ManualClock};
/// use std::time::Duration;
/// let clock = ManualClock::at(1_000);
/// clock.advance(Duration::from_millis(500));
/// assert_eq!(clock.now(), 1_500);
/// ```
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock at this instant.
    pub const fn at(now: UnixMillis) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Advances the clock.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        self.0.load(Ordering::SeqCst)
    }
}

/// A duration in milliseconds, at most `i64::MAX`.
pub(crate) fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
