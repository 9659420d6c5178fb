//! stdout and stderr.

use std::env;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Error, Result};
use console::Term;
use cookiespec_report::layout::NARROWEST;
use cookiespec_report::{Style, Terminal};

/// The width of tables that do not go to a terminal, in columns.
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

/// Writes to stderr. An error there is ignored: there is nowhere to report it.
pub(crate) fn warn(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Whether the error is only that the reader of stdout has closed it.
pub(crate) fn is_broken_pipe(error: &Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Colours, if stdout is a terminal that shows them and the environment does not forbid them
/// (`NO_COLOR`).
pub(crate) fn style() -> Style {
    Style { colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never }
}

/// The width of tables and columns: of the terminal, or what `COLUMNS` says.
pub(crate) fn width() -> usize {
    line_width().unwrap_or(PIPED_WIDTH)
}

/// What running text on stdout is laid out for. Its lines are not broken in a pipe, so that they
/// can be searched.
pub(crate) fn terminal() -> Terminal {
    Terminal { style: style(), width: line_width().unwrap_or(usize::MAX) }
}

/// The width of the terminal, or what `COLUMNS` says; `None` if there is neither.
fn line_width() -> Option<usize> {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = columns.or_else(|| Some(Term::stdout().size_checked()?.1.into()));
    columns.map(|columns: usize| columns.max(NARROWEST))
}

/// Whether both streams are a terminal, so that a progress bar is seen and disturbs no other text.
pub(crate) fn is_watched() -> bool {
    io::stdout().is_terminal() && io::stderr().is_terminal()
}
