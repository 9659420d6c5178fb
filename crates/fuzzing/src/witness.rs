//! From a suspicion to a finding: minimised, replayed, and with everybody's word on it.

use std::time::{Duration, Instant};

use cookiespec_vectors::{Answer, Level, Operation, Profile};
use serde_json::json;

use super::accusation::{Accusation, Class, Kind, accuse};
use super::corpus::mark;
use super::cost::{self, Conviction, Template};
use super::difference::Difference;
use super::expected::Expected;
use super::finding::{Finding, Found, Rule, Said, TraceEntry, said};
use super::fuzzer::Accused;
use super::ledger;
use super::minimise::minimise;
use super::place::{self, Place};
use super::repertoire::can_be_asked;
use super::slots;
use cookiespec_report::Outcome;

/// Everybody who can be asked about a case.
pub(crate) struct Witnesses<'a> {
    accused: &'a mut [Accused],
    found: Found,
    until: Option<Instant>,
}

impl<'a> Witnesses<'a> {
    pub(crate) fn new(accused: &'a mut [Accused], seed: u64, case: u64) -> Self {
        Self { accused, found: Found { seed, case }, until: None }
    }

    /// From this moment on no input is made any smaller.
    pub(crate) fn until(mut self, moment: Option<Instant>) -> Self {
        self.until = moment;
        self
    }

