//! `completions`: scripts for the completion of shells.

use anyhow::Result;
use clap::{Args, Command};
use clap_complete::Shell;
use cookiespec_report::Exit;

use crate::output;

/// Print the completions for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec completions bash > /etc/bash_completion.d/cookiespec\n  \
    cookiespec completions zsh > ~/.zfunc/_cookiespec\n  \
    cookiespec completions fish > ~/.config/fish/completions/cookiespec.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
pub(crate) fn completions(arguments: &Arguments, mut command: Command) -> Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "cookiespec", &mut text);
    output::print(&String::from_utf8(text)?)?;
    Ok(Exit::Clean)
}
