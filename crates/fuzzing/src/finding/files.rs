//! The files of a run: one per finding, the kept inputs, and the progress. A run can be killed at
//! any moment: a finding file is written as soon as the finding is made, and a round without
//! progress file is repeated.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use cookiespec_atomic_file::{self as atomic_file, Access};
use cookiespec_report::{Escaped, json_values};
use cookiespec_vectors::{MAX_LINE, Operation, input_file};
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

/// A file of the folder that is damaged: shown as `found/corpus.jsonl:3: what is wrong; what to do`.
#[derive(Debug, thiserror::Error)]
#[error("{}:{line}: {what}; {fix}", .path.display())]
struct DamagedFile {
    path: PathBuf,
    /// The line, counted from 1.
    line: usize,
    /// What is wrong, escaped.
    what: String,
    fix: &'static str,
}

impl From<DamagedFile> for io::Error {
    fn from(error: DamagedFile) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
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

    /// Every kept input, in the order they were kept. A last line without its end is left out: the run
    /// that wrote it was killed.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it is no input.
    pub fn corpus(&self) -> io::Result<Vec<Operation>> {
        let path = self.path.join(CORPUS);
        let mut file = match File::open(&path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut operations = Vec::new();
        let mut line = Vec::new();
        loop {
            line.clear();
            file.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', &mut line)?;
            let damaged = |what| {
                let (path, line) = (path.clone(), operations.len() + 1);
                DamagedFile { path, line, what, fix: "remove the line" }
            };
            if line.len() > MAX_LINE {
                return Err(damaged(format!("it has more than {MAX_LINE} octets")).into());
            }
            if line.pop_if(|&mut last| last == b'\n').is_none() {
                return Ok(operations);
            }
            let operation = serde_json::from_slice(&line).map_err(|error| {
                damaged(format!("it is no input: {}", Escaped(&error.to_string())))
            })?;
            operations.push(operation);
        }
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
        let path = self.progress_file(seed, shard);
        let damaged = |line, what| {
            let fix = "remove the file; the run then begins anew";
            io::Error::from(DamagedFile { path: path.clone(), line, what, fix })
        };
        match input_file::read(&path, MAX_PROGRESS) {
            Ok(text) => {
                let progress: Progress = serde_json::from_slice(&text).map_err(|error| {
                    let what = format!("it is no progress: {}", Escaped(&error.to_string()));
                    damaged(error.line().max(1), what)
                })?;
                if (progress.seed, progress.shard) != (seed, shard) {
                    let (seed, shard) = (progress.seed, progress.shard + 1);
                    let what = format!("it is the progress of seed {seed}, shard {shard}");
                    return Err(damaged(1, what));
                }
                Ok(progress)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Progress::new(seed, shard)),
            Err(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", path.display()))),
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
        let path = self.path.join(CORPUS);
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        remove_unfinished_line(&mut file)?;
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

/// Cuts off what a run that was killed left of its last line, so that the next one begins a line.
fn remove_unfinished_line(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let kept = length.min(MAX_LINE as u64 + 1);
    let mut end = Vec::new();
    // Most of the time the file ends with a complete line.
    for kept in [kept.min(1), kept] {
        file.seek(SeekFrom::Start(length - kept))?;
        end.clear();
        file.take(kept).read_to_end(&mut end)?;
        if end.last().is_none_or(|&last| last == b'\n') {
            return Ok(());
        }
    }
    let unfinished = end.iter().rev().take_while(|&&octet| octet != b'\n').count() as u64;
    file.set_len(length - unfinished)
}

/// Reads a finding file.
///
/// # Errors
/// It cannot be read, is not a finding, or has another version.
pub fn read_finding(file: &Path) -> Result<Finding, FindingFileError> {
    let path = || file.to_owned();
    let text = input_file::read(file, MAX_FINDING)
        .and_then(check_values)
        .map_err(|source| FindingFileError::Read { path: path(), source })?;
    let finding: Finding = serde_json::from_slice(&text)
        .map_err(|source| FindingFileError::Format { path: path(), source })?;
    if !(1..=Finding::VERSION).contains(&finding.cookiespec_finding) {
        let version = finding.cookiespec_finding;
        return Err(FindingFileError::Version { path: path(), version });
    }
    Ok(finding)
}

/// The text of a finding, if it has no more values than one may have.
fn check_values(text: Vec<u8>) -> io::Result<Vec<u8>> {
    if json_values(&text) <= MAX_VALUES {
        return Ok(text);
    }
    let what = format!("it has more than {MAX_VALUES} values, which is more than a finding has");
    Err(io::Error::new(io::ErrorKind::FileTooLarge, what))
}

const FINDINGS: &str = "findings";
const PROGRESS: &str = "progress";
const CORPUS: &str = "corpus.jsonl";

/// The longest finding file that is read, in octets: answers of all targets to one input.
const MAX_FINDING: u64 = 64 << 20;

/// The most values in a finding file, which bounds the memory that they take to some 100 MB.
const MAX_VALUES: usize = 1_000_000;

/// The longest progress file that is read, in octets.
const MAX_PROGRESS: u64 = 1 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_with_more_values_than_one_has_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.json");
        fs::write(&file, format!("[{}1]", "1,".repeat(MAX_VALUES))).unwrap();
        let error = read_finding(&file).unwrap_err().to_string();
        assert!(error.contains("more than 1000000 values"), "{error}");
    }

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

    #[test]
    fn a_damaged_progress_file_is_named() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        for (text, says) in [
            ("", "1-0.json:1: it is no progress: EOF"),
            ("{\"seed\":1,\n\u{1b}", "1-0.json:2: it is no progress: "),
            (r#"{"seed":2,"shard":0,"rounds":3,"cases":768}"#, "1: it is the progress of seed 2"),
            (&"{".repeat(2000), "1-0.json"),
        ] {
            fs::write(folder.path.join("progress/1-0.json"), text).unwrap();
            let error = folder.progress(1, 0).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains('\u{1b}'), "{error}");
        }
    }

    #[test]
    fn a_damaged_line_of_the_corpus_is_named_and_an_unfinished_one_is_replaced() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).unwrap();
        let file = folder.path.join(CORPUS);
        let operation: Operation =
            serde_json::from_str(r#"{"op":"parse.date","in":{"date":"x"}}"#).unwrap();
        folder.save_case(&operation).unwrap();
        let line = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{line}{}", &line[..9])).unwrap();
        assert_eq!(folder.corpus().unwrap().len(), 1);
        folder.save_case(&operation).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), line.repeat(2));

        for damage in ["\u{1b}\n", "\n", "{}\n", &("x".repeat(MAX_LINE) + "\n")] {
            fs::write(&file, format!("{line}{damage}{line}")).unwrap();
            let error = folder.corpus().unwrap_err().to_string();
            assert!(error.contains("corpus.jsonl:2: it "), "{error}");
            assert!(error.ends_with("; remove the line"), "{error}");
        }
    }
}
