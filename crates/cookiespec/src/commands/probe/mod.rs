//! `cookiespec probe`: checks the sessions of a web application.

mod browser;
mod init;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand};
use cookiespec_probe::report::json::PreviousReport;
use cookiespec_probe::report::text::Text;
use cookiespec_probe::{
    Descriptor, DescriptorError, Options, ProbeRun, Profile, SetupError, report,
};
use cookiespec_report::{Escaped, Exit, Output, Style};
use cookiespec_vectors::input_file;
use indicatif::{ProgressBar, ProgressStyle};

use crate::execution::seconds;
use crate::format::Formats;
use crate::usage::UsageError;
use crate::{output, output_file};

/// Check the sessions of a web application from outside; exit code 1 if a check fails
///
/// A descriptor declares how to log in and out, and which page shows who is logged in. The more it
/// declares, the more checks are run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec probe init http://127.0.0.1:8000 --out app.toml\n  \
    cookiespec probe app.toml\n  \
    cookiespec probe app.toml --format text,html=report.html,junit=junit.xml\n  \
    cookiespec probe app.toml --replay report.json\n  \
    cookiespec probe app.toml --baseline report.json\n  \
    cookiespec probe app.toml --only SM-052,SM-090 --all\n  \
    cookiespec probe app.toml --profile asvs-5-l2\n  \
    cookiespec probe app.toml --browser chromium\n  \
    cookiespec probe staging.toml --allow-host staging.example --rate 20\n\n\
    Exit codes: 0 no check fails, 1 a check fails, 2 the command or the descriptor is invalid, \
    3 the application could not be probed.")]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// The descriptor of the application
    #[arg(value_name = "DESCRIPTOR", required = true)]
    descriptor: Option<PathBuf>,
    /// Run only these checks, such as SM-052
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    only: Vec<String>,
    /// Whose requirements decide the exit code: all, asvs-4, asvs-5-l2, nist-aal1 and others
    ///
    /// Checks that the profile does not require are run and reported, but do not fail the run.
    #[arg(long, value_name = "PROFILE", default_value = "all", value_parser = str::parse::<Profile>)]
    profile: Profile,
    /// The reports to write: text, json, junit, markdown, html
    ///
    /// A comma-separated list of KIND or KIND=FILE; one of them may go to stdout. The JSON report
    /// has the transcripts of all checks that fail.
    #[arg(long, value_name = "KIND[=FILE]", value_delimiter = ',', default_value = "text")]
    format: Vec<Output>,
    /// Run only the checks that fail in this JSON report
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    replay: Option<PathBuf>,
    /// A previous JSON report: exit code 1 if a verdict differs from it
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Compare a browser with the reference engine, instead of running the checks
    ///
    /// The browser logs in, is closed and opened again, and logs out, in its headless mode. Each
    /// Cookie field that it sends is compared with the one that the engine would send; exit code 1 if
    /// they differ. Reports: text, json.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["only", "replay", "baseline"])]
    browser: Option<browser::Name>,
    /// Run no program that the descriptor names: probe an application that is running
    ///
    /// Without it, `process.start`, `second.start` and the commands of `second.store` are run as they
    /// stand in the descriptor. They are printed before.
    #[arg(long)]
    no_start: bool,
    /// List all checks, and not only failures and facts
    #[arg(long)]
    all: bool,
    /// A host other than this machine that may be probed
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// The most requests per second [default: 5000 on this machine, 50 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// The most requests in total [default: 100000 on this machine, 5000 elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_requests: Option<u64>,
    /// The most time in seconds; the remaining checks are then not run [default: 3600]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    max_time: Option<Duration>,
    /// The most octets of all requests and responses together; the remaining checks are then not
    /// run [default: 2 GiB on this machine, 256 MiB elsewhere]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_octets: Option<u64>,
    /// The number of logins whose identifiers are tested for randomness
    #[arg(long, value_name = "N", default_value = "1000")]
    logins: usize,
    /// The time limit of one response, in seconds
    #[arg(long, value_name = "SECS", default_value = "10", value_parser = seconds)]
    timeout: Duration,
}

#[derive(Debug, Subcommand)]
enum Action {
    Init(init::Arguments),
}

/// Probes the application, or writes a descriptor.
pub(crate) fn probe(arguments: &Arguments) -> Result<Exit> {
    match (&arguments.action, &arguments.descriptor) {
        (Some(Action::Init(arguments)), _) => init::init(arguments),
        (None, Some(descriptor)) => run(arguments, descriptor),
        (None, None) => Err(UsageError("name a descriptor".to_owned()).into()),
    }
}

