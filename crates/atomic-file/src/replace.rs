//! Replacing a file in one step.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::draft;
use crate::step::{Step, before as before_step};

/// Who may use a file that did not exist before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner only, as it should be with credentials: on Unix its mode is 0600.
    Owner,
    /// As the system has it for new files: on Unix its mode is 0666 without the bits of the umask.
    Usual,
}

/// Puts `contents` in the place of the file's contents, or creates the file. After a crash at any
/// moment the file holds all of the old or all of the new, and when this returns it holds the new,
/// also after a loss of power.
///
/// The draft is written beside the file, under a name that nobody can predict and that must not
/// exist. A link in the place of the file is replaced, never followed. A file that belongs to the
/// same user keeps its permissions, and its group where the system allows it; the file of another
/// user is replaced by a new one. Other attributes, such as access control lists, are not kept.
///
/// # Errors
/// The file is a folder or a device, or the draft cannot be written or renamed, such as for lack of
/// space: the file has its old contents and there is no draft. If only the folder cannot be synced,
/// the file has its new contents, but a loss of power may bring back the old ones.
pub fn replace(file: &Path, contents: &[u8], access: Access) -> io::Result<()> {
    replace_in_steps(file, contents, access, &mut before_step)
}

/// Finds out whether [`replace`] could put something in the place of this file, by creating a draft
/// and removing it. For use before work whose result would be lost otherwise.
///
/// # Errors
/// As those of [`replace`] that do not depend on the contents.
pub fn check(file: &Path) -> io::Result<()> {
    before_step(Step::Look)?;
    replaceable(file)?;
    before_step(Step::Create)?;
    let (path, draft) = create(file, Access::Usual)?;
    drop(draft);
    before_step(Step::Remove).and_then(|()| fs::remove_file(path))
}

/// [`replace`], with a function that is called before each step and may fail in its place.
pub(crate) fn replace_in_steps(
    file: &Path,
    contents: &[u8],
    access: Access,
    before: &mut dyn FnMut(Step) -> io::Result<()>,
) -> io::Result<()> {
    before(Step::Look)?;
    let present = replaceable(file)?;
    before(Step::Create)?;
    let (path, mut draft) = create(file, access)?;
    let written = fill(&mut draft, present.as_ref(), contents, before).and_then(|()| {
        before(Step::Rename)?;
        fs::rename(&path, file)
    });
    if let Err(error) = written {
        // The first error is the one to report.
        let _ = before(Step::Remove).and_then(|()| fs::remove_file(&path));
        return Err(error);
    }
    before(Step::SyncFolder)?;
    sync_folder(file)
}

/// The file that is there, if any.
fn replaceable(file: &Path) -> io::Result<Option<Metadata>> {
    let present = match fs::symlink_metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        outcome => outcome?,
    };
    let kind = present.file_type();
    if kind.is_file() {
        return Ok(Some(present));
    }
    if kind.is_symlink() {
        return Ok(None);
    }
    // A rename would put a file in the place of a device or a pipe.
    let what = if kind.is_dir() { "is a folder" } else { "is no regular file" };
    let what = format!("{} {what}; name another file", file.to_string_lossy().escape_debug());
    Err(io::Error::new(io::ErrorKind::InvalidInput, what))
}

