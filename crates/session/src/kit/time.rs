//! The time in which a store is checked.

use std::time::Duration;

use crate::clock::{Clock, ManualClock, SystemClock, UnixMillis};

/// The time in which a store is checked.
#[derive(Clone, Debug)]
pub enum Time {
    /// It passes when the suite says so.
    Manual,
    /// It is that of the machine.
    Real,
}

/// A clock of either kind.
pub(crate) enum Watch {
    Manual(ManualClock),
    Real,
}

impl Time {
    pub(crate) fn watch(&self) -> Watch {
        match self {
            Self::Manual => Watch::Manual(ManualClock::at(1_700_000_000_000)),
            Self::Real => Watch::Real,
        }
    }
}

impl Watch {
    pub(crate) fn now(&self) -> UnixMillis {
        match self {
            Self::Manual(clock) => clock.now(),
            Self::Real => SystemClock.now(),
        }
    }

    pub(crate) async fn wait(&self, millis: u64) {
        match self {
            Self::Manual(clock) => clock.advance(Duration::from_millis(millis)),
            Self::Real => tokio::time::sleep(Duration::from_millis(millis)).await,
        }
    }

    /// How long before and after an instant a store cannot be expected to know which it is.
    pub(crate) fn margin(&self) -> u64 {
        match self {
            Self::Manual(_) => 1,
            Self::Real => 300,
        }
    }
}
