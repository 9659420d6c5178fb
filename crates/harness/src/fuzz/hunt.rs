//! The measure of the fuzzer: implementations that are wrong on purpose, hunted without the suite.
//! One stream of cases is put to all that are still at large.

use std::collections::BTreeMap;

use cookiespec_vectors::{Implementation, Operation, Profile};

use super::accusation::{Kind, accuse};
use super::corpus::Corpus;
use super::expected::Expected;
use super::fuzzer::{behaviour, case};
use super::random::Random;
use super::repertoire::Repertoire;
use super::subject::{InProcess, Subject};

/// Implementations that are looked for.
#[derive(Debug)]
pub struct Hunt {
    seed: u64,
    profile: Profile,
    at_large: BTreeMap<String, InProcess>,
    repertoire: Repertoire,
    corpus: Corpus,
    rounds: u64,
}

/// One that was caught.
#[derive(Clone, Debug)]
pub struct Caught {
    /// Its name.
    pub name: String,
    /// What it did, and the place in the specification that says otherwise.
    pub what: String,
    /// The case that caught it.
    pub operation: Operation,
}

impl Hunt {
    /// A hunt for implementations, by name.
    pub fn new(
        seed: u64,
        profile: Profile,
        suspects: impl IntoIterator<Item = (String, Box<dyn Implementation + Send>)>,
    ) -> Self {
        let at_large: BTreeMap<_, _> = suspects
            .into_iter()
            .map(|(name, implementation)| (name, InProcess::new(implementation)))
            .collect();
        let repertoire = Repertoire::of(at_large.values().map(InProcess::about));
        Self { seed, profile, at_large, repertoire, corpus: Corpus::default(), rounds: 0 }
    }

    /// The names of those that were not caught yet.
    pub fn at_large(&self) -> impl ExactSizeIterator<Item = &str> {
        self.at_large.keys().map(String::as_str)
    }

    /// So many cases for everybody. Gives those that one of them caught.
    pub fn round(&mut self, cases: usize) -> Vec<Caught> {
        let mut random = Random::of_round(self.seed, self.rounds);
        self.rounds += 1;
        let mut caught = Vec::new();
        for _ in 0..cases {
            let operation = case(&mut random, &self.repertoire, &self.corpus);
            let expected = Expected::of(self.profile, &operation);
            let profile = self.profile;
            self.at_large.retain(|name, suspect| {
                let what = convicted(profile, suspect, &operation, &expected);
                let is_innocent = what.is_none();
                caught.extend(what.map(|what| Caught {
                    name: name.clone(),
                    what,
                    operation: operation.clone(),
                }));
                is_innocent
            });
            self.corpus.consider(&operation, vec![behaviour(&operation, &expected)]);
        }
        caught
    }
}

/// What an implementation does wrong in a case.
fn convicted(
    profile: Profile,
    suspect: &mut InProcess,
    operation: &Operation,
    expected: &Expected,
) -> Option<String> {
    let heard = suspect.ask(&[operation]).pop()?;
    let accusations = accuse(profile, suspect.about(), operation, expected, &heard).ok()?;
    let worst =
        accusations.into_iter().find(|accusation| accusation.class.kind != Kind::Disagreement)?;
    Some(format!("{}: {} ({})", worst.class.field, worst.class.difference, worst.place))
}
