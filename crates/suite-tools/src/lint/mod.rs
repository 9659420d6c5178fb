//! What is wrong with a suite beyond what the loader refuses.
//!
//! The loader asks whether a case can be put to a target and judged. The lint asks whether the
//! judgement would be sound, whether the suite stays one that others can point at, and whether a
//! reader can make sense of it.

mod case;
mod clock;
mod whole;

use std::fmt;
use std::path::Path;

use cookiespec_vectors::load::{self, Source, read_bounded, vector_files};
use cookiespec_vectors::{Case, Catalogue, Field, LoadError, Problem, Suite};

use crate::lock::{Lock, LockError};

/// What was found in a suite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The findings: file by file, then what concerns the suite as a whole.
    pub findings: Vec<Finding>,
    /// The lock the suite was held against; empty where there is none.
    pub lock: Lock,
    /// The cases that could be loaded.
    pub suite: Suite,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// Where, how, and what to do about it.
    pub error: LoadError,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The suite would be better without it.
    Warning,
    /// The suite must not be published with it.
    Error,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident $name:literal $severity:ident,)*) => {
        /// What the lint looks at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$doc])* $variant,)*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name used in reports.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// How bad it is to break it.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }
        }
    };
}

rules! {
    /// The loader reads the file and everything in it.
    Load "load" Error,
    /// A citation names a document that makes the statement, and the section it is in.
    Citation "citation" Error,
    /// Every `must` has a place in the specification of every profile it is for.
    Place "place" Error,
    /// No case cites what the catalogue calls untestable.
    Untestable "untestable" Error,
    /// A `side:` tag is a side of a statement the case cites.
    Side "side" Error,
    /// Nothing is observed in the very second in which a cookie expires.
    ExpiryInstant "expiry-instant" Error,
    /// Where order is checked, no two responses came in one second.
    SharedSecond "shared-second" Error,
    /// No `must` depends on the order of cookies.
    OrderInMust "order-in-must" Error,
    /// A case whose outcome depends on the time says what time it is.
    Clock "clock" Error,
    /// No check says the same for each profile that could be said for all.
    Alike "alike" Warning,
    /// No label without a check.
    UnusedLabel "unused-label" Warning,
    /// The reason says more than the title.
    Why "why" Error,
    /// Prose is printable ASCII.
    Prose "prose" Error,
    /// No two cases have the same title.
    Title "title" Error,
    /// No two cases ask the same.
    Duplicate "duplicate" Error,
    /// Every case is in the lock file as it is. A new case may wait for the next release.
    Locked "locked" Warning,
    /// A case that means something else has a higher revision.
    Revision "revision" Error,
    /// No id is ever dropped.
    Dropped "dropped" Error,
}

impl Report {
    /// Is there nothing that must not be published?
    pub fn is_clean(&self) -> bool {
        self.of(Severity::Error).next().is_none()
    }

    /// The findings of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.rule.severity() == severity)
    }

    /// The text of the lock file with this suite taken up; see [`Lock::bless`].
    pub fn blessed(&self) -> String {
        let mut lock = self.lock.clone();
        lock.bless(&self.suite);
        lock.to_string()
    }

    fn add(&mut self, rule: Rule, file: &str, case: Option<&str>, problem: Problem) {
        let error = LoadError { file: file.to_owned(), case: case.map(str::to_owned), problem };
        self.findings.push(Finding { rule, error });
    }
}

/// One finding per line, and a count of each severity.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}"))?;
        let [errors, warnings] =
            [Severity::Error, Severity::Warning].map(|severity| self.of(severity).count());
        let cases = self.suite.cases().len();
        write!(f, "{cases} cases: {errors} errors, {warnings} warnings")
    }
}

