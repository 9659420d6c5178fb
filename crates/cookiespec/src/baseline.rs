//! What is known about targets: held against a run, and written down.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use cookiespec_harness::baseline::{self, Baseline, Comparison, bless};
use cookiespec_harness::{Exit, Job, Plan, Results};
use cookiespec_vectors::{Case, Profile, Suite};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::choice::{self, CaseChoice, TargetChoice, Targets};
use crate::output;
use crate::run::{self, Manner};
use crate::usage::UsageError;

/// Where baselines are written unless somebody says otherwise.
const FOLDER: &str = "baselines";
/// The ecosystems whose versions are not the machine's affair: what is built in is pinned, and a
/// command is somebody's own.
const PINNED: [&str; 2] = ["built in", "command"];

/// What a run is held against.
#[derive(Clone, Debug, Args)]
pub(crate) struct BaselineChoice {
    /// Fail only on what is not as this baseline, or the one in this directory, says
    #[arg(long, value_name = "DIR|FILE", conflicts_with = "exit_first")]
    baseline: Option<PathBuf>,
    /// The day against which `until` in a baseline is checked [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", requires = "baseline")]
    today: Option<Date>,
}

impl BaselineChoice {
    /// Reads the baselines of the jobs, if there are to be any.
    ///
    /// # Errors
    /// One of them is missing, unless `is_for_all`, or is not valid.
    pub(crate) fn read(
        &self,
        jobs: &[Job],
        is_for_all: bool,
    ) -> Result<Option<Vec<Option<Baseline>>>> {
        let Some(path) = &self.baseline else { return Ok(None) };
        if path.is_file() && jobs.iter().any(|job| job.target != jobs[0].target) {
            let what =
                "--baseline names one file, and there is more than one target; name a directory";
            return Err(UsageError(what.to_owned()).into());
        }
        let read = |job: &Job| {
            let file = file(path, job);
            if is_for_all && !file.exists() {
                let name = &job.target.name;
                output::complain(&format!(
                    "{name}: there is no {}; not held against anything\n",
                    file.display()
                ));
                return Ok(None);
            }
            Baseline::read(&file).map(Some).map_err(|error| UsageError(error.to_string()).into())
        };
        jobs.iter().map(read).collect::<Result<_>>().map(Some)
    }

    /// Holds results against the baselines, tells what differs, and says how the gate ends.
    ///
    /// # Errors
    /// A baseline says nothing about the profile of a run.
    pub(crate) fn compare(
        &self,
        baselines: &[Option<Baseline>],
        results: &mut [Results],
        cases: &[&Case],
        suite: &Suite,
    ) -> Result<Exit> {
        let today = self.today.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
        let mut exit = Exit::Clean;
        for (baseline, results) in baselines.iter().zip(results) {
            let Some(baseline) = baseline else {
                exit = exit.max(results.exit());
                continue;
            };
            let comparison = baseline::compare(baseline, results, cases, suite, today)
                .map_err(|error| UsageError(error.to_string()))?;
            output::complain(&told(baseline, results, &comparison));
            exit = exit.max(match results.exit() {
                Exit::Broken => Exit::Broken,
                _ => comparison.exit(),
            });
        }
        Ok(exit)
    }
}

/// The file with the baseline of a job.
fn file(path: &Path, job: &Job) -> PathBuf {
    if path.is_file() || path.extension().is_some_and(|extension| extension == "toml") {
        path.to_owned()
    } else {
        Baseline::path(path, &job.target.name)
    }
}

