//! The failures of a target under a profile, for reports that people read: those that are equal are
//! shown once.

use cookiespec_vectors::Verdict;

use crate::model::{Outcome, ProfileResult, TargetReport};

/// Cases on which the target failed in the same way.
#[derive(Debug)]
pub(crate) struct FailureGroup {
    /// The index of the first case.
    pub(crate) first: usize,
    /// The indices of the others.
    pub(crate) others: Vec<usize>,
}

/// The failures that no baseline expects, and the cases on which harness or shim broke, in the order
/// of the cases. Those are equal that were decided by the complete answer, with the same words on
/// stderr; two checks are never equal.
pub(crate) fn failures(target: &TargetReport, result: &ProfileResult) -> Vec<FailureGroup> {
    let mut groups: Vec<FailureGroup> = Vec::new();
    let mut first_with = std::collections::HashMap::new();
    for (index, judgement) in result.judgements.iter().enumerate() {
        // Cases that were not run are covered by the error that ended the run.
        if !result.is_news(index) && judgement.verdict != Verdict::Broken {
            continue;
        }
        let stderr = match target.outcomes.get(index) {
            Some(Outcome::Failure(failure)) => &*failure.stderr,
            _ => "",
        };
        let next = groups.len();
        let at = match &judgement.note {
            None => next,
            Some(note) => *first_with.entry((judgement.verdict, note, stderr)).or_insert(next),
        };
        match groups.get_mut(at) {
            Some(group) => group.others.push(index),
            None => groups.push(FailureGroup { first: index, others: Vec::new() }),
        }
    }
    groups
}
