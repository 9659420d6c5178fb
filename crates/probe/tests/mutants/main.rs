//! The reference application and each of its mutants, probed over loopback: no check fails on the
//! application itself, and on each mutant exactly those that it breaks.

mod in_process;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cookiespec_probe::{CheckReport, ProbeRun, Verdict};
use cookiespec_reference_app::mutant::Mutant;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let sound = Trial::test("sound", || {
        let run = in_process::probe(None);
        let wrong = |it: &&CheckReport| it.is_failure() || it.outcome.is_err();
        let wrong: Vec<_> = run.results.iter().filter(wrong).map(shown).collect();
        if !wrong.is_empty() {
            return Err(wrong.join("\n").into());
        }
        let skipped: Vec<_> = run.results.iter().filter(is_not_applicable).collect();
        let ids: Vec<_> = skipped.iter().map(|it| it.check.id).collect();
        if ids == NOT_APPLICABLE { Ok(()) } else { Err(format!("not applicable: {ids:?}").into()) }
    });
    let mutants =
        Mutant::ALL.iter().map(|&mutant| Trial::test(mutant.name(), move || is_killed(mutant)));
    let trials = [sound].into_iter().chain(mutants).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Exactly the checks fail that the mutant is declared to break, as far as the descriptor enables
/// them.
fn is_killed(mutant: Mutant) -> Result<(), Failed> {
    let breaks = mutant.breaks().iter().copied();
    let expected: BTreeSet<_> = breaks.filter(|id| enabled().contains(id)).collect();
    let run = in_process::probe(Some(mutant));
    let wrong = |it: &&CheckReport| it.is_failure() || it.outcome.is_err();
    let failed: BTreeSet<_> = run.results.iter().filter(wrong).map(|it| it.check.id).collect();
    if failed == expected {
        return Ok(());
    }
    let reasons: Vec<_> = run.results.iter().filter(wrong).map(shown).collect();
    let missed: Vec<_> = expected.difference(&failed).collect();
    let surplus: Vec<_> = failed.difference(&expected).collect();
    let what = mutant.what();
    Err(format!("{what}: missed {missed:?}, surplus {surplus:?}\n    {}", reasons.join("\n    "))
        .into())
}

/// The checks that the descriptor of the reference application enables.
fn enabled() -> &'static BTreeSet<&'static str> {
    static ENABLED: OnceLock<BTreeSet<&str>> = OnceLock::new();
    ENABLED.get_or_init(|| {
        let ProbeRun { results, .. } = in_process::probe(None);
        results.iter().filter(|it| !is_not_applicable(it)).map(|it| it.check.id).collect()
    })
}

fn is_not_applicable(result: &&CheckReport) -> bool {
    matches!(result.outcome, Ok(Verdict::NotApplicable(_)))
}

/// Checks that need more than one application in this process with a clock.
const NOT_APPLICABLE: &[&str] = &[
    "SM-015", "SM-035", "SM-053", "SM-075", "SM-082", "SM-083", "SM-097", "SM-098", "SM-099",
    "SM-105",
];

fn shown(result: &CheckReport) -> String {
    format!("{} {}: {}", result.name(), result.check.id, result.note())
}
