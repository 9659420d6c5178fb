//! Baselines: what is known to be wrong with a target, so that a run tells only what changed.
//!
//! A file per target lists the failures that are known, case by case, and the abilities the target
//! had. [`compare`] holds results against it in both directions: a failure that is not listed and a
//! listed failure that is none are news. [`bless`] writes results down, and keeps what people wrote
//! between the lines.

mod bless;
mod compare;
mod entry;
mod lines;
mod read;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use cookiespec_vectors::{ImplementationInfo, Profile};

pub use bless::{Blessed, bless};
pub use compare::{Comparison, Finding, Status, compare};
pub use entry::Entry;

use cookiespec_report::Escaped;

/// What is known about one target.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Where it was read from.
    pub file: PathBuf,
    /// The name of the target.
    pub target: String,
    /// The version of the implementation it was written for.
    pub version: String,
    /// Whether it speaks of that version only. Of another one, what differs is told and counts for
    /// nothing.
    pub is_for_version: bool,
    /// The abilities the target had, and the fields that could not be observed.
    pub about: ImplementationInfo,
    /// The highest number of a case in each area of the suite it was written for.
    pub seen: BTreeMap<String, u32>,
    /// What is known under each profile that the target was judged by.
    pub entries: BTreeMap<&'static str, Vec<Entry>>,
}

/// What is wrong with a baseline, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineError {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1; `None` where it concerns the whole file.
    pub line: Option<usize>,
    /// The case or the member.
    pub entry: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl Baseline {
    /// The file of a target inside a folder of baselines.
    pub fn path(folder: &Path, target: &str) -> PathBuf {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
        let name: String = target.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
        folder.join(format!("{name}.toml"))
    }

    /// What is known under a profile; `None` where the target was not judged by it.
    pub fn known(&self, profile: Profile) -> Option<&[Entry]> {
        self.entries.get(profile.name()).map(Vec::as_slice)
    }

    /// Whether the case was in the suite that the baseline was written for.
    fn has_seen(&self, case: &str) -> bool {
        let Some((area, number)) = case.rsplit_once('.') else { return false };
        let number: Option<u32> = number.parse().ok();
        number.is_some_and(|number| self.seen.get(area).is_some_and(|&seen| number <= seen))
    }
}

/// Shown as `baselines/x.toml:12: jar.0001: what is wrong; what to do`.
impl fmt::Display for BaselineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", Escaped(&self.file.display().to_string()))?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if let Some(entry) = &self.entry {
            write!(f, " {}:", Escaped(entry))?;
        }
        write!(f, " {}; {}", Escaped(&self.what), self.fix)
    }
}

impl std::error::Error for BaselineError {}
