//! A run on disk: findings, corpus and how far it got. It can be killed at any moment: a finding is
//! there as soon as it is made, and a round that was not finished is done again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use cookiespec_vectors::Operation;
use serde::{Deserialize, Serialize};

use super::finding::Finding;

/// The folder of a run.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// How far a stream of cases got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The seed.
    pub seed: u64,
    /// The part of a divided run, counted from 0.
    pub shard: u64,
    /// Finished rounds.
    pub rounds: u64,
    /// The cases in them.
    pub cases: u64,
}

impl Progress {
    pub(crate) const fn new(seed: u64, shard: u64) -> Self {
        Self { seed, shard, rounds: 0, cases: 0 }
    }
}

impl Folder {
    /// Opens a folder, or makes it.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path.join(FINDINGS))?;
        fs::create_dir_all(path.join(PROGRESS))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The file of a finding.
    pub fn finding_file(&self, finding: &Finding) -> PathBuf {
        self.path.join(FINDINGS).join(format!("{}.json", finding.id))
    }

    /// Every finding in it, in the order of their names.
    ///
    /// # Errors
    /// A file cannot be read, or is no finding.
    pub fn findings(&self) -> io::Result<Vec<Finding>> {
        let mut files: Vec<_> = fs::read_dir(self.path.join(FINDINGS))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        files.iter().map(|file| read_finding(file)).collect()
    }

    /// Every input that was worth keeping, in the order they were kept. A last line that was not
    /// finished is left out.
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

    /// Takes everything over from another folder. Of two findings with one name the one with the
    /// shorter input stays. Gives the number of findings that were new.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn merge(&self, other: &Self) -> io::Result<usize> {
        let mut new = 0;
        for finding in other.findings()? {
            let old = read_finding(&self.finding_file(&finding)).ok();
            let size = |finding: &Finding| super::slots::size(&finding.operation);
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

    /// How far the stream got.
    pub(crate) fn progress(&self, seed: u64, shard: u64) -> io::Result<Progress> {
        match fs::read(self.progress_file(seed, shard)) {
            Ok(text) => serde_json::from_slice(&text).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Progress::new(seed, shard)),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn save_progress(&self, progress: &Progress) -> io::Result<()> {
        let text = serde_json::to_vec(progress)?;
        write_whole(&self.progress_file(progress.seed, progress.shard), &text)
    }

    pub(crate) fn save_finding(&self, finding: &Finding) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(finding)?;
        text.push(b'\n');
        write_whole(&self.finding_file(finding), &text)
    }

    pub(crate) fn save_case(&self, operation: &Operation) -> io::Result<()> {
        let mut line = serde_json::to_vec(operation)?;
        line.push(b'\n');
        let mut file = OpenOptions::new().create(true).append(true).open(self.path.join(CORPUS))?;
        file.write_all(&line)
    }

    fn progress_file(&self, seed: u64, shard: u64) -> PathBuf {
        self.path.join(PROGRESS).join(format!("{seed}-{shard}.json"))
    }
}

/// Reads a finding file.
///
/// # Errors
/// It cannot be read, or is no finding of a version that is known.
pub fn read_finding(file: &Path) -> io::Result<Finding> {
    let wrong = |what: String| io::Error::other(format!("{}: {what}", file.display()));
    let text = fs::read(file).map_err(|error| wrong(error.to_string()))?;
    let finding: Finding =
        serde_json::from_slice(&text).map_err(|error| wrong(format!("not a finding: {error}")))?;
    if finding.cookiespec_finding != Finding::VERSION {
        return Err(wrong(format!("a finding of version {}", finding.cookiespec_finding)));
    }
    Ok(finding)
}

/// A file is there whole or not at all.
fn write_whole(path: &Path, octets: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(octets)?;
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

const FINDINGS: &str = "findings";
const PROGRESS: &str = "progress";
const CORPUS: &str = "corpus.jsonl";
