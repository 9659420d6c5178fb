//! Measures the processor time of a template at growing lengths, and fits the exponent.

use std::time::Duration;

use cookiespec_report::Outcome;
use cookiespec_vectors::{Octets, Operation};
use serde::{Deserialize, Serialize};

use super::template::Template;
use crate::subject::executor::Executor;

/// How processor time grows with the length of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// The exponent: 1 is linear, 2 quadratic.
    pub exponent: f64,
    /// What is repeated. A "#" in it may stand for the number of the repetition.
    pub unit: Octets,
    /// The octets before the repetitions.
    pub prefix: Octets,
    /// The octets after the repetitions.
    pub suffix: Octets,
    /// The numbers of repetitions that were measured.
    pub repetitions: Vec<usize>,
    /// The processor time of each, in microseconds.
    pub micros: Vec<u64>,
}

impl Growth {
    /// The growth in words that do not depend on the noise of a measurement. They are part of
    /// finding ids.
    pub(crate) fn describe(&self) -> String {
        match self.exponent {
            exponent if exponent < EXPLOSIVE => format!("grows by the power of {exponent:.0}"),
            _ => format!("grows by a power of more than {EXPLOSIVE:.0}, or exponentially"),
        }
    }
}

/// The result of a quick measurement of a template.
#[derive(Debug)]
pub(super) enum Screened {
    /// The time does not grow fast enough to matter.
    Unremarkable,
    /// At one length the time is much longer than at the one before.
    Steep,
    /// There was no answer at one length.
    Unanswered(Unanswered),
}

/// An input without an answer.
#[derive(Debug)]
pub(super) struct Unanswered {
    repetitions: usize,
    input: Box<(Operation, Outcome)>,
}

/// A quick measurement at a few lengths far apart, until one is conclusive.
pub(super) fn screen(executor: &mut dyn Executor, template: &Template) -> Screened {
    let mut before: Option<Point> = None;
    for octets in SCREENED_OCTETS {
        let repetitions = template.repetitions(octets);
        let operation = template.operation(repetitions);
        let time = match time(executor, &operation) {
            Measured::Time(time) => time,
            Measured::Unanswered(outcome, _) => {
                let input = Box::new((operation, outcome));
                return Screened::Unanswered(Unanswered { repetitions, input });
            }
            Measured::Unknown => return Screened::Unremarkable,
        };
        let point = Point { repetitions, time };
        if time >= FLOOR
            && let Some(before) = before
            && slope(&[before, point]).is_some_and(|slope| slope >= STEEP)
            && is_reproducible(executor, template, before.repetitions, repetitions)
        {
            return Screened::Steep;
        }
        before = Some(point);
    }
    Screened::Unremarkable
}

/// Halves the repetitions as long as there is no answer.
pub(super) fn shorten(
    executor: &mut dyn Executor,
    template: &Template,
    unanswered: Unanswered,
) -> Box<(Operation, Outcome)> {
    let Unanswered { mut repetitions, mut input } = unanswered;
    while repetitions > 1 {
        repetitions /= 2;
        let operation = template.operation(repetitions);
        match executor.execute_alone(&operation, Some(TIME_LIMIT)) {
            Outcome::Answer(_) => break,
            outcome => *input = (operation, outcome),
        }
    }
    input
}

/// Whether both lengths show the same slope again. A pause for garbage collection rarely repeats.
fn is_reproducible(
    executor: &mut dyn Executor,
    template: &Template,
    fewer: usize,
    more: usize,
) -> bool {
    slope_between(executor, template, fewer, more).is_some_and(|slope| slope >= STEEP)
}

/// The slope between two lengths, or less where the greater one has no answer: it took longer than
/// until it was given up. `None` if it cannot be measured.
fn slope_between(
    executor: &mut dyn Executor,
    template: &Template,
    fewer: usize,
    more: usize,
) -> Option<f64> {
    let Least::Time(fewer) = least_time(executor, template, fewer)? else { return None };
    let (Least::Time(more) | Least::GivenUp(more)) = least_time(executor, template, more)?;
    slope(&[fewer, more])
}

