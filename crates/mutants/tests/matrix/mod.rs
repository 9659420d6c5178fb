//! The matrix: every case, run on every mutant under every profile.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::num::NonZero;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::{Answer, Case, Implementation, Judgement, Profile, Suite, Verdict};
use cookiespec_vectors::{ask, judge};

/// The cases that are run on every mutant.
pub(crate) static SUITE: LazyLock<Suite> =
    LazyLock::new(|| Suite::embedded().unwrap_or_else(|error| panic!("{error}")));

/// The matrix, computed once for all tests.
pub(crate) static MATRIX: LazyLock<Matrix> = LazyLock::new(Matrix::new);

/// One row for each mutant under each profile.
pub(crate) struct Matrix {
    pub(crate) rows: Vec<Row>,
    /// How long it took to compute.
    pub(crate) elapsed: Duration,
}

/// The results of the suite for a mutant under a profile.
pub(crate) struct Row {
    pub(crate) mutant: Mutant,
    pub(crate) profile: Profile,
    /// The cases that catch it, in the order of the suite, with their verdicts.
    pub(crate) caught: Vec<(&'static Case, Verdict)>,
    /// Hash of all answers that differ from the right ones; `None` if none does.
    pub(crate) digest: Option<u64>,
}

impl Matrix {
    fn new() -> Self {
        let start = Instant::now();
        let right = Profile::ALL.map(|profile| (profile, right_answers(profile)));
        let tasks: Vec<_> = Mutant::ALL
            .iter()
            .flat_map(|mutant| right.iter().map(move |(profile, right)| (*mutant, *profile, right)))
            .collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut rows = Vec::new();
            while let Some((mutant, profile, right)) =
                tasks.get(next.fetch_add(1, Ordering::Relaxed))
            {
                rows.push(Row::new(*mutant, *profile, right));
            }
            rows
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let mut rows: Vec<Row> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .flat_map(|worker| worker.join().expect("a worker panicked"))
                .collect()
        });
        rows.sort_by_key(|row| (row.mutant, row.profile));
        Self { rows, elapsed: start.elapsed() }
    }

    /// The rows of the profiles under which the mutants are wrong.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.is_listed())
    }
}

impl Row {
    fn new(mutant: Mutant, profile: Profile, right: &[Answer]) -> Self {
        let mut caught = Vec::new();
        let mut digest = None;
        for (nth, (case, right)) in SUITE.cases().iter().zip(right).enumerate() {
            let (answer, judgement) = answer(Some(mutant), profile, case, Some(right));
            let Some(judgement) = judgement else { continue };
            let hasher = digest.get_or_insert_with(DefaultHasher::new);
            (nth, format!("{answer:?}")).hash(hasher);
            if judgement.verdict == Verdict::Weak || judgement.verdict.is_failure() {
                caught.push((case, judgement.verdict));
            }
        }
        Self { mutant, profile, caught, digest: digest.map(|hasher| hasher.finish()) }
    }

    /// Whether the catalogue lists the mutant under this profile.
    pub(crate) fn is_listed(&self) -> bool {
        self.mutant.profiles().contains(&self.profile)
    }

    /// The verdict of the case that is meant to catch it, if it does.
    pub(crate) fn meant(&self) -> Option<Verdict> {
        self.caught.iter().find(|(case, _)| case.id == self.mutant.case()).map(|(_, it)| *it)
    }
}

/// The answers of the implementation without a mutant.
fn right_answers(profile: Profile) -> Vec<Answer> {
    SUITE.cases().iter().map(|case| answer(None, profile, case, None).0).collect()
}

/// The answer to a case, and the judgement on it unless it is the right answer anyway.
pub(crate) fn answer(
    mutant: Option<Mutant>,
    profile: Profile,
    case: &Case,
    right: Option<&Answer>,
) -> (Answer, Option<Judgement>) {
    let mut implementation = MutantImplementation::new(mutant, profile);
    let answer = ask(&mut implementation, case.operation());
    let differs = right != Some(&answer);
    let judgement = differs.then(|| judge(case, profile, &implementation.about(), &answer));
    (answer, judgement)
}
