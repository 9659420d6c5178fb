//! Two runs compared: regressions, fixes, changed observations.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use cookiespec_report::Exit;
use cookiespec_report::compare::Comparison;

use crate::format::Format;
use crate::{event_file, output};

/// Compare two runs: what got worse, what got better, what is new
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec run cookie_store --format events=new.ndjson\n  \
    cookiespec compare old.ndjson new.ndjson\n  \
    cookiespec compare old.ndjson new.ndjson --format json\n\n\
    Exit codes: 0 no regression, 1 a regression, 2 an event file is not complete, 3 the harness \
    or a shim broke in the new run.")]
pub(crate) struct Arguments {
    /// The event file of the run before
    old: PathBuf,
    /// The event file of the run after
    new: PathBuf,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Prints the comparison.
pub(crate) fn compare(arguments: &Arguments) -> Result<Exit> {
    let (old, new) = (event_file::read(&arguments.old)?, event_file::read(&arguments.new)?);
    let comparison = Comparison::new(&old, &new);
    output::print(&match arguments.format {
        Format::Text => comparison.text(output::style()),
        Format::Json => comparison.json(),
    })?;
    Ok(comparison.exit())
}
