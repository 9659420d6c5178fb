//! What the checks of a store are written with: an empty store, a clock, test data and assertions.

use std::fmt::{Debug, Display};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, ManualClock, SystemClock, UnixMillis};
use crate::id::IdHash;
use crate::record::{Record, State};
use crate::store::Store;

/// An empty store, and the clock to check it on.
pub(crate) struct Context {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) time: Time,
}

/// Result of a check; `Err` says what the store did wrong.
pub(crate) type CheckResult = Result<(), String>;

/// Fails unless the call returned this value.
pub(crate) fn expect<T: PartialEq + Debug, E: Display>(
    what: &str,
    got: Result<T, E>,
    want: T,
) -> CheckResult {
    match got {
        Ok(got) if got == want => Ok(()),
        Ok(got) => Err(format!("{what}: got {got:?}, want {want:?}")),
        Err(error) => Err(format!("{what}: got an error ({error}), want {want:?}")),
    }
}

/// The value that the call returned.
pub(crate) fn value<T, E: Display>(what: &str, got: Result<T, E>) -> Result<T, String> {
    got.map_err(|error| format!("{what}: {error}"))
}

/// An identifier for tests.
pub(crate) fn id(nth: u64) -> IdHash {
    let mut octets = [0; 32];
    octets[..8].copy_from_slice(&nth.to_be_bytes());
    // Spread over shards, like real hashes.
    octets[24..].copy_from_slice(&nth.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    IdHash::from_octets(octets)
}

/// A session with this user and data.
pub(crate) fn record(user: Option<&str>, data: &[u8], expires: UnixMillis) -> Record {
    let state = State::Live(data.into());
    Record { user: user.map(Into::into), started: expires - 1, issued: expires - 2, expires, state }
}

/// The clock on which a store is checked.
#[derive(Clone, Debug)]
pub enum Time {
    /// A clock that the suite advances; nothing waits.
    Manual,
    /// The system clock; the suite waits.
    Real,
}

/// A running clock of either kind.
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

    /// Tolerance before and after an instant, in milliseconds.
    pub(crate) fn margin(&self) -> u64 {
        match self {
            Self::Manual(_) => 1,
            Self::Real => 300,
        }
    }
}
