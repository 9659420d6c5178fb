//! Results as JUnit XML, for the servers that collect it.
//!
//! A suite is a target under a profile, a test is a case. A failing case is a failure, and so is a
//! `should` that a baseline does not list; a target,
//! shim or harness that broke is an error; a case that did not run is skipped, with the reason.

mod document;

use cookiespec_vectors::{Case, Verdict};

pub use self::document::{Defect, Document, Suite, Test, TestResult};
use crate::case::{self, Wording};
use crate::model::{ProfileResult, Record, TargetReport};

/// The document.
pub fn render(record: &Record) -> String {
    let results = record
        .targets
        .iter()
        .flat_map(|target| target.results.iter().map(move |result| suite(record, target, result)));
    Document { name: "cookiespec".to_owned(), suites: results.collect() }.to_string()
}

/// The cases, and one test more if the run is not complete.
fn suite(record: &Record, target: &TargetReport, result: &ProfileResult) -> Suite {
    let (label, profile) = (&target.label, result.profile);
    let incomplete = |what: String, lines| Test {
        name: "the run is complete".to_owned(),
        class: format!("{label}.{profile}"),
        result: TestResult::Error(Defect { kind: Verdict::Broken.name(), message: what, lines }),
    };
    let incomplete = match (record.interruption(), &target.error) {
        (Some(interruption), _) => Some(incomplete(interruption.to_string(), Vec::new())),
        (None, Some(error)) => {
            let lines = error.stderr.lines().map(|line| format!("stderr: {line}"));
            Some(incomplete(error.what.clone(), lines.collect()))
        }
        (None, None) => None,
    };
    let cases = record.cases.iter().enumerate().map(|(index, case)| Test {
        name: format!("{} {}", case.id, case.title),
        class: format!("{label}.{profile}.{}", case.area()),
        result: test_result(case, index, target, result),
    });
    Suite {
        name: format!("{label} under {profile}"),
        took: None,
        properties: properties(record, target, result),
        tests: incomplete.into_iter().chain(cases).collect(),
    }
}

fn properties(
    record: &Record,
    target: &TargetReport,
    result: &ProfileResult,
) -> Vec<(&'static str, String)> {
    let mut properties =
        vec![("harness", record.harness.clone()), ("tally", result.tally.to_string())];
    if let Some(handshake) = &target.handshake {
        let identity = &handshake.implementation;
        properties.extend([
            ("implementation", identity.name.clone()),
            ("version", identity.version.clone()),
            ("language", identity.language.clone()),
        ]);
    }
    properties
}

fn test_result(
    one: &Case,
    index: usize,
    target: &TargetReport,
    result: &ProfileResult,
) -> TestResult {
    let judgement = &result.judgements[index];
    let verdict = judgement.verdict;
    let differences = case::differences(one, result.profile, judgement, Wording::Words);
    let message = differences.first().cloned().unwrap_or_default();
    if result.is_expected(index) && verdict.is_failure() {
        return TestResult::Skipped(format!("expected by the baseline: {verdict}: {message}"));
    }
    let defect = || Defect {
        kind: verdict.name(),
        message: message.clone(),
        lines: details(one, index, target, result),
    };
    match verdict {
        Verdict::Weak if result.is_news(index) => TestResult::Failure(defect()),
        Verdict::Pass | Verdict::Info | Verdict::Weak if differences.is_empty() => {
            TestResult::Passed(Vec::new())
        }
        Verdict::Pass | Verdict::Info | Verdict::Weak => {
            TestResult::Passed([vec![verdict.to_string()], differences].concat())
        }
        Verdict::NotApplicable | Verdict::Unsupported | Verdict::Blocked => {
            TestResult::Skipped(format!("{verdict}: {message}"))
        }
        Verdict::Fail | Verdict::Refused | Verdict::Flaky => TestResult::Failure(defect()),
        Verdict::Error | Verdict::Hang | Verdict::Crash | Verdict::NotRun | Verdict::Broken => {
            TestResult::Error(defect())
        }
    }
}

/// A failure, line by line; each line is labelled.
fn details(one: &Case, index: usize, target: &TargetReport, result: &ProfileResult) -> Vec<String> {
    let parts = [
        ("spec", case::citations(one, result.profile)),
        ("in", case::inputs(one)),
        (
            "missed",
            case::differences(one, result.profile, &result.judgements[index], Wording::Words),
        ),
        ("got", case::outcome(&target.outcomes[index], Wording::Words)),
        ("again", vec![case::again(one, result.profile, target)]),
    ];
    let lines = parts
        .into_iter()
        .flat_map(|(label, lines)| lines.into_iter().map(move |line| format!("{label:<6} {line}")));
    lines.collect()
}
