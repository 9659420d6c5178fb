//! The inputs kept for mutation: the shortest for each joint behaviour of reference and subjects.

use std::collections::HashMap;

use cookiespec_vectors::Operation;

use crate::fingerprint::Fingerprint;
use crate::octet_fields;
use crate::random::Random;

/// The inputs kept so far.
#[derive(Debug, Default)]
pub(crate) struct Corpus {
    entries: Vec<Entry>,
    /// The index of the entry for each joint behaviour.
    by_signature: HashMap<u64, usize>,
    /// How often each single behaviour occurred.
    hits: HashMap<u64, u32>,
}

#[derive(Debug)]
struct Entry {
    operation: Operation,
    size: usize,
    /// Fingerprints of what the reference engine did and of how each subject diverged from it.
    behaviour: Vec<u64>,
}

impl Corpus {
    /// Counts the behaviours of an input, and keeps the input unless a shorter one with the same
    /// joint behaviour is there. Says whether it was kept.
    pub(crate) fn consider(&mut self, operation: &Operation, behaviour: Vec<u64>) -> bool {
        for one in &behaviour {
            *self.hits.entry(*one).or_default() += 1;
        }
        let size = octet_fields::size(operation);
        let entry = Entry { operation: operation.clone(), size, behaviour };
        let signature =
            Fingerprint::new().list(entry.behaviour.iter(), |hash, one| hash.number(*one)).finish();
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

    /// An input to mutate. The rarer its rarest behaviour, the more probable it is.
    pub(crate) fn pick(&self, random: &mut Random) -> Option<&Operation> {
        let rarity = |entry: &&Entry| {
            let hits = |one| self.hits.get(one).copied().unwrap_or_default();
            entry.behaviour.iter().map(hits).min().unwrap_or(u32::MAX)
        };
        let candidates = (0..TOURNAMENT).filter_map(|_| self.any(random));
        candidates.min_by_key(rarity).map(|entry| &entry.operation)
    }

    /// An input to take parts from, preferably of the same operation as `operation`.
    pub(crate) fn donor(&self, random: &mut Random, operation: &Operation) -> Option<&Operation> {
        let mut donors: Vec<_> = (0..TOURNAMENT).filter_map(|_| self.any(random)).collect();
        let same = donors.iter().position(|donor| donor.operation.name() == operation.name());
        Some(&donors.swap_remove(same.unwrap_or(0).min(donors.len().checked_sub(1)?)).operation)
    }

    /// The number of inputs.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    fn any(&self, random: &mut Random) -> Option<&Entry> {
        (!self.entries.is_empty()).then(|| &self.entries[random.below(self.entries.len())])
    }
}

/// How many random entries one choice compares.
const TOURNAMENT: usize = 4;
/// Bounds the memory of a long run.
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
