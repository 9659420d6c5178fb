//! Likeness: which model of a cause answers like the target. Of the models that do so for an input,
//! the one is chosen that does so for most variations of it.

use std::collections::BTreeSet;

use cookiespec_report::Outcome;
use cookiespec_vectors::operation::{Operation, Step, StoredCookie};
use cookiespec_vectors::{Answer, Level, Profile, Suite};
use serde_json::Value;

use super::classification::Divergence;
use super::rewriting::{differs_there, meaning, same_meaning};
use super::variations::{uri_variations, variations};
use crate::finding::identity::Kind;
use crate::finding::{Likeness, SpecReference};
use crate::model::Model;
use crate::oracles::difference::{Comparison, Difference};
use crate::oracles::divergence::{differences, differences_from};
use crate::oracles::reference::Expected;
use crate::subject::Subject;
use crate::time_limit::TimeLimit;

/// Whether models can explain a divergence: there is an answer, and the specifications do not leave
/// it open.
pub(crate) fn is_explicable(divergence: &Divergence) -> bool {
    match divergence.class.kind {
        Kind::Property => true,
        Kind::Divergence => matches!(divergence.level, Level::Must | Level::Should),
        _ => false,
    }
}

/// Whether a model's answer explains a divergence of a target's answer: it differs from the
/// reference engine in the same way, and in no way in which the target does not.
pub(crate) fn explains(
    comparison: Comparison<'_>,
    divergence: &Divergence,
    answer: Option<&Value>,
    got: &Value,
) -> bool {
    let Some(answer) = answer else { return false };
    let is_at = |one: &Difference| one.at == divergence.at;
    if divergence.class.kind == Kind::Property {
        let is_same = |one: &Difference| {
            is_at(one)
                && one.is_property
                && one.field == divergence.class.field
                && one.kind == divergence.class.difference
        };
        return differences(comparison, answer).is_ok_and(|found| found.iter().any(is_same));
    }
    let Ok(left) = differences_from(comparison, answer, got) else { return false };
    if left.is_empty() {
        return true;
    }
    // The pairs of a Cookie field are compared as a whole.
    if matches!(comparison.operation, Operation::ParseCookie(_)) {
        return false;
    }
    let Ok(before) = differences_from(comparison, &comparison.expected.value, got) else {
        return false;
    };
    let is_it = |one: &Difference| is_at(one) && one.field == divergence.class.field;
    let was_there =
        |one: &Difference| before.iter().any(|old| old.field == one.field && old.at == one.at);
    left.iter().all(|one| !is_it(one) && was_there(one))
}

/// The model that a subject behaves like in a divergence, and the rule that it breaks. `original`
/// is the input before it was minimised; `known` are the models that are the cause of other findings.
/// Once the time of the run is over no model is named.
pub(super) fn likeness(
    subject: &mut Subject,
    operation: &Operation,
    original: &Operation,
    divergence: &Divergence,
    got: &Value,
    known: &BTreeSet<String>,
    time_limit: TimeLimit,
) -> Option<(Likeness, Option<SpecReference>)> {
    let profile = subject.profile;
    let expected = Expected::of(profile, operation);
    let about = subject.about().clone();
    let comparison = Comparison { operation, profile, about: &about, expected: &expected };
    let mut alike: Vec<usize> = Vec::new();
    for (index, model) in subject.models.iter_mut().enumerate() {
        if time_limit.is_over() {
            return None;
        }
        let answer = model.answer(operation);
        // Most models are right on most inputs, and to compare answers takes much longer.
        if answer.as_ref() == Some(&expected.value) {
            continue;
        }
        if explains(comparison, divergence, answer.as_ref(), got) {
            alike.push(index);
        }
    }
    let suite = Suite::embedded().ok()?;
    alike.retain(|&index| !fails_its_case(subject, index, &suite));
    retain_like_stores(subject, &mut alike, operation, divergence);
    if alike.is_empty() {
        return None;
    }
    let scores = scores(subject, &alike, operation, original, divergence, time_limit)?;
    let best = best(
        &scores,
        |index| known.contains(&subject.models[alike[index]].name),
        |index| is_about_a_step(subject.models[alike[index]].rule.as_ref(), profile, &expected),
    )?;
    let Score { agreed, predicted, .. } = scores[best];
    let Model { name, behaviour, rule, .. } = &subject.models[alike[best]];
    let (model, behaviour) = (name.clone(), behaviour.clone());
    Some((Likeness { model, behaviour, agreed, of: predicted }, rule.clone()))
}

