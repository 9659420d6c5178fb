//! A descriptor to begin with.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use cookiespec_probe::init::{Question, Sight, look};
use cookiespec_report::Exit;
use cookiespec_wire::Bounds;

use crate::output;
use crate::usage::UsageError;

/// Write a descriptor to begin with: looks at the application, and asks for what it cannot see
///
/// Questions go to stderr and answers come from stdin, a line each; an empty line takes what stands
/// in brackets.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A page of the application, best one that says who is logged in
    #[arg(value_name = "URL")]
    url: String,
    /// The file to write; stdout by default. One that is there is not overwritten
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A host that is not this machine and may be looked at all the same
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
}

/// Writes the descriptor.
pub(super) fn init(arguments: &Arguments) -> Result<Exit> {
    if let Some(file) = arguments.out.as_ref().filter(|file| file.exists()) {
        let file = file.to_string_lossy().escape_debug().to_string();
        return Err(UsageError(format!("{file} is there already; name another one")).into());
    }
    let sight = look(&arguments.url, &arguments.allow_host, Bounds::default())
        .map_err(|error| super::explain(error, &arguments.url))?;
    let answers = ask(&sight)?;
    let descriptor = sight.descriptor(&answers);
    match &arguments.out {
        None => output::print(&descriptor)?,
        Some(file) => {
            std::fs::write(file, descriptor)
                .with_context(|| format!("cannot write {}", file.display()))?;
            let file = file.to_string_lossy().escape_debug().to_string();
            output::warn(&format!("\nWritten. Now: cookiespec probe {file}\n"));
        }
    }
    Ok(Exit::Clean)
}

fn ask(sight: &Sight) -> Result<BTreeMap<&'static str, String>> {
    if let Some(login) = &sight.login {
        let seen = format!(
            "A login form was found on {}: {} and {} go to {}.\n",
            login.page.escape_debug(),
            login.user.escape_debug(),
            login.password.escape_debug(),
            login.path.escape_debug()
        );
        output::warn(&seen);
    }
    let mut lines = io::stdin().lock().lines();
    let mut answers = BTreeMap::new();
    for Question { key, text, usual } in sight.questions() {
        output::warn(&format!("{text} [{}]: ", usual.escape_debug()));
        let line = lines.next().transpose().context("stdin")?.unwrap_or_default();
        // What was typed counts as it is: a blank may belong to it.
        let answer = if line.is_empty() { usual } else { line };
        answers.insert(key, answer);
    }
    Ok(answers)
}
