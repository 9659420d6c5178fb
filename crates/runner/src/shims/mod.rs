//! The shims of the source tree, found wherever the binary runs.

mod installation;
mod manifest;

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;

use cookiespec_process::threads;
use cookiespec_report::Unavailable;
use cookiespec_shims::{SOURCES, folder};
use tempfile::TempDir;

use self::installation::Installation;
use self::manifest::Ecosystem;
use crate::target::Target;

/// The shims of the source tree.
///
/// They are run from the checkout the binary was built in while that exists, because package
/// managers have put libraries beside them (`.venv`, `node_modules`). Otherwise the copy inside the
/// binary is written to a temporary folder, where the shims find what is installed system-wide;
/// the folder is removed when this is dropped.
#[derive(Debug)]
pub struct Shims {
    ecosystems: Vec<Ecosystem>,
    /// Held for its `Drop`.
    _unpacked: Option<TempDir>,
}

/// The chosen shims, by whether this machine can run them.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Shims whose needs are met.
    pub targets: Vec<Target>,
    /// Shims that cannot run here.
    pub absent: Vec<Unavailable>,
}

/// The chosen shims of one ecosystem.
#[derive(Debug)]
pub(crate) struct EcosystemShims {
    pub(crate) ecosystem: String,
    /// The version the runtime reports; `None` where it is missing.
    pub(crate) runtime: Option<String>,
    pub(crate) shims: Vec<Result<Target, Unavailable>>,
}

impl Shims {
    /// Uses the checkout this binary was built in, or unpacks the copy inside the binary.
    ///
    /// # Errors
    /// The temporary folder cannot be written, or a manifest is not valid.
    pub fn locate() -> io::Result<Self> {
        let checkout = folder();
        if checkout.is_dir() {
            Self::open(&checkout.canonicalize()?)
        } else {
            let unpacked = tempfile::Builder::new().prefix("cookiespec-shims-").tempdir()?;
            unpack(unpacked.path())?;
            Ok(Self { ecosystems: Ecosystem::all(unpacked.path())?, _unpacked: Some(unpacked) })
        }
    }

    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self { ecosystems: Ecosystem::all(folder)?, _unpacked: None })
    }

    /// The names of all shims, whether they can run here or not.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.ecosystems.iter().flat_map(|one| &one.targets).map(|entry| &*entry.name)
    }

    /// Looks for what the chosen shims need, in all ecosystems at once.
    ///
    /// # Errors
    /// The system has no process to look with, so that it is not known what there is.
    pub fn find(&self, is_chosen: impl Fn(&str) -> bool) -> io::Result<Found> {
        let mut found = Found::default();
        for shim in self.by_ecosystem(is_chosen)?.into_iter().flat_map(|one| one.shims) {
            match shim {
                Ok(target) => found.targets.push(target),
                Err(absent) => found.absent.push(absent),
            }
        }
        Ok(found)
    }

    /// The same by ecosystem, with its runtime. Ecosystems without a chosen shim are left out.
    ///
    /// # Errors
    /// As for [`Self::find`].
    pub(crate) fn by_ecosystem(
        &self,
        is_chosen: impl Fn(&str) -> bool,
    ) -> io::Result<Vec<EcosystemShims>> {
        let chosen: Vec<_> = self
            .ecosystems
            .iter()
            .map(|ecosystem| {
                let entries = ecosystem.targets.iter().filter(|entry| is_chosen(&entry.name));
                (ecosystem, entries.collect::<Vec<_>>())
            })
            .filter(|(_, entries)| !entries.is_empty())
            .collect();
        let installations = detect(chosen.iter().map(|(ecosystem, _)| *ecosystem))?;
        let shims = chosen
            .into_iter()
            .zip(installations)
            .map(|((ecosystem, entries), installation)| EcosystemShims {
                ecosystem: ecosystem.name.clone(),
                shims: entries
                    .into_iter()
                    .map(|entry| {
                        installation.target(ecosystem, entry).map_err(|missing| Unavailable {
                            name: entry.name.clone(),
                            ecosystem: ecosystem.name.clone(),
                            why: missing.to_string(),
                        })
                    })
                    .collect(),
                runtime: installation.version,
            })
            .collect();
        Ok(shims)
    }
}

