//! Everything a run came to, in one value that stands by itself: every report is made from it, and
//! the event file is it, written down.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cookiespec_vectors::{
    Answer, Case, Fingerprint, Handshake, Judgement, Profile, Tally, Verdict,
};
use sha2::{Digest, Sha256};

use crate::outcome::{Outcome, RunError};

/// A run and what it came to.
#[derive(Clone, Debug)]
pub struct Record {
    /// The version of the harness that ran it.
    pub harness: String,
    /// The cases that were put to the targets.
    pub cases: Vec<Case>,
    /// One element per target; each holds one element per case.
    pub targets: Vec<TargetReport>,
    /// Targets that could not be run there.
    pub absent: Vec<Unavailable>,
    /// How the command ended.
    pub exit: Exit,
}

/// One target, what it said and what that is worth.
#[derive(Clone, Debug)]
pub struct TargetReport {
    /// What it is called in reports. No two targets of a record have the same label.
    pub label: String,
    /// The name it is chosen by.
    pub name: String,
    /// Where it comes from: `built in`, `python`, `node` …, or `command`.
    pub ecosystem: String,
    /// What stands on the command line of `cookiespec run` to choose it.
    pub selector: String,
    /// Who it said it is; `None` where it did not get so far.
    pub handshake: Option<Handshake>,
    /// What kept the run from being whole.
    pub error: Option<RunError>,
    /// What it said, one element per case.
    pub outcomes: Vec<Outcome>,
    /// The verdicts, one element per profile.
    pub results: Vec<ProfileResult>,
    /// Which profile it follows.
    pub fingerprint: Fingerprint,
    /// How long its run took; zero where there was none, or where an event file does not say.
    pub took: Duration,
}

/// The verdicts on a target under one profile.
#[derive(Clone, Debug)]
pub struct ProfileResult {
    /// The profile.
    pub profile: Profile,
    /// One element per case.
    pub judgements: Vec<Judgement>,
    /// Their sum.
    pub tally: Tally,
    /// Their sum by area.
    pub areas: BTreeMap<String, Tally>,
    /// Which failures a baseline expects, one element per case; empty where there is no baseline.
    pub expected: Vec<bool>,
}

/// How a command ends, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Everything is as expected.
    Clean = 0,
    /// A case failed.
    Differs = 1,
    /// The command was not understood, or nothing was selected.
    Usage = 2,
    /// Harness or shim broke, so that the results do not say everything about the target.
    Broken = 3,
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
    /// The record of a run. A label that two targets have gets a number. `exit` is the exit code of
    /// the command.
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

    /// The digest of the cases: equal where two runs asked and expected the same.
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

/// The label, with a number where it is taken.
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
            if let Outcome::Answer(answer) = outcome {
                fingerprint.add(case, &about, answer);
            }
        }
        let result = |&profile: &Profile| {
            let judgements = run().map(|(case, outcome)| outcome.judge(case, profile, &about));
            ProfileResult::new(profile, judgements.collect(), cases.iter().copied())
        };
        self.results = profiles.iter().map(result).collect();
        self.fingerprint = fingerprint;
        self
    }

    /// How a gate on this target ends.
    pub fn exit(&self) -> Exit {
        let verdicts =
            || self.results.iter().flat_map(|sheet| &sheet.judgements).map(|one| one.verdict);
        // A target that was given up has an error; without one, the run was stopped on purpose.
        if self.error.is_some() || verdicts().any(|verdict| verdict == Verdict::Broken) {
            Exit::Broken
        } else if verdicts().any(Verdict::is_failure) {
            Exit::Differs
        } else {
            Exit::Clean
        }
    }

    /// The result under a profile, where the target was judged under it.
    pub fn result(&self, profile: Profile) -> Option<&ProfileResult> {
        self.results.iter().find(|sheet| sheet.profile == profile)
    }

    /// The answer to a case, where there was one.
    pub fn answer(&self, index: usize) -> Option<&Answer> {
        match self.outcomes.get(index) {
            Some(Outcome::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    /// The number of cases with a verdict, under the profile where there are most.
    pub fn most(&self, verdict: Verdict) -> usize {
        self.results.iter().map(|sheet| sheet.tally.count(verdict)).max().unwrap_or(0)
    }
}

impl ProfileResult {
    /// Sums up judgements, one per case.
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
        Self { profile, judgements, tally, areas, expected: Vec::new() }
    }

    /// Whether the case fails, and no baseline expects it to.
    pub fn is_news(&self, index: usize) -> bool {
        let fails = self.judgements.get(index).is_some_and(|one| one.verdict.is_failure());
        fails && !self.is_expected(index)
    }

    /// Whether a baseline expects that the case fails.
    pub fn is_expected(&self, index: usize) -> bool {
        self.expected.get(index).copied().unwrap_or(false)
    }
}

impl Exit {
    /// Every way to end, in the order of the codes.
    const ALL: [Self; 4] = [Self::Clean, Self::Differs, Self::Usage, Self::Broken];

    /// The way to end with this exit code; `None` where there is none.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| *exit as u8 == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_is_taken_gets_a_number() {
        let taken = ["a", "a #2"].map(str::to_owned).into();
        assert_eq!(unused("a".to_owned(), &taken), "a #3");
        assert_eq!(unused("b".to_owned(), &taken), "b");
    }
}
