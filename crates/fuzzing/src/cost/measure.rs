//! The processor time of a template's operations, and how it grows.

use std::time::Duration;

use cookiespec_vectors::Operation;

use super::{Conviction, Growth, Template};
use crate::subject::Subject;
use cookiespec_report::Outcome;

/// What a first look at a template shows.
#[derive(Debug)]
pub(super) enum Screened {
    /// It takes no time worth a second look.
    Harmless,
    /// At one length it takes much longer than at the one before.
    Suspicious,
    /// This was not answered.
    Unanswered(Unanswered),
}

/// A question without an answer.
#[derive(Debug)]
pub(super) struct Unanswered {
    repetitions: usize,
    question: Box<(Operation, Outcome)>,
}

/// A first look: a few lengths far apart, and only as long ones as it takes.
pub(super) fn screen(subject: &mut dyn Subject, template: &Template) -> Screened {
    let mut before: Option<Point> = None;
    for octets in SCREENED_OCTETS {
        let repetitions = template.repetitions(octets);
        let operation = template.operation(repetitions);
        let time = match time(subject, &operation) {
            Measured::Time(time) => time,
            Measured::Unanswered(heard) => {
                let question = Box::new((operation, heard));
                return Screened::Unanswered(Unanswered { repetitions, question });
            }
            Measured::Unknown => return Screened::Harmless,
        };
        let point = Point { repetitions, time };
        if time >= FLOOR
            && let Some(before) = before
            && slope(&[before, point]).is_some_and(|slope| slope >= SUSPICIOUS)
            && is_still_so(subject, template, before.repetitions, repetitions)
        {
            return Screened::Suspicious;
        }
        before = Some(point);
    }
    Screened::Harmless
}

/// Half of the repetitions, and half of those, as long as there is no answer either.
pub(super) fn shorter(
    subject: &mut dyn Subject,
    template: &Template,
    unanswered: Unanswered,
) -> Box<(Operation, Outcome)> {
    let Unanswered { mut repetitions, mut question } = unanswered;
    while repetitions > 1 {
        repetitions /= 2;
        let operation = template.operation(repetitions);
        match subject.ask_alone(&operation, Some(PATIENCE)) {
            Outcome::Answer(_) => break,
            heard => *question = (operation, heard),
        }
    }
    question
}

/// Measures both lengths again: a pause of the collector of garbage does not come twice.
fn is_still_so(subject: &mut dyn Subject, template: &Template, fewer: usize, more: usize) -> bool {
    let mut point = |repetitions| typical(subject, template, repetitions);
    match (point(fewer), point(more)) {
        (Some(fewer), Some(more)) => slope(&[fewer, more]).is_some_and(|it| it >= SUSPICIOUS),
        (_, more) => more.is_none(),
    }
}

