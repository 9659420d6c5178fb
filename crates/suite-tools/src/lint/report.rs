//! The rules of the lint, and what it finds.

use std::fmt;

use cookiespec_vectors::{LoadError, Problem, Suite};

use crate::lock::Lock;

/// What was found in a suite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The findings: file by file, then those that concern the complete suite.
    pub findings: Vec<Finding>,
    /// The lock the suite was checked against, empty if there is no file; `None` if the file cannot be
    /// read, which is a finding.
    pub lock: Option<Lock>,
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
        /// What the lint checks.
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
    /// A statement that is cited has the force of the check that rests on it.
    Force "force" Error,
    /// A `must` rests on a statement that binds whoever performs the operation.
    Binds "binds" Error,
    /// A step that is cited exists, and is named where steps have numbers.
    Step "step" Error,
    /// A case of an area that has one subject cites a statement on it.
    Subject "subject" Error,
    /// No citation of a document of which nothing is expected.
    UnusedCitation "unused-citation" Warning,
    /// Nothing is observed in the very second in which a cookie expires.
    ExpiryInstant "expiry-instant" Error,
    /// Where order is checked, no two responses came in one second.
    SharedSecond "shared-second" Error,
    /// No `must` depends on the order of cookies.
    OrderInMust "order-in-must" Error,
    /// A case whose outcome depends on the time says what time it is.
    Clock "clock" Error,
    /// No two checks differ only in the profile.
    Alike "alike" Warning,
    /// No label without a check.
    UnusedLabel "unused-label" Warning,
    /// The reason says more than the title.
    Why "why" Error,
    /// Prose is printable ASCII.
    Prose "prose" Error,
    /// No two cases have the same title.
    Title "title" Error,
    /// No two cases have the same input.
    Duplicate "duplicate" Error,
    /// Every case is in the lock file as it is. A new case may wait for the next release.
    Locked "locked" Warning,
    /// A case that means something else has a higher revision.
    Revision "revision" Error,
    /// No id is ever dropped.
    Dropped "dropped" Error,
}

impl Report {
    /// Whether the suite may be published.
    pub fn is_clean(&self) -> bool {
        self.of(Severity::Error).next().is_none()
    }

    /// The findings of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.rule.severity() == severity)
    }

    /// The text of the lock file after adding this suite, see [`Lock::bless`]; `None` if the file
    /// cannot be read: what is in it must not be lost.
    pub fn blessed(&self) -> Option<String> {
        let mut lock = self.lock.clone()?;
        lock.bless(&self.suite);
        Some(lock.to_string())
    }

    pub(super) fn add(&mut self, rule: Rule, file: &str, case: Option<&str>, problem: Problem) {
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