/// Keeps the models that store the cookie that differs if the subject does. From a request alone it
/// cannot be told whether a cookie is not stored or not sent.
fn retain_like_stores(
    subject: &mut Subject,
    alike: &mut Vec<usize>,
    operation: &Operation,
    divergence: &Divergence,
) {
    let Some(with_dump) = with_dump(operation, divergence) else { return };
    let Some(Some(Outcome::Answer(Answer::Ok(got)))) =
        subject.execute_supported([&with_dump]).pop()
    else {
        return;
    };
    let is_stored = stores(&got, divergence);
    alike.retain(|&index| {
        let answer = subject.models[index].answer(&with_dump);
        answer.is_some_and(|answer| stores(&answer, divergence) == is_stored)
    });
}

/// A jar program that also shows the store before the request that differs.
fn with_dump(operation: &Operation, divergence: &Divergence) -> Option<Operation> {
    let (Operation::Jar(program), Some(_)) = (operation, &divergence.cookie) else { return None };
    let mut program = program.clone();
    let is_there = |step: &Step| step.label() == divergence.at.as_deref();
    let at = program.steps.iter().position(is_there)?;
    program.steps.insert(at, Step::Dump { at: STORE.to_owned() });
    Some(Operation::Jar(program))
}

/// Whether the store in an answer to a program [with a dump](with_dump) has the cookie that differs.
fn stores(answer: &Value, divergence: &Divergence) -> bool {
    let cookies = answer.get("obs").and_then(|obs| obs.get(STORE)?.get("cookies"));
    let cookies: Vec<StoredCookie> = cookies
        .and_then(|cookies| serde_json::from_value(cookies.clone()).ok())
        .unwrap_or_default();
    let is_it = |cookie: &StoredCookie| {
        let (name, value) = (cookie.name.as_slice(), cookie.value.as_slice());
        let pair = [name, b"=", value].concat();
        divergence.cookie.as_ref().is_some_and(|it| match name.is_empty() {
            true => it.as_slice() == value,
            false => it.as_slice() == pair,
        })
    };
    cookies.iter().any(is_it)
}

/// Whether the target is right in the case of the suite that is there for a model, or is wrong in
/// another way there: what it does is then something else, although it looks the same near an input.
fn fails_its_case(subject: &mut Subject, index: usize, suite: &Suite) -> bool {
    let Some(case) = suite.find(&subject.models[index].case) else { return false };
    let operation = case.operation();
    let Some(Some(Outcome::Answer(Answer::Ok(got)))) = subject.execute_supported([operation]).pop()
    else {
        return false;
    };
    let profile = subject.profile;
    let expected = Expected::of(profile, operation);
    let Some(answer) = subject.models[index].answer(operation) else { return false };
    if !expected.is_answered || answer == expected.value {
        return false;
    }
    let about = subject.about().clone();
    let comparison = Comparison { operation, profile, about: &about, expected: &expected };
    !differences_from(comparison, &answer, &got).is_ok_and(|left| left.is_empty())
}

