//! Triage: from a divergence to a finding. The input is minimised, repeated, and executed on every
//! subject.

mod attribution;
pub(crate) mod classification;
mod date_rewriting;
mod exchange_rules;
pub(crate) mod findings;
mod hint;
pub(crate) mod likeness;
mod proof;
pub(crate) mod quirks;
mod rewriting;
mod splitting;
#[cfg(test)]
mod tests;
mod variations;

use std::collections::BTreeSet;
use std::time::Duration;

use cookiespec_report::Outcome;
use cookiespec_vectors::operation::ParseCookie;
use cookiespec_vectors::{Answer, Level, Operation, Profile};
use serde_json::json;

use self::attribution::{Attribution, attribute};
use self::classification::{Divergence, classify, has_forbidden_octets};
use self::likeness::is_explicable;
use self::splitting::without_one_part;
use crate::capabilities::supports;
use crate::finding::identity::{Class, Kind, finding_id};
use crate::finding::{Finding, Origin, TargetAnswer, TraceEntry, answer_json};
use crate::minimize::minimize;
use crate::octet_fields;
use crate::oracles::cost::measurement::{self, ConfirmedGrowth};
use crate::oracles::cost::template::Template;
use crate::oracles::difference::{Difference, LOST_TO_NEIGHBOURS};
use crate::oracles::reference::Expected;
use crate::subject::Subject;
use crate::time_limit::TimeLimit;

/// Makes findings of the divergences of some subjects, which are addressed by their index.
pub(crate) struct Triage<'a> {
    subjects: &'a mut [Subject],
    origin: Origin,
    time_limit: TimeLimit,
    /// The models that are the cause of findings so far.
    known: BTreeSet<String>,
}

impl<'a> Triage<'a> {
    pub(crate) fn new(subjects: &'a mut [Subject], origin: Origin) -> Self {
        Self { subjects, origin, time_limit: TimeLimit::default(), known: BTreeSet::new() }
    }

    /// Stops minimising at this moment.
    pub(crate) fn until(mut self, time_limit: TimeLimit) -> Self {
        self.time_limit = time_limit;
        self
    }

    /// Prefers these models, which are the cause of findings so far.
    pub(crate) fn knowing(mut self, models: BTreeSet<String>) -> Self {
        self.known = models;
        self
    }

    /// The findings for an operation that showed a divergence, and the hints of their minimal inputs:
    /// one for each fault that it takes; none if the specifications leave the matter open and every
    /// other subject does the same.
    pub(crate) fn findings(
        &mut self,
        subject: usize,
        operation: &Operation,
        divergence: &Divergence,
    ) -> Vec<(Finding, String)> {
        let class = &divergence.class;
        if class.difference == LOST_TO_NEIGHBOURS
            && let Some((alone, divergences)) = self.lost_alone(subject, divergence)
        {
            let worst = divergences.iter().find(|one| is_binding(one));
            return worst.map(|it| self.findings(subject, &alone, it)).unwrap_or_default();
        }
        let minimized = self.minimize(subject, operation, divergence);
        if let Some(faults) = self.split(subject, &minimized, divergence) {
            let findings = |(operation, fault)| self.findings(subject, &operation, &fault);
            return faults.into_iter().flat_map(findings).collect();
        }
        let is_exchange = matches!(operation, Operation::Exchange(_));
        let reproduced = (0..REPETITIONS).filter(|_| match is_slow(class) || is_exchange {
            true => self.fails_alone(subject, &minimized, class, None),
            false => self.reproduce(subject, &minimized, class).is_some(),
        });
        let reproduced = reproduced.count();
        // If the minimised input does not reproduce the class, the original one is reported.
        let input = if reproduced == 0 { operation.clone() } else { minimized };
        // What an earlier case left behind is none of this one's.
        if is_exchange && reproduced == 0 && !self.fails_alone(subject, &input, class, None) {
            return Vec::new();
        }
        let divergence = match self.reproduce(subject, &input, class) {
            Some(divergence) => divergence,
            None => not_reproduced(class),
        };
        if class.kind == Kind::Disagreement && !self.another_differs(subject, &input, class) {
            return Vec::new();
        }
        let hint = divergence.hint.clone();
        let finding = self.record(subject, input, operation, divergence);
        vec![(Finding { flaky: reproduced < REPETITIONS, ..finding }, hint)]
    }

