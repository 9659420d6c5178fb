//! `list`: targets and cases.

use std::fmt::Write;

use anyhow::Result;
use clap::Args;
use cookiespec_report::{Escaped, Exit};

use crate::output;
use crate::selection::{CaseChoice, Targets};

/// List the targets, the cases, or both
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec list --targets\n  \
    cookiespec list --cases --area jar.path\n  \
    cookiespec list --cases --section rfc6265bis:5.7 --level should")]
pub(crate) struct Arguments {
    /// Only the targets
    #[arg(long, conflicts_with = "cases")]
    targets: bool,
    /// Only the cases
    #[arg(long)]
    cases: bool,
    #[command(flatten)]
    choice: CaseChoice,
}

/// Prints one line for each target or case.
pub(crate) fn list(arguments: &Arguments) -> Result<Exit> {
    let mut text = String::new();
    if !arguments.cases {
        text.push_str(&targets()?);
    }
    if !arguments.targets {
        let suite = arguments.choice.suite()?;
        for case in arguments.choice.cases(&suite)? {
            writeln!(text, "{}  {}", Escaped(&case.id), Escaped(&case.title))?;
        }
    }
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn targets() -> Result<String> {
    let targets = Targets::locate()?;
    let width = targets.names().map(str::len).max().unwrap_or(0);
    let (found, absent) = targets.find(|_| true)?;
    let mut text = String::new();
    for target in found {
        writeln!(text, "{:<width$}  {}", target.name, target.ecosystem)?;
    }
    for one in absent {
        let (name, why) = (&one.name, Escaped(&one.why));
        writeln!(text, "{name:<width$}  {}, cannot run here: {why}", one.ecosystem)?;
    }
    Ok(text)
}
