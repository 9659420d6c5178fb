//! The JSON report: written with the transcripts of all checks that failed, and read again for
//! `--replay` and `--baseline`. Its last member is `"end": true`, so that a truncated document is
//! not mistaken for a complete one.

use std::collections::BTreeMap;
use std::fmt;

use cookiespec_report::ascii_json;
use serde::{Deserialize, Serialize};

use crate::check::Source;
use crate::profile::Profile;
use crate::run::{CheckReport, ProbeRun};
use crate::transcript::Exchange;

/// The document, in printable ASCII.
pub fn render(run: &ProbeRun, profile: Profile) -> String {
    let document = Document {
        format: FORMAT,
        name: &run.name,
        origin: &run.origin,
        cookies: &run.cookies,
        profile: profile.to_string(),
        requests: run.requests,
        allowed: run.allowance.total,
        seconds: run.took.as_secs_f64(),
        checks: run.results.iter().map(|result| Entry::new(result, profile)).collect(),
        not_run: run.not_run.iter().map(|check| check.id).collect(),
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
    /// The checks that were not run, because the run ended early.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_run: Vec<&'static str>,
    end: bool,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'static str,
    title: &'static str,
    sources: Vec<String>,
    /// Whether the profile requires the check.
    demanded: bool,
    verdict: &'static str,
    note: String,
    requests: u64,
    /// The number of exchanges left out of the transcript.
    omitted: usize,
    transcript: &'a [Exchange],
}

impl<'a> Entry<'a> {
    fn new(result: &'a CheckReport, profile: Profile) -> Self {
        let CheckReport { check, transcript, omitted, requests, .. } = result;
        // Checks that pass need no transcript.
        let is_shown = result.is_failure() || result.outcome.is_err();
        Self {
            id: check.id,
            title: check.title,
            sources: check.sources.iter().map(Source::to_string).collect(),
            demanded: profile.requires(check),
            verdict: result.name(),
            note: result.note(),
            requests: *requests,
            omitted: if is_shown { *omitted } else { 0 },
            transcript: if is_shown { transcript } else { &[] },
        }
    }
}

/// The verdicts of a previous report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousReport {
    verdicts: BTreeMap<String, String>,
    not_run: usize,
}

/// A check whose verdict has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The check.
    pub id: &'static str,
    /// The verdict in the previous report; `None` if the check is not in it.
    pub was: Option<String>,
    /// The verdict now.
    pub is: &'static str,
}

#[derive(Deserialize)]
struct PreviousDocument {
    format: String,
    checks: Vec<PreviousEntry>,
    /// Reports of the first version have none.
    #[serde(default)]
    not_run: Vec<String>,
    end: bool,
}

#[derive(Deserialize)]
struct PreviousEntry {
    id: String,
    verdict: String,
}

impl PreviousReport {
    /// The longest report that is read, in octets. What a probe keeps is bounded far below that.
    pub const MAX_OCTETS: u64 = 64 << 20;

    /// Reads a JSON report.
    ///
    /// # Errors
    /// [`ReportError`] if the text is not a complete report.
    pub fn read(text: &str) -> Result<Self, ReportError> {
        let document: PreviousDocument = serde_json::from_str(text)?;
        if document.format != FORMAT || !document.end {
            return Err(ReportError::Incomplete(document.format));
        }
        let verdicts = document.checks.into_iter().map(|entry| (entry.id, entry.verdict));
        Ok(Self { verdicts: verdicts.collect(), not_run: document.not_run.len() })
    }

    /// How many checks were not run because the probe ended early, at a limit or by a signal.
    pub fn not_run(&self) -> usize {
        self.not_run
    }

    /// The checks that failed, or could not be completed.
    pub fn problems(&self) -> Vec<String> {
        let is_problem = |verdict: &str| verdict == "FAIL" || verdict == "BROKEN";
        self.verdicts.iter().filter(|(_, it)| is_problem(it)).map(|(id, _)| id.clone()).collect()
    }

    /// The checks whose verdict has changed in either direction. Notes are not compared.
    pub fn changes(&self, run: &ProbeRun) -> Vec<Change> {
        let change = |id: &'static str, is: &'static str| {
            let was = self.verdicts.get(id).cloned();
            (was.as_deref() != Some(is)).then_some(Change { id, was, is })
        };
        run.results.iter().filter_map(|it| change(it.check.id, it.name())).collect()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let was = self.was.as_deref().unwrap_or("not in the previous report").escape_debug();
        write!(f, "{} is {} now, and was {was}", self.id, self.is)
    }
}

/// Why a text cannot be read as a previous report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The text is not a JSON document with the members of a report.
    #[error("this is not a JSON report of a probe: {0}")]
    Json(#[from] serde_json::Error),
    /// The document has another format, which is given here, or was truncated.
    #[error("this is not a complete report of the format {FORMAT}, but \"{}\"", .0.escape_debug())]
    Incomplete(String),
}

/// The version of the document.
const FORMAT: &str = "cookiespec-probe/1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_was_cut_short_is_none() {
        let text = |end| {
            format!(
                r#"{{"format":"{FORMAT}","checks":[{{"id":"SM-052","verdict":"FAIL"}},
                {{"id":"SM-053","verdict":"PASS"}}],"end":{end}}}"#
            )
        };
        assert_eq!(PreviousReport::read(&text(true)).unwrap().problems(), ["SM-052"]);
        assert_eq!(PreviousReport::read(&text(true)).unwrap().not_run(), 0);
        let early = text(true).replace("\"end\"", "\"not_run\":[\"SM-054\"],\"end\"");
        assert_eq!(PreviousReport::read(&early).unwrap().not_run(), 1);
        let error = |text: &str| PreviousReport::read(text).unwrap_err().to_string();
        assert!(error(&text(false)).contains("not a complete report"));
        assert!(error(&text(true)[..60]).contains("not a JSON report"));
    }

    #[test]
    fn reports_of_the_first_version_are_read() {
        let text = r#"{
          "format": "cookiespec-probe/1", "name": "App", "origin": "http://127.0.0.1:1",
          "cookies": "sid", "profile": "all", "requests": 3, "allowed": 100000, "seconds": 0.5,
          "checks": [{
            "id": "SM-052", "title": "logout", "sources": ["own rule"], "demanded": true,
            "verdict": "FAIL", "note": "a saved cookie is logged in after logout", "requests": 2,
            "omitted": 0, "transcript": [{
              "client": 1, "origin": "http://127.0.0.1:1", "method": "GET", "target": "/",
              "fields": [["Cookie", "sid=1"]], "body": "",
              "answer": {"status": 200, "fields": [], "body": "alice"}, "error": null
            }]
          }],
          "end": true
        }"#;
        assert_eq!(PreviousReport::read(text).unwrap().problems(), ["SM-052"]);
        let exchange = serde_json::from_str::<serde_json::Value>(text).unwrap();
        let exchange = exchange.pointer("/checks/0/transcript/0").unwrap().clone();
        let exchange: Exchange = serde_json::from_value(exchange).unwrap();
        assert_eq!(exchange.answer.map(|answer| answer.status), Some(200));
    }
}
