//! What is known to be different about a target, so that a run can show what is new.

use std::collections::BTreeSet;

use cookiespec_vectors::{Case, Profile, judge};

use super::accusation::{Class, accuse};
use super::expected::Expected;
use super::fuzzer::Accused;
use super::repertoire::can_be_asked;
use cookiespec_report::Outcome;

/// The quirk profiles of some targets: classes of differences, by target.
#[derive(Clone, Debug, Default)]
pub struct Quirks {
    known: BTreeSet<(String, Class)>,
}

impl Quirks {
    /// Learns from the suite: whatever class of difference a case shows that the target does not
    /// pass is known.
    pub fn learn(&mut self, accused: &mut Accused, cases: &[&Case]) {
        let about = accused.about().clone();
        let asked: Vec<_> =
            cases.iter().copied().filter(|case| can_be_asked(&about, case.operation())).collect();
        let operations: Vec<_> = asked.iter().map(|case| case.operation()).collect();
        let profile = accused.profile;
        for (case, heard) in asked.iter().zip(accused.ask(&operations)) {
            if !is_passed(case, profile, accused, &heard) {
                let expected = Expected::of(profile, case.operation());
                let accusations = accuse(profile, &about, case.operation(), &expected, &heard);
                let classes = accusations.unwrap_or_default().into_iter().map(|one| one.class);
                self.known.extend(classes.map(|class| (accused.name.clone(), class)));
            }
        }
    }

    /// How many classes of differences are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Is nothing known?
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub(crate) fn contains(&self, target: &str, class: &Class) -> bool {
        !self.known.is_empty() && self.known.contains(&(target.to_owned(), class.clone()))
    }
}

fn is_passed(case: &Case, profile: Profile, accused: &Accused, heard: &Outcome) -> bool {
    match heard {
        Outcome::Answer(answer) => {
            let verdict = judge(case, profile, accused.about(), answer).verdict;
            verdict == cookiespec_vectors::Verdict::Pass
        }
        Outcome::Failure(_) | Outcome::Varies(_) | Outcome::NotRun => false,
    }
}
