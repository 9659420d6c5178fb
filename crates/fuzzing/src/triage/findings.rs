//! The findings of a run, by target, class and cause, and within these by the shape of the input.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;
use crate::finding::identity::{Class, Kind, shape};
use crate::octet_fields;

/// All findings of a run.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// How many cases showed a class, by target and hint.
    hits: BTreeMap<(String, Class, String), u64>,
    /// The findings, by target, class and cause, and then by the shape of their inputs.
    kept: BTreeMap<(String, Class, String), BTreeMap<String, Finding>>,
}

impl Findings {
    /// Counts a case that showed a class, and says whether it is worth minimising. The first case
    /// is, later ones less and less often, because most of them lead to the same finding.
    pub(crate) fn count_hit(&mut self, target: &str, class: &Class, hint: &str) -> bool {
        let key = (target.to_owned(), class.clone(), hint.to_owned());
        let hits = self.hits.entry(key).or_default();
        *hits += 1;
        let most = match class.kind {
            Kind::Disagreement => 1,
            Kind::Crash | Kind::Hang => 4,
            _ => MOST_MINIMIZED,
        };
        hits.is_power_of_two() && hits.ilog2() < most
    }

    /// Keeps a finding, unless there is one of the same class, cause and shape that is as short.
    pub(crate) fn insert(&mut self, finding: Finding) -> Insertion {
        let key = (finding.target.clone(), finding.class(), finding.cause().to_owned());
        let by_shape = self.kept.entry(key).or_default();
        let size = |finding: &Finding| octet_fields::size(&finding.operation);
        let shape = shape(&finding.operation);
        match by_shape.get(&shape) {
            Some(old) if size(old) <= size(&finding) => Insertion::Duplicate,
            None if by_shape.len() >= MOST_SHAPES => Insertion::Duplicate,
            _ => match by_shape.insert(shape, finding) {
                None => Insertion::New,
                Some(_) => Insertion::Shorter,
            },
        }
    }

    /// The models that are the cause of findings of a target, of this class if one is given.
    pub(crate) fn models(&self, target: &str, class: Option<&Class>) -> BTreeSet<String> {
        let is_asked_for = |(of, one, _): &(String, Class, String)| {
            of == target && class.is_none_or(|class| class == one)
        };
        let kept = self.kept.iter().filter(|(key, _)| is_asked_for(key));
        let findings = kept.flat_map(|(_, by_shape)| by_shape.values());
        findings.filter_map(|finding| Some(finding.like.as_ref()?.model.clone())).collect()
    }

    /// Every finding, the worst first.
    pub(crate) fn sorted(&self) -> Vec<&Finding> {
        let mut findings: Vec<_> = self.kept.values().flat_map(BTreeMap::values).collect();
        let rank = |finding: &&Finding| {
            (
                finding.kind,
                finding.level,
                finding.target.clone(),
                finding.rule.as_ref().map(|rule| rule.section.clone()),
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

/// How many cases of one class and hint are minimised.
const MOST_MINIMIZED: u32 = 12;
/// How many shapes of input are kept for a class and cause.
const MOST_SHAPES: usize = 12;
