//! The mutation score of the fuzzer: how many mutants (implementations with a deliberate bug) it
//! kills without the suite. One stream of inputs is executed on all that survive.

use std::num::NonZeroUsize;
use std::thread;

use cookiespec_process::threads;
use cookiespec_vectors::{Implementation, Operation, Profile};

use crate::capabilities::Capabilities;
use crate::corpus::Corpus;
use crate::coverage::coverage_key;
use crate::finding::identity::Kind;
use crate::mutators::next_input;
use crate::oracles::reference::Expected;
use crate::random::Random;
use crate::subject::executor::Executor;
use crate::subject::in_process::InProcess;
use crate::triage::classification::classify;

/// Mutants under test.
#[derive(Debug)]
pub struct MutationScore {
    seed: u64,
    profile: Profile,
    survivors: Vec<Mutant>,
    /// An implementation without a bug.
    control: Option<InProcess>,
    dropped: usize,
    capabilities: Capabilities,
    corpus: Corpus,
    rounds: u64,
}

#[derive(Debug)]
struct Mutant {
    name: String,
    executor: InProcess,
}

/// A mutant that was killed.
#[derive(Clone, Debug)]
pub struct KilledMutant {
    /// Its name.
    pub name: String,
    /// The divergence.
    pub divergence: String,
    /// The input that killed it.
    pub operation: Operation,
}

/// An input and the expected answer.
type TestCase = (Operation, Expected);

impl MutationScore {
    /// Tests these mutants, given by name.
    pub fn new(
        seed: u64,
        profile: Profile,
        mutants: impl IntoIterator<Item = (String, Box<dyn Implementation + Send>)>,
    ) -> Self {
        let survivors: Vec<_> = mutants
            .into_iter()
            .map(|(name, implementation)| Mutant { name, executor: InProcess::new(implementation) })
            .collect();
        let capabilities =
            Capabilities::of(survivors.iter().map(|it| (it.executor.about(), profile)));
        Self {
            seed,
            profile,
            survivors,
            control: None,
            dropped: 0,
            capabilities,
            corpus: Corpus::default(),
            rounds: 0,
        }
    }

    /// Adds an implementation without a bug. Inputs on which it diverges, too, are about matters
    /// that the specifications leave open, and are dropped.
    pub fn with_control(mut self, implementation: Box<dyn Implementation + Send>) -> Self {
        self.control = Some(InProcess::new(implementation));
        self
    }

    /// Runs a round of this number of generated inputs, and gives the mutants that it killed.
    pub fn round(&mut self, count: usize) -> Vec<KilledMutant> {
        let mut random = Random::of_round(self.seed, self.rounds);
        self.rounds += 1;
        let mut cases = Vec::with_capacity(count);
        for _ in 0..count {
            let operation = next_input(&mut random, &self.capabilities, &self.corpus);
            let expected = Expected::of(self.profile, &operation);
            self.corpus.consider(&operation, vec![coverage_key(&operation, &expected)]);
            cases.push((operation, expected));
        }
        self.run(&cases)
    }

    /// Runs given inputs, and gives the mutants that they killed. A mutant that survives inputs
    /// known to detect its bug cannot be killed by any round, because the specifications leave it
    /// open.
    pub fn run_inputs(&mut self, operations: &[Operation]) -> Vec<KilledMutant> {
        let with_answer =
            |operation: &Operation| (operation.clone(), Expected::of(self.profile, operation));
        let cases: Vec<_> = operations.iter().map(with_answer).collect();
        self.run(&cases)
    }

    /// The names of the mutants that survive.
    pub fn survivors(&self) -> impl ExactSizeIterator<Item = &str> {
        self.survivors.iter().map(|mutant| mutant.name.as_str())
    }

    /// The number of inputs that were dropped because the control diverged.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Runs cases on all survivors, in parallel. The result of one does not depend on the others.
    fn run(&mut self, cases: &[TestCase]) -> Vec<KilledMutant> {
        let cases = &self.without_open_matters(cases)[..];
        let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let profile = self.profile;
        let results =
            threads::map(&mut self.survivors, processors, |mutant| kill(profile, mutant, cases));
        let mut results = results.into_iter();
        let mut killed = Vec::new();
        self.survivors.retain(|_| match results.next().flatten() {
            Some(mutant) => {
                killed.push(mutant);
                false
            }
            None => true,
        });
        killed
    }

    /// The cases on which the control does not diverge.
    fn without_open_matters<'a>(&mut self, cases: &'a [TestCase]) -> Vec<&'a TestCase> {
        let Self { profile, control, .. } = self;
        let mut is_decided = |case: &&TestCase| {
            control.as_mut().is_none_or(|control| divergence(*profile, control, case).is_none())
        };
        let decided: Vec<_> = cases.iter().filter(&mut is_decided).collect();
        self.dropped += cases.len() - decided.len();
        decided
    }
}

/// The first of some cases on which a mutant diverges.
fn kill(profile: Profile, mutant: &mut Mutant, cases: &[&TestCase]) -> Option<KilledMutant> {
    let Mutant { name, executor } = mutant;
    cases.iter().find_map(|case| {
        let divergence = divergence(profile, executor, case)?;
        Some(KilledMutant { name: name.clone(), divergence, operation: case.0.clone() })
    })
}

/// The worst divergence of an implementation in a case, in words.
fn divergence(
    profile: Profile,
    executor: &mut InProcess,
    (operation, expected): &TestCase,
) -> Option<String> {
    let outcome = executor.execute(&[operation]).pop()?;
    let divergences = classify(profile, executor.about(), operation, expected, &outcome).ok()?;
    let worst = divergences.into_iter().find(|one| one.class.kind != Kind::Disagreement)?;
    Some(format!("{}: {}", worst.class.field, worst.class.difference))
}
