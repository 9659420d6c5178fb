//! `doctor`: which targets run on this machine.

use anyhow::Result;
use clap::{Args, ValueEnum};
use cookiespec_report::Exit;
use cookiespec_runner::doctor::DoctorText;

use crate::selection::Targets;
use crate::{interruption, output};

/// Show which targets run on this machine, what is missing, and the one command that installs it
///
/// Every target that is there is started. Whatever is found, the exit code is 0.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec doctor\n  \
    cookiespec doctor --format json")]
pub(crate) struct Arguments {
    /// For people or for programs
    #[arg(long, value_name = "KIND", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Prints the report.
pub(crate) fn doctor(arguments: &Arguments) -> Result<Exit> {
    let report = Targets::locate()?.check()?;
    interruption::check()?;
    output::print(&match arguments.format {
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&report)?),
        Format::Text => {
            let width = output::width();
            DoctorText { report: &report, width, style: output::style() }.to_string()
        }
    })?;
    Ok(Exit::Clean)
}
