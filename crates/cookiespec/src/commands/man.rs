//! `man`: the manual page, or one page for every command.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_mangen::Man;
use cookiespec_report::Exit;

use crate::{output, output_file};

/// Print the manual page, or write one page for every command
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec man | man -l -\n  \
    cookiespec man --dir /usr/local/share/man/man1")]
pub(crate) struct Arguments {
    /// Write cookiespec.1 and a page for every command into this directory
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Prints the page or writes the pages.
pub(crate) fn man(arguments: &Arguments, command: Command) -> Result<Exit> {
    match &arguments.dir {
        None => output::print(&page(command)?)?,
        Some(dir) => {
            let shown = output_file::shown(dir);
            fs::create_dir_all(dir)
                .and_then(|()| clap_mangen::generate_to(command, dir))
                .with_context(|| format!("cannot write the pages to {shown}"))?;
        }
    }
    Ok(Exit::Clean)
}

fn page(command: Command) -> Result<String> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    Ok(String::from_utf8(text)?)
}
