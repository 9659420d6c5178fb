//! Results shown, in the kinds of report that `cookiespec run` makes as far as they fit.

pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod text;

use cookiespec_report::Kind;

pub use self::text::Text;
use crate::examination::Examination;
use crate::profile::Profile;

/// The kinds of report there are of a probe.
pub const KINDS: [Kind; 5] = [Kind::Text, Kind::Json, Kind::Junit, Kind::Markdown, Kind::Html];

/// Makes a report that is no [`Text`]; `None` for a kind that is not among [`KINDS`].
pub fn render(kind: Kind, examination: &Examination, profile: Profile) -> Option<String> {
    match kind {
        Kind::Json => Some(json::render(examination, profile)),
        Kind::Junit => Some(junit::render(examination, profile)),
        Kind::Markdown => Some(markdown::render(examination, profile)),
        Kind::Html => Some(html::Page { examination, profile }.to_string()),
        Kind::Text | Kind::Sarif | Kind::Badge | Kind::Events => None,
    }
}

/// Where the application was reached, and what makes its session.
fn whereabouts(examination: &Examination) -> String {
    format!("{}, session in {}", examination.origin, examination.cookies)
}

/// How many checks came to what, and what they took.
fn tally(examination: &Examination) -> String {
    let Examination { results, requests, allowance, took, .. } = examination;
    let count = |word: &str| results.iter().filter(|result| result.name() == word).count();
    let counts = ["PASS", "FAIL", "FACT", "N/A", "BROKEN"].map(|word| (count(word), word));
    let shown = counts.iter().filter(|(count, _)| *count > 0);
    let shown: Vec<_> = shown.map(|(count, word)| format!("{count} {word}")).collect();
    format!(
        "{} of {} checks; {requests} requests of {} allowed, {} a second at most; {:.1} s",
        shown.join(", "),
        results.len(),
        allowance.total,
        allowance.per_second,
        took.as_secs_f64()
    )
}