/// What is installed of each ecosystem, all looked for at once.
fn detect<'a>(ecosystems: impl Iterator<Item = &'a Ecosystem>) -> io::Result<Vec<Installation>> {
    // They are few, and wait for processes most of the time.
    let installations = threads::map(ecosystems, NonZeroUsize::MAX, Installation::detect);
    installations.into_iter().collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::is_agent;
    use crate::protocol_client::{Limits, ProtocolClient};

    #[test]
    fn the_copy_inside_the_binary_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        let shims = Shims::open(folder.path()).unwrap();
        assert!(shims.names().count() > 0);
        for ecosystem in &shims.ecosystems {
            for entry in &ecosystem.targets {
                let name = &entry.name;
                let is_named_after_it = name.starts_with(&format!("{}:", ecosystem.name));
                assert!(
                    is_named_after_it || is_agent(name),
                    "{name} is listed by {}",
                    ecosystem.name
                );
                // A program that is built on this machine is not carried along.
                if !ecosystem.interpreter.is_empty() {
                    let source = ecosystem.folder.join(&entry.command[0]);
                    assert!(source.is_file(), "{} is not there", source.display());
                }
            }
        }
    }

    #[test]
    fn the_copy_inside_the_binary_runs() {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        let shims = Shims::open(folder.path()).unwrap();
        // They need nothing but their runtime, and sources of more than one file.
        let found = shims.find(|name| name.starts_with("python:http.cookie")).unwrap();
        for absent in &found.absent {
            eprintln!("skipped: {} ({})", absent.name, absent.why);
        }
        assert_eq!(found.targets.len() + found.absent.len(), 2);
        for target in &found.targets {
            let client = ProtocolClient::open(target, &[], Limits::default());
            assert!(client.is_ok(), "{}: {:?}", target.name, client.err());
        }
    }

    #[test]
    fn names_are_unique() {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        let shims = Shims::open(folder.path()).unwrap();
        let mut names: Vec<_> = shims.names().collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "{names:?}");
    }

    /// What is found of an ecosystem with this manifest.
    fn find(manifest: &str) -> Found {
        let shims = tempfile::tempdir().unwrap();
        let folder = shims.path().join("x");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("targets.toml"), manifest).unwrap();
        fs::write(folder.join("tool.sh"), "echo \"x $1\"\n").unwrap();
        Shims::open(shims.path()).unwrap().find(|_| true).unwrap()
    }

    fn why(manifest: &str) -> String {
        let found = find(manifest);
        assert_eq!(found.targets, []);
        found.absent[0].why.clone()
    }

    #[test]
    fn a_missing_runtime_is_told_with_how_to_get_it() {
        let manifest = r#"
            interpreter = ["bin/no-such-program", "no-such-program-anywhere"]
            version = ["--version"]
            get = "get it"
            target = [{ name = "x:y", command = ["y.x"] }]
        "#;
        assert_eq!(why(manifest), "get it, then run `shims/setup x`");
    }

    #[cfg(unix)]
    #[test]
    fn a_missing_package_is_told_with_what_installs_it() {
        let manifest = r#"
            interpreter = ["bin/sh", "sh"]
            version = ["tool.sh", "1"]
            packages = ["tool.sh", "2"]
            get = "get it"
            target = [
                { name = "x:x", command = ["x.sh"], package = "x" },
                { name = "x:y", command = ["y.sh"], package = "y" },
            ]
        "#;
        let found = find(manifest);
        assert_eq!(found.targets.iter().map(|one| &*one.name).collect::<Vec<_>>(), ["x:x"]);
        assert_eq!(found.absent[0].why, "y is not installed; run `shims/setup x`");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_is_not_built_is_told_with_what_builds_it() {
        let manifest = r#"
            version = ["sh", "tool.sh", "1"]
            get = "get it"
            target = [{ name = "x:y", command = ["bin/y"] }]
        "#;
        assert_eq!(why(manifest), "bin/y is not there; run `shims/setup x`");
    }
}