fn run(arguments: &Arguments, file: &Path) -> Result<Exit> {
    let mut descriptor = read(file)?;
    if arguments.no_start {
        descriptor = descriptor
            .without_commands()
            .map_err(|error| UsageError(format!("{}: {error}", output_file::shown(file))))?;
    }
    let kinds = if arguments.browser.is_some() { &browser::KINDS[..] } else { &report::KINDS };
    let formats = Formats::among(&arguments.format, kinds)?;
    let inputs = [Some(file), arguments.replay.as_deref(), arguments.baseline.as_deref()];
    let reports = formats.check(&inputs.into_iter().flatten().collect::<Vec<_>>())?;
    let baseline = arguments.baseline.as_deref().map(baseline).transpose()?;
    let mut options = arguments.options();
    if let Some(file) = &arguments.replay {
        options.only = previous_report(file)?.problems();
        if options.only.is_empty() {
            let file = output_file::shown(file);
            return Err(UsageError(format!(
                "no check fails in {file}: there is nothing to replay"
            ))
            .into());
        }
    }
    for (key, words) in descriptor.commands() {
        output::warn(&format!("{key}: {}\n", Escaped(&format!("{words:?}"))));
    }
    if let Some(name) = arguments.browser {
        return browser::compare(name, descriptor, &options, reports, &file.to_string_lossy());
    }
    let bar = bar(options.selected().map_or(0, |checks| checks.len()));
    let outcome = cookiespec_probe::probe(descriptor, &options, None, &|result| {
        bar.set_message(result.check.id);
        bar.inc(1);
    });
    bar.finish_and_clear();
    let run = outcome.map_err(|error| explain(error, &file.to_string_lossy()))?;
    let profile = arguments.profile;
    reports.write_each(|output| {
        report::render(output.kind, &run, profile).unwrap_or_else(|| {
            let style = if output.file.is_some() { Style::default() } else { output::style() };
            let run = &run;
            Text { run, style, profile, lists_all: arguments.all }.to_string()
        })
    })?;
    let Some(baseline) = baseline else { return Ok(exit(&run, profile)) };
    let changes = baseline.changes(&run);
    for change in &changes {
        output::warn(&format!("changed: {change}\n"));
    }
    Ok(match exit(&run, profile) {
        Exit::Broken => Exit::Broken,
        _ if changes.is_empty() => Exit::Clean,
        _ => Exit::Differs,
    })
}

/// Reads a report to compare with. What it did not run cannot be compared.
fn baseline(file: &Path) -> Result<PreviousReport> {
    let report = previous_report(file)?;
    match report.not_run() {
        0 => Ok(report),
        count => {
            let file = output_file::shown(file);
            let what =
                format!("the probe that wrote {file} ended before {count} checks; run it again");
            Err(UsageError(what).into())
        }
    }
}

/// Reads a previous report.
fn previous_report(file: &Path) -> Result<PreviousReport> {
    let shown = output_file::shown(file);
    let text = input_file::read_text(file, PreviousReport::MAX_OCTETS)
        .map_err(|error| UsageError(format!("cannot read the report {shown}: {error}")))?;
    Ok(PreviousReport::read(&text).map_err(|error| UsageError(format!("{shown}: {error}")))?)
}

impl Arguments {
    fn options(&self) -> Options {
        let mut options = Options {
            allowed_hosts: self.allow_host.clone(),
            only: self.only.clone(),
            rate: self.rate,
            total: self.max_requests,
            time: self.max_time,
            octets: self.max_octets,
            profile: self.profile,
            ..Options::default()
        };
        options.sample.count = self.logins;
        options.bounds.time = self.timeout;
        options
    }
}

fn read(path: &Path) -> Result<Descriptor> {
    let shown = output_file::shown(path);
    let unreadable = |error: &dyn std::fmt::Display| {
        UsageError(format!("cannot read the descriptor {shown}: {error}"))
    };
    let mut octets = Vec::new();
    // One more than a descriptor may have, which is enough to see that there are too many.
    let most = Descriptor::MAX_OCTETS as u64 + 1;
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut octets))
        .map_err(|error| unreadable(&error))?;
    if octets.len() > Descriptor::MAX_OCTETS {
        return Err(UsageError(format!("{shown}: {}", DescriptorError::TooLong)).into());
    }
    let text = String::from_utf8(octets).map_err(|error| unreadable(&error))?;
    let folder = std::path::absolute(path)?;
    let folder = folder.parent().unwrap_or(Path::new("."));
    Ok(Descriptor::read(&text, folder).map_err(|error| UsageError(format!("{shown}: {error}")))?)
}

/// The error of a command about this file or URL.
fn explain(error: SetupError, about: &str) -> anyhow::Error {
    let text = format!("{}: {error}", about.escape_debug());
    if error.is_usage() { UsageError(text).into() } else { anyhow::Error::msg(text) }
}

fn exit(run: &ProbeRun, profile: Profile) -> Exit {
    if run.results.iter().any(|result| result.outcome.is_err()) {
        Exit::Broken
    } else if run.results.iter().any(|result| result.is_failure() && profile.requires(result.check))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_of_a_file_than_a_descriptor_may_have() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(300 << 20).unwrap();
        let error = read(file.path()).unwrap_err().to_string();
        assert!(error.contains("cannot be a descriptor") && error.len() < 500, "{error}");
        std::fs::write(file.path(), b"name = \"\xff\"").unwrap();
        let error = read(file.path()).unwrap_err().to_string();
        assert!(error.contains("utf-8"), "{error}");
    }
}
