//! Event files named on the command line.

use std::path::Path;

use anyhow::Result;
use cookiespec_report::Record;
use cookiespec_report::writers::events::{self, EventsError};
use cookiespec_vectors::input_file;

use crate::output_file;
use crate::usage::UsageError;

/// Reads an event file.
///
/// # Errors
/// A usage error: the file cannot be read, is no event file or not a complete one.
pub(crate) fn read(path: &Path) -> Result<Record> {
    read_by(events::read, path)
}

/// Reads an event file, also that of a run that was interrupted.
///
/// # Errors
/// A usage error: the file cannot be read, is no event file or was cut.
pub(crate) fn read_even_if_interrupted(path: &Path) -> Result<Record> {
    read_by(events::read_even_if_interrupted, path)
}

fn read_by(read: fn(&str) -> Result<Record, EventsError>, path: &Path) -> Result<Record> {
    let shown = output_file::shown(path);
    let text = input_file::read_text(path, MAX_OCTETS)
        .map_err(|error| UsageError(format!("cannot read {shown}: {error}")))?;
    Ok(read(&text).map_err(|error| UsageError(format!("{shown}, {error}")))?)
}

/// The longest event file that is read, in octets. That of a run of everything has a tenth of that.
const MAX_OCTETS: u64 = 256 << 20;
