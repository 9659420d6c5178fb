//! The fuzzing loop: each round generates inputs, executes them on every subject, classifies the
//! outcomes, keeps inputs with new behaviour, and triages divergences.
//!
//! The inputs of a round depend on the seed, its number and the rounds before it, and on no clock:
//! the same seed and number of cases give the same findings. Cost and memory are measured, but do
//! not influence the inputs.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use cookiespec_process::threads;
use cookiespec_report::Outcome;
use cookiespec_vectors::{Answer, Operation, Profile};

use crate::capabilities::{Capabilities, supports};
use crate::corpus::Corpus;
use crate::coverage::coverage_key;
use crate::finding::files::{Folder, Progress};
use crate::finding::identity::{Class, Kind};
use crate::finding::{Finding, Origin};
use crate::fingerprint::Fingerprint;
use crate::mutators::next_input;
use crate::oracles::cost::template::Template;
use crate::oracles::cost::{Detector, Trial};
use crate::oracles::difference::Comparison;
use crate::oracles::memory;
use crate::oracles::reference::Expected;
use crate::random::Random;
use crate::subject::Subject;
use crate::time_limit::TimeLimit;
use crate::triage::Triage;
use crate::triage::classification::{Divergence, classify};
use crate::triage::findings::{Findings, Insertion};
use crate::triage::likeness::{explains, is_explicable};
use crate::triage::quirks::Quirks;

/// The options of a run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Determines the cases.
    pub seed: u64,
    /// The part of a divided run, counted from 0.
    pub shard: u64,
    /// Differences that are not reported.
    pub known: Quirks,
    /// Whether cost and memory are measured.
    pub measures: bool,
    /// The moment at which the run ends, if it is not ended otherwise. Work in progress is cut short: an
    /// input may be minimised less, and a round without triage is not counted, so that a later run
    /// repeats it.
    pub end: Option<Instant>,
}

/// Something that happens during a round.
#[derive(Debug)]
pub enum Event<'a> {
    /// A new finding.
    Found(&'a Finding),
    /// An answer did not have the form of the protocol, and was not compared.
    Malformed {
        /// The target.
        target: &'a str,
        /// What is wrong.
        what: &'a str,
    },
}

/// A run.
#[derive(Debug)]
pub struct Fuzzer {
    subjects: Vec<Subject>,
    settings: Settings,
    capabilities: Capabilities,
    corpus: Corpus,
    findings: Findings,
    cost: Detector,
    /// One per subject.
    memory: Vec<memory::Watch>,
    started: Instant,
    time_limit: TimeLimit,
    time_on_cost: Duration,
    folder: Option<Folder>,
    progress: Progress,
    /// The number of malformed answers by target.
    malformed: BTreeMap<String, u64>,
}

