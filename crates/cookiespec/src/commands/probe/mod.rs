//! The probe: an application's sessions, from outside.

mod init;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand};
use cookiespec_probe::earlier::Earlier;
use cookiespec_probe::report::{self, Text};
use cookiespec_probe::{Descriptor, Examination, Options, ProbeError, Profile, examine};
use cookiespec_report::Exit;
use cookiespec_report::{Output, Style};
use indicatif::{ProgressBar, ProgressStyle};

use crate::execution::seconds;
use crate::format::Formats;
use crate::output;
use crate::usage::UsageError;

/// Check the sessions of a web application from outside; exit code 1 if a check fails
///
/// The application is known only by its descriptor: how one logs in and out, and who is logged in.
/// The more the descriptor says, the more is checked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec probe init http://127.0.0.1:8000 --out app.toml\n  \
    cookiespec probe app.toml\n  \
    cookiespec probe app.toml --format text,html=report.html,junit=junit.xml\n  \
    cookiespec probe app.toml --replay report.json\n  \
    cookiespec probe app.toml --baseline report.json\n  \
    cookiespec probe app.toml --only SM-052,SM-090 --all\n  \
    cookiespec probe app.toml --profile asvs-5-l2\n  \
    cookiespec probe staging.toml --allow-host staging.example --rate 20\n\n\
    Exit codes: 0 nothing fails, 1 a check fails, 2 command or descriptor are wrong, 3 the \
    application could not be examined.")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// The descriptor of the application
    #[arg(value_name = "DESCRIPTOR", required = true)]
    descriptor: Option<PathBuf>,
    /// Only these checks, such as SM-052
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// Whose demands count: all, asvs-4, asvs-4-l2, asvs-5, asvs-5-l2, nist-aal1 and the like
    ///
    /// What no text of the profile asks for is told all the same, and does not make the exit code.
    #[arg(long, value_name = "PROFILE", default_value = "all", value_parser = str::parse::<Profile>)]
    profile: Profile,
    /// The reports to make: text, json, junit, markdown, html
    ///
    /// A comma list of KIND or KIND=FILE; one of them may go to stdout. The JSON has the transcript
    /// of every check that fails.
    #[arg(long, value_name = "KIND[=FILE]", value_delimiter = ',', default_value = "text")]
    format: Vec<Output>,
    /// Make only the checks that fail in this JSON report once more
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    replay: Option<PathBuf>,
    /// An earlier JSON report: only what changed since then makes the exit code
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// List every check, and not only failures and facts
    #[arg(long)]
    all: bool,
    /// A host that is not this machine and may be probed all the same
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// The most requests in a second [default: 5000 on this machine, 50 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// The most requests in all [default: 100000 on this machine, 5000 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_requests: Option<u64>,
    /// How many logins show whether identifiers are random
    #[arg(long, value_name = "N", default_value = "1000")]
    logins: usize,
    /// How long one answer may take, in seconds
    #[arg(long, value_name = "SECS", default_value = "10", value_parser = seconds)]
    timeout: Duration,
}

#[derive(Debug, Subcommand)]
enum Action {
    Init(init::Arguments),
}

/// Probes the application, or makes a descriptor of it.
pub(crate) fn probe(arguments: &Arguments) -> Result<Exit> {
    match (&arguments.action, &arguments.descriptor) {
        (Some(Action::Init(arguments)), _) => init::init(arguments),
        (None, Some(descriptor)) => search(arguments, descriptor),
        (None, None) => Err(UsageError("name a descriptor".to_owned()).into()),
    }
}

fn search(arguments: &Arguments, file: &Path) -> Result<Exit> {
    let descriptor = read(file)?;
    let formats = Formats::among(&arguments.format, &report::KINDS)?;
    let reports = formats.open()?;
    let baseline = arguments.baseline.as_deref().map(earlier).transpose()?;
    let mut options = arguments.options();
    if let Some(file) = &arguments.replay {
        options.only = earlier(file)?.wrong();
        if options.only.is_empty() {
            let file = file.to_string_lossy().escape_debug().to_string();
            return Err(UsageError(format!("nothing fails in {file}: there is no replay")).into());
        }
    }
    let bar = bar(options.chosen().map_or(0, |checks| checks.len()));
    let examined = examine(descriptor, &options, None, &|result| {
        bar.set_message(result.check.id);
        bar.inc(1);
    });
    bar.finish_and_clear();
    let examination = examined.map_err(|error| explain(error, &file.to_string_lossy()))?;
    let profile = arguments.profile;
    reports.write_each(|output| {
        report::render(output.kind, &examination, profile).unwrap_or_else(|| {
            let style = if output.file.is_some() { Style::default() } else { output::style() };
            let examination = &examination;
            Text { examination, style, profile, lists_all: arguments.all }.to_string()
        })
    })?;
    let Some(baseline) = baseline else { return Ok(exit(&examination, profile)) };
    let changes = baseline.changes(&examination);
    for change in &changes {
        output::warn(&format!("changed: {change}\n"));
    }
    Ok(match exit(&examination, profile) {
        Exit::Broken => Exit::Broken,
        _ if changes.is_empty() => Exit::Clean,
        _ => Exit::Differs,
    })
}

/// Reads an earlier report.
fn earlier(file: &Path) -> Result<Earlier> {
    let shown = file.to_string_lossy().escape_debug().to_string();
    let text = fs::read_to_string(file)
        .map_err(|error| UsageError(format!("cannot read the report {shown}: {error}")))?;
    Ok(Earlier::read(&text).map_err(|what| UsageError(format!("{shown}: {what}")))?)
}

impl Arguments {
    fn options(&self) -> Options {
        let mut options = Options {
            allowed_hosts: self.allow_host.clone(),
            only: self.only.clone(),
            rate: self.rate,
            total: self.max_requests,
            profile: self.profile,
            ..Options::default()
        };
        options.sample.count = self.logins;
        options.bounds.time = self.timeout;
        options
    }
}

fn read(path: &Path) -> Result<Descriptor> {
    let shown = path.to_string_lossy().escape_debug().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| UsageError(format!("cannot read the descriptor {shown}: {error}")))?;
    let folder = std::path::absolute(path)?;
    let folder = folder.parent().unwrap_or(Path::new("."));
    Ok(Descriptor::read(&text, folder).map_err(|error| UsageError(format!("{shown}: {error}")))?)
}

/// What stopped a command that is about this file or URL.
fn explain(error: ProbeError, about: &str) -> anyhow::Error {
    let text = format!("{}: {error}", about.escape_debug());
    if error.is_usage() { UsageError(text).into() } else { anyhow::Error::msg(text) }
}

fn exit(examination: &Examination, profile: Profile) -> Exit {
    if examination.results.iter().any(|result| result.outcome.is_err()) {
        Exit::Broken
    } else if examination
        .results
        .iter()
        .any(|result| result.is_failure() && profile.demands(result.check))
    {
        Exit::Differs
    } else {
        Exit::Clean
    }
}

fn bar(checks: usize) -> ProgressBar {
    if !output::is_watched() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(checks as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} checks  {msg}") {
        bar.set_style(style);
    }
    bar
}
