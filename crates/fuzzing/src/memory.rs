//! Memory that is not given back.

use cookiespec_vectors::Operation;

use super::subject::Subject;

/// Watches how much memory a target holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    samples: Vec<u64>,
}

/// A target that grows while it is asked the same again and again.
#[derive(Debug)]
pub(crate) struct Leak<'a> {
    /// By how many octets it grew.
    pub(crate) grown: u64,
    /// The question of those asked that makes it grow most.
    pub(crate) operation: &'a Operation,
}

impl Watch {
    /// Looks at a target, and if it has grown at every look of late, asks it the same again and
    /// again to see whether it still does: what is cached, or garbage to be collected, comes to an
    /// end.
    pub(crate) fn look<'a>(
        &mut self,
        subject: &mut dyn Subject,
        operations: &[&'a Operation],
    ) -> Option<Leak<'a>> {
        self.samples.push(subject.resident()?);
        let recent = self.samples.get(self.samples.len().checked_sub(STEADY)?..)?;
        let is_growing = recent.windows(2).all(|pair| pair[0] < pair[1]);
        if !is_growing || recent[STEADY - 1] - recent[0] < SUSPICIOUS {
            return None;
        }
        self.samples.clear();
        let operations = &operations[..operations.len().min(ASKED_AGAIN)];
        let mut grown = 0;
        for _ in 0..MOST_WINDOWS {
            let more = growth(subject, operations)?;
            if more < STEP {
                return None;
            }
            grown += more;
            if grown >= CONVINCING {
                break;
            }
        }
        let operation = worst(subject, operations)?;
        Some(Leak { grown, operation })
    }
}

/// By how many octets a target grows while it is asked all of these some times.
fn growth(subject: &mut dyn Subject, operations: &[&Operation]) -> Option<u64> {
    let before = subject.resident()?;
    for _ in 0..REPETITIONS {
        subject.ask(operations);
    }
    Some(subject.resident()?.saturating_sub(before))
}

/// The first operation of the kind that a target grows by most.
fn worst<'a>(subject: &mut dyn Subject, operations: &[&'a Operation]) -> Option<&'a Operation> {
    let mut firsts: Vec<&Operation> = Vec::new();
    for operation in operations {
        if firsts.iter().all(|first| first.name() != operation.name()) {
            firsts.push(operation);
        }
    }
    firsts.into_iter().max_by_key(|first| growth(subject, &[*first; ASKED_AGAIN]))
}

/// So many samples in a row must have grown.
const STEADY: usize = 8;
/// By so many octets in all.
const SUSPICIOUS: u64 = 8 << 20;
/// How many operations are asked again, and how often in a window.
const ASKED_AGAIN: usize = 128;
const REPETITIONS: usize = 8;
/// How much a window must make a target grow: half a kibibyte for each operation.
const STEP: u64 = 512 << 10;
/// What it grows by until nobody can call it a cache: a heap with a collector of garbage may well
/// take a hundred mebibytes before it collects any.
const CONVINCING: u64 = 192 << 20;
/// So many windows without an end convince, too.
const MOST_WINDOWS: usize = 64;
