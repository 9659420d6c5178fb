//! One line of a baseline: a case that is known not to pass.

use cookiespec_vectors::Verdict;
use globset::{Glob, GlobMatcher};
use jiff::civil::Date;

/// A case, or a pattern of cases, and what is known about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line it stands in, counted from 1.
    pub line: usize,
    /// The id of the case, or a glob.
    pub case: String,
    /// The revision of the case that the entry speaks of; `None` for a glob.
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
    /// A glob of versions. The entry is as good as absent for others.
    pub when: Option<String>,
    pub(super) cases: GlobMatcher,
    pub(super) versions: Option<GlobMatcher>,
}

impl Entry {
    /// Whether it is about one case and not about a pattern.
    pub fn is_exact(&self) -> bool {
        is_exact(&self.case)
    }

    /// Whether it speaks of this case.
    pub(super) fn covers(&self, case: &str) -> bool {
        self.cases.is_match(case)
    }

    /// Whether it speaks of this version of the implementation.
    pub(super) fn applies_to(&self, version: &str) -> bool {
        self.versions.as_ref().is_none_or(|versions| versions.is_match(version))
    }
}

/// Whether a pattern has no wildcard in it.
pub(super) fn is_exact(case: &str) -> bool {
    !case.contains(['*', '?', '[', '{'])
}

/// Compiles a glob.
///
/// # Errors
/// What is wrong with it.
pub(super) fn matcher(glob: &str) -> Result<GlobMatcher, String> {
    Glob::new(glob).map(|glob| glob.compile_matcher()).map_err(|error| error.to_string())
}
