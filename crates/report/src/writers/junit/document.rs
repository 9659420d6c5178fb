//! A JUnit XML document, of which the writers only say what is in it. The counts are made here.
//!
//! Written by hand: what `quick-junit` writes is not what the schema of the collecting servers
//! allows (`skipped` or `disabled` on elements that do not have it).

use std::fmt::{self, Display};
use std::time::Duration;

use crate::escaping::XmlText;

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// The name of the program that ran the tests.
    pub name: String,
    /// Its suites.
    pub suites: Vec<Suite>,
}

/// A group of tests.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// How long it ran, if that is known.
    pub took: Option<Duration>,
    /// Facts about it, by name.
    pub properties: Vec<(&'static str, String)>,
    /// Its tests.
    pub tests: Vec<Test>,
}

/// A test and its result.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// What servers group it by: names with dots between them.
    pub class: String,
    /// Its result.
    pub result: TestResult,
}

/// The result of a test.
#[derive(Clone, Debug)]
pub enum TestResult {
    /// It passed, with lines of output.
    Passed(Vec<String>),
    /// It was not run, or does not count; with the reason.
    Skipped(String),
    /// It failed.
    Failure(Defect),
    /// It could not be run to its end.
    Error(Defect),
}

/// Why a test did not pass.
#[derive(Clone, Debug)]
pub struct Defect {
    /// One word for the kind of defect.
    pub kind: &'static str,
    /// It in a sentence.
    pub message: String,
    /// Everything else there is to know, line by line.
    pub lines: Vec<String>,
}

/// How many tests of some suites there are, by result.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(tests: impl Iterator<Item = &'a Test>) -> Self {
        let mut counts = Self::default();
        for test in tests {
            counts.tests += 1;
            match test.result {
                TestResult::Passed(_) => {}
                TestResult::Skipped(_) => counts.skipped += 1,
                TestResult::Failure(_) => counts.failures += 1,
                TestResult::Error(_) => counts.errors += 1,
            }
        }
        counts
    }
}

impl Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tests, failures, errors, .. } = self;
        write!(f, "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
    }
}

impl Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = Counts::of(self.suites.iter().flat_map(|suite| &suite.tests));
        f.write_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        writeln!(f, "<testsuites name=\"{}\" {counts}>", XmlText(&self.name))?;
        self.suites.iter().try_for_each(|suite| suite.write(f))?;
        f.write_str("</testsuites>\n")
    }
}

impl Suite {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = Counts::of(self.tests.iter());
        let (name, skipped) = (XmlText(&self.name), counts.skipped);
        write!(f, "  <testsuite name=\"{name}\" {counts} skipped=\"{skipped}\"")?;
        if let Some(took) = self.took {
            write!(f, " time=\"{:.1}\"", took.as_secs_f64())?;
        }
        f.write_str(">\n")?;
        if !self.properties.is_empty() {
            f.write_str("    <properties>\n")?;
            for (name, value) in &self.properties {
                writeln!(f, "      <property name=\"{name}\" value=\"{}\"/>", XmlText(value))?;
            }
            f.write_str("    </properties>\n")?;
        }
        self.tests.iter().try_for_each(|test| test.write(f))?;
        f.write_str("  </testsuite>\n")
    }
}

impl Test {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, class) = (XmlText(&self.name), XmlText(&self.class));
        write!(f, "    <testcase name=\"{name}\" classname=\"{class}\"")?;
        match &self.result {
            TestResult::Passed(output) if output.is_empty() => return f.write_str("/>\n"),
            TestResult::Passed(output) => {
                f.write_str(">\n      <system-out>")?;
                lines(f, output)?;
                f.write_str("</system-out>\n")?;
            }
            TestResult::Skipped(why) => {
                writeln!(f, ">\n      <skipped message=\"{}\"/>", XmlText(why))?;
            }
            TestResult::Failure(defect) => defect.write(f, "failure")?,
            TestResult::Error(defect) => defect.write(f, "error")?,
        }
        f.write_str("    </testcase>\n")
    }
}

impl Defect {
    fn write(&self, f: &mut fmt::Formatter<'_>, element: &str) -> fmt::Result {
        let (kind, message) = (XmlText(self.kind), XmlText(&self.message));
        writeln!(f, ">\n      <{element} type=\"{kind}\" message=\"{message}\">")?;
        lines(f, &self.lines)?;
        writeln!(f, "</{element}>")
    }
}

fn lines(f: &mut fmt::Formatter<'_>, lines: &[String]) -> fmt::Result {
    lines.iter().try_for_each(|line| writeln!(f, "{}", XmlText(line)))
}
