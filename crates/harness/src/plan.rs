//! A run: which targets, which cases, how many at once, how often.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use cookiespec_vectors::{About, Case, Profile};

use crate::canary;
use crate::results::{Results, judge};
use crate::run::run;
use crate::session::Limits;
use crate::target::Target;
use crate::transcript::{Heard, Transcript};

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
    /// The [canary](crate::canary), which sings before the run and after it. Without it, nothing
    /// shows that the harness itself works.
    pub canary: Option<&'a Target>,
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
            canary: None,
        }
    }

    /// How many answers there are to come.
    pub fn answers(&self) -> usize {
        self.jobs.len() * self.cases.len() * self.repeat.get()
    }
}

/// Runs every job and judges what the targets said. `done` is called for each case that a target
/// has finished. The results come in the order of the jobs. Where the canary is off, all of them
/// are in trouble; where it is off from the start, nothing is run.
pub fn run_all(plan: &Plan<'_>, done: &(dyn Fn() + Sync)) -> Vec<Results> {
    let sing = || plan.canary.map_or(Ok(()), canary::sing);
    if let Err(trouble) = sing() {
        let silent = || Transcript {
            trouble: Some(trouble.clone()),
            ..Transcript::not_run(plan.cases.len())
        };
        return plan.jobs.iter().map(|job| Results::new(job, silent(), plan.cases)).collect();
    }
    let mut results = run_jobs(plan, done);
    if let Err(trouble) = sing() {
        for one in &mut results {
            one.trouble.get_or_insert_with(|| trouble.clone());
        }
    }
    results
}

fn run_jobs(plan: &Plan<'_>, done: &(dyn Fn() + Sync)) -> Vec<Results> {
    let running =
        Running { plan, done, next: AtomicUsize::new(0), stopped: AtomicBool::new(false) };
    let workers = plan.parallel.get().min(plan.jobs.len());
    let mut results: Vec<(usize, Results)> = thread::scope(|scope| {
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
    fn work(&self) -> Vec<(usize, Results)> {
        let mut finished = Vec::new();
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = self.plan.jobs.get(index) else { return finished };
            let start = Instant::now();
            let transcript = self.transcript(job);
            let took = start.elapsed();
            finished
                .push((index, Results { took, ..Results::new(job, transcript, self.plan.cases) }));
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
                &|about, index, heard| self.heard(job, about, self.plan.cases[index], heard),
            ),
        };
        (1..self.plan.repeat.get())
            .fold(once(), |transcript, _| transcript.repeated(once(), self.plan.cases))
    }

    fn heard(&self, job: &Job, about: &About, case: &Case, heard: &Heard) -> ControlFlow<()> {
        (self.done)();
        let is_failure = |profile| judge(case, profile, about, heard).verdict.is_failure();
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
    pub(crate) fn profiles(&self, about: &About) -> Vec<Profile> {
        if !self.profiles.is_empty() {
            return self.profiles.clone();
        }
        vec![self.profile(about)]
    }

    /// The one profile to judge the target under where there can only be one.
    pub(crate) fn profile(&self, about: &About) -> Profile {
        let claimed = || about.claims.as_ref().and_then(|name| name.parse().ok());
        self.profiles.first().copied().or_else(claimed).unwrap_or(Profile::Rfc6265bis)
    }
}
