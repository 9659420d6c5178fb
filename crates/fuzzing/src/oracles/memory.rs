//! Memory that grows without bound.

use cookiespec_vectors::Operation;

use crate::subject::executor::Executor;

/// Watches the resident memory of a subject.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    samples: Vec<u64>,
}

/// A subject whose memory grows while the same inputs are repeated.
#[derive(Debug)]
pub(crate) struct Leak<'a> {
    /// The growth in octets.
    pub(crate) grown: u64,
    /// The input with the strongest growth, among one per operation.
    pub(crate) operation: &'a Operation,
}

impl Watch {
    /// Takes a sample. If memory grew between all recent samples, repeats the operations to see
    /// whether it keeps growing: caches and uncollected garbage are bounded.
    pub(crate) fn sample<'a>(
        &mut self,
        executor: &mut dyn Executor,
        operations: &[&'a Operation],
    ) -> Option<Leak<'a>> {
        self.samples.push(executor.resident()?);
        let recent = self.samples.get(self.samples.len().checked_sub(SAMPLES)?..)?;
        let is_growing = recent.windows(2).all(|pair| pair[0] < pair[1]);
        if !is_growing || recent[SAMPLES - 1] - recent[0] < NOTICEABLE {
            return None;
        }
        self.samples.clear();
        let operations = &operations[..operations.len().min(REPEATED)];
        let mut grown = 0;
        for _ in 0..MOST_WINDOWS {
            let more = growth(executor, operations)?;
            if more < LEAST_GROWTH {
                return None;
            }
            grown += more;
            if grown >= SIGNIFICANT {
                break;
            }
        }
        let operation = strongest(executor, operations)?;
        Some(Leak { grown, operation })
    }
}

/// By how many octets the memory grows while these operations are repeated.
fn growth(executor: &mut dyn Executor, operations: &[&Operation]) -> Option<u64> {
    let before = executor.resident()?;
    for _ in 0..REPETITIONS {
        executor.execute(operations);
    }
    Some(executor.resident()?.saturating_sub(before))
}

/// The operation with the strongest growth, among the first of each name.
fn strongest<'a>(
    executor: &mut dyn Executor,
    operations: &[&'a Operation],
) -> Option<&'a Operation> {
    let mut firsts: Vec<&Operation> = Vec::new();
    for operation in operations {
        if firsts.iter().all(|first| first.name() != operation.name()) {
            firsts.push(operation);
        }
    }
    firsts.into_iter().max_by_key(|first| growth(executor, &[*first; REPEATED]))
}

/// The number of consecutive samples that must grow.
const SAMPLES: usize = 8;
/// The least growth over these samples, in octets.
const NOTICEABLE: u64 = 8 << 20;
/// How many operations are repeated, and how often in one window.
const REPEATED: usize = 128;
const REPETITIONS: usize = 8;
/// The least growth in one window, in octets: half a kibibyte per operation.
const LEAST_GROWTH: u64 = 512 << 10;
/// The growth in octets that no cache explains: a garbage-collected heap may take a hundred
/// mebibytes before it collects.
const SIGNIFICANT: u64 = 192 << 20;
/// The number of windows after which growth counts as unbounded in any case.
const MOST_WINDOWS: usize = 64;