/// Measures at growing lengths in a process that does nothing else, fits the exponent, and confirms
/// it with two more measurements in another such process.
pub(crate) fn confirm(executor: &mut dyn Executor, template: &Template) -> Option<ConfirmedGrowth> {
    executor.restart();
    let mut points = measure_until_long(executor, template);
    points.retain(|point| point.time >= FLOOR);
    let fitted = &points[points.len().saturating_sub(MOST_POINTS)..];
    let [first, .., before, last] = fitted else { return None };
    let exponent = slope(fitted)?;
    let spread = last.time.as_secs_f64() / first.time.as_secs_f64();
    if fitted.len() < LEAST_POINTS
        || exponent < SUPER_LINEAR
        || spread < LEAST_SPREAD
        || last.time < SIGNIFICANT
    {
        return None;
    }
    // Once more, at the same length and at twice the length, or at the length before if growth is
    // so steep that twice the length would not end.
    let (fewer, more) = match exponent {
        _ if exponent < 4.0 => (last.repetitions, last.repetitions * 2),
        _ => (before.repetitions, last.repetitions),
    };
    executor.restart();
    let confirmed = slope_between(executor, template, fewer, more)? >= SUPER_LINEAR - 0.2;
    let seen = fitted.iter().find(|point| point.time >= SIGNIFICANT)?;
    confirmed.then(|| ConfirmedGrowth {
        template: template.clone(),
        growth: Growth {
            exponent: (exponent * 100.0).round() / 100.0,
            unit: template.unit.clone().into(),
            prefix: template.prefix.clone().into(),
            suffix: template.suffix.clone().into(),
            repetitions: fitted.iter().map(|point| point.repetitions).collect(),
            micros: fitted.iter().map(|point| point.time.as_micros() as u64).collect(),
        },
        operation: template.operation(seen.repetitions),
    })
}

/// A template whose cost was confirmed to grow super-linearly.
#[derive(Debug)]
pub(crate) struct ConfirmedGrowth {
    pub(crate) template: Template,
    pub(crate) growth: Growth,
    /// The shortest measured input whose time is significant.
    pub(crate) operation: Operation,
}

/// The time that a number of repetitions takes.
#[derive(Clone, Copy, Debug)]
struct Point {
    repetitions: usize,
    time: Duration,
}

/// The times at growing lengths, until the time or the input is long enough or there is no answer.
fn measure_until_long(executor: &mut dyn Executor, template: &Template) -> Vec<Point> {
    let mut points = measure_at_lengths(executor, template, FEWEST, |repetitions| {
        repetitions + (repetitions * 2 / 5).max(1)
    });
    let is_measurable = |point: &&Point| (FLOOR..=ENOUGH).contains(&point.time);
    let measurable = points.iter().filter(is_measurable).count();
    if measurable >= LEAST_POINTS {
        return points;
    }
    // Growth is too steep for such steps: smaller ones start at the last length below the floor.
    points.retain(|point| point.time < FLOOR);
    if let Some(last) = points.pop() {
        let steps = measure_at_lengths(executor, template, last.repetitions, |repetitions| {
            repetitions + (repetitions / 32).max(1)
        });
        points.extend(steps);
    }
    points
}

/// The times at the lengths from `from` on, each computed from the one before by `next`.
fn measure_at_lengths(
    executor: &mut dyn Executor,
    template: &Template,
    from: usize,
    next: impl Fn(usize) -> usize,
) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    let mut repetitions = from;
    while repetitions <= template.repetitions(MOST_OCTETS)
        && points.last().is_none_or(|last| last.time <= ENOUGH)
    {
        // Killed for exceeding the time limit: the points before have to suffice.
        let Some(Least::Time(point)) = least_time(executor, template, repetitions) else { break };
        points.push(point);
        repetitions = next(repetitions);
    }
    points
}