    /// Smaller operations and how the subject diverges there, if a divergence takes several faults:
    /// without one part of the input it is another divergence, and without another part yet another;
    /// or if there is one that is as bad.
    fn split(
        &mut self,
        subject: usize,
        operation: &Operation,
        divergence: &Divergence,
    ) -> Option<Vec<(Operation, Divergence)>> {
        if !is_explicable(divergence) {
            return None;
        }
        let candidates = without_one_part(operation);
        let mut known: Vec<Class> = self
            .divergences(subject, std::slice::from_ref(operation))
            .into_iter()
            .flatten()
            .map(|one| one.class)
            .collect();
        let mut faults = Vec::new();
        let divergences = self.divergences(subject, &candidates);
        for (candidate, divergences) in candidates.into_iter().zip(divergences) {
            let is_new = |one: &Divergence| is_binding(one) && !known.contains(&one.class);
            if let Some(fault) = divergences.into_iter().find(is_new) {
                known.push(fault.class.clone());
                faults.push((candidate, fault));
            }
        }
        let severity = |class: &Class| class.impact().severity();
        let is_as_bad = |(_, fault): &(Operation, Divergence)| {
            fault.level <= divergence.level && severity(&fault.class) >= severity(&divergence.class)
        };
        (faults.len() > 1 || faults.iter().any(is_as_bad)).then_some(faults)
    }

    /// The field that has a lost pair alone, and how the subject diverges there, if it does: then the
    /// loss is no doing of the pair's neighbours.
    fn lost_alone(
        &mut self,
        subject: usize,
        divergence: &Divergence,
    ) -> Option<(Operation, Vec<Divergence>)> {
        let pair = divergence.cookie.clone()?;
        let alone = Operation::ParseCookie(ParseCookie { cookie: vec![pair] });
        let divergences = self.divergences(subject, std::slice::from_ref(&alone)).pop()?;
        (!divergences.is_empty()).then_some((alone, divergences))
    }

    /// A smaller input on which the subject diverges in the same way; in a jar program at the last
    /// step, if it does so without what follows the observation.
    fn minimize(
        &mut self,
        subject: usize,
        operation: &Operation,
        divergence: &Divergence,
    ) -> Operation {
        let class = &divergence.class;
        if octet_fields::size(operation) > MOST_MINIMIZED {
            return operation.clone();
        }
        if is_slow(class) {
            let mut first_that_fails = |candidates: &[Operation]| {
                candidates.iter().position(|candidate| {
                    !self.time_limit.is_over()
                        && self.fails_alone(subject, candidate, class, Some(TIME_LIMIT))
                })
            };
            return minimize(operation, SLOW_BUDGET, &mut first_that_fails);
        }
        let ends_with_class = |operation: &Operation, divergences: &[Divergence]| {
            let last = last_label(operation);
            divergences.iter().any(|one| one.class == *class && one.at.as_deref() == last)
        };
        let cut = cut_after(operation, divergence.at.as_deref());
        let cut_divergences = self.divergences(subject, std::slice::from_ref(&cut));
        let is_cut = ends_with_class(&cut, &cut_divergences[0]);
        let mut first_with_class = |candidates: &[Operation]| {
            if self.time_limit.is_over() {
                return None;
            }
            let divergences = self.divergences(subject, candidates);
            candidates.iter().zip(divergences).position(|(candidate, divergences)| match is_cut {
                true => ends_with_class(candidate, &divergences),
                false => divergences.iter().any(|one| one.class == *class),
            })
        };
        minimize(if is_cut { &cut } else { operation }, BUDGET, &mut first_with_class)
    }

    /// The finding for cost that grows too fast.
    pub(crate) fn cost(
        &mut self,
        subject: usize,
        class: &Class,
        confirmed: ConfirmedGrowth,
    ) -> Finding {
        let ConfirmedGrowth { growth, operation, template } = confirmed;
        let times: Vec<_> = growth
            .repetitions
            .iter()
            .zip(&growth.micros)
            .map(|(repetitions, micros)| format!("{repetitions}: {} ms", micros / 1000))
            .collect();
        let divergence = Divergence {
            class: class.clone(),
            level: Level::Observe,
            hint: String::new(),
            at: None,
            cookie: None,
            want: "time that grows with the length of the input".to_owned(),
            got: format!(
                "time that grows with its power of {:.2} (\"{}\" repeated {})",
                growth.exponent,
                template.unit.escape_ascii(),
                times.join(", ")
            ),
        };
        let original = operation.clone();
        Finding { growth: Some(growth), ..self.record(subject, operation, &original, divergence) }
    }

    /// Measures the growth of a template's cost; `None` if it is not super-linear.
    pub(crate) fn confirm_growth(
        &mut self,
        subject: usize,
        template: &Template,
    ) -> Option<ConfirmedGrowth> {
        measurement::confirm(self.subjects[subject].first_executor(), template)
    }

