//! Results as JUnit XML, for the servers that collect it. A check that the profile requires and
//! that fails is a failure; a check that could not be carried out is an error; one that does not
//! apply is skipped, with the reason.

use cookiespec_report::writers::junit::{Defect, Document, Suite, Test, TestResult};

use crate::profile::Profile;
use crate::run::{CheckReport, ProbeRun};
use crate::verdict::Verdict;

/// The document.
pub fn render(run: &ProbeRun, profile: Profile) -> String {
    let tests = run.results.iter().map(|result| Test {
        name: result.check.title.to_owned(),
        class: result.check.id.to_string(),
        result: test_result(result, profile),
    });
    let not_run = run.not_run.iter().map(|check| Test {
        name: check.title.to_owned(),
        class: check.id.to_string(),
        result: TestResult::Skipped("not run, because the probe ended early".to_owned()),
    });
    let suite = Suite {
        name: run.name.clone(),
        took: Some(run.took),
        properties: Vec::new(),
        tests: tests.chain(not_run).collect(),
    };
    Document { name: "cookiespec probe".to_owned(), suites: vec![suite] }.to_string()
}

fn test_result(result: &CheckReport, profile: Profile) -> TestResult {
    let note = result.note().to_string();
    match &result.outcome {
        Err(_) => TestResult::Error(Defect { kind: "broken", message: note, lines: Vec::new() }),
        Ok(Verdict::NotApplicable(_)) => TestResult::Skipped(note),
        Ok(Verdict::Fail(_)) if profile.requires(result.check) => {
            let sources = result.check.sources.iter().map(ToString::to_string);
            TestResult::Failure(Defect { kind: "fail", message: note, lines: sources.collect() })
        }
        Ok(_) => TestResult::Passed(vec![format!("{}: {note}", result.name())]),
    }
}
