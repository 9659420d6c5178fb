//! `cookiespec probe init`: writes a first descriptor.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use cookiespec_probe::init::{Discovery, Prompt, discover};
use cookiespec_report::Exit;
use cookiespec_wire::Bounds;

use crate::usage::UsageError;
use crate::{output, output_file};

/// Write a first descriptor: discovers the login form, and prompts for the rest
///
/// Prompts are written to stderr, and answers are read from stdin, one line each; an empty line
/// takes the default in brackets.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A page of the application, preferably one that shows who is logged in
    #[arg(value_name = "URL")]
    url: String,
    /// The file to write, which must not exist; stdout by default
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A host other than this machine that may be accessed
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
}

/// Writes the descriptor.
pub(super) fn init(arguments: &Arguments) -> Result<Exit> {
    if let Some(file) = arguments.out.as_ref().filter(|file| file.exists()) {
        let file = output_file::shown(file);
        return Err(UsageError(format!("{file} exists already; name another file")).into());
    }
    let discovery = discover(&arguments.url, &arguments.allow_host, Bounds::default())
        .map_err(|error| super::explain(error, &arguments.url))?;
    let answers = ask(&discovery)?;
    let descriptor = discovery.descriptor(&answers);
    match &arguments.out {
        None => output::print(&descriptor)?,
        Some(file) => {
            output_file::create(file, descriptor.as_bytes())?;
            let file = output_file::shown(file);
            output::warn(&format!("\nWritten. Next: cookiespec probe {file}\n"));
        }
    }
    Ok(Exit::Clean)
}

fn ask(discovery: &Discovery) -> Result<BTreeMap<&'static str, String>> {
    if let Some(login) = &discovery.login {
        let found = format!(
            "Found a login form on {}: it sends {} and {} to {}.\n",
            login.page.escape_debug(),
            login.user.escape_debug(),
            login.password.escape_debug(),
            login.path.escape_debug()
        );
        output::warn(&found);
    }
    let mut lines = io::stdin().lock().lines();
    let mut answers = BTreeMap::new();
    for Prompt { key, text, default } in discovery.prompts() {
        output::warn(&format!("{text} [{}]: ", default.escape_debug()));
        let line = lines.next().transpose().context("stdin")?.unwrap_or_default();
        // White space may be part of the answer.
        let answer = if line.is_empty() { default } else { line };
        answers.insert(key, answer);
    }
    Ok(answers)
}
