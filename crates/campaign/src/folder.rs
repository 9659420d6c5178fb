//! What is in a folder: the files of a trial, before and after.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// The contents of all files below a folder, by their path in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents(BTreeMap<String, Vec<u8>>);

impl Contents {
    /// Reads a folder.
    ///
    /// # Errors
    /// The operating system's.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let path = entry.path();
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
                files.insert(name.into_owned(), fs::read(&path)?);
            }
        }
        Ok(Self(files))
    }

    /// The files, by their path in the folder.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, contents)| (&**name, &**contents))
    }

    /// Writes the files to a folder.
    ///
    /// # Errors
    /// The operating system's.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for (name, contents) in &self.0 {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, contents)?;
        }
        Ok(())
    }

    /// That each file is as `old` or as `new` has it, or is not there where one of them has none; with
    /// `allows_drafts`, there may be drafts of them besides.
    ///
    /// # Errors
    /// What is otherwise.
    pub fn expect_either(&self, old: &Self, new: &Self, allows_drafts: bool) -> Result<(), String> {
        for name in self.0.keys().chain(old.0.keys()).chain(new.0.keys()) {
            let [found, old, new] = [self, old, new].map(|it| it.0.get(name));
            let is_draft = old.is_none() && new.is_none() && is_draft(name);
            if found != old && found != new && !(is_draft && allows_drafts) {
                let octets =
                    found.map_or_else(|| "not there".to_owned(), |it| it.len().to_string());
                return Err(format!("{name} is neither old nor new: {octets} octets"));
            }
        }
        Ok(())
    }
}

/// Whether a name is one of those that files have while they are written.
fn is_draft(name: &str) -> bool {
    let digits = name.strip_suffix(".new").and_then(|name| name.rsplit_once('.'));
    digits.is_some_and(|(_, it)| it.len() == 16 && it.bytes().all(|it| it.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(files: &[(&str, &str)]) -> Contents {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
        Contents(files.collect())
    }

    #[test]
    fn a_file_is_old_or_new_and_nothing_else() {
        let (old, new) = (contents(&[("a", "old")]), contents(&[("a", "new"), ("b", "new")]));
        let draft = "a.0123456789abcdef.new";
        for (found, allows_drafts, is_so) in [
            (contents(&[("a", "old")]), false, true),
            (contents(&[("a", "new")]), false, true),
            (contents(&[("a", "old"), ("b", "new")]), false, true),
            (contents(&[("a", "ol")]), false, false),
            (contents(&[("b", "new")]), false, false),
            (contents(&[("a", "old"), ("b", "")]), false, false),
            (contents(&[("a", "old"), ("c", "")]), true, false),
            (contents(&[("a", "old"), (draft, "")]), false, false),
            (contents(&[("a", "old"), (draft, "")]), true, true),
        ] {
            let outcome = found.expect_either(&old, &new, allows_drafts);
            assert_eq!(outcome.is_ok(), is_so, "{found:?} {outcome:?}");
        }
    }
}
