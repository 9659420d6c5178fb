//! Runs many targets: which ones, which cases, how many at once, how often.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cookiespec_process::{is_interrupted, threads};
use cookiespec_report::{Outcome, TargetReport};
use cookiespec_vectors::{Case, ImplementationInfo};

use crate::job::Job;
use crate::protocol_client::Limits;
use crate::run::{Transcript, run};
use crate::self_test;
use crate::target::Target;

/// What is to be run, and how.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The targets.
    pub jobs: &'a [Job],
    /// The cases to run on each of them.
    pub cases: &'a [&'a Case],
    /// How long a target may take.
    pub limits: Limits,
    /// How many targets run at once.
    pub parallel: NonZeroUsize,
    /// How often each case is run on each target. One whose answers differ is `flaky`.
    pub repeat: NonZeroUsize,
    /// Whether the run stops at the first failure. What was not run by then is `notrun`.
    pub stops_early: bool,
    /// The target of the [self-test](crate::self_test), which runs before all jobs and after them.
    /// Without it, nothing shows that the harness itself works.
    pub self_test: Option<&'a Target>,
}

impl<'a> Plan<'a> {
    /// Every case once on every target, as many targets at once as there are processors.
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

/// Runs every job and judges the answers. `done` is called for each case that a target has
/// finished. The reports come in the order of the jobs. Where the self-test fails, each has an
/// error; where it fails at the start, nothing is run. After an
/// [interruption](cookiespec_process::interrupt), a target that was not run to its end has an error.
pub fn run_all(plan: &Plan<'_>, done: &(dyn Fn() + Sync)) -> Vec<TargetReport> {
    let self_test = || plan.self_test.map_or(Ok(()), self_test::verify);
    if let Err(error) = self_test() {
        let report = |job: &Job| {
            let not_run = Transcript::not_run(plan.cases.len());
            let transcript = Transcript { error: Some(error.clone()), ..not_run };
            job.report(transcript, plan.cases, Duration::ZERO)
        };
        return plan.jobs.iter().map(report).collect();
    }
    let mut reports =
        run_jobs(plan, done, &|job, transcript, took| job.report(transcript, plan.cases, took));
    if !is_interrupted()
        && let Err(error) = self_test()
    {
        for report in &mut reports {
            report.error.get_or_insert_with(|| error.clone());
        }
    }
    reports
}

/// Runs every job for its answers alone: nothing is judged, and there is no self-test. `done` is
/// called for each case that a target has finished. The transcripts come in the order of the jobs.
pub fn run_unjudged(plan: &Plan<'_>, done: &(dyn Fn() + Sync)) -> Vec<Transcript> {
    run_jobs(plan, done, &|_, transcript, _| transcript)
}

/// Runs the jobs in parallel; `finish` gets each transcript, and how long it took.
fn run_jobs<T: Send>(
    plan: &Plan<'_>,
    done: &(dyn Fn() + Sync),
    finish: &(dyn Fn(&Job, Transcript, Duration) -> T + Sync),
) -> Vec<T> {
    let run = Run { plan, done, stopped: false.into() };
    threads::map(plan.jobs, plan.parallel, |job| {
        let start = Instant::now();
        let transcript = run.transcript(job);
        finish(job, transcript, start.elapsed())
    })
}

/// What the jobs share.
struct Run<'a> {
    plan: &'a Plan<'a>,
    done: &'a (dyn Fn() + Sync),
    stopped: AtomicBool,
}

impl Run<'_> {
    fn transcript(&self, job: &Job) -> Transcript {
        let once = || match self.stopped.load(Ordering::Relaxed) {
            true => Transcript::not_run(self.plan.cases.len()),
            false => run(
                &job.target,
                &job.profiles,
                self.plan.cases,
                self.plan.limits,
                &|about, index, outcome| self.observe(job, about, self.plan.cases[index], outcome),
            ),
        };
        (1..self.plan.repeat.get())
            .fold(once(), |transcript, _| transcript.repeated(once(), self.plan.cases))
    }

    /// Counts an outcome, and stops all jobs if it is the failure to stop at.
    fn observe(
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
