//! Cost that grows faster than the input: inputs `prefix + unit × n + suffix`, and the processor
//! time that they take.
//!
//! Wall time says little on a busy machine, and short times say nothing anywhere: only processor
//! time counts, and only from a floor on.

mod measure;
mod template;

use std::collections::BTreeMap;

use cookiespec_vectors::{Octets, Operation};
use serde::{Deserialize, Serialize};

pub(crate) use self::measure::convict;
use self::measure::{Screened, screen};
pub(crate) use self::template::Template;
use super::corpus::Corpus;
use super::random::Random;
use super::repertoire::{Capabilities, can_be_asked};
use super::subject::Subject;
use cookiespec_report::Outcome;

/// How cost grows with the length of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// The exponent of the growth: 1 is linear, 2 quadratic.
    pub exponent: f64,
    /// What is repeated. A "#" in it may stand for the number of the repetition.
    pub unit: Octets,
    /// What stands before it.
    pub prefix: Octets,
    /// What stands behind it.
    pub suffix: Octets,
    /// How many repetitions were measured.
    pub repetitions: Vec<usize>,
    /// The processor time of each, in microseconds.
    pub micros: Vec<u64>,
}

/// Looks for super-linear cost, some templates at a time.
#[derive(Debug)]
pub(crate) struct Detector {
    templates: Vec<Template>,
    next: usize,
    /// How often each target was convicted in each part of an operation.
    convicted: BTreeMap<(usize, String), usize>,
}

/// What came of a template.
#[derive(Debug)]
pub(crate) enum Trial {
    /// Nothing is the matter.
    Acquitted,
    /// The cost grows too fast.
    Convicted(Box<Conviction>),
    /// There was no answer, and no growth that led there.
    Unanswered(Box<(Operation, Outcome)>),
}

/// A conviction: which template, and the numbers.
#[derive(Debug)]
pub(crate) struct Conviction {
    pub(crate) template: Template,
    pub(crate) growth: Growth,
    /// The input at which it takes long enough to be seen.
    pub(crate) operation: Operation,
}

impl Conviction {
    /// How the time grows, in words that do not depend on the noise of a measurement.
    pub(crate) fn difference(&self) -> String {
        match self.growth.exponent {
            exponent if exponent < EXPLOSIVE => format!("grows by the power of {exponent:.0}"),
            _ => format!("grows by a power of more than {EXPLOSIVE:.0}, or exponentially"),
        }
    }
}

impl Detector {
    /// All templates that the repertoire allows, the plain ones first, else in an order that the
    /// seed determines.
    pub(crate) fn new(random: &mut Random, repertoire: &Capabilities) -> Self {
        let mut templates = template::all(repertoire);
        for at in (1..templates.len()).rev() {
            templates.swap(at, random.below(at + 1));
        }
        templates.sort_by_key(Template::rank);
        Self { templates, next: 0, convicted: BTreeMap::new() }
    }

    /// Some templates: the next of the list, and where that is at its end, some whose unit comes
    /// from the corpus.
    pub(crate) fn templates(&mut self, random: &mut Random, corpus: &Corpus) -> Vec<Template> {
        let to = (self.next + AT_ONCE).min(self.templates.len());
        let mut templates = self.templates[self.next..to].to_vec();
        self.next = to;
        while templates.len() < AT_ONCE {
            let Some(template) =
                corpus.pick(random).and_then(|operation| Template::from(random, operation))
            else {
                break;
            };
            templates.push(template);
        }
        templates
    }

    /// Tries a template on a target.
    pub(crate) fn examine(
        &mut self,
        target: usize,
        subject: &mut dyn Subject,
        template: &Template,
    ) -> Trial {
        let key = (target, template.part());
        if !can_be_asked(subject.about(), &template.operation(1))
            || self.convicted.get(&key).is_some_and(|times| *times >= MOST_CONVICTIONS)
        {
            return Trial::Acquitted;
        }
        let screened = screen(subject, template);
        if matches!(screened, Screened::Harmless) {
            return Trial::Acquitted;
        }
        let conviction = convict(subject, template);
        match (conviction, screened) {
            (None, Screened::Unanswered(unanswered)) => {
                *self.convicted.entry(key).or_default() += 1;
                Trial::Unanswered(measure::shorter(subject, template, unanswered))
            }
            (None, _) => Trial::Acquitted,
            (Some(conviction), _) => {
                *self.convicted.entry(key).or_default() += 1;
                Trial::Convicted(Box::new(conviction))
            }
        }
    }
}

/// How many templates are tried between two looks at the clock.
const AT_ONCE: usize = 8;
/// How often a target is convicted in one part of an operation.
const MOST_CONVICTIONS: usize = 2;
/// Exponents from here on are not told apart.
const EXPLOSIVE: f64 = 4.5;
