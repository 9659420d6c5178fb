//! Results: what the targets said, judged.

use std::collections::BTreeMap;
use std::time::Duration;

use cookiespec_vectors::{
    About, Answer, Case, Fingerprint, Judgement, Profile, Tally, Verdict, Welcome,
};

use crate::fault::Trouble;
use crate::plan::Job;
use crate::target::Target;
use crate::transcript::{Heard, Transcript};

/// One target's results.
#[derive(Clone, Debug)]
pub struct Results {
    /// What was run.
    pub target: Target,
    /// Who it said it is; `None` where it did not get so far.
    pub welcome: Option<Welcome>,
    /// What it said, one element per case.
    pub heard: Vec<Heard>,
    /// What kept the run from being whole.
    pub trouble: Option<Trouble>,
    /// The verdicts, one sheet per profile.
    pub sheets: Vec<Sheet>,
    /// Which profile it follows.
    pub fingerprint: Fingerprint,
    /// How long the run took; no time at all where there was none.
    pub took: Duration,
}

/// The verdicts on a target under one profile.
#[derive(Clone, Debug)]
pub struct Sheet {
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

impl Results {
    /// Judges a transcript.
    pub fn new(job: &Job, transcript: Transcript, cases: &[&Case]) -> Self {
        let Transcript { welcome, heard, trouble } = transcript;
        let about = welcome.as_ref().map(Welcome::about).unwrap_or_default();
        let profiles = job.profiles(&about);
        let mut results = Self {
            target: job.target.clone(),
            welcome,
            heard,
            trouble,
            sheets: Vec::new(),
            fingerprint: Fingerprint::default(),
            took: Duration::ZERO,
        };
        results.sheets =
            profiles.into_iter().map(|profile| results.sheet_of(profile, &about, cases)).collect();
        for (case, heard) in cases.iter().zip(&results.heard) {
            if let Heard::Answer(answer) = heard {
                results.fingerprint.add(case, &about, answer);
            }
        }
        results
    }

    fn sheet_of(&self, profile: Profile, about: &About, cases: &[&Case]) -> Sheet {
        let judged = cases.iter().zip(&self.heard);
        let judgements = judged.map(|(case, heard)| judge(case, profile, about, heard)).collect();
        Sheet::new(profile, judgements, cases.iter().copied())
    }

    /// The target's name; with the profile where it is run once for each.
    pub fn label(&self) -> String {
        match self.sheets.first() {
            Some(sheet) if self.target.is_per_profile() => {
                format!("{} {}", self.target.name, sheet.profile)
            }
            _ => self.target.name.clone(),
        }
    }

    /// The sheet of a profile, where the target was judged under it.
    pub fn sheet(&self, profile: Profile) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.profile == profile)
    }

    /// The answer to a case, where there was one.
    pub fn answer(&self, index: usize) -> Option<&Answer> {
        match self.heard.get(index) {
            Some(Heard::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    /// How a gate on these results ends.
    pub fn exit(&self) -> Exit {
        let verdicts =
            || self.sheets.iter().flat_map(|sheet| &sheet.judgements).map(|one| one.verdict);
        // A target that was given up has a trouble; without one, the run was stopped on purpose.
        if self.trouble.is_some() || verdicts().any(|verdict| verdict == Verdict::Broken) {
            Exit::Broken
        } else if verdicts().any(Verdict::is_failure) {
            Exit::Differs
        } else {
            Exit::Clean
        }
    }
}

impl Sheet {
    /// Sums up judgements, one per case.
    pub(crate) fn new<'a>(
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

/// The verdict on what was heard about a case.
pub(crate) fn judge(case: &Case, profile: Profile, about: &About, heard: &Heard) -> Judgement {
    let uniform = |verdict, note: String| Judgement::uniform(case, profile, verdict, note);
    match heard {
        Heard::Answer(answer) => cookiespec_vectors::judge(case, profile, about, answer),
        Heard::Fault(fault) => uniform(fault.verdict, fault.what.clone()),
        Heard::Varies(_) => uniform(Verdict::Flaky, heard.to_string()),
        Heard::NotRun => uniform(Verdict::NotRun, "it was not put to the target".to_owned()),
    }
}
