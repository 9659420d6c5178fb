//! `bless`: writes the failures of targets, and the recommendations they miss, to their baselines.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use cookiespec_report::{Escaped, Exit, TargetReport};
use cookiespec_runner::Plan;
use cookiespec_runner::baseline::{self, Baseline};
use cookiespec_vectors::{Case, Profile, Suite, input_file};

use crate::baseline::file;
use crate::execution::{self, RunArguments};
use crate::interruption;
use crate::selection::Targets;
use crate::usage::UsageError;
use crate::{output, output_file};

/// The default directory of baselines.
const FOLDER: &str = "baselines";
/// The ecosystems whose versions do not depend on what is installed: built-in targets are pinned,
/// and a command is the user's own.
const PINNED: [&str; 2] = ["built in", "command"];

/// Write down which cases a target fails or is weak on, as the baseline of later runs
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec bless cookie_store --profile rfc6265,rfc6265bis\n  \
    cookiespec bless --baseline known.toml -- python3 my_shim.py\n  \
    cookiespec run cookie_store --baseline baselines")]
pub(crate) struct Arguments {
    #[command(flatten)]
    what: RunArguments,
    /// Run every case so often; one whose answers differ is flaky
    #[arg(long, value_name = "N", default_value = "3")]
    repeat: NonZeroUsize,
    /// The directory of the baselines, or the file of a single one
    #[arg(long, value_name = "DIR|FILE", default_value = FOLDER)]
    baseline: PathBuf,
}

/// Runs the targets and writes their baselines.
pub(crate) fn bless(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.what.suite()?;
    let cases = arguments.what.cases(&suite)?;
    let targets = Targets::locate()?;
    let (jobs, absent) = arguments.what.jobs(&targets)?;
    for one in absent {
        output::warn(&format!("{}: left as it is; it cannot run here\n", one.name));
    }
    let plan = arguments.what.plan(&targets, &jobs, &cases);
    let all = execution::run(&Plan { repeat: arguments.repeat, ..plan });
    interruption::check()?;

    let mut exit = Exit::Clean;
    for (job, results) in jobs.iter().zip(&all) {
        let file = file(&arguments.baseline, &job.target, &results.name);
        if let Some(what) = breakage(results) {
            output::warn(&format!("{}: not written: {what}\n", output_file::shown(&file)));
            exit = Exit::Broken;
            continue;
        }
        // The reference engine is run once for each profile.
        let profiles: Vec<_> = jobs
            .iter()
            .zip(&all)
            .filter(|(other, results)| other.target == job.target && breakage(results).is_none())
            .flat_map(|(_, results)| results.results.iter().map(|result| result.profile))
            .collect();
        write_one(&file, results, &cases, &suite, &profiles)?;
    }
    Ok(exit)
}

/// Why results cannot be written to a baseline: they are not complete.
fn breakage(results: &TargetReport) -> Option<String> {
    let error = results.error.as_ref().map(|error| Escaped(&error.what).to_string());
    let is_broken = results.exit() == Exit::Broken;
    error.or_else(|| {
        is_broken.then(|| "the shim breaks the protocol; `cookiespec run` shows where".to_owned())
    })
}

fn write_one(
    file: &Path,
    results: &TargetReport,
    cases: &[&Case],
    suite: &Suite,
    profiles: &[Profile],
) -> Result<()> {
    let shown = output_file::shown(file);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", output_file::shown(folder)))?;
    }
    // Nobody else may change the file between reading and writing it.
    let _lock = output_file::lock_folder_of(file)?;
    let before = match input_file::read_text(file, Baseline::MAX_OCTETS) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {shown}")),
    };
    let is_for_version = !PINNED.contains(&&*results.ecosystem);
    let before = before.as_deref();
    let blessed = baseline::bless(file, before, results, cases, suite, profiles, is_for_version)
        .map_err(|error| UsageError(error.to_string()))?;
    if !blessed.records_should {
        output::warn(&format!(
            "{shown}: does not list which `should` is missed; bless it with all cases and profiles to add that\n"
        ));
    }
    output_file::write(file, blessed.text.as_bytes())?;
    let (label, kept) = (Escaped(&results.label), blessed.kept);
    output::print(&format!(
        "{shown}: {label}: {kept} kept · {} added · {} changed · {} removed\n",
        blessed.added, blessed.changed, blessed.removed
    ))
}
