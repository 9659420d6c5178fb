//! The survey: every target under every profile.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use cookiespec_report::writers::{html, text};
use cookiespec_report::{Exit, Record, Terminal};
use cookiespec_runner::is_agent;
use cookiespec_vectors::Profile;

use crate::execution::{self, RunOptions};
use crate::selection::{self, CaseChoice, Targets};
use crate::{interruption, output, output_file};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to write the HTML report
    #[arg(long, value_name = "FILE", default_value = "cookiespec-report.html")]
    report: PathBuf,
    /// HTTP clients and browsers too
    #[arg(long)]
    wire: bool,
    #[command(flatten)]
    cases: CaseChoice,
    #[command(flatten)]
    options: RunOptions,
}

/// Runs every target that can run here, prints the matrix and writes the report. The exit code is
/// 0 unless the harness or a shim broke: a survey expects nothing of a target.
pub(crate) fn survey(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    // A path that cannot be written is reported before the run, not after it.
    output_file::check(&arguments.report, &[])?;

    let targets = Targets::locate()?;
    let (found, absent) = targets.find(|name| arguments.wire || !is_agent(name))?;
    let jobs: Vec<_> =
        found.into_iter().flat_map(|target| selection::jobs(target, &Profile::ALL)).collect();
    let results = execution::run(&arguments.options.plan(&targets, &jobs, &cases));

    let is_broken = results.iter().any(|one| one.exit() == Exit::Broken);
    let exit = if is_broken { Exit::Broken } else { Exit::Clean };
    let exit = interruption::exit(exit);
    let record = Record::new(&cases, results, absent, exit);

    output_file::write(&arguments.report, html::render(&record).as_bytes())?;
    let shown = fs::canonicalize(&arguments.report).unwrap_or_else(|_| arguments.report.clone());
    let terminal = Terminal { style: output::style(), width: output::width() };
    let survey = text::survey(&record, terminal);
    output::print(&format!("{survey}\nReport: {}\n", output_file::shown(&shown)))?;
    Ok(exit)
}
