//! Running jobs, with a progress bar where somebody watches.

use std::time::Duration;

use cookiespec_harness::{Job, Limits, Results, run_all};
use cookiespec_vectors::Case;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// Runs every job. `deadline` is how long a target may take for an answer, in seconds.
pub(crate) fn run(jobs: &[Job], cases: &[&Case], deadline: f64) -> Vec<Results> {
    let limits = Limits {
        answer: Duration::try_from_secs_f64(deadline).unwrap_or(Duration::MAX),
        ..Limits::default()
    };
    let bar = if output::is_watched() {
        ProgressBar::new((jobs.len() * cases.len()) as u64)
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} answers") {
        bar.set_style(style);
    }
    let results = run_all(jobs, cases, limits, &|| bar.inc(1));
    bar.finish_and_clear();
    results
}

/// Reads a deadline: seconds, more than none.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds > 0.0 => Ok(seconds),
        _ => Err("write a number of seconds greater than 0, such as 5 or 0.5".to_owned()),
    }
}
