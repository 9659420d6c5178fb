//! The loop: rounds of cases, put to every target, judged, kept if they show something new, and
//! minimised if they accuse somebody.
//!
//! What a round does depends on the seed, its number and what the rounds before it led to, and on
//! no clock: the same seed and the same number of cases give the same findings. Only cost and
//! memory are measured, and what they lead to steers nothing.

mod measuring;

use std::collections::BTreeMap;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_vectors::{ImplementationInfo, Operation, Profile};

use super::accusation::{Accusation, accuse};
use super::behaviour::behaviour;
use super::corpus::{Corpus, mark};
use super::cost::Detector;
use super::expected::Expected;
use super::finding::Finding;
use super::folder::{Folder, Progress};
use super::grammar;
use super::ledger::{Kept, Ledger};
use super::memory;
use super::mutate::mutate;
use super::quirks::Quirks;
use super::random::Random;
use super::repertoire::{Capabilities, can_be_asked};
use super::subject::Subject;
use super::witness::Witnesses;
use cookiespec_report::Outcome;

/// A target, and the processes that answer for it.
pub struct Accused {
    /// What chooses it on the command line.
    pub name: String,
    /// The words that start it, where it has no name.
    pub command: Option<Vec<String>>,
    /// The profile that it is judged by.
    pub profile: Profile,
    /// It, several times if that is faster. There is at least one.
    pub subjects: Vec<Box<dyn Subject + Send>>,
}

impl std::fmt::Debug for Accused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accused")
            .field("name", &self.name)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

impl Accused {
    pub(crate) fn about(&self) -> &ImplementationInfo {
        self.subjects[0].about()
    }

    /// Puts operations to it, shared among its processes.
    pub(crate) fn ask(&mut self, operations: &[&Operation]) -> Vec<Outcome> {
        let share = operations.len().div_ceil(self.subjects.len()).max(1);
        thread::scope(|scope| {
            let workers: Vec<_> = self
                .subjects
                .iter_mut()
                .zip(operations.chunks(share))
                .map(|(subject, operations)| scope.spawn(move || subject.ask(operations)))
                .collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        })
    }
}

/// How a run goes.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What determines the cases.
    pub seed: u64,
    /// Which part of the cases is this run's, counted from 0.
    pub shard: u64,
    /// Differences that are known already and not to be told again.
    pub known: Quirks,
    /// Look for super-linear cost and growing memory, too.
    pub measures: bool,
}

/// What happened during a round.
#[derive(Debug)]
pub enum Event<'a> {
    /// Something new was found.
    Found(&'a Finding),
    /// A target answered something that is no answer; it is not accused.
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
    accused: Vec<Accused>,
    settings: Settings,
    repertoire: Capabilities,
    corpus: Corpus,
    ledger: Ledger,
    detector: Detector,
    started: Instant,
    until: Option<Instant>,
    time_on_cost: Duration,
    watches: Vec<memory::Watch>,
    folder: Option<Folder>,
    progress: Progress,
    /// How often the shim of each target broke the protocol.
    malformed: BTreeMap<String, u64>,
}

