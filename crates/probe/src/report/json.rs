//! Results as one JSON document, transcripts included: a failed check is replayed from it. Its last
//! member is `"end": true`, so that a document that was cut short cannot be mistaken for a whole
//! one.

use cookiespec_report::ascii_json;
use serde::Serialize;

use crate::check::Source;
use crate::examination::{CheckResult, Examination};
use crate::profile::Profile;
use crate::transcript::Exchange;

/// The document, in printable ASCII.
pub fn render(examination: &Examination, profile: Profile) -> String {
    let document = Document {
        format: FORMAT,
        name: &examination.name,
        origin: &examination.origin,
        cookies: &examination.cookies,
        profile: profile.to_string(),
        requests: examination.requests,
        allowed: examination.allowance.total,
        seconds: examination.took.as_secs_f64(),
        checks: examination.results.iter().map(|result| Entry::new(result, profile)).collect(),
        end: true,
    };
    ascii_json(&serde_json::to_string_pretty(&document).unwrap_or_default()) + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    name: &'a str,
    origin: &'a str,
    cookies: &'a str,
    profile: String,
    requests: u64,
    allowed: u64,
    seconds: f64,
    checks: Vec<Entry<'a>>,
    end: bool,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'static str,
    title: &'static str,
    sources: Vec<String>,
    /// Whether a text of the profile asks for it.
    demanded: bool,
    verdict: &'static str,
    note: String,
    requests: u64,
    /// How many exchanges are left out in the middle of the transcript.
    omitted: usize,
    transcript: &'a [Exchange],
}

impl<'a> Entry<'a> {
    fn new(result: &'a CheckResult, profile: Profile) -> Self {
        let CheckResult { check, transcript, omitted, requests, .. } = result;
        // What holds needs no proof.
        let is_shown = result.is_failure() || result.outcome.is_err();
        Self {
            id: check.id,
            title: check.title,
            sources: check.sources.iter().map(Source::to_string).collect(),
            demanded: profile.demands(check),
            verdict: result.name(),
            note: result.note(),
            requests: *requests,
            omitted: if is_shown { *omitted } else { 0 },
            transcript: if is_shown { transcript } else { &[] },
        }
    }
}

/// The version of the document.
pub(crate) const FORMAT: &str = "cookiespec-probe/1";