    /// The finding for memory that grows without bound, by `grown` octets.
    pub(crate) fn memory(&mut self, subject: usize, operation: &Operation, grown: u64) -> Finding {
        let divergence = Divergence {
            class: Class {
                kind: Kind::Memory,
                operation: operation.name(),
                field: "memory".to_owned(),
                difference: "grows".to_owned(),
            },
            level: Level::Observe,
            hint: String::new(),
            at: None,
            cookie: None,
            want: "memory that is freed".to_owned(),
            got: format!("{} MiB more while the same inputs were repeated", grown >> 20),
        };
        self.record(subject, operation.clone(), operation, divergence)
    }

    /// Executes an operation, and gives its divergence of this class.
    pub(crate) fn reproduce(
        &mut self,
        subject: usize,
        operation: &Operation,
        class: &Class,
    ) -> Option<Divergence> {
        self.divergences(subject, std::slice::from_ref(operation))
            .pop()?
            .into_iter()
            .find(|divergence| divergence.class == *class)
    }

    /// Executes the input of a finding file, and gives its divergence of the class that the file
    /// names.
    pub(crate) fn reproduce_file(&mut self, finding: &Finding) -> Option<Divergence> {
        let named = finding.class();
        let divergences = self.divergences(0, std::slice::from_ref(&finding.operation)).pop()?;
        let of_class = || divergences.iter().filter(|one| one.class.is_named_by(&named));
        of_class().find(|one| one.at == finding.at).or_else(|| of_class().next()).cloned()
    }

    /// The divergences of a subject for each operation; none for operations it does not support.
    fn divergences(&mut self, subject: usize, operations: &[Operation]) -> Vec<Vec<Divergence>> {
        let subject = &mut self.subjects[subject];
        let outcomes = subject.execute_supported(operations);
        operations
            .iter()
            .zip(outcomes)
            .map(|(operation, outcome)| {
                let Some(outcome) = outcome else { return Vec::new() };
                let expected = Expected::of(subject.profile, operation);
                classify(subject.profile, subject.about(), operation, &expected, &outcome)
                    .unwrap_or_default()
            })
            .collect()
    }

    /// Whether an operation, executed with no other in flight, shows this class: no answer in the same
    /// way, or a fault of an exchange in a new process.
    fn fails_alone(
        &mut self,
        subject: usize,
        operation: &Operation,
        class: &Class,
        time_limit: Option<Duration>,
    ) -> bool {
        let subject = &mut self.subjects[subject];
        if !supports(subject.about(), operation) {
            return false;
        }
        let executor = subject.first_executor();
        if matches!(operation, Operation::Exchange(_)) {
            executor.restart();
        }
        let outcome = executor.execute_alone(operation, time_limit);
        let expected = Expected::of(subject.profile, operation);
        classify(subject.profile, subject.about(), operation, &expected, &outcome)
            .is_ok_and(|divergences| divergences.iter().any(|one| one.class == *class))
    }

    /// Whether another subject supports the operation and does not show the class.
    fn another_differs(&mut self, subject: usize, operation: &Operation, class: &Class) -> bool {
        (0..self.subjects.len()).filter(|other| *other != subject).any(|other| {
            supports(self.subjects[other].about(), operation)
                && self.reproduce(other, operation, class).is_none()
        })
    }

    /// The finding for a divergence, attributed, with the answers of every subject. `original` is
    /// the input before it was minimised.
    pub(crate) fn record(
        &mut self,
        subject: usize,
        operation: Operation,
        original: &Operation,
        divergence: Divergence,
    ) -> Finding {
        let Attribution { rule, like } = attribute(
            &mut self.subjects[subject],
            &operation,
            original,
            &divergence,
            &self.known,
            self.time_limit,
        );
        let Divergence { class, level, at, want, got, .. } = divergence;
        let profile = self.subjects[subject].profile;
        let expected = Expected::of(profile, &operation);
        let follows = self.other_profile_followed(subject, &operation, class.kind, at.as_deref());
        let answers = self.answers(&operation, profile, &expected);
        let subject = &self.subjects[subject];
        let mut finding = Finding {
            cookiespec_finding: Finding::VERSION,
            id: String::new(),
            kind: class.kind,
            level,
            target: subject.name.clone(),
            version: subject.about().version.clone(),
            profile: profile.name().to_owned(),
            field: class.field,
            difference: class.difference,
            rule,
            like,
            operation,
            at,
            want,
            got,
            follows,
            flaky: false,
            answers,
            trace: trace(profile, &expected),
            growth: None,
            found: self.origin,
            command: subject.command.clone(),
        };
        let (class, cause) = (finding.class(), finding.cause());
        finding.id = finding_id(&class, cause, &finding.target, &finding.operation);
        finding
    }

