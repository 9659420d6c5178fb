//! Baselines on the command line: which one a run is compared with, and the text of the differences.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use cookiespec_report::{Escaped, Exit, TargetReport};
use cookiespec_runner::baseline::{self, Baseline, Comparison};
use cookiespec_runner::{IsolatingClient, Job, Limits, Target};
use cookiespec_vectors::{Case, Level, Suite};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::usage::UsageError;
use crate::{output, output_file};

/// The baseline that a run is compared with.
#[derive(Clone, Debug, Args)]
pub(crate) struct BaselineChoice {
    /// Fail only on differences from this baseline, or from the one in this directory
    ///
    /// What a target misses of `must` and `should` is compared, as far as the baseline lists it;
    /// --level says which of the two.
    #[arg(long, value_name = "DIR|FILE", conflicts_with = "exit_first")]
    baseline: Option<PathBuf>,
    /// The day against which `until` in a baseline is checked [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", requires = "baseline")]
    today: Option<Date>,
}

impl BaselineChoice {
    /// Reads the baselines of the jobs, if there are to be any. `limits` are those for asking a
    /// command for its name.
    ///
    /// # Errors
    /// One of them is missing, unless `is_for_all`, is not valid, or cannot be compared at these
    /// levels.
    pub(crate) fn read(
        &self,
        jobs: &[Job],
        is_for_all: bool,
        levels: &[Level],
        limits: Limits,
    ) -> Result<Option<Vec<Option<Baseline>>>> {
        let Some(path) = &self.baseline else { return Ok(None) };
        if path.is_file() && jobs.iter().any(|job| job.target != jobs[0].target) {
            let what =
                "--baseline names one file, and there is more than one target; name a directory";
            return Err(UsageError(what.to_owned()).into());
        }
        let read = |job: &Job| {
            let name = reported_name(path, job, limits);
            let file = file(path, &job.target, &name);
            if is_for_all && !file.exists() {
                let name = Escaped(&name);
                let shown = output_file::shown(&file);
                output::warn(&format!("{name}: there is no {shown}; not compared\n"));
                return Ok(None);
            }
            let baseline = Baseline::read(&file)
                .and_then(|baseline| baseline.check_levels(levels).map(|()| Some(baseline)));
            baseline.map_err(|error| UsageError(error.to_string()).into())
        };
        jobs.iter().map(read).collect::<Result<_>>().map(Some)
    }

    /// Compares results with the baselines, at these levels, and writes the differences to stderr.
    /// Returns how the gate ends.
    ///
    /// # Errors
    /// A baseline has no entries for the profile of a run, or for one of the levels.
    pub(crate) fn compare(
        &self,
        baselines: &[Option<Baseline>],
        results: &mut [TargetReport],
        cases: &[&Case],
        suite: &Suite,
        levels: &[Level],
    ) -> Result<Exit> {
        let today = self.today.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
        let mut exit = Exit::Clean;
        for (baseline, results) in baselines.iter().zip(results) {
            let Some(baseline) = baseline else {
                exit = exit.max(results.exit());
                continue;
            };
            let comparison = baseline::compare(baseline, results, cases, suite, levels, today)
                .map_err(|error| UsageError(error.to_string()))?;
            results.baseline = Some(comparison.exit());
            output::warn(&summary(baseline, results, &comparison));
            exit = exit.max(match results.exit() {
                Exit::Broken => Exit::Broken,
                _ => comparison.exit(),
            });
        }
        Ok(exit)
    }
}

/// The name that a target is reported by. A command says its own when it starts, which is needed
/// before it runs only for a file that is called after it.
fn reported_name(path: &Path, job: &Job, limits: Limits) -> String {
    let Job { target, profiles } = job;
    if target.command_words().is_none() || is_one_file(path) {
        return target.name.clone();
    }
    match IsolatingClient::open(target.clone(), profiles.clone(), limits) {
        Ok(client) => target.reported_name(&client.handshake().about()).to_owned(),
        // The run says what is wrong with it.
        Err(_) => target.name.clone(),
    }
}

/// The file with the baseline of a target that is reported by this name. That of a command was
/// called after the program before; such a file is used as long as there is no other.
pub(crate) fn file(path: &Path, target: &Target, name: &str) -> PathBuf {
    if is_one_file(path) {
        return path.to_owned();
    }
    let file = Baseline::path(path, name);
    let older = Baseline::path(path, &target.name);
    if file == older || file.exists() || !is_about(&older, [name, &target.name]) {
        return file;
    }
    let (shown, file) = (output_file::shown(&older), output_file::shown(&file));
    output::warn(&format!(
        "{shown}: used for {}, and called after its program, as before; rename it to {file}\n",
        Escaped(name)
    ));
    older
}

fn is_one_file(path: &Path) -> bool {
    path.is_file() || path.extension().is_some_and(|extension| extension == "toml")
}

/// Whether a file is the baseline of a target with one of these names. Any program may have been
/// started by `python3` or `java`.
fn is_about(file: &Path, names: [&str; 2]) -> bool {
    Baseline::read(file).is_ok_and(|baseline| names.contains(&&*baseline.target))
}

/// The text of a comparison: the sum first, then the differences.
fn summary(baseline: &Baseline, results: &TargetReport, comparison: &Comparison) -> String {
    let (file, label) = (output_file::shown(&baseline.file), Escaped(&results.label));
    let mut text = format!("{file}: {label}: {} expected", comparison.expected);
    let mut statuses: Vec<_> = comparison.findings.iter().map(|finding| finding.status).collect();
    statuses.sort_unstable();
    for same in statuses.chunk_by(|one, other| one == other) {
        text.push_str(&format!(" · {} {}", same.len(), same[0]));
    }
    if comparison.not_compared > 0 {
        text.push_str(&format!(
            " · {} weak not compared, as the baseline lists no `should`",
            comparison.not_compared
        ));
    }
    if let Some(version) = &comparison.other_version {
        let (for_version, version) = (Escaped(&baseline.version), Escaped(version));
        text.push_str(&format!(
            "; it is for version {for_version} only and this is {version}, so nothing of it counts"
        ));
    }
    text.push('\n');
    for finding in &comparison.findings {
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        let (status, profile) = (finding.status, finding.profile);
        let (case, what) = (Escaped(&finding.case), Escaped(&finding.what));
        text.push_str(&format!("{file}{line}: {status}: {case} under {profile}: {what}\n"));
    }
    if comparison.exit() != Exit::Clean {
        let profiles: Vec<_> = results.results.iter().map(|it| it.profile.name()).collect();
        let (profiles, selector) = (profiles.join(","), Escaped(&results.selector));
        text.push_str(&format!(
            "To accept what is so now: cookiespec bless --baseline {file} --profile {profiles} {selector}\n"
        ));
    }
    text
}
