//! The gate: chosen targets must pass.

use std::num::NonZeroUsize;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use cookiespec_report::Exit;
use cookiespec_report::Record;
use cookiespec_runner::Plan;
use cookiespec_vectors::Profile;

use crate::baseline::BaselineChoice;
use crate::execution::{self, RunOptions};
use crate::format::Formats;
use crate::output;
use crate::selection::{self, CaseChoice, TargetChoice, Targets};

/// Put the suite to chosen targets; exit code 1 if a case fails
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec run cookie_store --profile rfc6265\n  \
    cookiespec run --all --profile rfc6265,rfc6265bis\n  \
    cookiespec run reference --section rfc6265bis:5.7 --format json\n  \
    cookiespec run cookie_store --format text,junit=junit.xml,html=report.html,events=run.ndjson\n  \
    cookiespec run cookie_store --baseline baselines\n  \
    cookiespec run --deadline 1 -x -- python3 my_shim.py")]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: TargetChoice,
    /// The profile to judge by [default: the one the target claims, or rfc6265bis]
    #[arg(long, value_parser = selection::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    #[command(flatten)]
    cases: CaseChoice,
    #[command(flatten)]
    formats: Formats,
    #[command(flatten)]
    options: RunOptions,
    /// Put every case so often; one whose answers differ is flaky
    #[arg(long, value_name = "N", default_value = "1")]
    repeat: NonZeroUsize,
    /// Stop at the first failure
    #[arg(short = 'x', long)]
    exit_first: bool,
    #[command(flatten)]
    baseline: BaselineChoice,
    /// Tell on stderr how long each target took, and who used the processors
    #[arg(long)]
    timings: bool,
}

/// Runs the gate.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    let targets = Targets::locate()?;
    let (chosen, absent) = arguments.targets.choose(&targets)?;
    let jobs: Vec<_> =
        chosen.into_iter().flat_map(|target| selection::jobs(target, &arguments.profile)).collect();

    let baselines = arguments.baseline.read(&jobs, arguments.targets.is_all())?;
    let reports = arguments.formats.open()?;
    let start = Instant::now();
    let mut results = execution::run(&Plan {
        repeat: arguments.repeat,
        stops_early: arguments.exit_first,
        ..arguments.options.plan(&targets, &jobs, &cases)
    });
    if arguments.timings {
        output::warn(&execution::timings(&results, start.elapsed()));
    }
    let exit = match baselines {
        Some(baselines) => arguments.baseline.compare(&baselines, &mut results, &cases, &suite)?,
        None => results.iter().map(|one| one.exit()).max().unwrap_or(Exit::Usage),
    };
    match reports.write(&Record::new(&cases, results, absent, exit)) {
        // The verdict stands, whether anybody read it or not.
        Err(error) if !output::is_broken_pipe(&error) => Err(error),
        _ => Ok(exit),
    }
}