    /// The other profile, if the subject conforms to that one in all that is observed there.
    fn other_profile_followed(
        &mut self,
        subject: usize,
        operation: &Operation,
        kind: Kind,
        at: Option<&str>,
    ) -> Option<String> {
        if kind != Kind::Divergence {
            return None;
        }
        let subject = &mut self.subjects[subject];
        let other = Profile::ALL.into_iter().find(|other| *other != subject.profile)?;
        let outcome = subject.execute_supported([operation]).pop()??;
        let expected = Expected::of(other, operation);
        let divergences = classify(other, subject.about(), operation, &expected, &outcome).ok()?;
        // RFC 6265 says nothing of octets that no field can contain.
        let is_defined = expected.is_answered && !has_forbidden_octets(operation);
        let differs = divergences.iter().any(|one| one.at.as_deref() == at);
        // What the other profile leaves open is not what it says.
        let is_open = at.is_some_and(|at| !is_observed(&expected, &outcome, at));
        (is_defined && !differs && !is_open).then(|| other.name().to_owned())
    }

    fn answers(
        &mut self,
        operation: &Operation,
        profile: Profile,
        expected: &Expected,
    ) -> Vec<TargetAnswer> {
        let reference = TargetAnswer {
            target: format!("reference ({profile})"),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            answer: if expected.is_answered {
                json!({ "ok": expected.value })
            } else {
                answer_json(&Outcome::Answer(Answer::Error {
                    message: "the engine rejects the input".to_owned(),
                }))
            },
        };
        let mut answers = vec![reference];
        for subject in &mut *self.subjects {
            if supports(subject.about(), operation) {
                let outcome = subject.first_executor().execute_alone(operation, None);
                answers.push(TargetAnswer {
                    target: subject.name.clone(),
                    version: subject.about().version.clone(),
                    answer: answer_json(&outcome),
                });
            }
        }
        answers
    }
}

/// Whether the specifications decide the matter.
fn is_binding(divergence: &Divergence) -> bool {
    divergence.class.kind != Kind::Disagreement
}

/// A jar program without what follows an observation.
fn cut_after(operation: &Operation, at: Option<&str>) -> Operation {
    let mut cut = operation.clone();
    if let (Operation::Jar(program), Some(at)) = (&mut cut, at)
        && let Some(last) = program.steps.iter().position(|step| step.label() == Some(at))
    {
        program.steps.truncate(last + 1);
    }
    cut
}

/// The label of the last step of a jar program, if that is an observation.
fn last_label(operation: &Operation) -> Option<&str> {
    match operation {
        Operation::Jar(program) => program.steps.last()?.label(),
        _ => None,
    }
}

/// The divergence of a class that could not be reproduced.
fn not_reproduced(class: &Class) -> Divergence {
    let difference = Difference::failure(class.kind.name(), "it was not reproduced");
    Divergence {
        class: class.clone(),
        hint: String::new(),
        level: difference.level,
        at: None,
        cookie: None,
        want: difference.want,
        got: difference.got,
    }
}

/// Whether each reproduction of a class may cost a process or a time limit.
fn is_slow(class: &Class) -> bool {
    matches!(class.kind, Kind::Crash | Kind::Hang)
}

/// Whether a target observed the very cookies that the reference engine does.
fn is_observed(expected: &Expected, outcome: &Outcome, at: &str) -> bool {
    let Outcome::Answer(Answer::Ok(answer)) = outcome else { return false };
    let (want, got) = (expected.observation(at), answer.get("obs").and_then(|obs| obs.get(at)));
    let (Some(want), Some(got)) = (want, got) else { return false };
    ["header", "value", "cookie"].into_iter().all(|member| want.get(member) == got.get(member))
}

/// The engine's trace in words.
fn trace(profile: Profile, expected: &Expected) -> Vec<TraceEntry> {
    let step = |step: cookiespec_engine::Step| match step.reference(profile) {
        Some(place) => format!("{place}: {step}"),
        None => step.to_string(),
    };
    expected
        .trace
        .iter()
        .take(MOST_TRACED)
        .map(|traced| TraceEntry {
            subject: traced.subject.clone(),
            steps: traced.events.iter().take(MOST_TRACED).map(|event| step(event.step)).collect(),
        })
        .collect()
}

/// The longest input that is minimised, in octets: longer ones have too many parts.
const MOST_MINIMIZED: usize = 16 << 10;
/// How many candidates a minimisation may try.
const BUDGET: usize = 1500;
/// The same if every candidate may cost a process.
const SLOW_BUDGET: usize = 60;
/// The time limit per input while an unanswered input is minimised.
const TIME_LIMIT: Duration = Duration::from_secs(1);
/// How often a finding is repeated.
const REPETITIONS: usize = 3;
/// How many entries of a trace, and how many steps of each, are kept.
const MOST_TRACED: usize = 40;
