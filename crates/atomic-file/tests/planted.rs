//! Files, links and folders that somebody else has placed where a file is about to be written.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use cookiespec_atomic_file::{Access, Lock, replace};

fn mode(file: &Path) -> u32 {
    fs::symlink_metadata(file).unwrap().mode() & 0o7777
}

#[test]
fn a_new_file_is_for_its_owner_or_as_usual() {
    let folder = tempfile::tempdir().unwrap();
    let [private, usual, plain] = ["private", "usual", "plain"].map(|it| folder.path().join(it));
    replace(&private, b"1", Access::Owner).unwrap();
    replace(&usual, b"1", Access::Usual).unwrap();
    fs::write(&plain, "1").unwrap();
    assert_eq!(mode(&private), 0o600);
    assert_eq!(mode(&usual), mode(&plain));
}

#[test]
fn the_permissions_of_a_file_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    for kept in [0o600, 0o640, 0o644, 0o660, 0o444] {
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(kept)).unwrap();
        replace(&file, b"new", Access::Owner).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(mode(&file), kept, "{kept:o}");
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn the_permissions_that_somebody_else_chose_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "planted").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
    if let Err(error) = std::os::unix::fs::chown(&file, Some(65_534), None) {
        eprintln!("skipped: only root can make the file of another user ({error})");
        return;
    }
    replace(&file, b"new", Access::Owner).unwrap();
    assert_eq!(mode(&file), 0o600);
    assert_ne!(fs::metadata(&file).unwrap().uid(), 65_534);
}

#[test]
fn a_link_is_replaced_and_never_followed() {
    let folder = tempfile::tempdir().unwrap();
    let [file, victim] = ["file", "victim"].map(|it| folder.path().join(it));
    fs::write(&victim, "precious").unwrap();
    fs::set_permissions(&victim, Permissions::from_mode(0o666)).unwrap();
    symlink(&victim, &file).unwrap();
    replace(&file, b"new", Access::Owner).unwrap();
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert_eq!(fs::read(&file).unwrap(), b"new");
    assert_eq!(mode(&file), 0o600, "nothing is taken over from what the link names");
}

#[test]
fn a_folder_or_a_socket_is_no_file_to_replace() {
    let folder = tempfile::tempdir().unwrap();
    let [sub, socket] = ["sub", "socket"].map(|it| folder.path().join(it));
    fs::create_dir(&sub).unwrap();
    let _listener = UnixListener::bind(&socket).unwrap();
    for file in [&sub, &socket] {
        let error = replace(file, b"new", Access::Owner).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains("name another file"), "{error}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no draft is left");
}

#[test]
fn a_lock_is_never_opened_through_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let [file, lock, victim] = ["file", "file.lock", "victim"].map(|it| folder.path().join(it));
    symlink(&victim, &lock).unwrap();
    for _ in 0..2 {
        let error = Lock::acquire(&file).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
        // The second time the link leads to a file.
        fs::write(&victim, "precious").unwrap();
    }
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert!(Lock::acquire(&file).is_err());
    fs::remove_dir(&lock).unwrap();
    drop(Lock::acquire(&file).unwrap());
    drop(Lock::acquire(&file).unwrap());
    assert_eq!(mode(&lock), 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_to_is_an_error() {
    // No file can be created here, not even by root.
    let file = Path::new("/proc/self/cookies");
    assert!(replace(file, b"new", Access::Owner).is_err());
    assert!(Lock::acquire(file).is_err());
}
