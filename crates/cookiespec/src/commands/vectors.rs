//! `vectors`: the tools for authors of vectors.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use cookiespec_report::Exit;
use cookiespec_suite_tools::lock::Lock;
use cookiespec_suite_tools::new_case::new_case;
use cookiespec_suite_tools::stats::Stats;
use cookiespec_suite_tools::{export, http_state, lint};
use cookiespec_vectors::{Operation, Profile, input_file, load};

use crate::selection::SuiteChoice;
use crate::usage::UsageError;
use crate::{output, output_file};

/// The directory of the vectors in a checkout.
const CORPUS: &str = "corpus/vectors";

/// Check, extend, count or export the vectors
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec vectors lint\n  \
    cookiespec vectors new jar.path jar\n  \
    cookiespec vectors stats\n  \
    cookiespec vectors export --out vectors\n  \
    cookiespec vectors cross-check --import http-state/tests/data")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the vector files; exit code 1 if something is wrong
    Lint {
        #[command(flatten)]
        place: Place,
        /// Take new cases and raised revisions into ids.lock
        #[arg(long)]
        bless: bool,
    },
    /// Append a case with the next free id to the file of an area
    New {
        /// The area, such as jar.path; a new one begins a file
        area: String,
        /// The operation of the case
        #[arg(value_parser = PossibleValuesParser::new(Operation::NAMES))]
        kind: String,
        #[command(flatten)]
        place: Place,
    },
    /// Count the cases and checks
    Stats {
        #[command(flatten)]
        suite: SuiteChoice,
        /// How the figures are written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Write the suite as plain JSON, as lines of JSON, and with a manifest of digests
    Export {
        #[command(flatten)]
        suite: SuiteChoice,
        /// The directory to write to; it is made where there is none
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Compare the reference engine with the suite of the http-state working group; exit code 1 if
    /// they disagree on RFC 6265
    CrossCheck {
        /// The suite: tests/data of a checkout of http-state
        #[arg(long, value_name = "DIR")]
        import: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A directory of vector files that an author works on.
#[derive(Debug, Args)]
struct Place {
    /// The directory of the vector files
    #[arg(long = "vectors", value_name = "DIR", default_value = CORPUS)]
    directory: PathBuf,
}

/// Runs the subcommand.
pub(crate) fn vectors(arguments: &Arguments) -> Result<Exit> {
    match &arguments.command {
        Command::Lint { place, bless } => lint(place.existing()?, *bless),
        Command::New { area, kind, place } => new(place.existing()?, area, kind),
        Command::Stats { suite, format } => stats(suite, *format),
        Command::Export { suite, out } => export(suite, out),
        Command::CrossCheck { import } => cross_check(import),
    }
}

impl Place {
    fn existing(&self) -> Result<&Path> {
        if self.directory.is_dir() {
            return Ok(&self.directory);
        }
        let shown = output_file::shown(&self.directory);
        let how = "run this at the root of the project, or name the directory with --vectors";
        Err(UsageError(format!("there is no directory {shown}; {how}")).into())
    }
}

fn lint(directory: &Path, bless: bool) -> Result<Exit> {
    let path = directory.join(Lock::FILE);
    // Nobody else may add a case between reading the files and writing the list.
    let _lock = if bless { Some(output_file::lock_folder_of(&path)?) } else { None };
    let mut report = lint::directory(directory);
    if bless {
        let Some(text) = report.blessed() else {
            output::print(&format!("{report}\n"))?;
            let what = "it cannot be read, and is left as it is; take it from the last commit";
            return Err(UsageError(format!("{}: {what}", output_file::shown(&path))).into());
        };
        output_file::write(&path, text.as_bytes())?;
        report = lint::directory(directory);
    }
    output::print(&format!("{report}\n"))?;
    Ok(if report.is_clean() { Exit::Clean } else { Exit::Differs })
}

fn new(directory: &Path, area: &str, kind: &str) -> Result<Exit> {
    let path = directory.join(format!("{area}.json"));
    // Ids are counted up, so that two authors at once would get the same one.
    let _lock = output_file::lock_folder_of(&path)?;
    let text = existing_text(&path)?;
    let lock_path = directory.join(Lock::FILE);
    let lock = existing_text(&lock_path)?
        .unwrap_or_default()
        .parse::<Lock>()
        .map_err(|error| UsageError(format!("{}: {error}", output_file::shown(&lock_path))))?;
    let new = new_case(area, kind, text.as_deref(), &lock)
        .map_err(|problem| UsageError(format!("{}: {problem}", output_file::shown(&path))))?;
    output_file::write(&path, new.text.as_bytes())?;
    output::print(&format!(
        "{}: fill in {}, then run `cookiespec vectors lint --bless`\n",
        output_file::shown(&path),
        new.id
    ))?;
    Ok(Exit::Clean)
}

/// The text of a file, if there is one.
fn existing_text(path: &Path) -> Result<Option<String>> {
    match input_file::read_text(path, load::MAX_FILE as u64) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("cannot read {}", output_file::shown(path)))
        }
    }
}

fn stats(suite: &SuiteChoice, format: Format) -> Result<Exit> {
    let stats = Stats::new(&suite.suite()?);
    output::print(&match format {
        Format::Text => format!("{stats}\n"),
        Format::Json => format!("{:#}\n", stats.to_json()),
    })?;
    Ok(Exit::Clean)
}

fn export(suite: &SuiteChoice, out: &Path) -> Result<Exit> {
    let files = export::export(&suite.suite()?);
    fs::create_dir_all(out).with_context(|| format!("cannot make {}", output_file::shown(out)))?;
    for export::File { name, text } in &files {
        let path = out.join(name);
        output_file::write(&path, text.as_bytes())?;
    }
    output::print(&format!("{} files in {}\n", files.len(), output_file::shown(out)))?;
    Ok(Exit::Clean)
}

/// The suite was written for RFC 6265. Where it disagrees with 6265bis alone, the specification
/// changed, and the steps say where; such a line is shown and fails nothing.
fn cross_check(import: &Path) -> Result<Exit> {
    let mut exit = Exit::Clean;
    for profile in Profile::ALL {
        let check = http_state::cross_check(import, profile)
            .map_err(|error| UsageError(error.to_string()))?;
        output::print(&format!("{check}\n\n"))?;
        let is_wrong = check.disagreements.iter().any(|it| it.id != http_state::CORRUPT);
        if profile == Profile::Rfc6265 && is_wrong {
            exit = Exit::Differs;
        }
    }
    Ok(exit)
}
