//! How requests travel to a shim: several messages in flight, or several requests in a message.

use cookiespec_vectors::Handshake;

/// The most messages that are in flight at once.
const MAX_WINDOW: usize = 256;
/// The most requests in one message.
const MAX_BATCH: usize = 64;
/// A window that keeps the shim from waiting for the harness. A batch is faster than a narrower one.
const WIDE: usize = 8;

/// How requests travel to a shim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// One request per message, and so many messages in flight.
    Window(usize),
    /// So many requests per message, and one message in flight.
    Batch(usize),
}

impl Transport {
    /// The faster one of those a shim offers. A batch saves the shim and the harness from waiting
    /// for each other; a wide window does so too, and a failure concerns fewer requests.
    pub fn offered_by(handshake: &Handshake) -> Self {
        let batch = handshake.batch.min(MAX_BATCH);
        if handshake.window < WIDE && batch > handshake.window {
            Self::Batch(batch)
        } else {
            Self::window_of(handshake)
        }
    }

    fn window_of(handshake: &Handshake) -> Self {
        Self::Window(handshake.window.clamp(1, MAX_WINDOW))
    }

    /// How many requests may follow when so many are in flight. A window is only filled up when
    /// half of it is free, which makes for fewer and longer writes.
    pub const fn capacity(self, in_flight: usize) -> usize {
        match self {
            Self::Window(window) if in_flight <= window / 2 => window - in_flight,
            Self::Batch(batch) if in_flight == 0 => batch,
            Self::Window(_) | Self::Batch(_) => 0,
        }
    }

    /// What is used after a request made the shim fail: no batch, all of which could fail with it.
    pub fn after_failure(self, handshake: &Handshake) -> Self {
        match self {
            Self::Batch(_) => Self::window_of(handshake),
            Self::Window(_) => self,
        }
    }

    /// The same with fewer requests in flight; `None` where there is only one.
    pub fn narrower(self) -> Option<Self> {
        match self {
            Self::Window(..=1) | Self::Batch(..=1) => None,
            Self::Window(window) => Some(Self::Window((window / 4).max(1))),
            Self::Batch(batch) => Some(Self::Batch((batch / 4).max(1))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offering(window: usize, batch: usize) -> Transport {
        let handshake = Handshake::new("x/1", Default::default(), window, batch);
        Transport::offered_by(&handshake)
    }

    #[test]
    fn a_batch_is_used_where_there_is_no_window() {
        assert_eq!(offering(1, 256), Transport::Batch(64));
        assert_eq!(offering(1, 16), Transport::Batch(16));
        assert_eq!(offering(1, 0), Transport::Window(1));
        assert_eq!(offering(0, 1), Transport::Batch(1));
        assert_eq!(offering(64, 256), Transport::Window(64));
        assert_eq!(offering(1 << 20, 0), Transport::Window(256));
    }

    #[test]
    fn there_is_always_room_for_one_when_nothing_is_under_way() {
        for size in 1..70 {
            for transport in [Transport::Window(size), Transport::Batch(size)] {
                assert_eq!(transport.capacity(0), size);
                assert!(transport.capacity(size) == 0);
            }
        }
        assert_eq!(Transport::Window(64).capacity(32), 32);
        assert_eq!(Transport::Window(64).capacity(33), 0);
    }

    #[test]
    fn it_gets_narrower_down_to_one() {
        let mut sizes = vec![];
        let mut transport = Transport::Window(64);
        while let Some(narrower) = transport.narrower() {
            transport = narrower;
            sizes.push(transport);
        }
        assert_eq!(sizes, [16, 4, 1].map(Transport::Window));
    }
}
