//! The manifest of an ecosystem: `targets.toml` in its folder.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cookiespec_vectors::input_file;
use serde::Deserialize;

/// The name of a manifest. A folder without one is not an ecosystem.
pub(super) const MANIFEST: &str = "targets.toml";

/// The longest manifest that is read, in octets.
const MAX_OCTETS: u64 = 1 << 20;

/// An ecosystem: a language or runtime, and the targets that run on it.
///
/// Every command runs in the folder, behind the interpreter where one is named. A program with a
/// `/` in its name lies in the folder; any other is looked for on the PATH.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ecosystem {
    /// The name of the folder; also the word that `shims/setup` takes.
    #[serde(skip)]
    pub(super) name: String,
    #[serde(skip)]
    pub(super) folder: PathBuf,
    /// Programs that can run the shims, best first. Where there are none, the shims are programs.
    #[serde(default)]
    pub(super) interpreter: Vec<String>,
    /// A command that prints the version of the runtime, and fails if the runtime is not there.
    pub(super) version: Vec<String>,
    /// A command that prints what is installed to be tested: one `package version` on a line.
    pub(super) packages: Option<Vec<String>>,
    /// How to get the runtime where it is missing.
    pub(super) get: String,
    /// What `setup` makes, in its order; nothing where the shims run as they are, on what the system
    /// has.
    #[serde(default)]
    pub(super) build: Vec<BuildEntry>,
    /// The targets.
    #[serde(rename = "target")]
    pub(super) targets: Vec<Entry>,
}

/// What the `setup` of an ecosystem makes of which sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BuildEntry {
    /// A file that is written when it is made; none where that is the program of each target.
    pub(super) product: Option<PathBuf>,
    /// The files that it is made of, and folders of such files.
    pub(super) sources: Vec<PathBuf>,
}

/// One target of an ecosystem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// `<ecosystem>:<library>`, or `client:<client>` for an HTTP client.
    pub(super) name: String,
    /// The shim and its arguments.
    pub(super) command: Vec<String>,
    /// The package it puts under test; none for what comes with the runtime.
    pub(super) package: Option<String>,
}

impl Ecosystem {
    /// Every ecosystem that has a folder in `shims`, by name.
    ///
    /// # Errors
    /// A folder cannot be read, or its manifest is not valid.
    pub(super) fn all(shims: &Path) -> io::Result<Vec<Self>> {
        let mut folders = fs::read_dir(shims)?
            .map(|entry| Ok(entry?.path()))
            .filter(|folder| folder.as_ref().map_or(true, |path| path.join(MANIFEST).is_file()))
            .collect::<io::Result<Vec<PathBuf>>>()?;
        folders.sort();
        folders.iter().map(|folder| Self::read(folder)).collect()
    }

    /// The ecosystem of a folder.
    ///
    /// # Errors
    /// As for [`Ecosystem::all`].
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let path = folder.join(MANIFEST);
        let named = |error: &dyn Display| io::Error::other(format!("{}: {error}", path.display()));
        let text = input_file::read_text(&path, MAX_OCTETS).map_err(|error| named(&error))?;
        let manifest: Self = toml::from_str(&text).map_err(|error| named(&error))?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { name, folder: folder.to_owned(), ..manifest })
    }
}