/// A new draft, and its path.
fn create(file: &Path, access: Access) -> io::Result<(PathBuf, File)> {
    let mut options = OpenOptions::new();
    // O_EXCL: no file that exists is opened, and no link is followed.
    options.write(true).create_new(true);
    #[cfg(unix)]
    if access == Access::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = access;
    let mut tries = 0;
    loop {
        let path = draft::unpredictable(file);
        match options.open(&path) {
            Ok(draft) => return Ok((path, draft)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < MAX_TRIES => {
                tries += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

fn fill(
    draft: &mut File,
    present: Option<&Metadata>,
    contents: &[u8],
    before: &mut dyn FnMut(Step) -> io::Result<()>,
) -> io::Result<()> {
    if let Some(present) = present {
        before(Step::Adopt)?;
        adopt(draft, present)?;
    }
    for block in contents.chunks(BLOCK) {
        before(Step::Write)?;
        draft.write_all(block)?;
    }
    before(Step::Sync)?;
    draft.sync_all()
}

/// Gives the draft the group and the permissions of the file that it replaces.
#[cfg(unix)]
fn adopt(draft: &File, present: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let own = draft.metadata()?;
    if own.uid() != present.uid() {
        // Somebody else has chosen those permissions.
        return Ok(());
    }
    let has_group = own.gid() == present.gid() || fchown(draft, None, Some(present.gid())).is_ok();
    // What its group was allowed is not allowed to another group.
    let kept = if has_group { 0o777 } else { 0o707 };
    draft.set_permissions(fs::Permissions::from_mode(present.mode() & kept))
}

/// Elsewhere permissions are inherited from the folder.
#[cfg(not(unix))]
fn adopt(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Makes the rename itself durable.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    File::open(draft::folder(file))?.sync_all()
}

/// Elsewhere a folder cannot be opened as a file; the rename is durable when the system says so.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

const BLOCK: usize = 64 << 10;
const MAX_TRIES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lock;

    const OLD: &[u8] = b"old";

    /// Contents of three blocks, so that a write can fail in the middle.
    fn new() -> Vec<u8> {
        vec![b'n'; 2 * BLOCK + 1]
    }

    fn full() -> io::Error {
        io::ErrorKind::StorageFull.into()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs a replacement whose `nth` step fails, and all later ones too if the process is
    /// `killed` there. Returns the step, or `None` if there were fewer.
    fn fail_at(file: &Path, nth: usize, killed: bool) -> Option<Step> {
        let mut steps = Vec::new();
        let outcome = replace_in_steps(file, &new(), Access::Owner, &mut |step| {
            steps.push(step);
            let fails = if killed { steps.len() > nth } else { steps.len() == nth + 1 };
            if fails { Err(full()) } else { Ok(()) }
        });
        let failed = steps.get(nth).copied();
        assert_eq!(outcome.is_err(), failed.is_some(), "{steps:?}");
        failed
    }

    #[test]
    fn whichever_step_fails_the_file_is_whole_and_no_draft_is_left() {
        for exists in [false, true] {
            let mut failed = Vec::new();
            for nth in 0.. {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("file");
                if exists {
                    fs::write(&file, OLD).unwrap();
                }
                let step = fail_at(&file, nth, false);
                let is_new = matches!(step, None | Some(Step::SyncFolder));
                let expected = if is_new { Some(new()) } else { exists.then(|| OLD.to_vec()) };
                assert_eq!(fs::read(&file).ok(), expected, "{step:?}");
                let left = if expected.is_some() { vec!["file"] } else { vec![] };
                assert_eq!(names(folder.path()), left, "{step:?}");
                match step {
                    Some(step) => failed.push(step),
                    None => break,
                }
            }
            let mut steps = vec![Step::Look, Step::Create];
            steps.extend(exists.then_some(Step::Adopt));
            steps.extend([Step::Write; 3]);
            steps.extend([Step::Sync, Step::Rename, Step::SyncFolder]);
            assert_eq!(failed, steps);
        }
    }

    #[test]
    fn what_a_killed_process_leaves_is_removed_under_the_lock() {
        for nth in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("file");
            fs::write(&file, OLD).unwrap();
            let Some(step) = fail_at(&file, nth, true) else { break };
            let is_new = step == Step::SyncFolder;
            assert_eq!(fs::read(&file).unwrap(), if is_new { new() } else { OLD.to_vec() });
            let has_draft = !matches!(step, Step::Look | Step::Create | Step::SyncFolder);
            let lock = Lock::acquire(&file).unwrap();
            assert_eq!(lock.remove_drafts().unwrap(), usize::from(has_draft), "{step:?}");
            assert_eq!(names(folder.path()), ["file", "file.lock"], "{step:?}");
        }
    }
}
