//! `shim check`: checks a shim against the protocol.

use std::ffi::OsString;

use anyhow::{Result, bail};
use clap::Args;
use cookiespec_report::Exit;
use cookiespec_runner::Limits;
use cookiespec_runner::shim_check::{RuleViolation, check as check_shim};
use cookiespec_vectors::Suite;

use crate::{interruption, output, selection};

/// Check a shim against the protocol; each violation comes with what to do
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec shim check python3 my_shim.py\n  \
    cookiespec shim check -- ./my-shim --verbose\n\n\
    Exit codes: 0 all rules are kept, 1 one is not, 3 there is no process to be had.")]
pub(crate) struct Arguments {
    /// The shim, and its arguments
    #[arg(
        value_name = "COMMAND",
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    command: Vec<OsString>,
}

/// Prints a line for each rule, and what to do about those that are not kept.
pub(crate) fn check(arguments: &Arguments) -> Result<Exit> {
    let suite = Suite::embedded()?;
    let Some(target) = selection::command(&arguments.command) else { return Ok(Exit::Usage) };
    let results = check_shim(&target, &suite, Limits::default());
    interruption::check()?;
    let violations = || results.iter().filter_map(|result| result.violation.as_ref());
    if let Some(violation) = violations().find(|violation| violation.is_scarcity) {
        bail!("{}", violation.what);
    }
    let mut text = String::new();
    for result in &results {
        match &result.violation {
            None => text.push_str(&format!("ok     {}\n", result.rule)),
            Some(RuleViolation { what, fix, .. }) => {
                text.push_str(&format!(
                    "WRONG  {}\n         {what}\n         fix: {fix}\n",
                    result.rule
                ));
            }
        }
    }
    let violations = violations().count();
    text.push_str(&format!("{} rules tried, {violations} not kept\n", results.len()));
    output::print(&text)?;
    Ok(if violations == 0 { Exit::Clean } else { Exit::Differs })
}