impl Fuzzer {
    /// A run against these targets. With a folder, it goes on where the folder's last run with the
    /// same seed and shard ended.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn new(
        accused: Vec<Accused>,
        settings: Settings,
        folder: Option<Folder>,
    ) -> io::Result<Self> {
        let repertoire = Capabilities::of(accused.iter().map(Accused::about));
        let mut random = Random::of_round(settings.seed, u64::MAX);
        let detector = Detector::new(&mut random, &repertoire);
        let watches = accused.iter().map(|_| memory::Watch::default()).collect();
        let progress = match &folder {
            Some(folder) => folder.progress(settings.seed, settings.shard)?,
            None => Progress::new(settings.seed, settings.shard),
        };
        let mut fuzzer = Self {
            accused,
            settings,
            repertoire,
            corpus: Corpus::default(),
            ledger: Ledger::default(),
            detector,
            started: Instant::now(),
            until: None,
            time_on_cost: Duration::ZERO,
            watches,
            folder: None,
            progress,
            malformed: BTreeMap::new(),
        };
        if let Some(folder) = folder {
            for finding in folder.findings()? {
                fuzzer.ledger.keep(finding);
            }
            let operations = folder.corpus()?;
            for operations in operations.chunks(ROUND) {
                fuzzer.judge(operations, &mut |_| {})?;
            }
            fuzzer.folder = Some(folder);
        }
        Ok(fuzzer)
    }

    /// Is there anything that the targets can be asked?
    pub fn can_ask(&self) -> bool {
        !self.repertoire.is_empty()
    }

    /// How many cases were put to the targets, those of earlier runs in the same folder included.
    pub fn cases(&self) -> u64 {
        self.progress.cases
    }

    /// How many inputs are kept.
    pub fn corpus_size(&self) -> usize {
        self.corpus.len()
    }

    /// Everything found, the worst first.
    pub fn findings(&self) -> Vec<&Finding> {
        self.ledger.findings()
    }

    /// How many answers of each target had not the form of one.
    pub fn malformed(&self) -> &BTreeMap<String, u64> {
        &self.malformed
    }

    /// One round, of at most so many cases.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn round(&mut self, most: usize, event: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        let stream = mark((self.settings.seed, self.settings.shard));
        let mut random = Random::of_round(stream, self.progress.rounds);
        let count = most.min(ROUND);
        let cases: Vec<_> =
            (0..count).map(|_| case(&mut random, &self.repertoire, &self.corpus)).collect();
        self.judge(&cases, event)?;
        if self.is_over() {
            return Ok(());
        }
        if self.settings.measures {
            self.look_for_cost(&mut random, event)?;
            self.look_for_memory(&cases, event)?;
        }
        self.progress.rounds += 1;
        self.progress.cases += count as u64;
        match &self.folder {
            Some(folder) => folder.save_progress(&self.progress),
            None => Ok(()),
        }
    }

    /// Ends the run at this moment. What is under way then is ended early: an input may stay longer
    /// than it need be, and a round that was not followed up is not counted, so that a later run
    /// repeats it.
    pub fn end_at(&mut self, moment: Instant) {
        self.until = Some(moment);
    }

    /// Is the time for this run at its end?
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Puts cases to every target, and follows up what their answers show.
    fn judge(&mut self, cases: &[Operation], event: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        let (expected, heard) = self.put(cases);
        let mut suspicions = Vec::new();
        for (index, operation) in cases.iter().enumerate() {
            let mut behaviour = expected
                .values()
                .map(|expected| behaviour(operation, &expected[index]))
                .collect::<Vec<_>>();
            for (target, heard) in heard.iter().enumerate() {
                let Some(heard) = &heard[index] else { continue };
                let accused = &self.accused[target];
                let expected = &expected[&accused.profile][index];
                match accuse(accused.profile, accused.about(), operation, expected, heard) {
                    Ok(accusations) => {
                        let classes: Vec<_> = accusations.iter().map(|one| &one.class).collect();
                        behaviour.push(mark((target, classes)));
                        suspicions.extend(accusations.into_iter().map(|one| (index, target, one)));
                    }
                    Err(malformed) => {
                        event(Event::Malformed { target: &accused.name, what: &malformed.0 });
                        *self.malformed.entry(accused.name.clone()).or_default() += 1;
                    }
                }
            }
            if self.corpus.consider(operation, behaviour)
                && let Some(folder) = &self.folder
            {
                folder.save_case(operation)?;
            }
        }
        for (index, target, accusation) in suspicions {
            if self.is_over() {
                return Ok(());
            }
            self.follow_up(
                target,
                &cases[index],
                self.progress.cases + index as u64,
                &accusation,
                event,
            )?;
        }
        Ok(())
    }

    /// The engine's answers by profile, and every target's to what it can be asked.
    #[expect(clippy::type_complexity, reason = "two tables, each with a row per target or profile")]
    fn put(
        &mut self,
        cases: &[Operation],
    ) -> (BTreeMap<Profile, Vec<Expected>>, Vec<Vec<Option<Outcome>>>) {
        let profiles: Vec<_> = self.accused.iter().map(|accused| accused.profile).collect();
        thread::scope(|scope| {
            let workers: Vec<_> = self
                .accused
                .iter_mut()
                .map(|accused| scope.spawn(move || ask_what_it_can(accused, cases)))
                .collect();
            let mut expected = BTreeMap::new();
            for profile in profiles {
                expected.entry(profile).or_insert_with(|| {
                    cases.iter().map(|operation| Expected::of(profile, operation)).collect()
                });
            }
            let heard =
                workers.into_iter().map(|worker| worker.join().unwrap_or_default()).collect();
            (expected, heard)
        })
    }

    /// Minimises what accuses a target, if that is worth it.
    fn follow_up(
        &mut self,
        target: usize,
        operation: &Operation,
        case: u64,
        accusation: &Accusation,
        event: &mut dyn FnMut(Event<'_>),
    ) -> io::Result<()> {
        let class = &accusation.class;
        let name = &self.accused[target].name;
        if self.settings.known.contains(name, class) || !self.ledger.hit(name, class) {
            return Ok(());
        }
        match self.witnesses(case).finding(target, operation, class) {
            Some(finding) => self.keep(finding, event),
            None => Ok(()),
        }
    }

    fn witnesses(&mut self, case: u64) -> Witnesses<'_> {
        Witnesses::new(&mut self.accused, self.settings.seed, case).until(self.until)
    }

    fn keep(&mut self, finding: Finding, event: &mut dyn FnMut(Event<'_>)) -> io::Result<()> {
        if self.settings.known.contains(&finding.target, &finding.class()) {
            return Ok(());
        }
        let kept = self.ledger.keep(finding.clone());
        if matches!(kept, Kept::No) {
            return Ok(());
        }
        if let Some(folder) = &self.folder {
            folder.save_finding(&finding)?;
        }
        if matches!(kept, Kept::New) {
            event(Event::Found(&finding));
        }
        Ok(())
    }
}

/// One element per case; `None` for those that the target cannot be asked.
fn ask_what_it_can(accused: &mut Accused, cases: &[Operation]) -> Vec<Option<Outcome>> {
    let about = accused.about();
    let asked: Vec<bool> = cases.iter().map(|operation| can_be_asked(about, operation)).collect();
    let operations: Vec<_> =
        cases.iter().zip(&asked).filter(|(_, asked)| **asked).map(|(one, _)| one).collect();
    let mut answers = accused.ask(&operations).into_iter();
    asked.into_iter().map(|asked| asked.then(|| answers.next()).flatten()).collect()
}

/// A new case: a variation of a kept one, or a fresh one.
pub(crate) fn case(random: &mut Random, repertoire: &Capabilities, corpus: &Corpus) -> Operation {
    let varied = random.chance(VARIED).then(|| {
        let operation = corpus.pick(random)?;
        let donor = corpus.donor(random, operation)?;
        Some(mutate(random, repertoire, operation, donor))
    });
    varied.flatten().unwrap_or_else(|| grammar::operation(random, repertoire))
}

/// How many cases make a round.
pub const ROUND: usize = 256;
/// How many in a hundred cases are variations of kept ones.
const VARIED: u32 = 65;