/// Measures at growing lengths, and fits.
pub(crate) fn convict(subject: &mut dyn Subject, template: &Template) -> Option<Conviction> {
    let mut points = climb(subject, template);
    points.retain(|point| point.time >= FLOOR);
    let fitted = &points[points.len().saturating_sub(MOST_POINTS)..];
    let [first, .., before, last] = fitted else { return None };
    let exponent = slope(fitted)?;
    let spread = last.time.as_secs_f64() / first.time.as_secs_f64();
    if fitted.len() < LEAST_POINTS
        || exponent < SUPER_LINEAR
        || spread < LEAST_SPREAD
        || last.time < CONVINCING
    {
        return None;
    }
    // Once more, at the same length and at twice the length; where that would take for ever, at the
    // length before.
    let (fewer, more) = match exponent {
        _ if exponent < 4.0 => (last.repetitions, last.repetitions * 2),
        _ => (before.repetitions, last.repetitions),
    };
    let confirmed = match (typical(subject, template, fewer), typical(subject, template, more)) {
        (Some(fewer), Some(more)) => slope(&[fewer, more])? >= SUPER_LINEAR - 0.2,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let seen = fitted.iter().find(|point| point.time >= CONVINCING)?;
    confirmed.then(|| Conviction {
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

/// How long so many repetitions take.
#[derive(Clone, Copy, Debug)]
struct Point {
    repetitions: usize,
    time: Duration,
}

/// The times at growing lengths, until they are long enough, the input is, or there is no answer.
fn climb(subject: &mut dyn Subject, template: &Template) -> Vec<Point> {
    let mut points =
        walk(subject, template, FEWEST, |repetitions| repetitions + (repetitions * 2 / 5).max(1));
    let is_measurable = |point: &&Point| (FLOOR..=ENOUGH).contains(&point.time);
    let measurable = points.iter().filter(is_measurable).count();
    if measurable >= LEAST_POINTS {
        return points;
    }
    // It is too steep for such steps. Smaller ones begin where nothing was to be seen yet.
    points.retain(|point| point.time < FLOOR);
    if let Some(last) = points.pop() {
        let steps = walk(subject, template, last.repetitions, |repetitions| {
            repetitions + (repetitions / 32).max(1)
        });
        points.extend(steps);
    }
    points
}

/// The times at the lengths that `next` leads to.
fn walk(
    subject: &mut dyn Subject,
    template: &Template,
    from: usize,
    next: impl Fn(usize) -> usize,
) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    let mut repetitions = from;
    while repetitions <= template.repetitions(MOST_OCTETS)
        && points.last().is_none_or(|last| last.time <= ENOUGH)
    {
        // Killed for taking too long: what was measured before has to do.
        let Some(point) = typical(subject, template, repetitions) else { break };
        points.push(point);
        repetitions = next(repetitions);
    }
    points
}

/// The median of three measurements; times that are long anyway are measured once.
fn typical(subject: &mut dyn Subject, template: &Template, repetitions: usize) -> Option<Point> {
    let operation = template.operation(repetitions);
    let mut times = Vec::new();
    while times.len() < 3 && times.last().is_none_or(|time| *time < STEADY) {
        match time(subject, &operation) {
            Measured::Time(time) => times.push(time),
            Measured::Unanswered(_) | Measured::Unknown => return None,
        }
    }
    times.sort();
    Some(Point { repetitions, time: times[times.len() / 2] })
}

/// What a question took.
enum Measured {
    /// This much processor time.
    Time(Duration),
    /// There was no answer.
    Unanswered(Outcome),
    /// There is no clock.
    Unknown,
}

fn time(subject: &mut dyn Subject, operation: &Operation) -> Measured {
    let Some(before) = subject.cpu_time() else { return Measured::Unknown };
    match subject.ask_alone(operation, None) {
        Outcome::Answer(_) => {
            let spent = subject.cpu_time().and_then(|after| after.checked_sub(before));
            spent.map_or(Measured::Unknown, Measured::Time)
        }
        heard => Measured::Unanswered(heard),
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

/// The lengths at which every template is tried. Each is eight times the one before: what is cubic
/// shows long before the longest.
const SCREENED_OCTETS: [usize; 4] = [128, 1 << 10, 8 << 10, 64 << 10];
/// The exponent between two of them from which on a closer look is worth its time.
const SUSPICIOUS: f64 = 1.35;
/// How many repetitions are measured first.
const FEWEST: usize = 4;
/// The longest input of a measurement. A message of the protocol has at most a mebibyte, and an
/// octet may become six in it.
const MOST_OCTETS: usize = 160 << 10;
/// How long an answer is waited for while an input is made shorter that has none.
const PATIENCE: Duration = Duration::from_secs(1);
/// Times below this are noise.
const FLOOR: Duration = Duration::from_millis(2);
/// Times from here on are measured once.
const STEADY: Duration = Duration::from_millis(80);
/// No conviction below this.
const CONVINCING: Duration = Duration::from_millis(100);
/// Long enough to stop.
const ENOUGH: Duration = Duration::from_millis(400);
/// The exponent from which on growth is called super-linear.
const SUPER_LINEAR: f64 = 1.6;
/// How many points a fit needs, and how many it takes: those of three doublings of the length.
const LEAST_POINTS: usize = 4;
const MOST_POINTS: usize = 8;
/// How many times the shortest time of a fit the longest must be: three doublings at the least
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
