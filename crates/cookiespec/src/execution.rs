//! The options that say what is run and how, and running it with a progress bar on a terminal.

use std::cmp::Reverse;
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use cookiespec_process::usage;
use cookiespec_report::{Exit, Record, TargetReport, Unavailable};
use cookiespec_runner::{Job, Limits, Plan, Transcript, run_all, run_unjudged};
use cookiespec_vectors::{Case, Level, Profile, Suite};
use indicatif::{ProgressBar, ProgressStyle};

use crate::format::Format;
use crate::interruption;
use crate::output;
use crate::selection::{self, CaseChoice, TargetChoice, Targets};

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
    /// How long a target may take.
    fn limits(&self) -> Limits {
        Limits { startup: self.startup, answer: self.deadline, ..Limits::default() }
    }

    /// The plan for these jobs and cases.
    pub(crate) fn plan<'a>(
        &self,
        targets: &'a Targets,
        jobs: &'a [Job],
        cases: &'a [&'a Case],
    ) -> Plan<'a> {
        let limits = self.limits();
        let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let parallel = self.jobs.unwrap_or_else(processors);
        Plan { limits, parallel, self_test: Some(targets.self_test()), ..Plan::new(jobs, cases) }
    }
}

/// What a gate runs, and how: the arguments of `run` and `bless`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    targets: TargetChoice,
    /// The profile to judge by [default: the one the target claims, or rfc6265bis]
    #[arg(long, value_parser = selection::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    #[command(flatten)]
    cases: CaseChoice,
    #[command(flatten)]
    options: RunOptions,
}

impl RunArguments {
    /// Whether every target is chosen that can run here.
    pub(crate) const fn is_for_all_targets(&self) -> bool {
        self.targets.is_all()
    }

    /// The suite to choose from.
    ///
    /// # Errors
    /// Everything that is wrong with the vector files.
    pub(crate) fn suite(&self) -> Result<Suite> {
        self.cases.suite()
    }

    /// The chosen cases of the suite.
    ///
    /// # Errors
    /// As for [`CaseChoice::cases`].
    pub(crate) fn cases<'a>(&self, suite: &'a Suite) -> Result<Vec<&'a Case>> {
        self.cases.cases(suite)
    }

    /// The levels that cases are chosen by; none for all.
    pub(crate) fn levels(&self) -> &[Level] {
        self.cases.levels()
    }

    /// How long a target may take.
    pub(crate) fn limits(&self) -> Limits {
        self.options.limits()
    }

    /// The jobs of the chosen targets; and, of all targets, those that cannot run here.
    ///
    /// # Errors
    /// As for [`TargetChoice::choose`].
    pub(crate) fn jobs(&self, targets: &Targets) -> Result<(Vec<Job>, Vec<Unavailable>)> {
        let (chosen, absent) = self.targets.choose(targets)?;
        let jobs = chosen.into_iter().flat_map(|target| selection::jobs(target, &self.profile));
        Ok((jobs.collect(), absent))
    }

    /// The plan for these jobs and cases.
    pub(crate) fn plan<'a>(
        &self,
        targets: &'a Targets,
        jobs: &'a [Job],
        cases: &'a [&'a Case],
    ) -> Plan<'a> {
        self.options.plan(targets, jobs, cases)
    }
}

/// How answers are shown beside those of the engine: the options of `try`, `explain` and `diff`.
#[derive(Debug, Args)]
pub(crate) struct ViewOptions {
    /// Only under these profiles [default: all]
    #[arg(long, value_parser = selection::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) options: RunOptions,
}

impl ViewOptions {
    /// The profiles of the engine.
    pub(crate) fn profiles(&self) -> Vec<Profile> {
        if self.profile.is_empty() { Profile::ALL.to_vec() } else { self.profile.clone() }
    }

    /// Runs the jobs. The exit code of the record is for a view, which expects nothing of a target:
    /// clean, unless the harness or a shim broke.
    ///
    /// # Errors
    /// A signal asks the program to end.
    pub(crate) fn run(&self, targets: &Targets, jobs: &[Job], cases: &[&Case]) -> Result<Record> {
        let reports = run(&self.options.plan(targets, jobs, cases));
        interruption::check()?;
        let is_broken = reports.iter().any(|report| report.exit() == Exit::Broken);
        let exit = if is_broken { Exit::Broken } else { Exit::Clean };
        Ok(Record::new(cases, reports, Vec::new(), exit))
    }
}

/// Runs a plan and judges the answers. After a signal they are not complete; see [`interruption`].
pub(crate) fn run(plan: &Plan<'_>) -> Vec<TargetReport> {
    let bar = bar(plan.answers(), "answers");
    let reports = run_all(plan, &|| bar.inc(1));
    bar.finish_and_clear();
    reports
}

/// Runs a plan for its answers alone, without a self-test.
///
/// # Errors
/// A signal asks the program to end.
pub(crate) fn run_for_answers(plan: &Plan<'_>) -> Result<Vec<Transcript>> {
    let bar = bar(plan.answers(), "answers");
    let transcripts = run_unjudged(plan, &|| bar.inc(1));
    bar.finish_and_clear();
    interruption::check()?;
    Ok(transcripts)
}

/// A progress bar for so many of something; hidden where the output is not a terminal.
pub(crate) fn bar(length: usize, what: &str) -> ProgressBar {
    let bar =
        if output::is_watched() { ProgressBar::new(length as u64) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}}/{{len}} {what}")) {
        bar.set_style(style);
    }
    bar
}

/// How long each target took, the slowest first; and the harness's share of the processor time.
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

/// Reads a time limit: a number of seconds above 0.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|&seconds: &f64| seconds > 0.0);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "write a number of seconds greater than 0, such as 5 or 0.5".to_owned())
}
