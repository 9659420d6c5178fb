//! The reference application and each of its mutants, probed over loopback: nothing is found wrong
//! with the one, and with each of the others what it breaks and nothing else.

mod in_process;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cookiespec_probe::{CheckResult, Examination, Verdict};
use cookiespec_reference_app::mutant::Mutant;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let sound = Trial::test("sound", || {
        let examination = in_process::examine(None);
        let wrong = |it: &&CheckResult| it.is_failure() || it.outcome.is_err();
        let wrong: Vec<_> = examination.results.iter().filter(wrong).map(shown).collect();
        if !wrong.is_empty() {
            return Err(wrong.join("\n").into());
        }
        let locked: Vec<_> = examination.results.iter().filter(is_not_applicable).collect();
        let ids: Vec<_> = locked.iter().map(|it| it.check.id).collect();
        if ids == LOCKED { Ok(()) } else { Err(format!("not applicable: {ids:?}").into()) }
    });
    let mutants =
        Mutant::ALL.iter().map(|&mutant| Trial::test(mutant.name(), move || caught(mutant)));
    let trials = [sound].into_iter().chain(mutants).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The probe fails with exactly the checks that the mutant is said to break, as far as the
/// descriptor unlocks them.
fn caught(mutant: Mutant) -> Result<(), Failed> {
    let breaks = mutant.breaks().iter().copied();
    let expected: BTreeSet<_> = breaks.filter(|id| unlocked().contains(id)).collect();
    let examination = in_process::examine(Some(mutant));
    let wrong = |it: &&CheckResult| it.is_failure() || it.outcome.is_err();
    let failed: BTreeSet<_> =
        examination.results.iter().filter(wrong).map(|it| it.check.id).collect();
    if failed == expected {
        return Ok(());
    }
    let reasons: Vec<_> = examination.results.iter().filter(wrong).map(shown).collect();
    let missed: Vec<_> = expected.difference(&failed).collect();
    let surplus: Vec<_> = failed.difference(&expected).collect();
    let what = mutant.what();
    Err(format!("{what}: missed {missed:?}, surplus {surplus:?}\n    {}", reasons.join("\n    "))
        .into())
}

/// The checks that the descriptor of the reference application unlocks.
fn unlocked() -> &'static BTreeSet<&'static str> {
    static UNLOCKED: OnceLock<BTreeSet<&str>> = OnceLock::new();
    UNLOCKED.get_or_init(|| {
        let Examination { results, .. } = in_process::examine(None);
        results.iter().filter(|it| !is_not_applicable(it)).map(|it| it.check.id).collect()
    })
}

fn is_not_applicable(result: &&CheckResult) -> bool {
    matches!(result.outcome, Ok(Verdict::NotApplicable(_)))
}

/// What a single application in this process with a clock to move cannot be asked.
const LOCKED: &[&str] = &[
    "SM-015", "SM-035", "SM-053", "SM-075", "SM-082", "SM-083", "SM-097", "SM-098", "SM-099",
    "SM-105",
];

fn shown(result: &CheckResult) -> String {
    format!("{} {}: {}", result.name(), result.check.id, result.note())
}
