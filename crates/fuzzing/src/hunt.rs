//! The measure of the fuzzer: implementations that are wrong on purpose, hunted without the suite.
//! One stream of cases is put to all that are still at large.

use std::thread;

use cookiespec_vectors::{Implementation, Operation, Profile};

use super::accusation::{Kind, accuse};
use super::behaviour::behaviour;
use super::corpus::Corpus;
use super::expected::Expected;
use super::fuzzer::case;
use super::random::Random;
use super::repertoire::Capabilities;
use super::subject::{InProcess, Subject};

/// Implementations that are looked for.
#[derive(Debug)]
pub struct Hunt {
    seed: u64,
    profile: Profile,
    at_large: Vec<Suspect>,
    /// Somebody without a fault, if there is such.
    control: Option<InProcess>,
    left_out: usize,
    repertoire: Capabilities,
    corpus: Corpus,
    rounds: u64,
}

#[derive(Debug)]
struct Suspect {
    name: String,
    implementation: InProcess,
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
        let at_large: Vec<_> = suspects
            .into_iter()
            .map(|(name, implementation)| Suspect {
                name,
                implementation: InProcess::new(implementation),
            })
            .collect();
        let repertoire = Capabilities::of(at_large.iter().map(|it| it.implementation.about()));
        let (control, left_out) = (None, 0);
        let corpus = Corpus::default();
        Self { seed, profile, at_large, control, left_out, repertoire, corpus, rounds: 0 }
    }

    /// With somebody who is known to have no fault. A case that accuses even them is about a matter
    /// that the texts leave open, and convicts nobody.
    pub fn with_control(mut self, implementation: Box<dyn Implementation + Send>) -> Self {
        self.control = Some(InProcess::new(implementation));
        self
    }

    /// How many cases were left out because they accuse somebody without a fault.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The names of those that were not caught yet.
    pub fn at_large(&self) -> impl ExactSizeIterator<Item = &str> {
        self.at_large.iter().map(|suspect| suspect.name.as_str())
    }

    /// So many cases for everybody. Gives those that one of them caught.
    pub fn round(&mut self, cases: usize) -> Vec<Caught> {
        let mut random = Random::of_round(self.seed, self.rounds);
        self.rounds += 1;
        let mut questions = Vec::with_capacity(cases);
        for _ in 0..cases {
            let operation = case(&mut random, &self.repertoire, &self.corpus);
            let expected = Expected::of(self.profile, &operation);
            self.corpus.consider(&operation, vec![behaviour(&operation, &expected)]);
            questions.push((operation, expected));
        }
        self.put(&questions)
    }

    /// Operations from elsewhere for everybody. Gives those that one of them caught: what no
    /// operation shows, because the texts leave it open, no round can catch.
    pub fn confront(&mut self, operations: &[Operation]) -> Vec<Caught> {
        let with_answer =
            |operation: &Operation| (operation.clone(), Expected::of(self.profile, operation));
        let questions: Vec<_> = operations.iter().map(with_answer).collect();
        self.put(&questions)
    }

    /// The cases that accuse nobody without a fault.
    fn fair<'a>(&mut self, questions: &'a [Question]) -> Vec<&'a Question> {
        let Self { profile, control, .. } = self;
        let mut is_fair = |question: &&Question| {
            control.as_mut().is_none_or(|control| accused_of(*profile, control, question).is_none())
        };
        let fair: Vec<_> = questions.iter().filter(&mut is_fair).collect();
        self.left_out += questions.len() - fair.len();
        fair
    }

    /// Asks everybody, some of them at the same time. Nobody's answers depend on anybody else's.
    fn put(&mut self, questions: &[Question]) -> Vec<Caught> {
        let questions = &self.fair(questions)[..];
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let share = self.at_large.len().div_ceil(threads).max(1);
        let profile = self.profile;
        let verdicts: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> = self
                .at_large
                .chunks_mut(share)
                .map(|suspects| {
                    scope.spawn(move || {
                        let convict = |it: &mut Suspect| convicted(profile, it, questions);
                        suspects.iter_mut().map(convict).collect::<Vec<_>>()
                    })
                })
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        });
        let mut verdicts = verdicts.into_iter();
        let mut caught = Vec::new();
        self.at_large.retain(|_| match verdicts.next().flatten() {
            Some(conviction) => {
                caught.push(conviction);
                false
            }
            None => true,
        });
        caught
    }
}

/// A case, and what the engine says to it.
type Question = (Operation, Expected);

/// The first of some cases that shows an implementation wrong, and how.
fn convicted(profile: Profile, suspect: &mut Suspect, questions: &[&Question]) -> Option<Caught> {
    let Suspect { name, implementation } = suspect;
    questions.iter().find_map(|question| {
        let what = accused_of(profile, implementation, question)?;
        Some(Caught { name: name.clone(), what, operation: question.0.clone() })
    })
}

/// What an implementation does wrong in a case.
fn accused_of(
    profile: Profile,
    implementation: &mut InProcess,
    (operation, expected): &Question,
) -> Option<String> {
    let heard = implementation.ask(&[operation]).pop()?;
    let accusations = accuse(profile, implementation.about(), operation, expected, &heard).ok()?;
    let worst =
        accusations.into_iter().find(|accusation| accusation.class.kind != Kind::Disagreement)?;
    Some(format!("{}: {} ({})", worst.class.field, worst.class.difference, worst.place))
}
