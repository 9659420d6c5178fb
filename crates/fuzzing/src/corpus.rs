//! Inputs worth coming back to: the shortest for each way that targets and engine behave together.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use cookiespec_vectors::Operation;

use super::random::Random;
use super::slots;

/// A number that stands for something that may happen again: two values that are equal have the
/// same.
pub(crate) fn mark(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The inputs kept so far.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    entries: Vec<Entry>,
    /// The entry for each joint behaviour.
    by_signature: HashMap<u64, usize>,
    /// How often each single behaviour was seen.
    hits: HashMap<u64, u32>,
}

#[derive(Debug)]
struct Entry {
    operation: Operation,
    size: usize,
    /// What the engine did and how each target differed, each as a [`mark`].
    behaviour: Vec<u64>,
}

impl Corpus {
    /// Takes note of what an input led to, and keeps it if nothing shorter led to the same.
    pub(crate) fn consider(&mut self, operation: &Operation, behaviour: Vec<u64>) -> bool {
        for mark in &behaviour {
            *self.hits.entry(*mark).or_default() += 1;
        }
        let size = slots::size(operation);
        let entry = Entry { operation: operation.clone(), size, behaviour };
        let signature = mark(&entry.behaviour);
        match self.by_signature.get(&signature) {
            Some(&at) if self.entries[at].size <= size => false,
            Some(&at) => {
                self.entries[at] = entry;
                true
            }
            None if self.entries.len() >= MOST_ENTRIES => false,
            None => {
                self.by_signature.insert(signature, self.entries.len());
                self.entries.push(entry);
                true
            }
        }
    }

    /// An input to vary; the rarer the behaviour it shows, the likelier.
    pub(crate) fn pick(&self, random: &mut Random) -> Option<&Operation> {
        let rarity = |entry: &&Entry| {
            let hits = |mark| self.hits.get(mark).copied().unwrap_or_default();
            entry.behaviour.iter().map(hits).min().unwrap_or(u32::MAX)
        };
        let candidates = (0..CONTESTANTS).filter_map(|_| self.any(random));
        candidates.min_by_key(rarity).map(|entry| &entry.operation)
    }

    /// An input to take parts from, of the same operation if that comes easily.
    pub(crate) fn donor(&self, random: &mut Random, operation: &Operation) -> Option<&Operation> {
        let mut donors: Vec<_> = (0..CONTESTANTS).filter_map(|_| self.any(random)).collect();
        let same = donors.iter().position(|donor| donor.operation.name() == operation.name());
        Some(&donors.swap_remove(same.unwrap_or(0).min(donors.len().checked_sub(1)?)).operation)
    }

    /// How many inputs there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    fn any(&self, random: &mut Random) -> Option<&Entry> {
        (!self.entries.is_empty()).then(|| &self.entries[random.below(self.entries.len())])
    }
}

/// How many entries compete to be picked.
const CONTESTANTS: usize = 4;
/// A bound on the memory that a long run takes.
const MOST_ENTRIES: usize = 50_000;

#[cfg(test)]
mod tests {
    use cookiespec_vectors::operation::ParseDate;

    use super::*;

    fn date(text: &str) -> Operation {
        Operation::ParseDate(ParseDate { date: text.into() })
    }

    #[test]
    fn the_shortest_input_of_a_behaviour_stays() {
        let mut corpus = Corpus::default();
        assert!(corpus.consider(&date("long"), vec![1]));
        assert!(corpus.consider(&date("short, but different"), vec![2]));
        assert!(corpus.consider(&date("l"), vec![1]));
        assert!(!corpus.consider(&date("ll"), vec![1]));
        let kept = corpus.entries.iter().map(|entry| &entry.operation);
        assert!(kept.eq([&date("l"), &date("short, but different")]));
    }

    #[test]
    fn rare_behaviour_is_picked_more_often() {
        let mut corpus = Corpus::default();
        for _ in 0..100 {
            corpus.consider(&date("common"), vec![1]);
        }
        corpus.consider(&date("rare"), vec![2]);
        let mut random = Random::of_round(1, 0);
        let rare = (0..100).filter(|_| corpus.pick(&mut random) == Some(&date("rare"))).count();
        assert!(rare > 80, "{rare}");
    }
}
