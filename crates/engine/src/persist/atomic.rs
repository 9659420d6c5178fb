//! Replacing a file in one step, one process at a time.

use std::borrow::ToOwned;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Holds other processes off a file for as long as it lives.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock. It is a file of its own, because the file it guards is replaced. The
    /// system releases it when the process ends, however it ends.
    pub(super) fn acquire(guarded: &Path) -> io::Result<Self> {
        let file = private_file().truncate(false).open(beside(guarded, ".lock"))?;
        file.lock()?;
        Ok(Self { _file: file })
    }
}

/// Puts `text` in the place of the file's contents: after a crash at any moment the file holds
/// either all of the old or all of the new, and when this returns it holds the new.
///
/// The caller holds the [`Lock`], so that no other process writes the draft beside the file.
pub(super) fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    let draft = beside(file, ".new");
    let mut output = private_file().truncate(true).open(&draft)?;
    output.write_all(text)?;
    output.sync_all()?;
    fs::rename(&draft, file)?;
    sync_folder(file)
}

/// A file in the same folder, which is the only place a rename cannot fail to be one step.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(ending);
    file.with_file_name(name)
}

/// Cookies are credentials: on Unix only the owner may read them.
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the rename itself durable.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere a folder cannot be opened as a file; the rename is durable when the system says so.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
