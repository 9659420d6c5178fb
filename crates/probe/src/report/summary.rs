//! The lines that several reports have in common.

use crate::run::ProbeRun;

/// The origin of the application, and its session cookies.
pub(super) fn location(run: &ProbeRun) -> String {
    format!("{}, session in {}", run.origin, run.cookies)
}

/// How many checks have which outcome, or none, and the number of requests and seconds they took.
pub(super) fn tally(run: &ProbeRun) -> String {
    let ProbeRun { results, not_run, requests, allowance, took, .. } = run;
    let count = |word: &str| results.iter().filter(|result| result.name() == word).count();
    let counts = ["PASS", "FAIL", "FACT", "N/A", "BROKEN"].map(|word| (count(word), word));
    let shown = counts.iter().filter(|(count, _)| *count > 0);
    let mut shown: Vec<_> = shown.map(|(count, word)| format!("{count} {word}")).collect();
    if !not_run.is_empty() {
        shown.push(format!("{} NOT RUN because the probe ended early", not_run.len()));
    }
    format!(
        "{} of {} checks; {requests} of {} requests allowed, {} per second at most; {:.1} s",
        shown.join(", "),
        results.len() + not_run.len(),
        allowance.total,
        allowance.per_second,
        took.as_secs_f64()
    )
}
