//! The findings of a run, by target and class, and within a class by the shape of the input.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::finding::identity::{Class, Kind, shape};
use crate::octet_fields;

/// All findings of a run.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    buckets: BTreeMap<(String, Class), Bucket>,
}

#[derive(Debug, Default)]
struct Bucket {
    /// How many cases showed the class.
    hits: u64,
    /// The findings, by the shape of their inputs.
    by_shape: BTreeMap<String, Finding>,
}

impl Findings {
    /// Counts a case that showed a class, and says whether it is worth minimising. The first case
    /// is, later ones less and less often, because most of them lead to the same finding.
    pub(crate) fn count_hit(&mut self, target: &str, class: &Class) -> bool {
        let bucket = self.buckets.entry((target.to_owned(), class.clone())).or_default();
        bucket.hits += 1;
        let most = match class.kind {
            Kind::Disagreement => 1,
            Kind::Crash | Kind::Hang => 4,
            _ => MOST_SHAPES,
        };
        bucket.hits.is_power_of_two() && bucket.by_shape.len() < most
    }

    /// Keeps a finding, unless there is one of the same class and shape that is as short.
    pub(crate) fn insert(&mut self, finding: Finding) -> Insertion {
        let bucket = self.buckets.entry((finding.target.clone(), finding.class())).or_default();
        bucket.hits = bucket.hits.max(1);
        let size = |finding: &Finding| octet_fields::size(&finding.operation);
        let shape = shape(&finding.operation);
        match bucket.by_shape.get(&shape) {
            Some(old) if size(old) <= size(&finding) => Insertion::Duplicate,
            _ => match bucket.by_shape.insert(shape, finding) {
                None => Insertion::New,
                Some(_) => Insertion::Shorter,
            },
        }
    }

    /// Every finding, the worst first.
    pub(crate) fn sorted(&self) -> Vec<&Finding> {
        let mut findings: Vec<_> =
            self.buckets.values().flat_map(|bucket| bucket.by_shape.values()).collect();
        let rank = |finding: &&Finding| {
            (
                finding.kind,
                finding.level,
                finding.target.clone(),
                finding.rule.section.clone(),
                octet_fields::size(&finding.operation),
            )
        };
        findings.sort_by_key(rank);
        findings
    }
}

/// The result of inserting a finding.
#[derive(Debug)]
pub(crate) enum Insertion {
    /// There is an equal one that is as short; nothing changed.
    Duplicate,
    /// It is new.
    New,
    /// It replaced an equal one that was longer.
    Shorter,
}

/// How many shapes of input are kept in a class.
const MOST_SHAPES: usize = 12;