/// What a comparison came to: the sum first, then what is not as it should be.
fn told(baseline: &Baseline, results: &Results, comparison: &Comparison) -> String {
    let file = baseline.file.display();
    let mut text = format!("{file}: {}: {} expected", results.label(), comparison.expected);
    let mut outcomes: Vec<_> = comparison.findings.iter().map(|finding| finding.outcome).collect();
    outcomes.sort_unstable();
    for same in outcomes.chunk_by(|one, other| one == other) {
        text.push_str(&format!(" · {} {}", same.len(), same[0]));
    }
    if let Some(version) = &comparison.other_version {
        let (for_version, version) = (baseline.version.escape_debug(), version.escape_debug());
        text.push_str(&format!(
            "; it is for version {for_version} only and this is {version}, so nothing of it counts"
        ));
    }
    text.push('\n');
    for finding in &comparison.findings {
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        let (outcome, case, profile) =
            (finding.outcome, finding.case.escape_debug(), finding.profile);
        text.push_str(&format!(
            "{file}{line}: {outcome}: {case} under {profile}: {}\n",
            finding.what
        ));
    }
    if comparison.exit() != Exit::Clean {
        let profiles: Vec<_> = results.sheets.iter().map(|sheet| sheet.profile.name()).collect();
        let (profiles, selector) = (profiles.join(","), results.target.selector());
        text.push_str(&format!(
            "To accept what is so now: cookiespec bless --baseline {file} --profile {profiles} {selector}\n"
        ));
    }
    text
}

/// Write down which cases a target fails, as the baseline of later runs
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec bless cookie_store --profile rfc6265,rfc6265bis\n  \
    cookiespec bless --baseline known.toml -- python3 my_shim.py\n  \
    cookiespec run cookie_store --baseline baselines")]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: TargetChoice,
    /// The profile to judge by [default: the one the target claims, or rfc6265bis]
    #[arg(long, value_parser = choice::profile(), value_delimiter = ',')]
    profile: Vec<Profile>,
    #[command(flatten)]
    cases: CaseChoice,
    #[command(flatten)]
    manner: Manner,
    /// Put every case so often; one whose answers differ is flaky
    #[arg(long, value_name = "N", default_value = "3")]
    repeat: NonZeroUsize,
    /// The directory of the baselines, or the file of a single one
    #[arg(long, value_name = "DIR|FILE", default_value = FOLDER)]
    baseline: PathBuf,
}

/// Runs the targets and writes their baselines.
pub(crate) fn write(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.cases.suite()?;
    let cases = arguments.cases.cases(&suite)?;
    let targets = Targets::locate()?;
    let (chosen, absent) = arguments.targets.choose(&targets)?;
    for one in absent {
        output::complain(&format!("{}: left as it is; it cannot run here\n", one.name));
    }
    let jobs: Vec<_> =
        chosen.into_iter().flat_map(|target| choice::jobs(target, &arguments.profile)).collect();
    let plan = arguments.manner.plan(&targets, &jobs, &cases);
    let results = run::run(&Plan { repeat: arguments.repeat, ..plan });

    let mut exit = Exit::Clean;
    for (job, results) in jobs.iter().zip(&results) {
        let file = file(&arguments.baseline, job);
        if let Some(what) = breakage(results) {
            output::complain(&format!("{}: not written: {what}\n", file.display()));
            exit = Exit::Broken;
            continue;
        }
        write_one(&file, results, &cases, &suite)?;
    }
    Ok(exit)
}

/// Why results cannot be written down: they do not say everything about the target.
fn breakage(results: &Results) -> Option<String> {
    let trouble = results.trouble.as_ref().map(|trouble| trouble.what.clone());
    let is_broken = results.exit() == Exit::Broken;
    trouble.or_else(|| {
        is_broken.then(|| "the shim breaks the protocol; `cookiespec run` says where".to_owned())
    })
}

fn write_one(file: &Path, results: &Results, cases: &[&Case], suite: &Suite) -> Result<()> {
    let shown = file.display();
    let before = match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {shown}")),
    };
    let is_for_version = !PINNED.contains(&&*results.target.ecosystem);
    let blessed = bless(file, before.as_deref(), results, cases, suite, is_for_version)
        .map_err(|error| UsageError(error.to_string()))?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(file, &blessed.text).with_context(|| format!("cannot write {shown}"))?;
    let (label, kept) = (results.label(), blessed.kept);
    output::print(&format!(
        "{shown}: {label}: {kept} kept · {} added · {} changed · {} removed\n",
        blessed.added, blessed.changed, blessed.removed
    ))
}
