//! Whether what an event file says about itself is what its results say: nothing in it may be changed
//! without being noticed.

use cookiespec_vectors::{Case, Handshake, Judgement};

use crate::escaping::Escaped;
use crate::model::{Exit, Outcome, ProfileResult, Record, TargetReport};

/// Checks the profiles of the header, every judgement and the exit code.
///
/// # Errors
/// What does not agree, escaped, and what to do.
pub(super) fn check(record: &Record, profiles: &[String]) -> Result<(), String> {
    let judged = record.profiles();
    if !profiles.iter().eq(judged.iter().map(|profile| profile.name())) {
        let profiles = profiles.join(", ");
        return Err(damaged(&format!("its header has other profiles: {profiles}")));
    }
    for target in &record.targets {
        check_judgements(target, &record.cases)?;
    }
    check_exit(record)
}

fn check_judgements(target: &TargetReport, cases: &[Case]) -> Result<(), String> {
    let about = target.handshake.as_ref().map(Handshake::about).unwrap_or_default();
    for result in &target.results {
        for ((case, outcome), judgement) in
            cases.iter().zip(&target.outcomes).zip(&result.judgements)
        {
            let follows = match outcome {
                // How an answer is judged may change from one version to the next.
                Outcome::Answer(_) => true,
                outcome => outcome.judge(case, result.profile, &about).verdict == judgement.verdict,
            };
            if !follows || !is_sum_of_checks(judgement) {
                return Err(damaged(&format!(
                    "the verdict of \"{}\" on {} under {} is {}, which does not follow from the rest \
                     of the line",
                    target.label, case.id, result.profile, judgement.verdict
                )));
            }
        }
    }
    Ok(())
}

/// A verdict is the worst of its checks, or that of all of them where the complete answer decided.
fn is_sum_of_checks(judgement: &Judgement) -> bool {
    let mut verdicts = judgement.checks.iter().map(|check| check.verdict);
    match judgement.note {
        Some(_) => verdicts.all(|verdict| verdict == judgement.verdict),
        None => verdicts.max().is_none_or(|worst| worst == judgement.verdict),
    }
}

/// The exit code is that of the worst target: of its verdicts, or of their comparison with a baseline;
/// or that of a signal, and only then are there cases that were not run without an error that says why.
fn check_exit(record: &Record) -> Result<(), String> {
    if record.exit.is_signal() {
        return Ok(());
    }
    let is_partial = |target: &&TargetReport| {
        target.error.is_none() && target.outcomes.contains(&Outcome::NotRun)
    };
    if let Some(target) = record.targets.iter().find(is_partial) {
        let (label, exit) = (&target.label, record.exit as u8);
        return Err(damaged(&format!(
            "its exit code is {exit}, and \"{label}\" did not run all cases"
        )));
    }
    let exits = record.targets.iter().map(|target| match target.exit() {
        Exit::Broken => Exit::Broken,
        exit => target.baseline.unwrap_or(exit),
    });
    let Some(exit) = exits.max() else { return Ok(()) };
    // Files of version 0.1.0 do not say how the comparison ended.
    let is_known = exit == Exit::Broken || !record.targets.iter().any(was_compared_before);
    if is_known && exit != record.exit || record.exit == Exit::Broken && exit != Exit::Broken {
        let (said, is) = (record.exit as u8, exit as u8);
        return Err(damaged(&format!(
            "its exit code is {said}, and its results are those of {is}"
        )));
    }
    Ok(())
}

/// Whether there was a baseline and the file does not say how the comparison with it ended.
fn was_compared_before(target: &TargetReport) -> bool {
    let is_marked =
        |result: &ProfileResult| result.expected.iter().chain(&result.worse).any(|it| *it);
    target.baseline.is_none() && target.results.iter().any(is_marked)
}

fn damaged(what: &str) -> String {
    format!("{}: the file is damaged; run again", Escaped(what))
}
