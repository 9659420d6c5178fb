//! What is chosen on the command line: profiles, cases and targets.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cookiespec_harness::{Absent, Shims, Target};
use cookiespec_vectors::{Case, Profile, Suite};
use globset::Glob;

use crate::usage::{UsageError, unknown};

/// The name of the reference engine among the targets.
pub(crate) const REFERENCE: &str = "reference";

/// Reads the name of a profile.
pub(crate) fn profile() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::name)).try_map(|name| name.parse())
}

/// Which suite.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SuiteChoice {
    /// The vectors in this directory instead of those in the binary
    #[arg(long, value_name = "DIR")]
    vectors: Option<PathBuf>,
}

impl SuiteChoice {
    /// The suite.
    ///
    /// # Errors
    /// Everything that is wrong with the vector files.
    pub(crate) fn suite(&self) -> Result<Suite> {
        match &self.vectors {
            None => Suite::embedded().context("the vectors in the binary"),
            Some(directory) => {
                Suite::from_dir(directory).map_err(|errors| UsageError(errors.to_string()).into())
            }
        }
    }
}

/// Which cases are put to the targets.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct CaseChoice {
    /// Only the cases whose id matches, such as 'jar.*' or set-cookie.pair.0007
    #[arg(long, value_name = "GLOB")]
    only: Option<String>,
    #[command(flatten)]
    suite: SuiteChoice,
}

impl CaseChoice {
    /// The suite to choose from.
    ///
    /// # Errors
    /// Everything that is wrong with the vector files.
    pub(crate) fn suite(&self) -> Result<Suite> {
        self.suite.suite()
    }

    /// The chosen cases of the suite. There is at least one.
    ///
    /// # Errors
    /// The glob is not valid or matches nothing.
    pub(crate) fn cases<'a>(&self, suite: &'a Suite) -> Result<Vec<&'a Case>> {
        let Some(only) = &self.only else { return Ok(suite.cases().iter().collect()) };
        let glob =
            Glob::new(only).map_err(|error| UsageError(error.to_string()))?.compile_matcher();
        let cases: Vec<_> = suite.cases().iter().filter(|case| glob.is_match(&case.id)).collect();
        if cases.is_empty() {
            let shown = only.escape_debug();
            let list = "see `cookiespec list --cases`";
            return Err(UsageError(format!("no case matches \"{shown}\"; {list}")).into());
        }
        Ok(cases)
    }
}

/// Every target there is: those inside this executable, and the shims.
#[derive(Debug)]
pub(crate) struct Targets {
    executable: PathBuf,
    /// Kept until the run is over: its temporary folder goes with it.
    shims: Shims,
}

impl Targets {
    /// Finds out what there is, without trying whether it can run.
    ///
    /// # Errors
    /// The executable or the folder of shims cannot be found.
    pub(crate) fn locate() -> Result<Self> {
        let executable = env::current_exe().context("cannot find my own executable")?;
        let shims = Shims::locate().context("cannot find the shims")?;
        Ok(Self { executable, shims })
    }

    /// The names of all targets.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let built_in = cookiespec_targets::all().iter().map(|entry| entry.name);
        std::iter::once(REFERENCE).chain(built_in).chain(self.shims.names())
    }

    /// The targets that can run here, the reference engine first, and those that cannot.
    pub(crate) fn find(&self, is_chosen: impl Fn(&str) -> bool) -> (Vec<Target>, Vec<Absent>) {
        let mut targets = Vec::new();
        if is_chosen(REFERENCE) {
            targets.push(Target::reference(&self.executable));
        }
        let built_in = cookiespec_targets::all().iter().filter(|entry| is_chosen(entry.name));
        targets.extend(built_in.map(|entry| Target::built_in(&self.executable, entry.name)));
        let found = self.shims.find(is_chosen);
        targets.extend(found.targets);
        (targets, found.absent)
    }

    /// The targets with these names.
    ///
    /// # Errors
    /// A name is not known, or the target cannot run here.
    pub(crate) fn choose(&self, names: &[String]) -> Result<Vec<Target>> {
        for name in names {
            if self.names().all(|known| known != name) {
                let list = "cookiespec list --targets";
                return Err(unknown("target", name, self.names(), list).into());
            }
        }
        let (targets, absent) = self.find(|name| names.iter().any(|chosen| chosen == name));
        match absent.first() {
            None => Ok(targets),
            Some(one) => {
                Err(UsageError(format!("{} cannot run here: {}", one.name, one.why)).into())
            }
        }
    }
}

/// A program and its arguments, as they stand after `--`.
pub(crate) fn command(words: &[OsString]) -> Option<Target> {
    let (program, arguments) = words.split_first()?;
    // A relative path with a folder in it is meant from here, wherever the shim is run.
    let program = match Path::new(program) {
        path if path.is_relative() && path.components().count() > 1 => {
            std::path::absolute(path).map_or_else(|_| program.clone(), PathBuf::into_os_string)
        }
        _ => program.clone(),
    };
    Some(Target::command(&program, arguments))
}
