//! How cases travel to a shim.

use cookiespec_vectors::Handshake;

/// The most messages that are under way at once.
const MAX_WINDOW: usize = 256;
/// The most cases in one message.
const MAX_BATCH: usize = 64;
/// A window that keeps the shim from waiting for the harness. One that is narrower loses to a batch.
const WIDE: usize = 8;

/// How cases travel to a shim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// One case per message, and so many messages under way.
    Window(usize),
    /// So many cases per message, and one message under way.
    Batch(usize),
}

impl Transport {
    /// The faster one of those a shim offers. A batch saves the shim and the harness from waiting
    /// for each other; a wide window does that, too, without making a fault everybody's.
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

    /// How many cases may follow when so many are under way. A window is only filled up when half
    /// of it is free, which makes for fewer and longer writes.
    pub const fn room(self, under_way: usize) -> usize {
        match self {
            Self::Window(window) if under_way <= window / 2 => window - under_way,
            Self::Batch(batch) if under_way == 0 => batch,
            Self::Window(_) | Self::Batch(_) => 0,
        }
    }

    /// What is used after a case broke the shim: no batch that it could spoil again.
    pub fn after_fault(self, handshake: &Handshake) -> Self {
        match self {
            Self::Batch(_) => Self::window_of(handshake),
            Self::Window(_) => self,
        }
    }

    /// The same with fewer cases under way; `None` where there is only one.
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
                assert_eq!(transport.room(0), size);
                assert!(transport.room(size) == 0);
            }
        }
        assert_eq!(Transport::Window(64).room(32), 32);
        assert_eq!(Transport::Window(64).room(33), 0);
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
