//! What `shims/setup` makes of sources, and whether it is up to date.
//!
//! Java classes, programs and installed packages stay as they are when the sources change, until
//! `setup` runs again. A shim that is started from them then fails in a way that says nothing of this.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// What `shims/setup` makes of which sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Build {
    /// The argument of `shims/setup` that makes it.
    pub(crate) ecosystem: String,
    /// The folder that the paths are relative to.
    pub(crate) folder: PathBuf,
    /// A file that is written when it is made.
    pub(crate) product: PathBuf,
    /// The files that it is made of, and folders of such files.
    pub(crate) sources: Vec<PathBuf>,
}

impl Build {
    /// Why it has to be made again, and how; `None` where it has not, or where that cannot be known
    /// because the sources are not there.
    ///
    /// A source that is newer counts unless the product is a copy of it, as with the lock files of
    /// package managers: a checkout gives all files new times.
    pub(crate) fn defect(&self) -> Option<String> {
        let sources = self.sources.iter().flat_map(|source| files(&self.folder.join(source)));
        let product = self.folder.join(&self.product);
        let what = match fs::metadata(&product).and_then(|data| data.modified()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                sources.into_iter().next()?;
                format!("{} is not there", self.shown(&product))
            }
            Err(_) => return None,
            Ok(made) => {
                let is_newer = |source: &PathBuf| {
                    let changed = fs::metadata(source).and_then(|data: Metadata| data.modified());
                    changed.is_ok_and(|changed| changed > made) && !is_copy(&product, source)
                };
                let newer = sources.into_iter().find(is_newer)?;
                format!("{} is newer than {}", self.shown(&newer), self.shown(&product))
            }
        };
        Some(format!("{what}: run `shims/setup {}`", self.ecosystem.escape_debug()))
    }

    fn shown(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.folder).unwrap_or(path);
        path.to_string_lossy().escape_debug().to_string()
    }
}

/// A file, or the files below a folder, by name. Links to folders are not followed.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return if path.is_file() { vec![path.to_owned()] } else { Vec::new() };
    };
    let mut inside: Vec<_> = entries.flatten().collect();
    inside.sort_by_key(fs::DirEntry::file_name);
    inside
        .iter()
        .filter(|entry| entry.file_type().is_ok_and(|kind| !kind.is_symlink()))
        .flat_map(|entry| files(&entry.path()))
        .collect()
}

fn is_copy(product: &Path, source: &Path) -> bool {
    let lengths = [product, source].map(|file| fs::metadata(file).map(|data| data.len()).ok());
    lengths[0] == lengths[1] && fs::read(product).ok() == fs::read(source).ok()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn a_product_is_up_to_date_unless_it_is_gone_or_a_source_is_newer() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str, time: u64| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(time);
            File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        };
        let build = Build {
            ecosystem: "x".to_owned(),
            folder: folder.path().to_owned(),
            product: ".made/product".into(),
            sources: vec!["src".into(), "lock".into()],
        };
        let defect = || build.defect();

        assert_eq!(defect(), None, "without sources, as in the copy inside the binary");
        write("src/inner/a", "source", 1000);
        assert_eq!(defect().unwrap(), ".made/product is not there: run `shims/setup x`");
        write(".made/product", "product", 2000);
        assert_eq!(defect(), None);
        write("src/inner/b", "source", 3000);
        let newer = "src/inner/b is newer than .made/product: run `shims/setup x`";
        assert_eq!(defect().unwrap(), newer);
        write(".made/product", "product", 4000);
        assert_eq!(defect(), None);
        write("lock", "product", 5000);
        assert_eq!(defect(), None, "the product is a copy of it");
        write("lock", "another", 5000);
        assert!(defect().unwrap().starts_with("lock is newer than .made/product"));
    }
}