/// How each of these models compares with the target on inputs near the one of a finding; `None` if
/// the time is over.
fn scores(
    subject: &mut Subject,
    alike: &[usize],
    operation: &Operation,
    original: &Operation,
    divergence: &Divergence,
    time_limit: TimeLimit,
) -> Option<Vec<Score>> {
    let profile = subject.profile;
    let about = subject.about().clone();
    let suite = Suite::embedded().ok()?;
    let before = meaning(profile, operation, divergence);
    let rewritten = same_meaning(profile, operation, divergence).into_iter().map(|it| it.0);
    let elsewhere = uri_variations(operation)
        .into_iter()
        .filter(|operation| meaning(profile, operation, divergence) == before);
    let repairs = rewritten.chain(elsewhere);
    let mut trials: Vec<_> =
        repairs.map(|operation| Trial { operation, is_repair: true }).collect();
    let others = variations(operation).into_iter().chain([original.clone()]);
    // The more general of two models also explains the case of the other one.
    let cases = alike.iter().filter_map(|&index| suite.find(&subject.models[index].case));
    let others = others.chain(cases.map(|case| case.operation().clone()));
    trials.extend(others.map(|operation| Trial { operation, is_repair: false }));
    let outcomes = subject.execute_supported(trials.iter().map(|trial| &trial.operation));
    let mut scores = vec![Score::default(); alike.len()];
    for (Trial { operation, is_repair }, outcome) in trials.iter().zip(outcomes) {
        if time_limit.is_over() {
            return None;
        }
        let Some(Outcome::Answer(Answer::Ok(got))) = outcome else { continue };
        let expected = Expected::of(profile, operation);
        if !expected.is_answered {
            continue;
        }
        let comparison = Comparison { operation, profile, about: &about, expected: &expected };
        let is_equal = |answer: &Value, got: &Value| {
            answer == got
                || differences_from(comparison, answer, got).is_ok_and(|left| left.is_empty())
        };
        let is_target_right = is_equal(&expected.value, &got);
        let is_repaired = is_target_right || !differs_there(comparison, divergence, &got);
        for (score, model) in scores.iter_mut().zip(alike) {
            let Some(answer) = subject.models[*model].answer(operation) else { continue };
            let is_wrong = !is_equal(&expected.value, &answer);
            score.predicted += usize::from(is_wrong);
            score.relevant += usize::from(is_wrong || !is_target_right);
            score.agreed += usize::from(is_wrong && is_equal(&answer, &got));
            score.is_refuted |= is_wrong && is_target_right;
            score.is_repaired |= !is_wrong && is_repaired;
            score.has_another_fault |= !is_wrong && *is_repair && !is_repaired;
        }
    }
    Some(scores)
}

/// An input near the one of a finding.
struct Trial {
    operation: Operation,
    /// Whether it means the same to the reference engine.
    is_repair: bool,
}

/// How a model compares with the target on variations of an input.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    /// The variations on which the model differs from the reference engine.
    predicted: usize,
    /// Those on which the model or the target does.
    relevant: usize,
    /// Those on which the model does and answers like the target.
    agreed: usize,
    /// Whether the target is right on one on which the model is not.
    is_refuted: bool,
    /// Whether there is one on which the model is right, and the target is in what differed.
    is_repaired: bool,
    /// Whether the model is right on one that means the same, and the target still is not: then
    /// there is another fault beside the model's.
    has_another_fault: bool,
}

impl Score {
    /// Whether the target is wrong wherever the model is, mostly in the same way, and not much more
    /// often; and right once the input does not trigger the model's fault.
    fn is_confirmed(self) -> bool {
        !self.is_refuted
            && self.is_repaired
            && !self.has_another_fault
            && self.agreed * 4 >= self.predicted * 3
            && self.agreed * 2 >= self.relevant
    }

    /// The share of the relevant variations that the model gets right, in thousandths.
    fn share(self) -> usize {
        self.agreed * 1000 / self.relevant.max(1)
    }
}

/// Whether a rule is about a step that the reference engine took.
fn is_about_a_step(rule: Option<&SpecReference>, profile: Profile, expected: &Expected) -> bool {
    rule.is_some_and(|rule| {
        expected
            .steps()
            .filter_map(|step| SpecReference::of_step(profile, step))
            .any(|taken| taken.section == rule.section && taken.step.starts_with(&rule.step))
    })
}

/// The confirmed model with the greatest share, or one that is nearly as good and known to be the
/// cause of another finding. Among equals it is one about a step that matters for the input.
fn best(
    scores: &[Score],
    is_known: impl Fn(usize) -> bool,
    is_about_a_step: impl Fn(usize) -> bool,
) -> Option<usize> {
    let confirmed = || (0..scores.len()).filter(|&index| scores[index].is_confirmed());
    let most = confirmed().map(|index| scores[index].share()).max()?;
    let is_near = |index: &usize| scores[*index].share() * 10 >= most * 9;
    let is_best = |index: &usize| scores[*index].share() == most;
    let is_specific = |index: &usize| is_best(index) && is_about_a_step(*index);
    let known = confirmed().filter(is_near).find(|&index| is_known(index));
    known.or(confirmed().find(is_specific)).or(confirmed().find(is_best))
}

/// The label of the store in a program with a dump.
const STORE: &str = "store";
