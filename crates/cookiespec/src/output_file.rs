//! Files that commands write. A regular file is replaced in one step, so that it is never there in
//! part; that this is possible is checked before the work whose result goes there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cookiespec_atomic_file::{self as atomic_file, Access, FolderLock};

use crate::interruption::HoldOff;
use crate::usage::UsageError;

/// Checks that the file of a report can be written and is none of those that the command reads.
///
/// # Errors
/// A usage error.
pub(crate) fn check(file: &Path, inputs: &[&Path]) -> Result<()> {
    if inputs.iter().any(|input| is_same(file, input)) {
        let what = format!("{} is read by this command; write to another file", shown(file));
        return Err(UsageError(what).into());
    }
    let checked = match is_stream(file) {
        true => open_stream(file).map(drop),
        false => atomic_file::check(file),
    };
    checked.map_err(|error| {
        UsageError(format!("cannot write the report to {}: {error}", shown(file))).into()
    })
}

/// Puts `contents` in the place of a file's, or creates the file.
///
/// # Errors
/// The file cannot be written; it has its old contents.
pub(crate) fn write(file: &Path, contents: &[u8]) -> Result<()> {
    let written = match is_stream(file) {
        true => open_stream(file).and_then(|mut stream| stream.write_all(contents)),
        false => {
            let _hold_off = HoldOff::new();
            atomic_file::replace(file, contents, Access::Usual)
        }
    };
    written.with_context(|| format!("cannot write to {}", shown(file)))
}

/// Creates a file that does not exist: not through a link, and not over what somebody has put there.
///
/// # Errors
/// The file exists or cannot be written; there is none then.
pub(crate) fn create(file: &Path, contents: &[u8]) -> Result<()> {
    let _hold_off = HoldOff::new();
    let created = fs::File::create_new(file).and_then(|mut output| {
        output.write_all(contents).and_then(|()| output.sync_all()).inspect_err(|_| {
            // The first error is the one to report.
            let _ = fs::remove_file(file);
        })
    });
    created.with_context(|| format!("cannot write to {}", shown(file)))
}

/// Holds other commands off the files of a folder that are read, changed and written back.
///
/// # Errors
/// The folder of the file cannot be locked.
pub(crate) fn lock_folder_of(file: &Path) -> Result<FolderLock> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    FolderLock::acquire(folder).with_context(|| format!("cannot lock {}", shown(folder)))
}

/// Whether two paths name one file: they lead to the same place, or to two names of one file.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    if let (Ok(one), Ok(other)) = (fs::metadata(one), fs::metadata(other))
        && let (Some(one), Some(other)) = (identity(&one), identity(&other))
    {
        return one == other;
    }
    resolved(one) == resolved(other)
}

/// The path of a file for messages.
pub(crate) fn shown(file: &Path) -> String {
    file.to_string_lossy().escape_debug().to_string()
}

/// A device, a pipe, or one of the names that a process has for what it has open: something that is
/// written to and not replaced.
pub(crate) fn is_stream(file: &Path) -> bool {
    let is_special = fs::metadata(file).is_ok_and(|it| !it.is_file() && !it.is_dir());
    let open = ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc"];
    is_special || open.iter().any(|name| file.starts_with(name))
}

fn open_stream(file: &Path) -> io::Result<fs::File> {
    OpenOptions::new().append(true).open(file)
}

/// Device and number of a file, where the system has them.
#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    metadata.is_file().then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

/// The path without links, also of a file that does not exist yet.
fn resolved(file: &Path) -> PathBuf {
    if let Ok(path) = fs::canonicalize(file) {
        return path;
    }
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    match (absolute.parent().and_then(|folder| fs::canonicalize(folder).ok()), absolute.file_name())
    {
        (Some(folder), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_many_names() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("sub")).unwrap();
        assert!(is_same(&at("new"), &at("sub/../new")));
        assert!(is_same(&at("new"), &at("./new")));
        assert!(!is_same(&at("new"), &at("sub/new")));
        fs::write(at("old"), "").unwrap();
        assert!(!is_same(&at("new"), &at("old")));
        fs::hard_link(at("old"), at("link")).unwrap();
        #[cfg(unix)]
        assert!(is_same(&at("old"), &at("link")));
    }

    #[test]
    fn an_input_is_no_output() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.json");
        fs::write(&file, "{}").unwrap();
        check(&file, &[]).unwrap();
        let error = check(&folder.path().join("./report.json"), &[&file]).unwrap_err();
        assert!(error.to_string().contains("is read by this command"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), b"{}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_cannot_be_written_is_found_before() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing/report.json");
        for file in [folder.path(), &missing] {
            let error = check(file, &[]).unwrap_err();
            assert!(error.downcast_ref::<UsageError>().is_some(), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_stays_one() {
        let device = Path::new("/dev/null");
        check(device, &[]).unwrap();
        write(device, b"report").unwrap();
        assert!(!fs::metadata(device).unwrap().is_file());
        for (file, is_open) in [
            ("/dev/stderr", true),
            ("/dev/fd/63", true),
            ("/proc/self/fd/1", true),
            ("/dev/shm/report.json", false),
            ("/tmp/dev/report.json", false),
        ] {
            assert_eq!(is_stream(Path::new(file)), is_open, "{file}");
        }
    }
}
