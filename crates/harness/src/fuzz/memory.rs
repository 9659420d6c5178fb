//! Memory that is not given back.

use super::subject::Subject;
use cookiespec_vectors::Operation;

/// Watches how much memory a target holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    samples: Vec<u64>,
}

impl Watch {
    /// Looks at a target, and if it has grown without end, asks it the same again and again to see
    /// whether it still does. Gives the octets it grew by then.
    pub(crate) fn look(
        &mut self,
        subject: &mut dyn Subject,
        operations: &[&Operation],
    ) -> Option<u64> {
        self.samples.push(subject.resident()?);
        let recent = self.samples.get(self.samples.len().checked_sub(STEADY)?..)?;
        let is_growing = recent.windows(2).all(|pair| pair[0] < pair[1]);
        if !is_growing || recent[STEADY - 1] - recent[0] < SUSPICIOUS {
            return None;
        }
        self.samples.clear();
        let mut sizes = Vec::new();
        for _ in 0..STEADY {
            for _ in 0..REPETITIONS {
                subject.ask(operations);
            }
            sizes.push(subject.resident()?);
        }
        let is_growing = sizes.windows(2).all(|pair| pair[0] + STEP < pair[1]);
        is_growing.then(|| sizes[STEADY - 1] - sizes[0])
    }
}

/// So many samples in a row must have grown.
const STEADY: usize = 8;
/// By so many octets in all.
const SUSPICIOUS: u64 = 256 << 20;
/// How often the same is asked between two samples of the second look.
const REPETITIONS: usize = 8;
/// How much each of those must have grown.
const STEP: u64 = 1 << 20;
