//! Reports made again from an event file.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use cookiespec_report::Exit;

use crate::event_file;
use crate::format::Formats;

/// Make reports from an event file
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec run cookie_store --format text,events=run.ndjson\n  \
    cookiespec report run.ndjson\n  \
    cookiespec report run.ndjson --format html=report.html,junit=junit.xml,sarif=run.sarif\n\n\
    Exit codes: 0 the reports are made, whatever they contain; 2 the event file is not complete.")]
pub(crate) struct Arguments {
    /// The event file, as `cookiespec run --format events=FILE` wrote it
    #[arg(value_name = "EVENTS")]
    events: PathBuf,
    #[command(flatten)]
    formats: Formats,
    /// Take the file of a run that was interrupted, too; the reports say how far it got
    #[arg(long)]
    allow_incomplete: bool,
}

/// Makes the reports.
pub(crate) fn report(arguments: &Arguments) -> Result<Exit> {
    let record = match arguments.allow_incomplete {
        true => event_file::read_even_if_interrupted(&arguments.events)?,
        false => event_file::read(&arguments.events)?,
    };
    arguments.formats.check(&[&arguments.events])?.write(&record)?;
    arguments.formats.sum_up(&record)?;
    Ok(Exit::Clean)
}
