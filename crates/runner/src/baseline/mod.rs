//! Baselines: the known failures of a target, so that a run reports only what changed.
//!
//! A file per target lists the known failures, case by case, the recommendations that are known to
//! be missed, and the abilities the target had. [`compare`] compares results with it in both
//! directions: it finds failures that are not listed and listed cases that do not fail. [`bless`]
//! writes results to a baseline, and keeps the comments and the members that people added.

mod bless;
mod commented_array;
mod compare;
mod read;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cookiespec_report::Escaped;
use cookiespec_vectors::{ImplementationInfo, Level, Profile, Verdict};
use globset::{Glob, GlobMatcher};
use jiff::civil::Date;
use thiserror::Error;

pub use bless::{Blessed, bless};
pub use compare::{Comparison, Finding, Status, compare};

/// The known failures of one target.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Where it was read from.
    pub file: PathBuf,
    /// The name of the target.
    pub target: String,
    /// The version of the implementation it was written for.
    pub version: String,
    /// Whether it is for that version only. What differs in another one is reported and does not
    /// fail the run.
    pub is_for_version: bool,
    /// The abilities the target had, and the fields that could not be observed.
    pub about: ImplementationInfo,
    /// The highest number of a case in each area of the suite it was written for.
    pub seen: BTreeMap<String, u32>,
    /// The levels whose missed checks it lists, if it says so. A file without them was written
    /// before there were any: it lists what is missed of `must` and says nothing about `should`.
    pub levels: Option<Vec<Level>>,
    /// The entries for each profile that the target was judged under.
    pub entries: BTreeMap<&'static str, Vec<Entry>>,
}

/// What is wrong with a baseline, where, and what to do about it.
///
/// Shown as `baselines/x.toml:12: jar.0001: what is wrong; what to do`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{}:{}{} {}; {fix}",
    Escaped(&.file.display().to_string()),
    .line.map(|line| format!("{line}:")).unwrap_or_default(),
    .entry.as_ref().map(|entry| format!(" {}:", Escaped(entry))).unwrap_or_default(),
    Escaped(.what)
)]
pub struct BaselineError {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1; `None` where it concerns the file.
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

    /// The entries for a profile; `None` where the target was not judged under it.
    pub fn entries_for(&self, profile: Profile) -> Option<&[Entry]> {
        self.entries.get(profile.name()).map(Vec::as_slice)
    }

    /// Whether it lists every check of this level that is missed, so that one without an entry was
    /// met when it was written.
    pub fn records(&self, level: Level) -> bool {
        match &self.levels {
            Some(levels) => levels.contains(&level),
            None => level == Level::Must,
        }
    }

    /// Whether it can be compared at these levels.
    ///
    /// # Errors
    /// It does not list what is missed of one of them.
    pub fn check_levels(&self, levels: &[Level]) -> Result<(), BaselineError> {
        if !levels.contains(&Level::Should) || self.records(Level::Should) {
            return Ok(());
        }
        Err(BaselineError {
            file: self.file.clone(),
            line: None,
            entry: Some("levels".to_owned()),
            what: "the baseline does not list which `should` is missed".to_owned(),
            fix: "run `cookiespec bless` on it with all cases, or compare `--level must`"
                .to_owned(),
        })
    }

    /// Whether the case was in the suite that the baseline was written for.
    fn includes(&self, case: &str) -> bool {
        let Some((area, number)) = case.rsplit_once('.') else { return false };
        let number: Option<u32> = number.parse().ok();
        number.is_some_and(|number| self.seen.get(area).is_some_and(|&seen| number <= seen))
    }
}

/// One line of a baseline: a case, or a pattern of cases, that is known not to pass.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line it stands in, counted from 1.
    pub line: usize,
    /// The id of the case, or a glob.
    pub case: String,
    /// The revision of the case that the entry is about; `None` for a glob.
    pub rev: Option<u32>,
    /// The verdict.
    pub is: Verdict,
    /// The digest of the wrong answer. Without one, any answer with the verdict will do.
    pub saw: Option<String>,
    /// Why it is so, for people.
    pub why: String,
    /// Where it is being dealt with, for people.
    pub issue: String,
    /// The last day on which it is accepted.
    pub until: Option<Date>,
    /// A glob of versions. For others, the entry does not count.
    pub when: Option<String>,
    cases: GlobMatcher,
    versions: Option<GlobMatcher>,
}

impl Entry {
    /// Whether it is about one case and not about a pattern.
    pub fn is_exact(&self) -> bool {
        is_exact(&self.case)
    }

    /// Whether it is about this case.
    fn covers(&self, case: &str) -> bool {
        self.cases.is_match(case)
    }

    /// Whether it counts for this version of the implementation.
    fn applies_to(&self, version: &str) -> bool {
        self.versions.as_ref().is_none_or(|versions| versions.is_match(version))
    }
}

/// The levels whose missed checks a baseline can list. What is missed of any other is no fault.
const RECORDED: [Level; 2] = [Level::Must, Level::Should];

/// Whether a pattern has no wildcard in it.
fn is_exact(case: &str) -> bool {
    !case.contains(['*', '?', '[', '{'])
}

/// Compiles a glob.
///
/// # Errors
/// It is not valid.
fn matcher(glob: &str) -> Result<GlobMatcher, globset::Error> {
    Glob::new(glob).map(|glob| glob.compile_matcher())
}
