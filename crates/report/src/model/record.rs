//! A run: its cases, its targets, and a verdict for each of both. The event file holds the same.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cookiespec_vectors::{
    Answer, Case, Fingerprint, Handshake, Judgement, Profile, Tally, Verdict,
};
use sha2::{Digest, Sha256};

use super::outcome::{Outcome, RunError};

/// A run and its results.
#[derive(Clone, Debug)]
pub struct Record {
    /// The version of the harness that ran it.
    pub harness: String,
    /// The cases that were run on the targets.
    pub cases: Vec<Case>,
    /// One element per target; each holds one element per case.
    pub targets: Vec<TargetReport>,
    /// Targets that could not run on that machine.
    pub absent: Vec<Unavailable>,
    /// The exit code of the command.
    pub exit: Exit,
}

/// One target, its answers and the verdicts on them.
#[derive(Clone, Debug)]
pub struct TargetReport {
    /// Its name in reports. No two targets of a record have the same label.
    pub label: String,
    /// The name it is chosen by.
    pub name: String,
    /// Where it comes from: `built in`, `python`, `node` …, or `command`.
    pub ecosystem: String,
    /// The arguments of `cookiespec run` that choose it.
    pub selector: String,
    /// Its answer to `hello`; `None` if the run ended before the handshake.
    pub handshake: Option<Handshake>,
    /// Why its run is not complete; `None` if it is.
    pub error: Option<RunError>,
    /// The outcomes, one element per case.
    pub outcomes: Vec<Outcome>,
    /// The verdicts, one element per profile.
    pub results: Vec<ProfileResult>,
    /// The exit code that the comparison with a baseline gives it, unless harness or shim broke; `None`
    /// if there is no baseline.
    pub baseline: Option<Exit>,
    /// How often it answered as only one of the profiles expects.
    pub fingerprint: Fingerprint,
    /// How long its run took; zero if there was none, or if the record is from an event file.
    pub took: Duration,
}

/// The verdicts on a target under one profile.
#[derive(Clone, Debug)]
pub struct ProfileResult {
    /// The profile.
    pub profile: Profile,
    /// One element per case.
    pub judgements: Vec<Judgement>,
    /// How many there are of each.
    pub tally: Tally,
    /// The same by area.
    pub areas: BTreeMap<String, Tally>,
    /// Which failures and missed recommendations a baseline expects, one element per case; empty if
    /// there is no baseline.
    pub expected: Vec<bool>,
    /// Which cases are worse than a baseline says, one element per case; empty if there is no baseline
    /// for this version.
    pub worse: Vec<bool>,
}

/// The exit code of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Everything is as expected.
    Clean = 0,
    /// A case failed.
    Differs = 1,
    /// The command line is wrong, or selects nothing.
    Usage = 2,
    /// The harness or a shim broke, so that the results are not complete.
    Broken = 3,
    /// The terminal was closed (SIGHUP), so that the results are not complete.
    Hangup = 129,
    /// Ctrl-C was pressed (SIGINT), so that the results are not complete.
    Interrupted = 130,
    /// The process was told to end (SIGTERM), so that the results are not complete.
    Terminated = 143,
}

/// A target that cannot run on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// The target's name.
    pub name: String,
    /// Its ecosystem.
    pub ecosystem: String,
    /// What is missing, and how to install it.
    pub why: String,
}

impl Record {
    /// The record of a run. A label that an earlier target has gets a number. `exit` is the exit
    /// code of the command.
    pub fn new(
        cases: &[&Case],
        mut targets: Vec<TargetReport>,
        absent: Vec<Unavailable>,
        exit: Exit,
    ) -> Self {
        let mut labels = BTreeSet::new();
        for target in &mut targets {
            target.label = unused(std::mem::take(&mut target.label), &labels);
            labels.insert(target.label.clone());
        }
        Self {
            harness: env!("CARGO_PKG_VERSION").to_owned(),
            cases: cases.iter().map(|&case| case.clone()).collect(),
            targets,
            absent,
            exit,
        }
    }

    /// The profiles that at least one target is judged under, oldest first.
    pub fn profiles(&self) -> Vec<Profile> {
        let is_judged =
            |profile: &Profile| self.targets.iter().any(|target| target.result(*profile).is_some());
        Profile::ALL.into_iter().filter(is_judged).collect()
    }

    /// The SHA-256 of the cases: equal for two runs of the same suite.
    pub fn suite(&self) -> String {
        let mut digest = Sha256::new();
        for case in &self.cases {
            digest.update(case.to_json().to_string());
            digest.update("\n");
        }
        let hexadecimal: String =
            digest.finalize().iter().map(|octet| format!("{octet:02x}")).collect();
        format!("sha256:{hexadecimal}")
    }
}

/// The label, with a number if it is taken.
fn unused(label: String, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{label} #{number}"));
    std::iter::once(label.clone()).chain(numbered).find(|one| !taken.contains(one)).unwrap_or(label)
}

impl TargetReport {
    /// Judges the outcomes, one per case, under each of the profiles.
    #[must_use]
    pub fn judged(mut self, profiles: &[Profile], cases: &[&Case]) -> Self {
        let about = self.handshake.as_ref().map(Handshake::about).unwrap_or_default();
        let run = || cases.iter().copied().zip(&self.outcomes);
        let mut fingerprint = Fingerprint::default();
        for (case, outcome) in run() {
            outcome.add_to(&mut fingerprint, case, &about);
        }
        let judged = |&profile: &Profile| {
            let judgements = run().map(|(case, outcome)| outcome.judge(case, profile, &about));
            ProfileResult::new(profile, judgements.collect(), cases.iter().copied())
        };
        self.results = profiles.iter().map(judged).collect();
        self.fingerprint = fingerprint;
        self
    }

