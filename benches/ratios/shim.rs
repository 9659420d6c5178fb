//! The throughput of one shim in Python.

use std::error::Error;
use std::num::NonZeroUsize;
use std::time::Duration;

use cookiespec_runner::bench::{Pace, bench};
use cookiespec_runner::{Job, Limits, Shims};
use cookiespec_vectors::Suite;

/// A target that needs only Python itself.
const TARGET: &str = "python:http.cookies";

/// Cases per second, over the cases tagged `basic` that the target passes, each run equally often.
/// Cases of a megabyte would measure pipes rather than the harness.
///
/// # Errors
/// Python is not installed, or the shim does not work.
pub(crate) fn measure() -> Result<f64, Box<dyn Error>> {
    eprintln!("{TARGET}");
    let suite = Suite::embedded().map_err(|errors| errors.to_string())?;
    let is_basic = |tags: &[String]| tags.iter().any(|tag| tag == "basic");
    let cases: Vec<_> = suite.cases().iter().filter(|case| is_basic(&case.tags)).collect();
    let found = Shims::locate()?.find(|name| name == TARGET)?;
    let Some(target) = found.targets.into_iter().next() else {
        let why = found.absent.into_iter().next().map(|absent| absent.why.to_string());
        return Err(format!("{TARGET} cannot run here: {}", why.unwrap_or_default()).into());
    };
    let pace = Pace {
        samples: NonZeroUsize::MIN.saturating_add(8),
        sample: Duration::from_millis(250),
        // The machine may be busy; the median is used.
        limits: Limits { answer: Duration::from_secs(60), ..Limits::default() },
    };
    let job = Job { target, profiles: Vec::new() };
    let result = bench(&job, &cases, &pace, &|_| ()).map_err(|failure| failure.what)?;
    let speeds: Vec<_> = result.operations.iter().filter_map(|one| one.speed).collect();
    let cases: usize = speeds.iter().map(|speed| speed.cases).sum();
    let nanoseconds: f64 = speeds.iter().map(|speed| speed.cases as f64 * speed.total.low).sum();
    Ok(cases as f64 / nanoseconds * 1e9)
}
