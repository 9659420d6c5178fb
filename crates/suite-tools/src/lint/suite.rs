//! Checks of the complete suite: what its cases share, and whether its ids and revisions hold.

use std::collections::BTreeMap;

use cookiespec_vectors::canonical::canonical;
use cookiespec_vectors::{Case, Field, Problem};
use serde_json::json;

use super::report::{Report, Rule};
use crate::lock::{Lock, Standing};

/// Everything that is wrong.
pub(super) fn check(cases: &[Case], report: &mut Report) {
    repeated(cases, report);
    locked(cases, report);
}

fn repeated(cases: &[Case], report: &mut Report) {
    let mut titles = BTreeMap::new();
    let mut inputs = BTreeMap::new();
    for case in cases {
        let file = format!("{}.json", case.area());
        let mut add = |rule, field, what, fix| {
            let problem = Problem::new(&Field::Root(field), what, fix);
            report.add(rule, &file, Some(&case.id), problem);
        };
        if let Some(first) = titles.insert(&case.title, &case.id) {
            let what = format!("{first} has the same title");
            add(Rule::Title, "title", what, "say what is different here");
        }
        if let Some(first) = inputs.insert(canonical(&json!(case.operation())), &case.id) {
            let what = format!("{first} has the same input");
            let fix = "change the input, and raise the revision; an id is never dropped";
            add(Rule::Duplicate, "", what, fix);
        }
    }
}

fn locked(cases: &[Case], report: &mut Report) {
    let Some(lock) = report.lock.clone() else { return };
    for case in cases {
        let rev = lock.find(&case.id).map_or(0, |locked| locked.rev);
        let (rule, what, fix) = match lock.standing(case) {
            Standing::Locked => continue,
            Standing::Unlocked => (
                Rule::Locked,
                format!("revision {} is not in {}", case.rev, Lock::FILE),
                "run `cookiespec vectors lint --bless`".to_owned(),
            ),
            Standing::Changed => (
                Rule::Revision,
                format!("the case means something else than revision {rev} did"),
                format!("write {}, so that baselines notice", rev + 1),
            ),
            Standing::Lowered => (
                Rule::Revision,
                format!("revision {rev} was there before"),
                format!("write {rev}, or more if the case means something else"),
            ),
        };
        let problem = Problem::new(&Field::Root("rev"), what, fix);
        report.add(rule, &format!("{}.json", case.area()), Some(&case.id), problem);
    }
    for id in lock.ids().filter(|id| cases.iter().all(|case| case.id != **id)) {
        let problem = Problem::new(
            &Field::Root(""),
            "the case is gone",
            "put it back; what is no longer required becomes `observe`",
        );
        report.add(Rule::Dropped, Lock::FILE, Some(id), problem);
    }
}