/// The least of three measurements, to which everything else that happens on the machine can only
/// have added; one measurement suffices for long times. `None` if it cannot be measured.
fn least_time(
    executor: &mut dyn Executor,
    template: &Template,
    repetitions: usize,
) -> Option<Least> {
    let operation = template.operation(repetitions);
    let mut least: Option<Duration> = None;
    for _ in 0..MEASUREMENTS {
        match time(executor, &operation) {
            Measured::Time(time) => least = Some(least.map_or(time, |least| least.min(time))),
            Measured::Unanswered(_, time) => {
                return Some(Least::GivenUp(Point { repetitions, time: time? }));
            }
            Measured::Unknown => return None,
        }
        if least.is_some_and(|least| least >= STEADY) {
            break;
        }
    }
    Some(Least::Time(Point { repetitions, time: least? }))
}

/// The least time that a number of repetitions takes.
enum Least {
    /// It was answered.
    Time(Point),
    /// It was not answered in this time.
    GivenUp(Point),
}

/// The result of one measurement.
enum Measured {
    /// The processor time.
    Time(Duration),
    /// There was no answer, and the processor time until the process was killed. A process that
    /// slept used none: that is a hang, and no cost.
    Unanswered(Outcome, Option<Duration>),
    /// Processor time cannot be measured.
    Unknown,
}

fn time(executor: &mut dyn Executor, operation: &Operation) -> Measured {
    match executor.measure(operation) {
        (Outcome::Answer(_), Some(time)) => Measured::Time(time),
        (Outcome::Answer(_), None) => Measured::Unknown,
        (outcome, time) => Measured::Unanswered(outcome, time),
    }
}

/// The least-squares slope of log time over log n.
fn slope(points: &[Point]) -> Option<f64> {
    let log =
        |point: &Point| ((point.repetitions as f64).ln(), point.time.as_secs_f64().max(1e-9).ln());
    let count = points.len() as f64;
    let (sum_x, sum_y) = points.iter().map(log).fold((0.0, 0.0), |(x, y), (a, b)| (x + a, y + b));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let (covariance, variance) =
        points.iter().map(log).fold((0.0, 0.0), |(covariance, variance), (x, y)| {
            (covariance + (x - mean_x) * (y - mean_y), variance + (x - mean_x) * (x - mean_x))
        });
    (variance > 0.0).then(|| covariance / variance)
}

/// The lengths of the quick measurement, in octets. With a factor of eight, cubic growth shows long
/// before the longest.
const SCREENED_OCTETS: [usize; 4] = [128, 1 << 10, 8 << 10, 64 << 10];
/// The exponent between two of them from which on growth is measured closely.
const STEEP: f64 = 1.35;
/// How many repetitions are measured first.
const FEWEST: usize = 4;
/// The longest measured input in octets. A protocol message is limited to one mebibyte, and an
/// octet may be escaped to six.
const MOST_OCTETS: usize = 160 << 10;
/// The time limit per input while an unanswered input is shortened.
const TIME_LIMIT: Duration = Duration::from_secs(1);
/// Times below this are noise.
const FLOOR: Duration = Duration::from_millis(2);
/// How often a time is measured.
const MEASUREMENTS: usize = 3;
/// Times from here on are measured once.
const STEADY: Duration = Duration::from_millis(80);
/// Growth is only confirmed if the longest time is at least this.
const SIGNIFICANT: Duration = Duration::from_millis(100);
/// Times from here on end a measurement.
const ENOUGH: Duration = Duration::from_millis(400);
/// The exponent from which on growth is called super-linear.
const SUPER_LINEAR: f64 = 1.6;
/// Exponents from here on are not distinguished from exponential growth.
const EXPLOSIVE: f64 = 4.5;
/// How many points a fit needs, and how many it uses at most: those of three doublings of the
/// length.
const LEAST_POINTS: usize = 4;
const MOST_POINTS: usize = 8;
/// The least ratio of the longest time of a fit to the shortest: three doublings at the least
/// exponent that counts.
const LEAST_SPREAD: f64 = 27.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_the_exponent() {
        let points = |exponent: u32| {
            [100_usize, 200, 400, 800].map(|repetitions| Point {
                repetitions,
                time: Duration::from_nanos((repetitions as u64).pow(exponent)),
            })
        };
        assert!((slope(&points(1)).unwrap() - 1.0).abs() < 0.01);
        assert!((slope(&points(2)).unwrap() - 2.0).abs() < 0.01);
        assert_eq!(slope(&points(2)[..1]), None);
    }
}
