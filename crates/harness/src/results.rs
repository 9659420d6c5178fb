//! Results: what the targets said, judged.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cookiespec_vectors::{
    Answer, Case, Fingerprint, Judgement, Profile, Tally, Verdict, Welcome, judge,
};

use crate::fault::Trouble;
use crate::run::{Heard, Transcript, run};
use crate::session::Limits;
use crate::target::Target;

/// How many targets run at once.
const PARALLEL: usize = 2;

/// A target and the profiles to judge it under.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to run.
    pub target: Target,
    /// Empty for the profile that the target claims, or 6265bis where it claims none.
    pub profiles: Vec<Profile>,
}

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

/// Runs every job, a few at a time, and judges what the targets said. `done` is called for each
/// case that a target has finished. The results come in the order of the jobs.
pub fn run_all(
    jobs: &[Job],
    cases: &[&Case],
    limits: Limits,
    done: &(dyn Fn() + Sync),
) -> Vec<Results> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut finished = Vec::new();
        while let Some((index, job)) = take(jobs, &next) {
            let transcript = run(&job.target, &job.profiles, cases, limits, &|| done());
            finished.push((index, Results::new(job, transcript, cases)));
        }
        finished
    };
    let mut results: Vec<(usize, Results)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, results)| results).collect()
}

fn take<'a>(jobs: &'a [Job], next: &AtomicUsize) -> Option<(usize, &'a Job)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

impl Results {
    /// Judges a transcript.
    pub fn new(job: &Job, transcript: Transcript, cases: &[&Case]) -> Self {
        let Transcript { welcome, heard, trouble } = transcript;
        let profiles = if job.profiles.is_empty() {
            vec![welcome.as_ref().map_or(Profile::Rfc6265bis, claimed)]
        } else {
            job.profiles.clone()
        };
        let mut results = Self {
            target: job.target.clone(),
            welcome,
            heard,
            trouble,
            sheets: Vec::new(),
            fingerprint: Fingerprint::default(),
        };
        results.sheets =
            profiles.into_iter().map(|profile| results.judge(profile, cases)).collect();
        if let Some(welcome) = &results.welcome {
            let about = welcome.about();
            for (case, heard) in cases.iter().zip(&results.heard) {
                if let Heard::Answer(answer) = heard {
                    results.fingerprint.add(case, &about, answer);
                }
            }
        }
        results
    }

    fn judge(&self, profile: Profile, cases: &[&Case]) -> Sheet {
        let about = self.welcome.as_ref().map(Welcome::about).unwrap_or_default();
        let mut sheet = Sheet {
            profile,
            judgements: Vec::with_capacity(cases.len()),
            tally: Tally::default(),
            areas: BTreeMap::new(),
        };
        for (case, heard) in cases.iter().zip(&self.heard) {
            let judgement = match heard {
                Heard::Answer(answer) => judge(case, profile, &about, answer),
                Heard::Fault(fault) => {
                    Judgement::uniform(case, profile, fault.verdict, fault.what.clone())
                }
                Heard::NotRun => {
                    Judgement::uniform(case, profile, Verdict::NotRun, "the target was given up")
                }
            };
            sheet.tally.add(&judgement);
            sheet.areas.entry(case.area().to_owned()).or_default().add(&judgement);
            sheet.judgements.push(judgement);
        }
        sheet
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
        if self.trouble.is_some() || verdicts().any(Verdict::is_harness_fault) {
            Exit::Broken
        } else if verdicts().any(Verdict::is_failure) {
            Exit::Differs
        } else {
            Exit::Clean
        }
    }
}

fn claimed(welcome: &Welcome) -> Profile {
    welcome.claims.as_ref().and_then(|name| name.parse().ok()).unwrap_or(Profile::Rfc6265bis)
}
