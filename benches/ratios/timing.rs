//! Times the subjects of a group alternately, and takes the shortest of many samples.

use std::time::{Duration, Instant};

use cookiespec_benches::{Group, Subject, Work};

/// Number of samples of each subject.
const SAMPLES: usize = 25;

/// Minimum duration of a sample.
const SAMPLE: Duration = Duration::from_millis(4);

/// The shortest time of one run, and its amount of work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timed {
    pub(crate) nanoseconds: f64,
    pub(crate) work: Work,
}

/// Times the subjects of a group.
pub(crate) fn time(group: &mut Group) -> Vec<(&'static str, Timed)> {
    let runs: Vec<u64> = group.subjects.iter_mut().map(runs_per_sample).collect();
    let mut shortest = vec![f64::INFINITY; runs.len()];
    for _ in 0..SAMPLES {
        for (nth, subject) in group.subjects.iter_mut().enumerate() {
            let sample = nanoseconds(subject, runs[nth]) / runs[nth] as f64;
            shortest[nth] = shortest[nth].min(sample);
        }
    }
    let names = group.subjects.iter().map(|subject| subject.name);
    let timed = shortest.into_iter().map(|nanoseconds| Timed { nanoseconds, work: group.work });
    names.zip(timed).collect()
}

fn runs_per_sample(subject: &mut Subject) -> u64 {
    let mut runs = 1;
    while nanoseconds(subject, runs) < SAMPLE.as_nanos() as f64 {
        runs *= 2;
    }
    runs
}

fn nanoseconds(subject: &mut Subject, runs: u64) -> f64 {
    let start = Instant::now();
    subject.run(runs);
    start.elapsed().as_nanos() as f64
}
