//! The survey: every target under every profile.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use cookiespec_report::Exit;
use cookiespec_report::Record;
use cookiespec_report::html::Page;
use cookiespec_report::text::Survey;
use cookiespec_vectors::Profile;

use crate::execution::{self, RunOptions};
use crate::selection::{self, CaseChoice, Targets};
use crate::{format, output};

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to write the HTML report
    #[arg(long, value_name = "FILE", default_value = "cookiespec-report.html")]
    report: PathBuf,
    #[command(flatten)]
    cases: CaseChoice,
    #[command(flatten)]
    options: RunOptions,
}

/// Runs everything that can run here, prints the matrix and writes the report. The outcome is
/// clean unless the harness or a shim broke: a survey expects nothing.
pub(crate) fn survey(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    let file = arguments.report.display();
    // A path that cannot be written is found out before the run, not after it.
    let mut written = format::create(&arguments.report)?;

    let targets = Targets::locate()?;
    let (found, absent) = targets.find(|_| true);
    let jobs: Vec<_> =
        found.into_iter().flat_map(|target| selection::jobs(target, &Profile::ALL)).collect();
    let results = execution::run(&arguments.options.plan(&targets, &jobs, &cases));

    let is_broken = results.iter().any(|one| one.exit() == Exit::Broken);
    let exit = if is_broken { Exit::Broken } else { Exit::Clean };
    let record = Record::new(&cases, results, absent, exit);

    write!(written, "{}", Page(&record)).with_context(|| format!("cannot write to {file}"))?;
    let shown = fs::canonicalize(&arguments.report).unwrap_or_else(|_| arguments.report.clone());
    let survey = Survey { record: &record, width: output::width(), style: output::style() };
    output::print(&format!("{survey}\nReport: {}\n", shown.display()))?;
    Ok(exit)
}
