//! Every wrong implementation is caught by the case that is meant for it, and the right one by none.

mod matrix;

use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use cookiespec_mutants::Fault;
use cookiespec_vectors::{Case, Profile, Verdict};
use matrix::{MATRIX, Row, SUITE, answer};

/// How many characters of case numbers a line of the snapshot has.
const IDS_WIDTH: usize = 120;

#[test]
fn without_a_fault_the_suite_passes() {
    let mut problems = String::new();
    for profile in Profile::ALL {
        for case in SUITE.cases() {
            problems += &missed(None, profile, case);
        }
    }
    assert!(problems.is_empty(), "without a fault:\n{problems}");
}

#[test]
fn every_fault_is_caught_by_its_case() {
    let mut problems = String::new();
    for row in MATRIX.listed().filter(|row| row.meant().is_none()) {
        let Row { fault, profile, .. } = row;
        let id = fault.case();
        let (answer, verdict) = match SUITE.find(id) {
            None => ("nothing".to_owned(), "is not in the suite".to_owned()),
            Some(case) => {
                let (answer, judgement) = answer(Some(*fault), *profile, case, None);
                let verdict = judgement.map_or(Verdict::Pass, |judgement| judgement.verdict);
                (format!("{answer:?}"), format!("wanted fail or weak, got {verdict}"))
            }
        };
        let others = ids(&row.caught);
        writeln!(problems, "{fault} under {profile}: {id} {verdict}").unwrap();
        writeln!(problems, "  it answers {answer}\n  it is caught by: {others}").unwrap();
    }
    assert!(problems.is_empty(), "faults that escape the case meant for them:\n{problems}");
}

#[test]
fn where_a_fault_is_not_listed_it_breaks_no_rule() {
    let mut problems = String::new();
    for row in MATRIX.rows.iter().filter(|row| !row.is_listed()) {
        for (case, _) in row.caught.iter().filter(|(_, verdict)| verdict.is_failure()) {
            writeln!(problems, "{} under {}:", row.fault, row.profile).unwrap();
            problems += &missed(Some(row.fault), row.profile, case);
        }
    }
    assert!(problems.is_empty(), "list these under the profile, too:\n{problems}");
}

#[test]
fn no_two_faults_are_the_same() {
    let mut seen: HashMap<Vec<Option<u64>>, Fault> = HashMap::new();
    let mut problems = String::new();
    for fault in Fault::ALL {
        let digests = MATRIX.rows.iter().filter(|row| row.fault == *fault).map(|row| row.digest);
        if let Some(other) = seen.insert(digests.collect(), *fault) {
            writeln!(problems, "{other} and {fault}").unwrap();
        }
    }
    assert!(problems.is_empty(), "no case tells these apart:\n{problems}");
}

#[test]
fn the_matrix_is_made_in_seconds() {
    let rows = MATRIX.rows.len();
    let elapsed = MATRIX.elapsed;
    println!("{rows} rows of {} cases in {elapsed:.1?}", SUITE.cases().len());
    // Ten times and more what it takes, so that a busy machine is no failure and a fault that hangs is.
    assert!(elapsed < Duration::from_secs(240), "{rows} rows took {elapsed:.1?}");
}

#[test]
fn the_matrix_is_as_it_was() {
    let mut sheet = String::new();
    for row in MATRIX.listed() {
        let meant = row.meant().map_or("-", Verdict::name);
        let (fault, count) = (row.fault, row.caught.len());
        let profile = row.profile.name();
        let ids = shortened(ids(&row.caught));
        let case = fault.case();
        writeln!(sheet, "{fault:<45} {profile:<10} {case:<26} {meant:<5} {count:>4}  {ids}")
            .unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("wrong__matrix", sheet));
}

/// What a case says of an implementation, check by check, if it is caught; else nothing.
fn missed(fault: Option<Fault>, profile: Profile, case: &Case) -> String {
    let (_, judgement) = answer(fault, profile, case, None);
    let Some(judgement) = judgement.filter(|it| it.verdict > Verdict::Info) else {
        return String::new();
    };
    let mut text = format!("  {profile} {}: {}\n", case.id, judgement.verdict);
    for check in judgement.checks.iter().filter(|check| check.verdict > Verdict::Info) {
        let (want, got) = match &check.mismatch {
            Some(mismatch) => (mismatch.want.as_str(), mismatch.got.as_str()),
            None => ("an answer", judgement.note.as_deref().unwrap_or("none")),
        };
        let at = check.at.as_deref().unwrap_or("answer");
        writeln!(text, "    at {at}: want {want}, got {got}").unwrap();
    }
    text
}

/// Cases by area and number: `date 1 4-7, jar.path 3~` where `~` is weak and `!` is no answer.
fn ids(caught: &[(&Case, Verdict)]) -> String {
    let mark = |verdict| match verdict {
        Verdict::Fail => "",
        Verdict::Weak => "~",
        _ => "!",
    };
    let number = |case: &Case| case.id.rsplit('.').next().and_then(|it| it.parse::<u32>().ok());
    let follows = |(a, a_verdict): &(&Case, Verdict), (b, b_verdict): &(&Case, Verdict)| {
        a.area() == b.area()
            && a_verdict == b_verdict
            && number(a).map(|number| number + 1) == number(b)
    };
    let mut text = String::new();
    let mut area = "";
    for run in caught.chunk_by(follows) {
        let [(first, verdict), ..] = run else { continue };
        if first.area() != area {
            let separator = if area.is_empty() { "" } else { ", " };
            area = first.area();
            write!(text, "{separator}{area}").unwrap();
        }
        write!(text, " {}", number(first).unwrap_or_default()).unwrap();
        if let [_, .., (last, _)] = run {
            write!(text, "-{}", number(last).unwrap_or_default()).unwrap();
        }
        text.push_str(mark(*verdict));
    }
    text
}

fn shortened(mut ids: String) -> String {
    if ids.len() > IDS_WIDTH {
        let end = ids[..IDS_WIDTH].rfind(' ').unwrap_or(IDS_WIDTH);
        ids.truncate(end);
        ids.push_str(" …");
    }
    ids
}
