//! Running jobs, with a progress bar where somebody watches.

use std::cmp::Reverse;
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use clap::Args;
use cookiespec_process::usage;
use cookiespec_report::TargetReport;
use cookiespec_runner::{Job, Limits, Plan, run_all};
use cookiespec_vectors::Case;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output;
use crate::selection::Targets;

/// How targets are run.
#[derive(Clone, Debug, Args)]
pub(crate) struct RunOptions {
    /// How long a target may take for an answer, in seconds
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = seconds)]
    deadline: Duration,
    /// How long a target may take to start, in seconds
    #[arg(long, value_name = "SECS", default_value = "30", value_parser = seconds)]
    startup: Duration,
    /// How many targets run at once [default: one per processor]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

impl RunOptions {
    /// The plan for these jobs and cases.
    pub(crate) fn plan<'a>(
        &self,
        targets: &'a Targets,
        jobs: &'a [Job],
        cases: &'a [&'a Case],
    ) -> Plan<'a> {
        let limits = Limits { startup: self.startup, answer: self.deadline };
        let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let parallel = self.jobs.unwrap_or_else(processors);
        Plan { limits, parallel, self_test: Some(targets.self_test()), ..Plan::new(jobs, cases) }
    }
}

/// Carries out a plan.
pub(crate) fn run(plan: &Plan<'_>) -> Vec<TargetReport> {
    let bar = bar(plan.answers(), "answers");
    let results = run_all(plan, &|| bar.inc(1));
    bar.finish_and_clear();
    results
}

/// A progress bar for so many of something, where somebody watches.
pub(crate) fn bar(length: usize, what: &str) -> ProgressBar {
    let bar =
        if output::is_watched() { ProgressBar::new(length as u64) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {what}")) {
        bar.set_style(style);
    }
    bar
}

/// How long each target took, the slowest first; and who used the processors.
pub(crate) fn timings(results: &[TargetReport], took: Duration) -> String {
    let mut slowest: Vec<_> = results.iter().collect();
    slowest.sort_by_key(|one| Reverse(one.took));
    let mut text = String::new();
    for one in slowest {
        let answers = one.outcomes.len();
        let (seconds, label) = (one.took.as_secs_f64(), &one.label);
        text.push_str(&format!(
            "{seconds:>8.3} s  {:>6.0} cases/s  {label}\n",
            answers as f64 / seconds
        ));
    }
    text.push_str(&format!("{:>8.3} s  {} targets", took.as_secs_f64(), results.len()));
    if let Some([own, children]) = usage::own_and_children() {
        let (own, all) = (own.as_secs_f64(), (own + children).as_secs_f64());
        let share = 100.0 * own / all;
        text.push_str(&format!(
            "; {own:.2} s of {all:.2} s processor time are the harness's: {share:.1} %"
        ));
    }
    text.push('\n');
    text
}

/// Reads a time limit: seconds, more than none.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|&seconds: &f64| seconds > 0.0);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "write a number of seconds greater than 0, such as 5 or 0.5".to_owned())
}
