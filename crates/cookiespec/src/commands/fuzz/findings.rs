//! Actions on findings: replay one, promote one to a vector, merge folders of them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use cookiespec_fuzzing::{
    self as fuzzing, Executor as _, Finding, FindingDisplay, Folder, Shim, Subject, read_finding,
};
use cookiespec_report::{Escaped, Exit};
use cookiespec_runner::{Limits, Target};

use super::models::models;
use crate::selection::{self, TargetChoice, Targets};
use crate::usage::UsageError;
use crate::{interruption, output, output_file};

/// Turn a finding into the draft of a vector
#[derive(Debug, Args)]
pub(crate) struct PromoteArguments {
    /// The finding file
    #[arg(value_name = "FINDING")]
    finding: PathBuf,
    /// The area that the vector is for, such as set-cookie.pair
    #[arg(long, value_name = "A")]
    area: String,
}

/// Merge the folders of several runs into one
#[derive(Debug, Args)]
pub(crate) struct MergeArguments {
    /// The folders to take findings and corpora from
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// The folder to put them in
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn promote(arguments: &PromoteArguments) -> Result<Exit> {
    let finding = read(&arguments.finding)?;
    let case = fuzzing::promote(&finding, &arguments.area);
    output::print(&(serde_json::to_string_pretty(&case)? + "\n"))?;
    Ok(Exit::Clean)
}

pub(super) fn merge(arguments: &MergeArguments) -> Result<Exit> {
    let open = |path: &Path| {
        Folder::open(path).map_err(|error| {
            UsageError(format!("cannot use {}: {error}", output_file::shown(path)))
        })
    };
    let into = open(&arguments.out)?;
    let mut new = 0;
    for folder in &arguments.folders {
        if !folder.is_dir() {
            return Err(UsageError(format!("{} is no folder", output_file::shown(folder))).into());
        }
        new += into.merge(&open(folder)?)?;
    }
    let (findings, corpus) = (into.findings()?.len(), into.corpus()?.len());
    output::print(&format!("{new} new findings, {findings} in all; {corpus} inputs\n"))?;
    Ok(Exit::Clean)
}

/// Executes the input of a finding again, on its own target unless another is chosen. The exit code
/// says whether it is reproduced.
pub(super) fn replay(
    file: &Path,
    choice: &TargetChoice,
    runs_stored_command: bool,
    limits: Limits,
) -> Result<Exit> {
    let finding = read(file)?;
    let target = replay_target(&finding, choice, runs_stored_command)?;
    let profile = finding
        .profile
        .parse()
        .map_err(|error| UsageError(format!("{}: {error}", output_file::shown(file))))?;
    let shim = Shim::open(target.clone(), Some(profile), limits)
        .map_err(|failure| anyhow::anyhow!(failure.what))?;
    let version = shim.about().version.clone();
    let command = target.command_words();
    let mut subject = Subject {
        name: target.reported_name(shim.about()).to_owned(),
        command,
        profile,
        executors: vec![Box::new(shim)],
        models: models(profile),
    };
    let reproduced = fuzzing::replay(&finding, &mut subject);
    interruption::check()?;
    match reproduced {
        Some(reproduced) => {
            let display = FindingDisplay {
                finding: &reproduced,
                file: Some(file.to_owned()),
                is_brief: false,
            };
            output::print(&format!("{display}\nReproduced.\n"))?;
            Ok(Exit::Differs)
        }
        None => {
            let display = FindingDisplay { finding: &finding, file: None, is_brief: false };
            let other = match version == finding.version {
                true => String::new(),
                false => format!(" The version here is {}.", Escaped(&version)),
            };
            output::print(&format!("{display}\nNot reproduced.{other}\n"))?;
            Ok(Exit::Clean)
        }
    }
}

/// The target that a finding is replayed on. The program in a finding file is somebody else's data,
/// and data is never run unless the user says so.
fn replay_target(
    finding: &Finding,
    choice: &TargetChoice,
    runs_stored_command: bool,
) -> Result<Target> {
    let targets = Targets::locate()?;
    if !choice.is_empty() {
        return choice.choose_one(&targets);
    }
    let Some(words) = &finding.command else {
        let names = [finding.target.clone()];
        return TargetChoice::of(&names, false, &[]).choose_one(&targets);
    };
    let words: Vec<_> = words.iter().map(OsString::from).collect();
    let Some(target) = selection::command(&words) else {
        return Err(UsageError("the command in the finding is empty".to_owned()).into());
    };
    let selector = target.selector();
    let shown = Escaped(&selector);
    if !runs_stored_command {
        let what = format!(
            "the finding was made with a program that only its file names, and a file is not \
             trusted; to run it, repeat it on the command line, `{shown}`, or add \
             --run-stored-command"
        );
        return Err(UsageError(what).into());
    }
    output::warn(&format!("running {shown}\n"));
    Ok(target)
}

fn read(file: &Path) -> Result<Finding> {
    Ok(read_finding(file).map_err(|error| UsageError(Escaped(&error.to_string()).to_string()))?)
}
