//! The names of drafts: the files beside another one that are renamed to it once they are complete.

use std::borrow::ToOwned;
use std::collections::hash_map::RandomState;
use std::ffi::{OsStr, OsString};
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

/// A name in the same folder, which is the only place a rename cannot fail to be one step.
pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(ending);
    file.with_file_name(name)
}

/// A name for the next draft of this file. Nobody can place a file under it in advance: its 64 bits
/// come from the seed of the standard library's hash maps, which the system chose at random.
pub(crate) fn unpredictable(file: &Path) -> PathBuf {
    beside(file, &format!(".{:016x}{ENDING}", RandomState::new().hash_one(())))
}

/// Whether a name is one that [`unpredictable`] makes for the file with this name.
pub(crate) fn is_draft_of(file: &OsStr, name: &OsStr) -> bool {
    let middle = name
        .as_encoded_bytes()
        .strip_prefix(file.as_encoded_bytes())
        .and_then(|rest| rest.strip_prefix(b"."))
        .and_then(|rest| rest.strip_suffix(ENDING.as_bytes()));
    let is_hex = |octet: &u8| octet.is_ascii_digit() || (b'a'..=b'f').contains(octet);
    middle.is_some_and(|middle| middle.len() == 16 && middle.iter().all(is_hex))
}

/// The folder of a file.
pub(crate) fn folder(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

const ENDING: &str = ".new";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_drafts_are_recognised_and_no_others() {
        let file = Path::new("folder/cookies.txt");
        let is_draft = |name: &str| is_draft_of(file.file_name().unwrap(), OsStr::new(name));
        let (one, other) = (unpredictable(file), unpredictable(file));
        assert_ne!(one, other);
        assert_eq!(one.parent(), Some(Path::new("folder")));
        assert!(is_draft(one.file_name().unwrap().to_str().unwrap()));
        assert!(is_draft("cookies.txt.0123456789abcdef.new"));
        for name in [
            "cookies.txt",
            "cookies.txt.new",
            "cookies.txt.lock",
            "cookies.txt.0123456789abcdeg.new",
            "cookies.txt.0123456789abcde.new",
            "cookies.txt.0123456789ABCDEF.new",
            "cookies.txt.0123456789abcdef.new.new",
            "cookies.json.0123456789abcdef.new",
        ] {
            assert!(!is_draft(name), "{name}");
        }
    }
}
