//! Every mutant is caught by the case that is meant for it, and the implementation without a mutant
//! fails no case.

mod matrix;

use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;

use cookiespec_mutants::Mutant;
use cookiespec_vectors::{Case, Profile, Verdict};
use matrix::{MATRIX, Row, SUITE, answer};

/// The width of the column of case numbers in the snapshot.
const IDS_WIDTH: usize = 120;

#[test]
fn without_a_fault_the_suite_passes() {
    let mut problems = String::new();
    for profile in Profile::ALL {
        // They parse, store and write cookies, and make no requests.
        for case in SUITE.cases().iter().filter(|case| case.kind() != "exchange") {
            problems += &missed(None, profile, case);
        }
    }
    assert!(problems.is_empty(), "without a mutant:\n{problems}");
}

#[test]
fn every_fault_is_caught_by_its_case() {
    let mut problems = String::new();
    for row in MATRIX.listed().filter(|row| row.meant().is_none()) {
        let Row { mutant, profile, .. } = row;
        let id = mutant.case();
        let (answer, verdict) = match SUITE.find(id) {
            None => ("nothing".to_owned(), "is not in the suite".to_owned()),
            Some(case) => {
                let (answer, judgement) = answer(Some(*mutant), *profile, case, None);
                let verdict = judgement.map_or(Verdict::Pass, |judgement| judgement.verdict);
                (format!("{answer:?}"), format!("wanted fail or weak, got {verdict}"))
            }
        };
        let others = ids(&row.caught);
        writeln!(problems, "{mutant} under {profile}: {id} {verdict}").unwrap();
        writeln!(problems, "  it answers {answer}\n  it is caught by: {others}").unwrap();
    }
    assert!(
        problems.is_empty(),
        "mutants that are not caught by the case meant for them:\n{problems}"
    );
}

#[test]
fn where_a_fault_is_not_listed_it_breaks_no_rule() {
    let mut problems = String::new();
    for row in MATRIX.rows.iter().filter(|row| !row.is_listed()) {
        for (case, _) in row.caught.iter().filter(|(_, verdict)| verdict.is_failure()) {
            writeln!(problems, "{} under {}:", row.mutant, row.profile).unwrap();
            problems += &missed(Some(row.mutant), row.profile, case);
        }
    }
    assert!(problems.is_empty(), "list these under the profile, too:\n{problems}");
}

#[test]
fn no_two_faults_are_the_same() {
    let mut seen: HashMap<Vec<Option<u64>>, Mutant> = HashMap::new();
    let mut problems = String::new();
    for mutant in Mutant::ALL {
        let digests = MATRIX.rows.iter().filter(|row| row.mutant == *mutant).map(|row| row.digest);
        if let Some(other) = seen.insert(digests.collect(), *mutant) {
            writeln!(problems, "{other} and {mutant}").unwrap();
        }
    }
    assert!(problems.is_empty(), "no case distinguishes these:\n{problems}");
}

#[test]
fn the_matrix_is_made_in_seconds() {
    let rows = MATRIX.rows.len();
    let elapsed = MATRIX.elapsed;
    println!("{rows} rows of {} cases in {elapsed:.1?}", SUITE.cases().len());
    // More than ten times as long as usual, so that a busy machine does not fail the test, and a mutant that hangs does.
    assert!(elapsed < Duration::from_secs(240), "{rows} rows took {elapsed:.1?}");
}

#[test]
fn the_matrix_is_as_it_was() {
    let mut matrix = String::new();
    for row in MATRIX.listed() {
        let meant = row.meant().map_or("-", Verdict::name);
        let (mutant, count) = (row.mutant, row.caught.len());
        let profile = row.profile.name();
        let ids = shortened(ids(&row.caught));
        let case = mutant.case();
        writeln!(matrix, "{mutant:<45} {profile:<10} {case:<26} {meant:<5} {count:>4}  {ids}")
            .unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("mutants__matrix", matrix));
}

/// The checks of a case that an implementation fails, as text; empty if it passes.
fn missed(mutant: Option<Mutant>, profile: Profile, case: &Case) -> String {
    let (_, judgement) = answer(mutant, profile, case, None);
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

/// Cases by area and number: `date 1 4-7, jar.path 3~` where `~` is weak and `!` is a missing answer.
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
