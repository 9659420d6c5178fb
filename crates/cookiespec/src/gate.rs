//! The gate: chosen targets must pass.

use std::ffi::OsString;

use anyhow::Result;
use clap::{Args, ValueEnum};
use cookiespec_harness::report::text::Gate;
use cookiespec_harness::report::{Report, json};
use cookiespec_harness::{Exit, Job};
use cookiespec_vectors::Profile;

use crate::choice::{self, CaseChoice, Targets};
use crate::usage::UsageError;
use crate::{output, run};

/// Put the suite to chosen targets; exit code 1 if a case fails
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec run cookie_store --profile rfc6265\n  \
    cookiespec run reference --only 'set-cookie.*' --format json\n  \
    cookiespec run --deadline 1 -- python3 my_shim.py")]
pub(crate) struct Arguments {
    /// The targets, by name
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// The profile to judge by [default: the one the target claims, or rfc6265bis]
    #[arg(long, value_parser = choice::profile())]
    profile: Option<Profile>,
    #[command(flatten)]
    cases: CaseChoice,
    /// How the results are written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// How long a target may take for an answer, in seconds
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = run::seconds)]
    deadline: f64,
    /// A program that speaks the shim protocol, and its arguments
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
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
    if arguments.targets.is_empty() && arguments.command.is_empty() {
        let how = "name a target, or put a command after --; see `cookiespec list --targets`";
        return Err(UsageError(format!("nothing to run: {how}")).into());
    }
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    let targets = Targets::locate()?;
    let jobs: Vec<_> = targets
        .choose(&arguments.targets)?
        .into_iter()
        .chain(choice::command(&arguments.command))
        .map(|target| Job { target, profiles: arguments.profile.into_iter().collect() })
        .collect();

    let results = run::run(&jobs, &cases, arguments.deadline);
    let report = Report { cases: &cases, results: &results, absent: &[] };
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
