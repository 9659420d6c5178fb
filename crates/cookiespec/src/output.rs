//! stdout and stderr.

use std::env;
use std::io::{self, IsTerminal, Write};

use anyhow::{Error, Result};
use console::Term;
use cookiespec_report::Style;

/// The width of text that does not go to a terminal, in characters.
const PIPED_WIDTH: usize = 120;

/// Writes to stdout.
///
/// # Errors
/// stdout cannot be written; see [`is_broken_pipe`] for the harmless kind.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(())
}

/// Writes to stderr. There is nobody to tell if that fails.
pub(crate) fn warn(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Whether the error is only that the reader of stdout has seen enough.
pub(crate) fn is_broken_pipe(error: &Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Colours, if stdout is a terminal and nobody asked for none (`NO_COLOR`).
pub(crate) fn style() -> Style {
    let is_unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Style { colour: !is_unwanted && io::stdout().is_terminal() }
}

/// How many characters fit on a line: of the terminal, or what `COLUMNS` says.
pub(crate) fn width() -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or_else(|| match Term::stdout().size_checked() {
        Some((_, columns)) => columns.into(),
        None => PIPED_WIDTH,
    })
}

/// Whether somebody watches both streams, and a progress bar would be seen and be in nobody's way.
pub(crate) fn is_watched() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}
