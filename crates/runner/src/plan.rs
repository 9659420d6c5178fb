//! A run: which targets, which cases, how many at once, how often.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_report::{Outcome, TargetReport};
use cookiespec_vectors::{Case, Fingerprint, Handshake, ImplementationInfo, Profile};

use crate::protocol_client::Limits;
use crate::run::run;
use crate::self_test;
use crate::target::Target;
use crate::transcript::Transcript;

/// A target and the profiles to judge it under.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to run.
    pub target: Target,
    /// Empty for the profile that the target claims, or 6265bis where it claims none.
    pub profiles: Vec<Profile>,
}

/// What is to be run, and how.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The targets.
    pub jobs: &'a [Job],
    /// The cases to put to each of them.
    pub cases: &'a [&'a Case],
    /// How long a target may take.
    pub limits: Limits,
    /// How many targets run at once.
    pub parallel: NonZeroUsize,
    /// How often each case is put to each target. One whose answers differ is `flaky`.
    pub repeat: NonZeroUsize,
    /// Whether the run stops at the first failure. What was not put by then is `notrun`.
    pub stops_early: bool,
    /// The target of the [self-test](crate::self_test), which runs before all jobs and after them.
    /// Without it, nothing shows that the harness itself works.
    pub self_test: Option<&'a Target>,
}

impl<'a> Plan<'a> {
    /// Every case once to every target, as many at once as there are processors.
    pub fn new(jobs: &'a [Job], cases: &'a [&'a Case]) -> Self {
        Self {
            jobs,
            cases,
            limits: Limits::default(),
            parallel: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            repeat: NonZeroUsize::MIN,
            stops_early: false,
            self_test: None,
        }
    }

    /// How many answers there are to come.
    pub fn answers(&self) -> usize {
        self.jobs.len() * self.cases.len() * self.repeat.get()
    }
}

/// Runs every job and judges what the targets said. `done` is called for each case that a target
/// has finished. The results come in the order of the jobs. Where the self-test
/// fails, each has an error; where it fails at the start, nothing is run.
pub fn run_all(plan: &Plan<'_>, done: &(dyn Fn() + Sync)) -> Vec<TargetReport> {
    let self_test = || plan.self_test.map_or(Ok(()), self_test::verify);
    if let Err(error) = self_test() {
        let silent =
            || Transcript { error: Some(error.clone()), ..Transcript::not_run(plan.cases.len()) };
        return plan
            .jobs
            .iter()
            .map(|job| job.report(silent(), plan.cases, Duration::ZERO))
            .collect();
    }
    let mut results = run_jobs(plan, done);
    if let Err(error) = self_test() {
        for one in &mut results {
            one.error.get_or_insert_with(|| error.clone());
        }
    }
    results
}

fn run_jobs(plan: &Plan<'_>, done: &(dyn Fn() + Sync)) -> Vec<TargetReport> {
    let running =
        Running { plan, done, next: AtomicUsize::new(0), stopped: AtomicBool::new(false) };
    let workers = plan.parallel.get().min(plan.jobs.len());
    let mut results: Vec<(usize, TargetReport)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| running.work())).collect();
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

struct Running<'a> {
    plan: &'a Plan<'a>,
    done: &'a (dyn Fn() + Sync),
    next: AtomicUsize,
    stopped: AtomicBool,
}

impl Running<'_> {
    /// Runs jobs until none is left.
    fn work(&self) -> Vec<(usize, TargetReport)> {
        let mut finished = Vec::new();
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = self.plan.jobs.get(index) else { return finished };
            let start = Instant::now();
            let transcript = self.transcript(job);
            let took = start.elapsed();
            finished.push((index, job.report(transcript, self.plan.cases, took)));
        }
    }

    fn transcript(&self, job: &Job) -> Transcript {
        let once = || match self.stopped.load(Ordering::Relaxed) {
            true => Transcript::not_run(self.plan.cases.len()),
            false => run(
                &job.target,
                &job.profiles,
                self.plan.cases,
                self.plan.limits,
                &|about, index, outcome| self.record(job, about, self.plan.cases[index], outcome),
            ),
        };
        (1..self.plan.repeat.get())
            .fold(once(), |transcript, _| transcript.repeated(once(), self.plan.cases))
    }

    fn record(
        &self,
        job: &Job,
        about: &ImplementationInfo,
        case: &Case,
        outcome: &Outcome,
    ) -> ControlFlow<()> {
        (self.done)();
        let is_failure = |profile| outcome.judge(case, profile, about).verdict.is_failure();
        if self.plan.stops_early && job.profiles(about).into_iter().any(is_failure) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        match self.stopped.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

impl Job {
    /// The profiles to judge the target under, once it has said what it claims.
    pub(crate) fn profiles(&self, about: &ImplementationInfo) -> Vec<Profile> {
        if !self.profiles.is_empty() {
            return self.profiles.clone();
        }
        vec![self.profile(about)]
    }

    /// What the run of this job came to, judged.
    fn report(&self, transcript: Transcript, cases: &[&Case], took: Duration) -> TargetReport {
        let Transcript { handshake, outcomes, error } = transcript;
        let about = handshake.as_ref().map(Handshake::about).unwrap_or_default();
        let profiles = self.profiles(&about);
        let name = self.target.name.clone();
        TargetReport {
            // The reference engine is run once for each profile.
            label: match profiles.first() {
                Some(profile) if self.target.is_per_profile() => format!("{name} {profile}"),
                _ => name.clone(),
            },
            name,
            ecosystem: self.target.ecosystem.clone(),
            selector: self.target.selector(),
            handshake,
            error,
            outcomes,
            results: Vec::new(),
            fingerprint: Fingerprint::default(),
            took,
        }
        .judged(&profiles, cases)
    }

    /// The one profile to judge the target under where there can only be one.
    pub(crate) fn profile(&self, about: &ImplementationInfo) -> Profile {
        let claimed = || about.claims.as_ref().and_then(|name| name.parse().ok());
        self.profiles.first().copied().or_else(claimed).unwrap_or(Profile::Rfc6265bis)
    }
}
