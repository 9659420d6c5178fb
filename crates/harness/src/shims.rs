//! The shims of the source tree, found wherever the binary runs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use tempfile::TempDir;

use crate::process::Process;
use crate::target::Target;

/// Every file of the shims folder, by its path inside it.
const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shims.rs"));
/// The list of shims inside their folder.
const MANIFEST: &str = "targets.toml";
/// How long the probe for a shim's needs may take.
const PROBE_TIME: Duration = Duration::from_secs(10);

/// The shims of the source tree.
///
/// They are run from the checkout the binary was built in while that exists, because a package
/// manager may have put libraries beside them (`node_modules`). Otherwise the copy inside the
/// binary is written to a temporary folder, where the shims find what is installed for everybody;
/// the folder is removed when this is dropped.
#[derive(Debug)]
pub struct Shims {
    folder: PathBuf,
    entries: Vec<Entry>,
    /// Held for its `Drop`.
    _unpacked: Option<TempDir>,
}

/// The shims that were asked for, sorted by whether this machine can run them.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Shims whose needs are met.
    pub targets: Vec<Target>,
    /// Shims that cannot run here.
    pub absent: Vec<Absent>,
}

/// A shim that cannot run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The target's name.
    pub name: String,
    /// Its ecosystem.
    pub ecosystem: String,
    /// What is missing.
    pub why: String,
}

impl Shims {
    /// Uses the checkout this binary was built in, or unpacks the copy inside the binary.
    ///
    /// # Errors
    /// The temporary folder cannot be written, or the manifest is not valid.
    pub fn locate() -> io::Result<Self> {
        let checkout = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shims"));
        if checkout.join(MANIFEST).is_file() {
            Self::open(checkout.canonicalize()?, None)
        } else {
            let unpacked = tempfile::Builder::new().prefix("cookiespec-shims-").tempdir()?;
            unpack(unpacked.path())?;
            Self::open(unpacked.path().to_owned(), Some(unpacked))
        }
    }

    fn open(folder: PathBuf, unpacked: Option<TempDir>) -> io::Result<Self> {
        let path = folder.join(MANIFEST);
        let manifest: Manifest = toml::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        Ok(Self { folder, entries: manifest.target, _unpacked: unpacked })
    }

    /// The names of all shims, whether they can run here or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.name)
    }

    /// Probes for what the chosen shims need, all at once.
    pub fn find(&self, is_chosen: impl Fn(&str) -> bool) -> Found {
        let chosen: Vec<_> = self.entries.iter().filter(|entry| is_chosen(&entry.name)).collect();
        let met: Vec<bool> = thread::scope(|scope| {
            let probes: Vec<_> =
                chosen.iter().map(|entry| scope.spawn(|| self.succeeds(&entry.needs))).collect();
            probes.into_iter().map(|probe| probe.join().unwrap_or(false)).collect()
        });

        let mut found = Found::default();
        for (entry, met) in chosen.into_iter().zip(met) {
            let Entry { name, ecosystem, command, missing, .. } = entry;
            match command.split_first() {
                Some((program, arguments)) if met => found.targets.push(Target::in_folder(
                    name,
                    ecosystem,
                    &self.folder,
                    program,
                    arguments,
                )),
                _ => found.absent.push(Absent {
                    name: name.clone(),
                    ecosystem: ecosystem.clone(),
                    why: missing.clone(),
                }),
            }
        }
        found
    }

    /// Whether the probe exits with success in time.
    fn succeeds(&self, probe: &[String]) -> bool {
        let Some((program, arguments)) = probe.split_first() else { return true };
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder);
        Process::start(command)
            .ok()
            .and_then(|mut process| process.end(Instant::now() + PROBE_TIME))
            .is_some_and(|status| status.success())
    }
}

/// Writes the copy inside the binary to a folder.
fn unpack(folder: &Path) -> io::Result<()> {
    for (path, text) in SOURCES {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    target: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    ecosystem: String,
    command: Vec<String>,
    needs: Vec<String>,
    missing: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_inside_the_binary_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        let shims = Shims::open(folder.path().to_owned(), Some(folder)).unwrap();
        assert!(shims.names().count() > 0);
        for entry in &shims.entries {
            let sources = entry.command.iter().filter(|word| word.contains('/'));
            assert!(sources.clone().count() > 0, "{}: no source in its command", entry.name);
            for source in sources {
                assert!(shims.folder.join(source).is_file(), "{source} is not there");
            }
        }
    }

    #[test]
    fn a_shim_whose_needs_are_not_met_says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = r#"
            [[target]]
            name = "x"
            ecosystem = "nowhere"
            command = ["no-such-program-anywhere"]
            needs = ["no-such-program-anywhere", "--version"]
            missing = "get it"
        "#;
        fs::write(folder.path().join(MANIFEST), manifest).unwrap();
        let found = Shims::open(folder.path().to_owned(), None).unwrap().find(|_| true);
        assert_eq!(found.targets, []);
        assert_eq!(found.absent[0].why, "get it");
    }
}
