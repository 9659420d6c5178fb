//! The gate: chosen targets must pass.

use std::num::NonZeroUsize;

use anyhow::Result;
use clap::{Args, ValueEnum};
use cookiespec_harness::report::text::Gate;
use cookiespec_harness::report::{Report, json};
use cookiespec_harness::{Exit, Plan};
use cookiespec_vectors::Profile;

use crate::choice::{self, CaseChoice, TargetChoice, Targets};
use crate::output;
use crate::run::{self, Manner};

/// Put the suite to chosen targets; exit code 1 if a case fails
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec run cookie_store --profile rfc6265\n  \
    cookiespec run --all --profile rfc6265,rfc6265bis\n  \
    cookiespec run reference --section rfc6265bis:5.7 --format json\n  \
    cookiespec run --deadline 1 -x -- python3 my_shim.py")]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: TargetChoice,
    /// The profile to judge by [default: the one the target claims, or rfc6265bis]
    #[arg(long, value_parser = choice::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    #[command(flatten)]
    cases: CaseChoice,
    /// How the results are written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    manner: Manner,
    /// Put every case so often; one whose answers differ is flaky
    #[arg(long, value_name = "N", default_value = "1")]
    repeat: NonZeroUsize,
    /// Stop at the first failure
    #[arg(short = 'x', long)]
    exit_first: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people: failures first, the tally last
    Text,
    /// For programs: one document that ends with "end": true
    Json,
}

/// Runs the gate.
pub(crate) fn gate(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    let targets = Targets::locate()?;
    let (chosen, absent) = arguments.targets.choose(&targets)?;
    let jobs: Vec<_> =
        chosen.into_iter().flat_map(|target| choice::jobs(target, &arguments.profile)).collect();

    let results = run::run(&Plan {
        repeat: arguments.repeat,
        stops_early: arguments.exit_first,
        ..arguments.manner.plan(&jobs, &cases)
    });
    let report = Report { cases: &cases, results: &results, absent: &absent };
    let exit = results.iter().map(|one| one.exit()).max().unwrap_or(Exit::Usage);
    let text = match arguments.format {
        Format::Text => Gate { report, style: output::style() }.to_string(),
        Format::Json => json::render(report, exit),
    };
    match output::print(&text) {
        // The verdict stands, whether anybody read it or not.
        Err(error) if !output::is_broken_pipe(&error) => Err(error),
        _ => Ok(exit),
    }
}