    /// The exit code of `cookiespec run` on this target alone.
    pub fn exit(&self) -> Exit {
        let verdicts =
            || self.results.iter().flat_map(|result| &result.judgements).map(|one| one.verdict);
        // Cases that were not run do not count: the error says why, or the run was stopped on purpose.
        if self.error.is_some() || verdicts().any(|verdict| verdict == Verdict::Broken) {
            Exit::Broken
        } else if verdicts().any(Verdict::is_failure) {
            Exit::Differs
        } else {
            Exit::Clean
        }
    }

    /// How many errors the target answered, if it answered several and nothing else: then they show
    /// nothing about what it implements. Cases that it lacks an ability for do not count.
    pub fn errors_only(&self) -> Option<usize> {
        let mut errors = 0;
        for outcome in &self.outcomes {
            match outcome {
                Outcome::Answer(Answer::Unsupported { .. }) | Outcome::NotRun => {}
                outcome if outcome.is_error() => errors += 1,
                _ => return None,
            }
        }
        // An implementation may well fail on the one case that was chosen.
        Some(errors).filter(|&errors| errors > 1)
    }

    /// The verdicts under a profile; `None` if the target was not judged under it.
    pub fn result(&self, profile: Profile) -> Option<&ProfileResult> {
        self.results.iter().find(|result| result.profile == profile)
    }

    /// The answer to a case; `None` if there was none.
    pub fn answer(&self, index: usize) -> Option<&Answer> {
        match self.outcomes.get(index) {
            Some(Outcome::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    /// Whether no case was run: each is unsupported, blocked, not applicable or left out.
    pub fn is_untested(&self) -> bool {
        let mut verdicts =
            self.results.iter().flat_map(|result| &result.judgements).map(|one| one.verdict);
        verdicts.all(|verdict| {
            matches!(
                verdict,
                Verdict::Unsupported | Verdict::Blocked | Verdict::NotApplicable | Verdict::NotRun
            )
        })
    }

    /// The number of cases with a verdict, under the profile that has most of them.
    pub fn most(&self, verdict: Verdict) -> usize {
        self.results.iter().map(|result| result.tally.count(verdict)).max().unwrap_or(0)
    }
}

impl ProfileResult {
    /// Counts judgements, one per case.
    pub fn new<'a>(
        profile: Profile,
        judgements: Vec<Judgement>,
        cases: impl Iterator<Item = &'a Case>,
    ) -> Self {
        let mut tally = Tally::default();
        let mut areas: BTreeMap<String, Tally> = BTreeMap::new();
        for (case, judgement) in cases.zip(&judgements) {
            tally.add(judgement);
            areas.entry(case.area().to_owned()).or_default().add(judgement);
        }
        Self { profile, judgements, tally, areas, expected: Vec::new(), worse: Vec::new() }
    }

    /// Whether the case fails and no baseline expects it to, or misses a recommendation that it does
    /// not miss in the baseline.
    pub fn is_news(&self, index: usize) -> bool {
        self.judgements.get(index).is_some_and(|one| match one.verdict {
            Verdict::Weak => self.is_worse(index),
            verdict => verdict.is_failure() && !self.is_expected(index),
        })
    }

    /// Whether the case is worse than a baseline says.
    pub fn is_worse(&self, index: usize) -> bool {
        self.worse.get(index).copied().unwrap_or(false)
    }

    /// Whether a baseline expects that the case fails or misses a recommendation.
    pub fn is_expected(&self, index: usize) -> bool {
        self.expected.get(index).copied().unwrap_or(false)
    }
}

impl Exit {
    /// Every exit code, in order.
    const ALL: [Self; 7] = [
        Self::Clean,
        Self::Differs,
        Self::Usage,
        Self::Broken,
        Self::Hangup,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The meaning of an exit code; `None` if it has none.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| *exit as u8 == code)
    }

    /// Whether a signal ended the command.
    pub fn is_signal(self) -> bool {
        self as u8 > SIGNAL
    }

    /// What a command exits with that a signal of this number ends: 128 and the number, as a shell has
    /// it. `None` if commands do not handle it.
    pub fn of_signal(signal: i32) -> Option<Self> {
        Self::from_code(u8::try_from(signal).ok()?.checked_add(SIGNAL)?)
    }
}

/// What is added to the number of a signal.
const SIGNAL: u8 = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_of_a_signal_is_that_of_a_shell() {
        assert_eq!(Exit::of_signal(2), Some(Exit::Interrupted));
        assert_eq!(Exit::of_signal(15), Some(Exit::Terminated));
        assert_eq!([-126, -125, 0, 3, 9, 128, 999].map(Exit::of_signal), [None; 7]);
        assert!(Exit::Hangup.is_signal() && !Exit::Broken.is_signal());
    }

    #[test]
    fn a_label_that_is_taken_gets_a_number() {
        let taken = ["a", "a #2"].map(str::to_owned).into();
        assert_eq!(unused("a".to_owned(), &taken), "a #3");
        assert_eq!(unused("b".to_owned(), &taken), "b");
    }
}
