//! A lock that lets processes take turns with a file.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::draft::{beside, folder, is_draft_of};
use crate::step::{Step, before};

/// Holds other processes off a file for as long as it lives, provided that they use this lock, too.
#[derive(Debug)]
pub struct Lock {
    guarded: PathBuf,
    _file: File,
}

impl Lock {
    /// Waits for the lock of this file. It is a file of its own, `<file>.lock`, because the file it
    /// guards is replaced; it stays when the lock is released. The system releases the lock when
    /// the process ends, however it ends.
    ///
    /// # Errors
    /// The lock file cannot be created or locked, or something else has its name: a link, a folder,
    /// a device.
    pub fn acquire(guarded: &Path) -> io::Result<Self> {
        before(Step::OpenLock)?;
        let file = open(&beside(guarded, ".lock"))?;
        before(Step::TakeLock)?;
        file.lock()?;
        Ok(Self { guarded: guarded.to_owned(), _file: file })
    }

    /// Removes the drafts that processes left beside the file when they were killed, and returns
    /// how many. Whoever writes the file holds this lock, so that no draft is in use.
    ///
    /// # Errors
    /// The folder cannot be read. A draft that cannot be removed is left.
    pub fn remove_drafts(&self) -> io::Result<usize> {
        let Some(name) = self.guarded.file_name() else { return Ok(0) };
        let mut removed = 0;
        before(Step::ReadFolder)?;
        for entry in fs::read_dir(folder(&self.guarded))? {
            let entry = entry?;
            if is_draft_of(name, &entry.file_name()) {
                let outcome = before(Step::Remove).and_then(|()| fs::remove_file(entry.path()));
                removed += usize::from(outcome.is_ok());
            }
        }
        Ok(removed)
    }
}

/// Holds other processes off the files of a folder for as long as it lives, provided that they use
/// this lock, too. On Unix it is a lock of the folder itself and leaves nothing behind; elsewhere it
/// is a file beside the folder.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Waits for the lock of this folder. The system releases it when the process ends, however it
    /// ends.
    ///
    /// # Errors
    /// The folder cannot be opened or locked.
    pub fn acquire(folder: &Path) -> io::Result<Self> {
        before(Step::OpenLock)?;
        #[cfg(unix)]
        let file = File::open(folder)?;
        #[cfg(not(unix))]
        let file = open(&beside(folder, ".lock"))?;
        before(Step::TakeLock)?;
        file.lock()?;
        Ok(Self { _file: file })
    }
}

/// Opens the lock file, and creates it if there is none.
fn open(path: &Path) -> io::Result<File> {
    for _ in 0..MAX_TRIES {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            // Opened with O_EXCL, which follows no link.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => return outcome,
        }
        let present = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            outcome => outcome?,
        };
        if !present.is_file() {
            let what = format!(
                "{} is no regular file, and cannot be used as a lock; remove it",
                path.to_string_lossy().escape_debug()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let file = OpenOptions::new().write(true).open(path)?;
        // Whatever was put there since is not what was looked at.
        if is_same(&present, &file.metadata()?) {
            return Ok(file);
        }
    }
    Err(io::Error::other("the lock file changes faster than it can be opened"))
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    one.file_type() == other.file_type()
}

const MAX_TRIES: usize = 16;
