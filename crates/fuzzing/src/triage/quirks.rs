//! The known differences of targets, so that a run can report only new ones.

use std::collections::BTreeSet;

use cookiespec_report::Outcome;
use cookiespec_vectors::{Answer, Case, Verdict, judge};

use super::classification::{Divergence, classify};
use super::likeness::explains;
use crate::finding::Finding;
use crate::finding::identity::Class;
use crate::model::Model;
use crate::oracles::difference::Comparison;
use crate::oracles::reference::Expected;
use crate::subject::Subject;

/// Known differences, by target.
#[derive(Clone, Debug, Default)]
pub struct Quirks {
    /// Classes with the hints at their causes.
    classes: BTreeSet<(String, Class, String)>,
    /// The models that the target behaves like in the case that shows them.
    models: BTreeSet<(String, String)>,
}

impl Quirks {
    /// Runs cases of the suite on a subject. Every class of difference that a case shows which the
    /// subject does not pass becomes known, and every model that explains the difference in the
    /// case that is there for it.
    pub fn learn(&mut self, subject: &mut Subject, cases: &[&Case]) {
        let outcomes = subject.execute_supported(cases.iter().map(|case| case.operation()));
        for (case, outcome) in cases.iter().zip(outcomes) {
            let Some(outcome) = outcome else { continue };
            if is_passed(case, subject, &outcome) {
                continue;
            }
            let (profile, operation) = (subject.profile, case.operation());
            let expected = Expected::of(profile, operation);
            let divergences = classify(profile, subject.about(), operation, &expected, &outcome)
                .unwrap_or_default();
            let name = subject.name.clone();
            self.models.extend(
                models_shown(subject, case, &expected, &outcome, &divergences)
                    .map(|model| (name.clone(), model)),
            );
            let classes = divergences.into_iter().map(|one| (name.clone(), one.class, one.hint));
            self.classes.extend(classes);
        }
    }

    /// The number of known classes.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether no class is known.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// Whether a divergence is of a known class, with a known hint.
    pub(crate) fn contains(&self, target: &str, class: &Class, hint: &str) -> bool {
        let key = || (target.to_owned(), class.clone(), hint.to_owned());
        !self.is_empty() && self.classes.contains(&key())
    }

    /// Whether the cause of a finding is known.
    pub(crate) fn explain(&self, finding: &Finding) -> bool {
        finding
            .like
            .as_ref()
            .is_some_and(|like| self.models.contains(&(finding.target.clone(), like.model.clone())))
    }
}

/// The models for this case that explain a difference in it.
fn models_shown<'a>(
    subject: &'a mut Subject,
    case: &'a Case,
    expected: &'a Expected,
    outcome: &'a Outcome,
    divergences: &'a [Divergence],
) -> impl Iterator<Item = String> + 'a {
    let (profile, about) = (subject.profile, subject.about().clone());
    let is_for_case = |model: &&mut Model| model.case == case.id;
    subject.models.iter_mut().filter(is_for_case).filter_map(move |model| {
        let Outcome::Answer(Answer::Ok(got)) = outcome else { return None };
        let operation = case.operation();
        let comparison = Comparison { operation, profile, about: &about, expected };
        let answer = model.answer(operation);
        let explained = |one: &Divergence| explains(comparison, one, answer.as_ref(), got);
        divergences.iter().any(explained).then(|| model.name.clone())
    })
}

fn is_passed(case: &Case, subject: &Subject, outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Answer(answer) => {
            judge(case, subject.profile, subject.about(), answer).verdict == Verdict::Pass
        }
        Outcome::Oversized(_) | Outcome::Failure(_) | Outcome::Varies(_) | Outcome::NotRun => false,
    }
}
