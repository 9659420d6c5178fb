//! Results as JUnit XML, for the servers that collect it.
//!
//! A suite is a target under a profile, a test is a case. What the target missed is a failure; what
//! broke it, the shim or the harness is an error; what could not be put to it is skipped and says
//! why.

use std::fmt::{self, Write};

use cookiespec_vectors::{Case, Judgement, Verdict};

use super::{Record, TargetReport, case};
use crate::escaping::XmlText;
use crate::record::ProfileResult;

/// The document.
pub fn render(record: &Record) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = suites(&mut text, record);
    text
}

/// What a verdict is to JUnit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Passed,
    Skipped,
    Failure,
    Error,
}

impl From<Verdict> for Class {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass | Verdict::Info | Verdict::Weak => Self::Passed,
            Verdict::NotApplicable | Verdict::Unsupported | Verdict::Blocked => Self::Skipped,
            Verdict::Fail | Verdict::Refused | Verdict::Flaky => Self::Failure,
            Verdict::Error | Verdict::Hang | Verdict::Crash | Verdict::NotRun | Verdict::Broken => {
                Self::Error
            }
        }
    }
}

fn suites(text: &mut String, record: &Record) -> fmt::Result {
    let sheets =
        || record.targets.iter().flat_map(|it| it.results.iter().map(move |sheet| (it, sheet)));
    let sum = |count: &dyn Fn(&TargetReport, &ProfileResult) -> usize| -> usize {
        sheets().map(|(target, sheet)| count(target, sheet)).sum()
    };
    writeln!(
        text,
        "<testsuites name=\"cookiespec\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        sum(&tests),
        sum(&|_, sheet| count(sheet, Class::Failure)),
        sum(&errors),
    )?;
    for (target, sheet) in sheets() {
        suite(text, record, target, sheet)?;
    }
    text.push_str("</testsuites>\n");
    Ok(())
}

/// The cases, and one test more where the run was not whole.
fn tests(target: &TargetReport, sheet: &ProfileResult) -> usize {
    sheet.judgements.len() + usize::from(target.error.is_some())
}

fn errors(target: &TargetReport, sheet: &ProfileResult) -> usize {
    count(sheet, Class::Error) + usize::from(target.error.is_some())
}

fn count(sheet: &ProfileResult, outcome: Class) -> usize {
    (0..sheet.judgements.len()).filter(|&index| outcome_of(sheet, index) == outcome).count()
}

/// What becomes of a case; a failure that a baseline expects is passed over.
fn outcome_of(sheet: &ProfileResult, index: usize) -> Class {
    match sheet.is_expected(index) {
        true => Class::Skipped,
        false => sheet.judgements[index].verdict.into(),
    }
}

fn suite(
    text: &mut String,
    record: &Record,
    target: &TargetReport,
    sheet: &ProfileResult,
) -> fmt::Result {
    let label = XmlText(&target.label);
    writeln!(
        text,
        "  <testsuite name=\"{label} under {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        sheet.profile,
        tests(target, sheet),
        count(sheet, Class::Failure),
        errors(target, sheet),
        count(sheet, Class::Skipped),
    )?;
    properties(text, record, target, sheet)?;
    if let Some(trouble) = &target.error {
        writeln!(
            text,
            "    <testcase name=\"the run is whole\" classname=\"{label}.{}\">\n      \
             <error type=\"broken\" message=\"{}\">",
            sheet.profile,
            XmlText(&trouble.what)
        )?;
        for line in trouble.stderr.lines() {
            writeln!(text, "stderr: {}", XmlText(line))?;
        }
        text.push_str("</error>\n    </testcase>\n");
    }
    for (index, one) in record.cases.iter().enumerate() {
        test(text, one, index, target, sheet)?;
    }
    text.push_str("  </testsuite>\n");
    Ok(())
}

fn properties(
    text: &mut String,
    record: &Record,
    target: &TargetReport,
    sheet: &ProfileResult,
) -> fmt::Result {
    let tally = sheet.tally.to_string();
    let mut properties = vec![("harness", &*record.harness), ("tally", &*tally)];
    if let Some(handshake) = &target.handshake {
        let identity = &handshake.implementation;
        properties.extend([
            ("implementation", &*identity.name),
            ("version", &*identity.version),
            ("language", &*identity.language),
        ]);
    }
    text.push_str("    <properties>\n");
    for (name, value) in properties {
        writeln!(text, "      <property name=\"{name}\" value=\"{}\"/>", XmlText(value))?;
    }
    text.push_str("    </properties>\n");
    Ok(())
}

fn test(
    text: &mut String,
    one: &Case,
    index: usize,
    target: &TargetReport,
    sheet: &ProfileResult,
) -> fmt::Result {
    let judgement = &sheet.judgements[index];
    write!(
        text,
        "    <testcase name=\"{} {}\" classname=\"{}.{}.{}\"",
        XmlText(&one.id),
        XmlText(&one.title),
        XmlText(&target.label),
        sheet.profile,
        XmlText(one.area())
    )?;
    let verdict = judgement.verdict;
    let differences = case::differences(judgement);
    let first = differences.first().map_or("", String::as_str);
    match outcome_of(sheet, index) {
        Class::Passed if differences.is_empty() => text.push_str("/>\n"),
        Class::Passed => {
            writeln!(text, ">\n      <system-out>{verdict}")?;
            for line in &differences {
                writeln!(text, "{}", XmlText(line))?;
            }
            text.push_str("</system-out>\n    </testcase>\n");
        }
        Class::Skipped => writeln!(
            text,
            ">\n      <skipped message=\"{}{verdict}: {}\"/>\n    </testcase>",
            if sheet.is_expected(index) { "expected by the baseline: " } else { "" },
            XmlText(first)
        )?,
        Class::Failure => failed(text, "failure", one, index, target, sheet)?,
        Class::Error => failed(text, "error", one, index, target, sheet)?,
    }
    Ok(())
}

fn failed(
    text: &mut String,
    element: &str,
    one: &Case,
    index: usize,
    target: &TargetReport,
    sheet: &ProfileResult,
) -> fmt::Result {
    let judgement: &Judgement = &sheet.judgements[index];
    let differences = case::differences(judgement);
    let first = differences.first().map_or("", String::as_str);
    let verdict = judgement.verdict;
    writeln!(text, ">\n      <{element} type=\"{verdict}\" message=\"{}\">", XmlText(first))?;
    let citations = case::citations(one, sheet.profile);
    let said = case::outcome(&target.outcomes[index]);
    let again = case::again(one, sheet.profile, target);
    let parts: [(&str, &[String]); 5] = [
        ("spec", &citations),
        ("in", &case::inputs(one)),
        ("missed", &differences),
        ("said", &said),
        ("again", &[again]),
    ];
    for (label, lines) in parts {
        for line in lines {
            writeln!(text, "{label:<6} {}", XmlText(line))?;
        }
    }
    writeln!(text, "</{element}>\n    </testcase>")
}