/// Shown as `error[title] jar.path.json: jar.path.0001: title: …; …`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] {}", self.rule.severity(), self.rule.name(), self.error)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Looks at the vector files of a directory and at the lock file next to them.
pub fn directory(path: impl AsRef<Path>) -> Report {
    let path = path.as_ref();
    let mut unreadable = Report::default();
    let mut refuse = |file: &Path, what: String, fix: &str| {
        let problem = Problem::new(&Field::Root(""), what, fix);
        unreadable.add(Rule::Load, &file.display().to_string(), None, problem);
    };
    let mut texts = Vec::new();
    match vector_files(path) {
        Err(error) => refuse(path, error.to_string(), "name a directory of vectors"),
        Ok(files) if files.is_empty() => {
            refuse(path, "there is no vector file in it".to_owned(), "add <area>.json");
        }
        Ok(files) => {
            for file in files {
                match (file.file_stem().and_then(|stem| stem.to_str()), read_bounded(&file)) {
                    (Some(area), Ok(text)) => texts.push((area.to_owned(), text)),
                    (None, _) => {
                        refuse(&file, "the name is not UTF-8".to_owned(), "name it after an area");
                    }
                    (_, Err(error)) => refuse(&file, error.to_string(), "make it readable"),
                }
            }
        }
    }
    let lock = std::fs::read_to_string(path.join(Lock::FILE)).unwrap_or_default();
    let files = texts.iter().map(|(area, text)| (&**area, &**text)).collect::<Vec<_>>();
    let mut report = files_and_lock(&files, &lock);
    report.findings.splice(0..0, unreadable.findings);
    report
}

/// Looks at the text of vector files, each with its area, and at that of the lock file; an empty
/// one is a suite that was never locked.
pub fn files_and_lock(files: &[(&str, &[u8])], lock: &str) -> Report {
    let mut report = Report::default();
    match lock.parse() {
        Ok(lock) => report.lock = lock,
        Err(LockError { line, what }) => {
            let field = format!("line {line}");
            let problem =
                Problem::new(&Field::Root(&field), what, "take the file from the last commit");
            report.add(Rule::Load, Lock::FILE, None, problem);
        }
    }
    let mut cases: Vec<Case> = Vec::new();
    let catalogue = Catalogue::embedded();
    for &(area, text) in files {
        let name = format!("{area}.json");
        let mut errors = Vec::new();
        let loaded = load::load(&Source { name: &name, area, text }, catalogue, &mut errors);
        let refused = errors.into_iter().map(|error| Finding { rule: Rule::Load, error });
        report.findings.extend(refused);
        case::prose("about", &loaded.about, |problem| {
            report.add(Rule::Prose, &name, None, problem);
        });
        for case in loaded.cases {
            let mut add = |rule, problem| report.add(rule, &name, Some(&case.id), problem);
            case::check(&case, catalogue, &mut add);
            clock::check(&case, &mut add);
            cases.push(case);
        }
    }
    whole::check(&cases, &mut report);
    report.suite = cases.into_iter().collect();
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/vectors");

    #[test]
    fn the_suite_of_this_repository_is_clean() {
        let report = directory(VECTORS);
        assert!(report.findings.iter().all(|it| it.rule == Rule::Locked), "{report}");
        let lock = std::fs::read_to_string(format!("{VECTORS}/{}", Lock::FILE)).unwrap();
        assert_eq!(report.lock.to_string(), lock, "the file was edited by hand");
    }

    /// `broken.json` has a case for every rule, `ids.lock` an id and a revision it lacks.
    #[test]
    fn every_rule_fires() {
        let broken = include_bytes!("../../tests/broken/broken.json");
        let lock = include_str!("../../tests/broken/ids.lock");
        let report = files_and_lock(&[("broken", broken)], lock);
        for rule in Rule::ALL {
            assert!(
                report.findings.iter().any(|finding| finding.rule == *rule),
                "nothing breaks {}",
                rule.name()
            );
        }
        assert!(!report.is_clean());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("vectors__lint", report.to_string()));
    }

    #[test]
    fn a_lock_that_cannot_be_read_and_a_directory_without_vectors_are_errors() {
        let report = files_and_lock(&[], "x");
        assert!(report.to_string().starts_with("error[load] ids.lock: line 1: "), "{report}");
        let report = directory(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        assert!(report.to_string().contains("there is no vector file in it"), "{report}");
    }
}