    fn is_late(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// The finding that an operation leads to; `None` where the accusation falls apart: the texts
    /// leave the matter open and the other targets do the same.
    pub(crate) fn finding(
        &mut self,
        target: usize,
        operation: &Operation,
        class: &Class,
    ) -> Option<Finding> {
        let is_slow = matches!(class.kind, Kind::Crash | Kind::Hang);
        let least = if slots::size(operation) > MOST_MINIMISED {
            operation.clone()
        } else if is_slow {
            let mut holds = |candidates: &[Operation]| {
                candidates.iter().position(|it| {
                    !self.is_late() && self.falls_alone(target, it, class, Some(PATIENCE))
                })
            };
            minimise(operation, SLOW_BUDGET, &mut holds)
        } else {
            let mut holds = |candidates: &[Operation]| match self.is_late() {
                true => None,
                false => self.first_that_holds(target, candidates, class),
            };
            minimise(operation, BUDGET, &mut holds)
        };
        let repeats = (0..REPLAYS).filter(|_| match is_slow {
            true => self.falls_alone(target, &least, class, None),
            false => self.accusation(target, &least, class).is_some(),
        });
        let repeats = repeats.count();
        // A class that is gone is shown by the input as it was found.
        let least = if repeats == 0 { operation.clone() } else { least };
        let accusation = match self.accusation(target, &least, class) {
            Some(accusation) => accusation,
            None => self.remembered(target, operation, class),
        };
        if class.kind == Kind::Disagreement && !self.somebody_disagrees(target, &least, class) {
            return None;
        }
        Some(Finding { flaky: repeats < REPLAYS, ..self.write_down(target, least, accusation) })
    }

    /// The finding for cost that grows too fast.
    pub(crate) fn cost(&mut self, target: usize, class: &Class, conviction: Conviction) -> Finding {
        let Conviction { growth, operation, template } = conviction;
        let times: Vec<_> = growth
            .repetitions
            .iter()
            .zip(&growth.micros)
            .map(|(repetitions, micros)| format!("{repetitions}: {} ms", micros / 1000))
            .collect();
        let accusation = Accusation {
            class: class.clone(),
            level: Level::Observe,
            place: of_limits(),
            at: None,
            want: "time that grows with the length of the input".to_owned(),
            got: format!(
                "time that grows with its power of {:.2} (\"{}\" repeated {})",
                growth.exponent,
                template.unit.escape_ascii(),
                times.join(", ")
            ),
        };
        Finding { growth: Some(growth), ..self.write_down(target, operation, accusation) }
    }

    /// Measures how the cost of a template grows for a target.
    pub(crate) fn convict(&mut self, target: usize, template: &Template) -> Option<Conviction> {
        cost::convict(&mut *self.accused[target].subjects[0], template)
    }

    /// The finding for memory that is not given back.
    pub(crate) fn memory(&mut self, target: usize, operation: &Operation, grown: u64) -> Finding {
        let accusation = Accusation {
            class: Class {
                kind: Kind::Memory,
                operation: operation.name(),
                field: "memory".to_owned(),
                difference: "grows".to_owned(),
                place: String::new(),
            },
            level: Level::Observe,
            place: of_limits(),
            at: None,
            want: "memory that is given back".to_owned(),
            got: format!("{} MiB more after the same questions again and again", grown >> 20),
        };
        self.write_down(target, operation.clone(), accusation)
    }

    /// Asks a finding's question again: the accusation of its class, if it stands.
    pub(crate) fn accusation(
        &mut self,
        target: usize,
        operation: &Operation,
        class: &Class,
    ) -> Option<Accusation> {
        self.accusations(target, std::slice::from_ref(operation))
            .pop()?
            .into_iter()
            .find(|accusation| accusation.class == *class)
    }

    /// What a target is accused of for each of some operations. Nothing is asked that it cannot be
    /// asked.
    fn accusations(&mut self, target: usize, operations: &[Operation]) -> Vec<Vec<Accusation>> {
        let accused = &mut self.accused[target];
        let about = accused.about().clone();
        let can: Vec<_> =
            operations.iter().map(|operation| can_be_asked(&about, operation)).collect();
        let asked: Vec<_> =
            operations.iter().zip(&can).filter(|(_, can)| **can).map(|(one, _)| one).collect();
        let mut heard = accused.ask(&asked).into_iter();
        operations
            .iter()
            .zip(can)
            .map(|(operation, can)| {
                let heard = can.then(|| heard.next()).flatten().unwrap_or(Outcome::NotRun);
                let expected = Expected::of(accused.profile, operation);
                accuse(accused.profile, &about, operation, &expected, &heard).unwrap_or_default()
            })
            .collect()
    }

    /// Is there no answer, in the way of this class, where a question is asked alone?
    fn falls_alone(
        &mut self,
        target: usize,
        operation: &Operation,
        class: &Class,
        patience: Option<Duration>,
    ) -> bool {
        let accused = &mut self.accused[target];
        if !can_be_asked(accused.about(), operation) {
            return false;
        }
        let heard = accused.subjects[0].ask_alone(operation, patience);
        let expected = Expected::of(accused.profile, operation);
        accuse(accused.profile, accused.about(), operation, &expected, &heard)
            .is_ok_and(|accusations| accusations.iter().any(|one| one.class == *class))
    }

    fn first_that_holds(
        &mut self,
        target: usize,
        candidates: &[Operation],
        class: &Class,
    ) -> Option<usize> {
        let accusations = self.accusations(target, candidates);
        accusations.iter().position(|accusations| accusations.iter().any(|one| one.class == *class))
    }

    /// Does another target not do what this one does?
    fn somebody_disagrees(&mut self, target: usize, operation: &Operation, class: &Class) -> bool {
        (0..self.accused.len()).filter(|other| *other != target).any(|other| {
            let can = can_be_asked(self.accused[other].about(), operation);
            let accusations = self.accusations(other, std::slice::from_ref(operation)).pop();
            can && accusations
                .is_some_and(|accusations| accusations.iter().all(|one| one.class != *class))
        })
    }

    /// An accusation that cannot be repeated, as far as its class tells.
    fn remembered(&self, target: usize, operation: &Operation, class: &Class) -> Accusation {
        let profile = self.accused[target].profile;
        let expected = Expected::of(profile, operation);
        let difference = Difference::failure(class.kind, "it did not happen again");
        Accusation {
            class: class.clone(),
            level: difference.level,
            place: place::of_difference(profile, operation, &expected, &difference),
            at: None,
            want: difference.want,
            got: difference.got,
        }
    }

    pub(crate) fn write_down(
        &mut self,
        target: usize,
        operation: Operation,
        accusation: Accusation,
    ) -> Finding {
        let Accusation { class, level, place, at, want, got } = accusation;
        let profile = self.accused[target].profile;
        let expected = Expected::of(profile, &operation);
        let follows = self.followed_instead(target, &operation, &class, at.as_deref());
        let answers = self.answers(&operation, profile, &expected);
        let accused = &self.accused[target];
        let id = format!("{:016x}", mark((&class, &accused.name, ledger::shape(&operation))));
        let name: String =
            accused.name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        Finding {
            cookiespec_finding: Finding::VERSION,
            id: format!("{name}-{}-{id}", class.kind.name()),
            kind: class.kind,
            level,
            target: accused.name.clone(),
            version: accused.about().version.clone(),
            profile: profile.name().to_owned(),
            field: class.field,
            difference: class.difference,
            rule: Rule::of(&place, profile.name()),
            operation,
            at,
            want,
            got,
            follows,
            flaky: false,
            answers,
            trace: story(profile, &expected),
            growth: None,
            found: self.found,
            command: accused.command.clone(),
        }
    }

    /// The other profile, if the target does what that one says.
    fn followed_instead(
        &mut self,
        target: usize,
        operation: &Operation,
        class: &Class,
        at: Option<&str>,
    ) -> Option<String> {
        if class.kind != Kind::Divergence {
            return None;
        }
        let accused = &mut self.accused[target];
        let about = accused.about().clone();
        let other = Profile::ALL.into_iter().find(|other| *other != accused.profile)?;
        let heard = accused.ask(&[operation]).pop()?;
        let expected = Expected::of(other, operation);
        let accusations = accuse(other, &about, operation, &expected, &heard).ok()?;
        let is_same = |one: &Accusation| one.class.field == class.field && one.at.as_deref() == at;
        (expected.is_answered && !accusations.iter().any(is_same)).then(|| other.name().to_owned())
    }

    fn answers(
        &mut self,
        operation: &Operation,
        profile: Profile,
        expected: &Expected,
    ) -> Vec<Said> {
        let reference = Said {
            target: format!("reference ({profile})"),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            answer: if expected.is_answered {
                json!({ "ok": expected.value })
            } else {
                said(&Outcome::Answer(Answer::Error {
                    message: "the engine refuses the input".to_owned(),
                }))
            },
        };
        let mut answers = vec![reference];
        for accused in &mut *self.accused {
            if can_be_asked(accused.about(), operation) {
                let heard = accused.subjects[0].ask_alone(operation, None);
                answers.push(Said {
                    target: accused.name.clone(),
                    version: accused.about().version.clone(),
                    answer: said(&heard),
                });
            }
        }
        answers
    }
}

/// Where the texts speak of limits.
fn of_limits() -> Place {
    Place {
        id: "6.1/".to_owned(),
        text: "user agents and servers have limits, and are to degrade gracefully".to_owned(),
        section: "6.1".to_owned(),
        step: String::new(),
    }
}

/// The engine's account in words.
fn story(profile: Profile, expected: &Expected) -> Vec<TraceEntry> {
    let step = |step: cookiespec_engine::Step| match step.reference(profile) {
        Some(place) => format!("{place}: {step}"),
        None => step.to_string(),
    };
    expected
        .story
        .iter()
        .take(MOST_TOLD)
        .map(|traced| TraceEntry {
            subject: traced.subject.clone(),
            steps: traced.events.iter().take(MOST_TOLD).map(|event| step(event.step)).collect(),
        })
        .collect()
}

/// What is longer than this, in octets, has too many parts to leave each of them out.
const MOST_MINIMISED: usize = 16 << 10;
/// How many candidates a minimisation may try.
const BUDGET: usize = 1500;
/// The same where every candidate may cost a process.
const SLOW_BUDGET: usize = 60;
/// How long an answer is waited for while an input is made smaller that has none.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a finding is replayed for certainty.
const REPLAYS: usize = 3;
/// How much of the engine's account is kept.
const MOST_TOLD: usize = 40;