impl Fuzzer {
    /// A run on these subjects. With a folder, it continues the last run there with the same seed
    /// and shard.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn new(
        mut subjects: Vec<Subject>,
        settings: Settings,
        folder: Option<Folder>,
    ) -> io::Result<Self> {
        for subject in &mut subjects {
            settings.end.iter().for_each(|end| subject.end_at(*end));
        }
        let capabilities = Capabilities::of(subjects.iter().map(|it| (it.about(), it.profile)));
        let mut random = Random::of_round(settings.seed, u64::MAX);
        let cost = Detector::new(&mut random, &capabilities);
        let memory = subjects.iter().map(|_| memory::Watch::default()).collect();
        let progress = match &folder {
            Some(folder) => folder.progress(settings.seed, settings.shard)?,
            None => Progress::new(settings.seed, settings.shard),
        };
        let time_limit = TimeLimit(settings.end);
        let mut fuzzer = Self {
            subjects,
            settings,
            capabilities,
            corpus: Corpus::default(),
            findings: Findings::default(),
            cost,
            memory,
            started: Instant::now(),
            time_limit,
            time_on_cost: Duration::ZERO,
            folder: None,
            progress,
            malformed: BTreeMap::new(),
        };
        if let Some(folder) = folder {
            for finding in folder.findings()? {
                fuzzer.findings.insert(finding);
            }
            let operations = folder.corpus()?;
            for operations in operations.chunks(ROUND) {
                fuzzer.run_cases(operations, &mut |_| {})?;
            }
            fuzzer.folder = Some(folder);
        }
        Ok(fuzzer)
    }

    /// Runs one round of at most this number of cases, and at most [`ROUND`].
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn round(&mut self, most: usize, event: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        let stream = stream(self.settings.seed, self.settings.shard);
        let mut random = Random::of_round(stream, self.progress.rounds);
        let count = most.min(ROUND);
        let cases: Vec<_> =
            (0..count).map(|_| next_input(&mut random, &self.capabilities, &self.corpus)).collect();
        self.run_cases(&cases, event)?;
        if self.is_over() {
            return Ok(());
        }
        if self.settings.measures {
            self.measure_cost(&mut random, event)?;
            self.measure_memory(&cases, event)?;
        }
        self.progress.rounds += 1;
        self.progress.cases += count as u64;
        match &self.folder {
            Some(folder) => folder.save_progress(&self.progress),
            None => Ok(()),
        }
    }

    /// Whether the time of the run is over, or it was interrupted.
    pub fn is_over(&self) -> bool {
        self.time_limit.is_over()
    }

    /// Whether any subject supports an operation that can be fuzzed.
    pub fn can_run(&self) -> bool {
        !self.capabilities.is_empty()
    }

    /// The number of cases executed, including those of earlier runs in the same folder.
    pub fn cases(&self) -> u64 {
        self.progress.cases
    }

    /// The number of inputs in the corpus.
    pub fn corpus_size(&self) -> usize {
        self.corpus.len()
    }

    /// Every finding, the worst first.
    pub fn findings(&self) -> Vec<&Finding> {
        self.findings.sorted()
    }

    /// The number of malformed answers by target.
    pub fn malformed(&self) -> &BTreeMap<String, u64> {
        &self.malformed
    }

    /// Executes cases on every subject, updates the corpus, and triages what diverges.
    fn run_cases(
        &mut self,
        cases: &[Operation],
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        let (expected, outcomes) = self.execute(cases);
        if self.is_over() {
            return Ok(());
        }
        let mut candidates = Vec::new();
        for (index, operation) in cases.iter().enumerate() {
            let mut behaviour: Vec<_> = expected
                .values()
                .map(|expected| coverage_key(operation, &expected[index]))
                .collect();
            for (target, outcomes) in outcomes.iter().enumerate() {
                let Some(outcome) = &outcomes[index] else { continue };
                let subject = &self.subjects[target];
                let expected = &expected[&subject.profile][index];
                match classify(subject.profile, subject.about(), operation, expected, outcome) {
                    Ok(divergences) => {
                        behaviour.push(behaviour_key(target, &divergences));
                        candidates.extend(divergences.into_iter().map(|one| (index, target, one)));
                    }
                    Err(malformed) => {
                        event(Event::Malformed { target: &subject.name, what: &malformed.0 });
                        *self.malformed.entry(subject.name.clone()).or_default() += 1;
                    }
                }
            }
            if self.corpus.consider(operation, behaviour)
                && let Some(folder) = &self.folder
            {
                folder.save_case(operation)?;
            }
        }
        for (index, target, divergence) in candidates {
            if self.is_over() {
                return Ok(());
            }
            let expected = &expected[&self.subjects[target].profile][index];
            let outcome = outcomes[target][index].as_ref();
            if self.is_explained(target, &cases[index], expected, outcome, &divergence) {
                continue;
            }
            let case = self.progress.cases + index as u64;
            self.triage_divergence(target, &cases[index], case, &divergence, event)?;
        }
        Ok(())
    }

    /// Whether a model that is the cause of a finding of this class explains a divergence as well.
    fn is_explained(
        &mut self,
        target: usize,
        operation: &Operation,
        expected: &Expected,
        outcome: Option<&Outcome>,
        divergence: &Divergence,
    ) -> bool {
        let Some(Outcome::Answer(Answer::Ok(got))) = outcome else { return false };
        if !is_explicable(divergence) {
            return false;
        }
        let subject = &mut self.subjects[target];
        let known = self.findings.models(&subject.name, Some(&divergence.class));
        let about = subject.executors[0].about();
        let comparison = Comparison { operation, profile: subject.profile, about, expected };
        let mut models = subject.models.iter_mut().filter(|model| known.contains(&model.name));
        models.any(|model| explains(comparison, divergence, model.answer(operation).as_ref(), got))
    }

    /// The expected answers by profile, and the outcomes by subject.
    #[expect(clippy::type_complexity, reason = "two tables, each with a row per target or profile")]
    fn execute(
        &mut self,
        cases: &[Operation],
    ) -> (BTreeMap<Profile, Vec<Expected>>, Vec<Vec<Option<Outcome>>>) {
        let profiles: Vec<_> = self.subjects.iter().map(|subject| subject.profile).collect();
        let expected = || {
            let mut expected = BTreeMap::new();
            for profile in profiles {
                expected.entry(profile).or_insert_with(|| {
                    cases.iter().map(|operation| Expected::of(profile, operation)).collect()
                });
            }
            expected
        };
        let subjects = &mut self.subjects;
        let outcomes = || {
            threads::map(subjects, NonZeroUsize::MAX, |subject| subject.execute_supported(cases))
        };
        let (outcomes, expected) = threads::both(outcomes, expected);
        (expected, outcomes)
    }

    /// Makes a finding of a divergence, unless its class is known or was minimised often enough.
    fn triage_divergence(
        &mut self,
        target: usize,
        operation: &Operation,
        case: u64,
        divergence: &Divergence,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        if !self.is_worth_triage(target, &divergence.class, &divergence.hint) {
            return Ok(());
        }
        let known = self.findings.models(&self.subjects[target].name, None);
        let found = self.triage(case).knowing(known).findings(target, operation, divergence);
        found.into_iter().try_for_each(|(finding, hint)| self.keep(finding, &hint, event))
    }

    fn is_worth_triage(&mut self, target: usize, class: &Class, hint: &str) -> bool {
        let name = &self.subjects[target].name;
        let is_known = self.settings.known.contains(name, class, hint);
        !is_known && self.findings.count_hit(name, class, hint)
    }

    fn triage(&mut self, case: u64) -> Triage<'_> {
        let origin = Origin { seed: self.settings.seed, case };
        Triage::new(&mut self.subjects, origin).until(self.time_limit)
    }

    fn keep(
        &mut self,
        finding: Finding,
        hint: &str,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        let known = &self.settings.known;
        if known.contains(&finding.target, &finding.class(), hint) || known.explain(&finding) {
            return Ok(());
        }
        let insertion = self.findings.insert(finding.clone());
        if matches!(insertion, Insertion::Duplicate) {
            return Ok(());
        }
        if let Some(folder) = &self.folder {
            folder.save_finding(&finding)?;
        }
        if matches!(insertion, Insertion::New) {
            event(Event::Found(&finding));
        }
        Ok(())
    }

    /// Runs cost templates until cost has had its share of the time.
    fn measure_cost(
        &mut self,
        random: &mut Random,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        loop {
            let begun = Instant::now();
            let templates = self.cost.templates(random, &self.corpus);
            for template in &templates {
                for target in 0..self.subjects.len() {
                    if !self.is_over() {
                        self.run_template(target, template, event)?;
                    }
                }
            }
            self.time_on_cost += begun.elapsed();
            if templates.is_empty()
                || self.is_over()
                || self.time_on_cost > self.started.elapsed() / COST_SHARE
            {
                return Ok(());
            }
        }
    }

    fn run_template(
        &mut self,
        target: usize,
        template: &Template,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        let executor = self.subjects[target].first_executor();
        let confirmed = match self.cost.examine(target, executor, template) {
            Trial::Passed => return Ok(()),
            Trial::Confirmed(confirmed) => *confirmed,
            Trial::Unanswered(unanswered) => {
                let (operation, outcome) = *unanswered;
                return self.triage_unanswered(target, &operation, &outcome, event);
            }
        };
        let class = Class {
            kind: Kind::Cost,
            operation: confirmed.operation.name(),
            field: template.part(),
            difference: confirmed.growth.describe(),
        };
        if !self.is_worth_triage(target, &class, "") {
            return Ok(());
        }
        let finding = self.triage(self.progress.cases).cost(target, &class, confirmed);
        self.keep(finding, "", event)
    }

    /// Triages a long input that was not answered.
    fn triage_unanswered(
        &mut self,
        target: usize,
        operation: &Operation,
        outcome: &Outcome,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        let subject = &self.subjects[target];
        let expected = Expected::of(subject.profile, operation);
        let divergences = classify(subject.profile, subject.about(), operation, &expected, outcome);
        // A shim that breaks the protocol is not a finding.
        for divergence in divergences.unwrap_or_default() {
            self.triage_divergence(target, operation, self.progress.cases, &divergence, event)?;
        }
        Ok(())
    }

    /// Samples the memory of every subject.
    fn measure_memory(
        &mut self,
        cases: &[Operation],
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        for target in 0..self.subjects.len() {
            let subject = &mut self.subjects[target];
            let about = subject.about();
            let supported: Vec<_> =
                cases.iter().filter(|operation| supports(about, operation)).collect();
            let executor = subject.first_executor();
            let Some(leak) = self.memory[target].sample(executor, &supported) else { continue };
            let mut triage = self.triage(self.progress.cases);
            let finding = triage.memory(target, leak.operation, leak.grown);
            self.keep(finding, "", event)?;
        }
        Ok(())
    }
}

/// The random stream of a shard of a seed.
fn stream(seed: u64, shard: u64) -> u64 {
    Fingerprint::new().number(seed).number(shard).finish()
}

/// A key for how a subject diverged, for the corpus.
fn behaviour_key(target: usize, divergences: &[Divergence]) -> u64 {
    Fingerprint::new()
        .number(target as u64)
        .list(divergences.iter(), |hash, one| one.class.add_to(hash).text(&one.hint))
        .finish()
}

/// The number of cases in a round.
pub const ROUND: usize = 256;
/// Cost takes one in this many parts of the time.
const COST_SHARE: u32 = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_shard_is_the_same_in_every_release() {
        assert_eq!(stream(7, 1), 10_146_017_361_091_682_965);
    }
}
