//! `shim new`: writes a shim to start from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use cookiespec_report::Exit;
use cookiespec_shims::SOURCES;

use crate::usage::UsageError;
use crate::{output, output_file};

/// Write a working shim to start from, with a case it passes and one it fails
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    cookiespec shim new python my-shim\n  \
    cookiespec run --vectors my-shim/vectors -- python3 my-shim/shim.py")]
pub(crate) struct Arguments {
    /// The language
    language: Language,
    /// Where to write it: a folder that is not there yet, or is empty
    folder: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    Go,
    Node,
    Python,
}

impl Language {
    /// The files of the shim, by their names.
    ///
    /// # Errors
    /// The shims inside this executable lack one.
    fn files(self) -> Result<Vec<(&'static str, &'static str)>> {
        Ok(match self {
            Self::Go => vec![
                ("go.mod", include_str!("../../../templates/go/go.mod.txt")),
                ("main.go", include_str!("../../../templates/go/main.go")),
                ("protocol.go", include_str!("../../../templates/go/protocol.go")),
            ],
            Self::Node => vec![
                ("protocol.mjs", source("node/protocol.mjs")?),
                ("shim.mjs", include_str!("../../../templates/node/shim.mjs")),
            ],
            Self::Python => vec![
                ("protocol.py", source("python/protocol.py")?),
                ("shim.py", include_str!("../../../templates/python/shim.py")),
            ],
        })
    }

    /// The command that runs it in its folder.
    const fn command(self) -> &'static str {
        match self {
            Self::Go => "go run .",
            Self::Node => "node shim.mjs",
            Self::Python => "python3 shim.py",
        }
    }
}

/// Writes the files.
pub(crate) fn write(arguments: &Arguments) -> Result<Exit> {
    let Arguments { language, folder } = arguments;
    let shown = output_file::shown(folder);
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(UsageError(format!("{shown} is not empty; name a new folder")).into());
    }
    let readme =
        include_str!("../../../templates/README.md").replace("COMMAND", language.command());
    let shared = [
        ("README.md", &*readme),
        ("vectors/example.json", include_str!("../../../templates/cases.json")),
    ];
    let files = language.files()?.into_iter().chain(shared);
    let files: Vec<_> = files.map(|(name, text)| (folder.join(name), text)).collect();
    for (nth, (file, text)) in files.iter().enumerate() {
        write_file(file, text).inspect_err(|_| {
            // Part of a shim does not work, and another try wants an empty folder.
            files[..nth].iter().for_each(|(written, _)| drop(fs::remove_file(written)));
        })?;
    }
    output::print(&format!(
        "{shown} has a shim that works. Next:\n\n  cd {shown}\n  \
         cookiespec run --vectors vectors -- {command}\n  cookiespec shim check {command}\n\n\
         README.md explains how to connect your library.\n",
        command = language.command()
    ))?;
    Ok(Exit::Clean)
}

/// A file of the shims inside this executable.
fn source(path: &str) -> Result<&'static str> {
    let file = SOURCES.iter().find(|(name, _)| *name == path);
    let (_, text) = file.with_context(|| format!("there is no {path} in this executable"))?;
    Ok(text)
}

fn write_file(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", output_file::shown(folder)))?;
    }
    output_file::write(file, text.as_bytes())
}
