//! What has been found: by target and class, and within a class by the shape of the input.

use std::collections::BTreeMap;

use cookiespec_vectors::Operation;

use super::accusation::{Class, Kind};
use super::finding::Finding;
use super::slots;

/// All findings of a run.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    tallies: BTreeMap<(String, Class), Tally>,
}

#[derive(Debug, Default)]
struct Tally {
    /// How many cases showed it.
    hits: u64,
    /// The findings, by the shape of their inputs.
    by_shape: BTreeMap<String, Finding>,
}

impl Ledger {
    /// A case showed a class. Is it worth minimising? The first is, and later ones more and more
    /// seldom: most of them come to the same.
    pub(crate) fn hit(&mut self, target: &str, class: &Class) -> bool {
        let tally = self.tallies.entry((target.to_owned(), class.clone())).or_default();
        tally.hits += 1;
        let most = match class.kind {
            Kind::Disagreement => 1,
            Kind::Crash | Kind::Hang => 4,
            _ => MOST_SHAPES,
        };
        tally.hits.is_power_of_two() && tally.by_shape.len() < most
    }

    /// Keeps a finding, unless there is one of the same class and shape that is as short.
    pub(crate) fn keep(&mut self, finding: Finding) -> Kept {
        let tally = self.tallies.entry((finding.target.clone(), finding.class())).or_default();
        tally.hits = tally.hits.max(1);
        let shape = shape(&finding.operation);
        match tally.by_shape.get(&shape) {
            Some(old) if slots::size(&old.operation) <= slots::size(&finding.operation) => Kept::No,
            _ => match tally.by_shape.insert(shape, finding) {
                None => Kept::New,
                Some(_) => Kept::Instead,
            },
        }
    }

    /// Every finding, the worst first.
    pub(crate) fn findings(&self) -> Vec<&Finding> {
        let mut findings: Vec<_> =
            self.tallies.values().flat_map(|tally| tally.by_shape.values()).collect();
        let rank = |finding: &&Finding| {
            (
                finding.kind,
                finding.level,
                finding.target.clone(),
                finding.rule.section.clone(),
                slots::size(&finding.operation),
            )
        };
        findings.sort_by_key(rank);
        findings
    }
}

/// What became of a finding.
#[derive(Debug)]
pub(crate) enum Kept {
    /// There is one like it that is as short.
    No,
    /// It is new.
    New,
    /// It is like another one, and shorter.
    Instead,
}

/// What an input looks like from afar: letters and digits are all the same, and so are
/// repetitions.
pub(crate) fn shape(operation: &Operation) -> String {
    let mut shape = String::from(operation.name());
    for slot in slots::of(operation) {
        shape.push('|');
        let mut last = None;
        for &octet in slot.as_slice() {
            let sort = match octet {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => 'a',
                0x80.. => '\u{80}',
                0x0a | 0x0d => '\r',
                0..=0x1f | 0x7f => '\u{1}',
                _ => char::from(octet),
            };
            if last != Some(sort) {
                shape.push(sort);
            }
            last = Some(sort);
        }
    }
    if let Operation::Jar(program) = operation {
        shape.push_str(&program.steps.len().to_string());
    }
    shape
}

/// How many shapes of input are told apart in a class.
const MOST_SHAPES: usize = 12;
