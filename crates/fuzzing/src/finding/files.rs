//! The files of a run: one per finding, the kept inputs, and the progress. A run can be killed at
//! any moment: a finding file is written as soon as the finding is made, and a round without
//! progress file is repeated.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use cookiespec_atomic_file::{self as atomic_file, Access};
use cookiespec_vectors::Operation;
use serde::{Deserialize, Serialize};

use super::Finding;
use crate::octet_fields;

/// The folder of a run.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// How far the stream of cases of a seed and shard got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The seed.
    pub seed: u64,
    /// The part of a divided run, counted from 0.
    pub shard: u64,
    /// The number of finished rounds.
    pub rounds: u64,
    /// The number of cases in them.
    pub cases: u64,
}

impl Progress {
    pub(crate) const fn new(seed: u64, shard: u64) -> Self {
        Self { seed, shard, rounds: 0, cases: 0 }
    }
}

/// A finding file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FindingFileError {
    /// It cannot be read.
    #[error("{}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It does not have the form of a finding.
    #[error("{}: not a finding: {source}", .path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Its format has another version.
    #[error(
        "{}: a finding of version {version}; this program reads versions up to {}",
        .path.display(),
        Finding::VERSION
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        version: u32,
    },
}

impl From<FindingFileError> for io::Error {
    fn from(error: FindingFileError) -> Self {
        Self::other(error)
    }
}

impl Folder {
    /// Opens a folder, or creates it.
    ///
    /// # Errors
    /// It cannot be created.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path.join(FINDINGS))?;
        fs::create_dir_all(path.join(PROGRESS))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The file of a finding.
    pub fn finding_file(&self, finding: &Finding) -> PathBuf {
        self.path.join(FINDINGS).join(format!("{}.json", finding.id))
    }

    /// Every finding, by file name.
    ///
    /// # Errors
    /// A file cannot be read, or is not a finding.
    pub fn findings(&self) -> io::Result<Vec<Finding>> {
        let mut files: Vec<_> = fs::read_dir(self.path.join(FINDINGS))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        files.iter().map(|file| Ok(read_finding(file)?)).collect()
    }

    /// Every kept input, in the order they were kept. Lines that are not complete are left out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn corpus(&self) -> io::Result<Vec<Operation>> {
        let file = match File::open(self.path.join(CORPUS)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut operations = Vec::new();
        for line in BufReader::new(file).split(b'\n') {
            operations.extend(serde_json::from_slice(&line?).ok());
        }
        Ok(operations)
    }

    /// Copies findings and corpus of another folder into this one. Of two findings with the same id
    /// the one with the shorter input stays. Gives the number of new findings.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn merge(&self, other: &Self) -> io::Result<usize> {
        let mut new = 0;
        for finding in other.findings()? {
            let old = read_finding(&self.finding_file(&finding)).ok();
            let size = |finding: &Finding| octet_fields::size(&finding.operation);
            if old.as_ref().is_none_or(|old| size(&finding) < size(old)) {
                self.save_finding(&finding)?;
                new += usize::from(old.is_none());
            }
        }
        let mut here = self.corpus()?;
        for operation in other.corpus()? {
            if !here.contains(&operation) {
                self.save_case(&operation)?;
                here.push(operation);
            }
        }
        Ok(new)
    }

    /// The progress of a seed and shard; none yet if there is no file.
    pub(crate) fn progress(&self, seed: u64, shard: u64) -> io::Result<Progress> {
        match fs::read(self.progress_file(seed, shard)) {
            Ok(text) => serde_json::from_slice(&text).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Progress::new(seed, shard)),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn save_progress(&self, progress: &Progress) -> io::Result<()> {
        let text = serde_json::to_vec(progress)?;
        let file = self.progress_file(progress.seed, progress.shard);
        atomic_file::replace(&file, &text, Access::Usual)
    }

    pub(crate) fn save_finding(&self, finding: &Finding) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(finding)?;
        text.push(b'\n');
        atomic_file::replace(&self.finding_file(finding), &text, Access::Usual)
    }

    pub(crate) fn save_case(&self, operation: &Operation) -> io::Result<()> {
        let mut line = serde_json::to_vec(operation)?;
        line.push(b'\n');
        let mut file = OpenOptions::new().create(true).append(true).open(self.path.join(CORPUS))?;
        let length = file.metadata()?.len();
        file.write_all(&line).inspect_err(|_| {
            // The start of a line would make the next one unreadable. The first error is the one to report.
            let _ = file.set_len(length);
        })
    }

    fn progress_file(&self, seed: u64, shard: u64) -> PathBuf {
        self.path.join(PROGRESS).join(format!("{seed}-{shard}.json"))
    }
}

/// Reads a finding file.
///
/// # Errors
/// It cannot be read, is not a finding, or has another version.
pub fn read_finding(file: &Path) -> Result<Finding, FindingFileError> {
    let path = || file.to_owned();
    let text = fs::read(file).map_err(|source| FindingFileError::Read { path: path(), source })?;
    let finding: Finding = serde_json::from_slice(&text)
        .map_err(|source| FindingFileError::Format { path: path(), source })?;
    if !(1..=Finding::VERSION).contains(&finding.cookiespec_finding) {
        let version = finding.cookiespec_finding;
        return Err(FindingFileError::Version { path: path(), version });
    }
    Ok(finding)
}

const FINDINGS: &str = "findings";
const PROGRESS: &str = "progress";
const CORPUS: &str = "corpus.jsonl";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_file_of_an_earlier_release_is_read() {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/finding-v1.json");
        let finding = read_finding(&fixture).unwrap();
        assert_eq!(finding.id, "go-cookiejar-property-d0978ae256f4845b");
        assert_eq!(finding.answers.len(), 2);
        let written = serde_json::to_string_pretty(&finding).unwrap() + "\n";
        assert_eq!(written, fs::read_to_string(fixture).unwrap());
    }

    #[test]
    fn a_progress_file_of_an_earlier_release_is_read() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        assert_eq!(folder.progress(1, 0).unwrap(), Progress::new(1, 0));
        let text = r#"{"seed":1,"shard":0,"rounds":3,"cases":768}"#;
        fs::write(folder.path.join("progress/1-0.json"), text).unwrap();
        let progress = Progress { seed: 1, shard: 0, rounds: 3, cases: 768 };
        assert_eq!(folder.progress(1, 0).unwrap(), progress);
    }
}
