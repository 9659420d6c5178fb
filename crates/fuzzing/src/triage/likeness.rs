//! Likeness: which model of a cause answers like the target. Of the models that do so for an input,
//! the one is chosen that does so for most variations of it.

use cookiespec_report::Outcome;
use cookiespec_vectors::operation::Operation;
use cookiespec_vectors::{Answer, Level};
use serde_json::Value;

use super::classification::Divergence;
use crate::finding::identity::Kind;
use crate::finding::{Likeness, SpecReference};
use crate::model::Model;
use crate::octet_fields;
use crate::oracles::difference::{Comparison, Difference};
use crate::oracles::divergence::differences_from;
use crate::oracles::reference::Expected;
use crate::subject::Subject;

/// Whether models can explain a divergence: there is an answer, and the specifications do not leave
/// it open.
pub(crate) fn is_explicable(divergence: &Divergence) -> bool {
    match divergence.class.kind {
        Kind::Property => true,
        Kind::Divergence => matches!(divergence.level, Level::Must | Level::Should),
        _ => false,
    }
}

/// Whether a model's answer explains a divergence of a target's answer: it has the difference from
/// the reference engine as well, and no other one that the target does not have.
pub(crate) fn explains(
    comparison: Comparison<'_>,
    divergence: &Divergence,
    answer: Option<&Value>,
    got: &Value,
) -> bool {
    let Some(answer) = answer else { return false };
    let Ok(left) = differences_from(comparison, answer, got) else { return false };
    let is_at = |one: &Difference| one.at == divergence.at;
    if divergence.class.kind == Kind::Property {
        return !left.iter().any(is_at);
    }
    if left.is_empty() {
        return true;
    }
    let is_it = |one: &Difference| is_at(one) && one.field == divergence.class.field;
    let Ok(before) = differences_from(comparison, &comparison.expected.value, got) else {
        return false;
    };
    let was_there =
        |one: &Difference| before.iter().any(|old| old.field == one.field && old.at == one.at);
    left.iter().all(|one| !is_it(one) && was_there(one))
}

/// The model that a subject behaves like in a divergence, and the rule that it breaks. `original`
/// is the input before it was minimised.
pub(super) fn likeness(
    subject: &mut Subject,
    operation: &Operation,
    original: &Operation,
    divergence: &Divergence,
    got: &Value,
) -> Option<(Likeness, Option<SpecReference>)> {
    let profile = subject.profile;
    let expected = Expected::of(profile, operation);
    let about = subject.about().clone();
    let comparison = Comparison { operation, profile, about: &about, expected: &expected };
    let mut alike: Vec<usize> = Vec::new();
    for (index, model) in subject.models.iter_mut().enumerate() {
        let answer = model.answer(operation);
        if explains(comparison, divergence, answer.as_ref(), got) {
            alike.push(index);
        }
    }
    if alike.is_empty() {
        return None;
    }
    let mut variations = variations(operation);
    variations.push(original.clone());
    let outcomes = subject.execute_supported(&variations);
    let mut scores = vec![(0, 0); alike.len()];
    for (operation, outcome) in variations.iter().zip(outcomes) {
        let Some(Outcome::Answer(Answer::Ok(got))) = outcome else { continue };
        let expected = Expected::of(profile, operation);
        if !expected.is_answered {
            continue;
        }
        let comparison = Comparison { operation, profile, about: &about, expected: &expected };
        let is_equal = |answer: &Value, got: &Value| {
            differences_from(comparison, answer, got).is_ok_and(|left| left.is_empty())
        };
        let is_right = is_equal(&expected.value, &got);
        for (score, model) in scores.iter_mut().zip(&alike) {
            let Some(answer) = subject.models[*model].answer(operation) else { continue };
            if is_right && is_equal(&expected.value, &answer) {
                continue;
            }
            score.0 += usize::from(is_equal(&answer, &got));
            score.1 += 1;
        }
    }
    // By cross-multiplication, so that no float decides; the first of equals stays.
    let better = |(agreed, of): (usize, usize), (most, out_of): (usize, usize)| {
        agreed * out_of.max(1) > most * of.max(1)
    };
    let mut best = 0;
    for index in 1..alike.len() {
        if better(scores[index], scores[best]) {
            best = index;
        }
    }
    let (agreed, of) = scores[best];
    if agreed * 2 < of {
        return None;
    }
    let Model { name, behaviour, rule, .. } = &subject.models[alike[best]];
    let likeness = Likeness { model: name.clone(), behaviour: behaviour.clone(), agreed, of };
    Some((likeness, rule.clone()))
}

/// The operation with one octet replaced, left out or doubled, evenly spread over its octet strings.
fn variations(operation: &Operation) -> Vec<Operation> {
    let fields = octet_fields::of(operation);
    let is_uri = |octets: &[u8]| octets.windows(3).any(|window| window == b"://");
    let mut places = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let field = field.as_slice();
        if !is_uri(field) {
            places.extend((0..field.len()).map(|at| (index, at)));
        }
    }
    let every = places.len().div_ceil(MOST_PLACES).max(1);
    let mut variations = Vec::new();
    for (index, at) in places.into_iter().step_by(every) {
        let field = fields[index].as_slice();
        let mut add = |piece: &[u8]| {
            let octets = [&field[..at], piece, &field[at + 1..]].concat();
            if octets != field {
                variations.push(octet_fields::with(operation, index, octets));
            }
        };
        add(&[]);
        add(&[field[at], field[at]]);
        PROBES.iter().for_each(|&probe| add(&[probe]));
    }
    variations
}

/// The octets that replace others: one of each sort that implementations distinguish.
const PROBES: &[u8] = b"\x01\t \"%,=\\/-.A0\x7f\x80\xa0";
/// At how many places octets are replaced.
const MOST_PLACES: usize = 10;
