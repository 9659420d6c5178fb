//! What is installed of an ecosystem on this machine.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cookiespec_process::{Output, Process, is_scarcity};
use thiserror::Error;

use crate::build::Build;
use crate::deadline::Deadline;
use crate::shims::manifest::{BuildEntry, Ecosystem, Entry};
use crate::target::Target;

/// How long each command that examines an ecosystem may take. A busy machine does not make it
/// longer, or installed targets would be missing there.
const COMMAND_TIME: Duration = Duration::from_secs(10);

/// What a target needs and this machine does not have, and what installs it.
#[derive(Debug, Error)]
pub(super) enum Missing {
    #[error("{get}, then run `shims/setup {ecosystem}`")]
    Runtime { get: String, ecosystem: String },
    #[error("{program} is not there; run `shims/setup {ecosystem}`")]
    Program { program: String, ecosystem: String },
    #[error("{package} is not installed; run `shims/setup {ecosystem}`")]
    Package { package: String, ecosystem: String },
}

/// What is installed of an ecosystem.
#[derive(Debug, Default)]
pub(super) struct Installation {
    /// The interpreter of the shims; `None` where they are programs or it is missing.
    interpreter: Option<PathBuf>,
    /// The version the runtime reports; `None` where it is missing.
    pub(super) version: Option<String>,
    /// The packages that are installed, and their versions.
    packages: BTreeMap<String, String>,
}

impl Installation {
    /// Runs the commands of the manifest that print the version of the runtime and the packages.
    ///
    /// # Errors
    /// The system has no process for them, so that it is not known what is installed.
    pub(super) fn detect(ecosystem: &Ecosystem) -> io::Result<Self> {
        let mut installation = Self::runtime(ecosystem)?;
        if let (Some(_), Some(packages)) = (&installation.version, &ecosystem.packages) {
            installation.packages = installation
                .lines(ecosystem, packages)?
                .unwrap_or_default()
                .iter()
                .filter_map(|line| line.split_once(' '))
                .map(|(package, version)| (package.to_owned(), version.to_owned()))
                .collect();
        }
        Ok(installation)
    }

    /// The first interpreter that runs, or the runtime of shims that are programs.
    fn runtime(ecosystem: &Ecosystem) -> io::Result<Self> {
        let found = ecosystem.interpreter.iter().filter_map(|name| program(ecosystem, name));
        let mut candidates: Vec<_> = found.map(Some).collect();
        if ecosystem.interpreter.is_empty() {
            candidates.push(None);
        }
        for interpreter in candidates {
            let installation = Self { interpreter, ..Self::default() };
            let lines = installation.lines(ecosystem, &ecosystem.version)?;
            if let Some(version) = lines.and_then(|lines| lines.into_iter().next()) {
                return Ok(Self { version: Some(version), ..installation });
            }
        }
        Ok(Self::default())
    }

    /// The target, where it can run here.
    ///
    /// # Errors
    /// Something it needs is not installed.
    pub(super) fn target(&self, ecosystem: &Ecosystem, entry: &Entry) -> Result<Target, Missing> {
        let Ecosystem { name, folder, get, .. } = ecosystem;
        // A program that has been built runs without what it was built with.
        let Some((program, arguments)) = self.words(ecosystem, &entry.command) else {
            return Err(match &self.version {
                None => Missing::Runtime { get: get.clone(), ecosystem: name.clone() },
                Some(_) => {
                    Missing::Program { program: entry.command.concat(), ecosystem: name.clone() }
                }
            });
        };
        match &entry.package {
            Some(package) if !self.packages.contains_key(package) => {
                Err(Missing::Package { package: package.clone(), ecosystem: name.clone() })
            }
            _ => Ok(Target::in_folder(&entry.name, name, folder, program, arguments)
                .with_builds(builds(ecosystem, entry))),
        }
    }

    /// What a command of the ecosystem prints, if it exits with success in time.
    fn lines(&self, ecosystem: &Ecosystem, command: &[String]) -> io::Result<Option<Vec<String>>> {
        let Some((program, arguments)) = self.words(ecosystem, command) else { return Ok(None) };
        let shown = program.to_string_lossy().escape_debug().to_string();
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&ecosystem.folder);
        let mut process = match Process::start(command) {
            Ok(process) => process,
            Err(error) if is_scarcity(&error) => {
                let what = format!("cannot start {shown}: {error}");
                return Err(io::Error::new(error.kind(), what));
            }
            Err(_) => return Ok(None),
        };
        let mut deadline = Deadline::new(COMMAND_TIME, 1.0);
        let mut lines = Vec::new();
        while let Ok(Output::Line(line)) = deadline.next_output(&mut process) {
            lines.push(String::from_utf8_lossy(&line).trim_end().to_owned());
        }
        Ok(deadline.end(&mut process).is_some_and(|status| status.success()).then_some(lines))
    }

    /// The program and the arguments of a command of the ecosystem, if the program is there.
    fn words<'a>(
        &self,
        ecosystem: &Ecosystem,
        command: &'a [String],
    ) -> Option<(PathBuf, &'a [String])> {
        if !ecosystem.interpreter.is_empty() {
            return Some((self.interpreter.clone()?, command));
        }
        let (name, arguments) = command.split_first()?;
        Some((program(ecosystem, name)?, arguments))
    }
}

/// What `setup` makes for a target.
fn builds(ecosystem: &Ecosystem, entry: &Entry) -> Vec<Build> {
    let program = entry.command.first().map(PathBuf::from);
    let build = |one: &BuildEntry| {
        Some(Build {
            ecosystem: ecosystem.name.clone(),
            folder: ecosystem.folder.clone(),
            product: one.product.clone().or_else(|| program.clone())?,
            sources: one.sources.clone(),
        })
    };
    ecosystem.build.iter().filter_map(build).collect()
}

/// Where a program is: in the folder of the ecosystem if its name has a `/`, or else on the PATH.
fn program(ecosystem: &Ecosystem, name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(ecosystem.folder.join(name)).filter(|path| path.is_file());
    }
    let file = Path::new(name).with_extension(env::consts::EXE_EXTENSION);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}
