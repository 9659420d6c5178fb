//! `run`: the gate, which chosen targets must pass.

use std::num::NonZeroUsize;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use cookiespec_report::{Exit, Record};
use cookiespec_runner::Plan;

use crate::baseline::BaselineChoice;
use crate::execution::{self, RunArguments};
use crate::format::Formats;
use crate::selection::Targets;
use crate::{interruption, output};

/// Run the suite on chosen targets; exit code 1 if a case fails
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec run cookie_store --profile rfc6265\n  \
    cookiespec run --all --profile rfc6265,rfc6265bis\n  \
    cookiespec run reference --section rfc6265bis:5.7 --format json\n  \
    cookiespec run cookie_store --format text,junit=junit.xml,html=report.html,events=run.ndjson\n  \
    cookiespec run cookie_store --baseline baselines\n  \
    cookiespec run cookie_store --baseline baselines --level must\n  \
    cookiespec run --deadline 1 -x -- python3 my_shim.py")]
pub(crate) struct Arguments {
    #[command(flatten)]
    what: RunArguments,
    #[command(flatten)]
    formats: Formats,
    /// Run every case so often; one whose answers differ is flaky
    #[arg(long, value_name = "N", default_value = "1")]
    repeat: NonZeroUsize,
    /// Stop at the first failure
    #[arg(short = 'x', long)]
    exit_first: bool,
    #[command(flatten)]
    baseline: BaselineChoice,
    /// Write to stderr how long each target took, and the harness's share of the processor time
    #[arg(long)]
    timings: bool,
}

/// Runs the gate.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.what.suite()?;
    let cases = arguments.what.cases(&suite)?;
    let targets = Targets::locate()?;
    let (jobs, absent) = arguments.what.jobs(&targets)?;

    let (is_for_all, levels) = (arguments.what.is_for_all_targets(), arguments.what.levels());
    let baselines = arguments.baseline.read(&jobs, is_for_all, levels, arguments.what.limits())?;
    let read = baselines.iter().flatten().flatten().map(|baseline| baseline.file.as_path());
    let reports = arguments.formats.check(&read.collect::<Vec<_>>())?;
    let start = Instant::now();
    let mut results = execution::run(&Plan {
        repeat: arguments.repeat,
        stops_early: arguments.exit_first,
        ..arguments.what.plan(&targets, &jobs, &cases)
    });
    if arguments.timings {
        output::warn(&execution::timings(&results, start.elapsed()));
    }
    let exit = match baselines {
        // What was not run cannot be compared.
        _ if let Some(signal) = interruption::signal() => signal,
        Some(baselines) => {
            arguments.baseline.compare(&baselines, &mut results, &cases, &suite, levels)?
        }
        None => results.iter().map(|one| one.exit()).max().unwrap_or(Exit::Usage),
    };
    let record = Record::new(&cases, results, absent, exit);
    reports.write(&record)?;
    arguments.formats.sum_up(&record)?;
    Ok(exit)
}
