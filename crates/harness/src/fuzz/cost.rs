//! Cost that grows faster than the input: inputs `prefix + unit × n + suffix`, and the processor
//! time that they take.
//!
//! Wall time says little on a busy machine, and short times say nothing anywhere: only processor
//! time counts, and only from a floor on.

mod template;

use std::collections::BTreeMap;
use std::time::Duration;

use cookiespec_vectors::{Octets, Operation};
use serde::{Deserialize, Serialize};

pub(crate) use self::template::Template;
use super::corpus::Corpus;
use super::random::Random;
use super::repertoire::{Repertoire, can_be_asked};
use super::subject::Subject;
use crate::transcript::Heard;

/// How cost grows with the length of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// The exponent of the growth: 1 is linear, 2 quadratic.
    pub exponent: f64,
    /// What is repeated.
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

/// A conviction: which template, and the numbers.
#[derive(Debug)]
pub(crate) struct Conviction {
    pub(crate) template: Template,
    pub(crate) growth: Growth,
    /// The input at which it takes long enough to be seen.
    pub(crate) operation: Operation,
}

impl Detector {
    /// All templates that the repertoire allows, in an order that the seed determines.
    pub(crate) fn new(random: &mut Random, repertoire: &Repertoire) -> Self {
        let mut templates = template::all(repertoire);
        for at in (1..templates.len()).rev() {
            templates.swap(at, random.below(at + 1));
        }
        Self { templates, next: 0, convicted: BTreeMap::new() }
    }

    /// The templates of a round: the next of the list, and some whose unit comes from the corpus.
    pub(crate) fn templates(&mut self, random: &mut Random, corpus: &Corpus) -> Vec<Template> {
        let to = (self.next + PER_ROUND).min(self.templates.len());
        let mut templates = self.templates[self.next..to].to_vec();
        self.next = to;
        while templates.len() < PER_ROUND {
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
    ) -> Option<Conviction> {
        let key = (target, template.part());
        if !can_be_asked(subject.about(), &template.operation(1))
            || self.convicted.get(&key).is_some_and(|times| *times >= MOST_CONVICTIONS)
        {
            return None;
        }
        let screened = template.repetitions(SCREENED_OCTETS);
        if time(subject, &template.operation(screened))? < SUSPICIOUS {
            return None;
        }
        let conviction = convict(subject, template)?;
        *self.convicted.entry(key).or_default() += 1;
        Some(conviction)
    }
}

/// Measures at doubling lengths, and fits.
pub(crate) fn convict(subject: &mut dyn Subject, template: &Template) -> Option<Conviction> {
    let mut points: Vec<(usize, Duration)> = Vec::new();
    let mut repetitions = template.repetitions(FIRST_OCTETS);
    while repetitions <= template.repetitions(MOST_OCTETS) {
        let operation = template.operation(repetitions);
        let mut times: Vec<_> = (0..3).map_while(|_| time(subject, &operation)).collect();
        times.sort();
        // Killed for taking too long: what was measured before has to do.
        let Some(&median) = times.get(times.len() / 2) else { break };
        points.push((repetitions, median));
        if median > ENOUGH {
            break;
        }
        repetitions *= 2;
    }
    points.retain(|(_, time)| *time >= FLOOR);
    let last = &points[points.len().saturating_sub(4)..];
    let exponent = slope(last)?;
    let (most, longest) = *last.last()?;
    if last.len() < 3 || exponent < SUPER_LINEAR || longest < CONVINCING {
        return None;
    }
    // Once more, at the same length and at twice the length.
    let again = time(subject, &template.operation(most))?;
    let twice = time(subject, &template.operation(most * 2)).unwrap_or(again * 4);
    if slope(&[(most, again), (most * 2, twice)])? < SUPER_LINEAR - 0.2 {
        return None;
    }
    let growth = Growth {
        exponent: (exponent * 100.0).round() / 100.0,
        unit: template.unit.clone().into(),
        prefix: template.prefix.clone().into(),
        suffix: template.suffix.clone().into(),
        repetitions: last.iter().map(|(repetitions, _)| *repetitions).collect(),
        micros: last.iter().map(|(_, time)| time.as_micros() as u64).collect(),
    };
    Some(Conviction { template: template.clone(), growth, operation: template.operation(most) })
}

/// The processor time of one answer; `None` where there was none, or no clock.
fn time(subject: &mut dyn Subject, operation: &Operation) -> Option<Duration> {
    let before = subject.cpu_time()?;
    match subject.ask(&[operation]).first() {
        Some(Heard::Answer(_)) => subject.cpu_time()?.checked_sub(before),
        _ => None,
    }
}

/// The least-squares slope of log time over log n.
fn slope(points: &[(usize, Duration)]) -> Option<f64> {
    if points.len() < 2 {
        return None;
    }
    let logs = points.iter().map(|(n, time)| ((*n as f64).ln(), time.as_secs_f64().max(1e-9).ln()));
    let count = points.len() as f64;
    let (sum_x, sum_y) = logs.clone().fold((0.0, 0.0), |(x, y), (a, b)| (x + a, y + b));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let (covariance, variance) = logs.fold((0.0, 0.0), |(covariance, variance), (x, y)| {
        (covariance + (x - mean_x) * (y - mean_y), variance + (x - mean_x) * (x - mean_x))
    });
    (variance > 0.0).then(|| covariance / variance)
}

/// How many templates are tried in a round that tries any.
const PER_ROUND: usize = 24;
/// How often a target is convicted in one part of an operation.
const MOST_CONVICTIONS: usize = 2;
/// The length at which every template is tried once.
const SCREENED_OCTETS: usize = 32 << 10;
/// What takes longer than this there is looked at closely.
const SUSPICIOUS: Duration = Duration::from_millis(15);
/// The shortest and the longest input of a measurement.
const FIRST_OCTETS: usize = 1 << 10;
const MOST_OCTETS: usize = 64 << 10;
/// Times below this are noise.
const FLOOR: Duration = Duration::from_millis(2);
/// No conviction below this.
const CONVINCING: Duration = Duration::from_millis(100);
/// Long enough to stop.
const ENOUGH: Duration = Duration::from_millis(700);
/// The exponent from which on growth is called super-linear.
const SUPER_LINEAR: f64 = 1.6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_the_exponent() {
        let points = |exponent: u32| -> Vec<_> {
            [100_usize, 200, 400, 800]
                .map(|n| (n, Duration::from_nanos((n as u64).pow(exponent))))
                .to_vec()
        };
        assert!((slope(&points(1)).unwrap() - 1.0).abs() < 0.01);
        assert!((slope(&points(2)).unwrap() - 2.0).abs() < 0.01);
        assert_eq!(slope(&points(2)[..1]), None);
    }
}
