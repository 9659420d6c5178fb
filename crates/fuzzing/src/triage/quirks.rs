//! The known differences of targets, so that a run can report only new ones.

use std::collections::BTreeSet;

use cookiespec_report::Outcome;
use cookiespec_vectors::{Case, Verdict, judge};

use super::classification::classify;
use crate::finding::identity::Class;
use crate::oracles::reference::Expected;
use crate::subject::Subject;

/// Known classes of differences, by target.
#[derive(Clone, Debug, Default)]
pub struct Quirks {
    known: BTreeSet<(String, Class)>,
}

impl Quirks {
    /// Runs cases of the suite on a subject. Every class of difference that a case shows which the
    /// subject does not pass becomes known.
    pub fn learn(&mut self, subject: &mut Subject, cases: &[&Case]) {
        let outcomes = subject.execute_supported(cases.iter().map(|case| case.operation()));
        for (case, outcome) in cases.iter().zip(outcomes) {
            let Some(outcome) = outcome else { continue };
            if is_passed(case, subject, &outcome) {
                continue;
            }
            let (profile, operation) = (subject.profile, case.operation());
            let expected = Expected::of(profile, operation);
            let divergences = classify(profile, subject.about(), operation, &expected, &outcome);
            let classes = divergences.unwrap_or_default().into_iter().map(|one| one.class);
            self.known.extend(classes.map(|class| (subject.name.clone(), class)));
        }
    }

    /// The number of known classes.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether no class is known.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub(crate) fn contains(&self, target: &str, class: &Class) -> bool {
        !self.known.is_empty() && self.known.contains(&(target.to_owned(), class.clone()))
    }
}

fn is_passed(case: &Case, subject: &Subject, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Answer(answer) => {
            judge(case, subject.profile, subject.about(), answer).verdict == Verdict::Pass
        }
        Outcome::Failure(_) | Outcome::Varies(_) | Outcome::NotRun => false,
    }
}
