//! Reports made again from an event file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use cookiespec_harness::Exit;
use cookiespec_harness::report::{Record, events};

use crate::format::Formats;
use crate::usage::UsageError;

/// Make reports from an event file
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec run cookie_store --format text,events=run.ndjson\n  \
    cookiespec report run.ndjson\n  \
    cookiespec report run.ndjson --format html=report.html,junit=junit.xml,sarif=run.sarif\n\n\
    Exit codes: 0 the reports are made, whatever they say; 2 the event file is not whole.")]
pub(crate) struct Arguments {
    /// The event file, as `cookiespec run --format events=FILE` wrote it
    #[arg(value_name = "EVENTS")]
    events: PathBuf,
    #[command(flatten)]
    formats: Formats,
}

/// Makes the reports.
pub(crate) fn report(arguments: &Arguments) -> Result<Exit> {
    let record = read(&arguments.events)?;
    arguments.formats.open()?.write(&record)?;
    Ok(Exit::Clean)
}

/// Reads an event file.
///
/// # Errors
/// A usage error: the file cannot be read, is no event file or not a whole one.
pub(crate) fn read(path: &Path) -> Result<Record> {
    let shown = path.to_string_lossy().escape_debug().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| UsageError(format!("cannot read {shown}: {error}")))?;
    Ok(events::read(&text).map_err(|error| UsageError(format!("{shown}, {error}")))?)
}
