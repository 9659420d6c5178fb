//! An earlier report of a probe, as JSON: what is made again from it, and what it knew already.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::examination::Examination;
use crate::report::json::FORMAT;

/// The verdicts of an earlier report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier(BTreeMap<String, String>);

/// A check whose verdict is another one than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The check.
    pub id: &'static str,
    /// The verdict before; nothing where the report does not have the check.
    pub was: Option<String>,
    /// The verdict now.
    pub is: &'static str,
}

#[derive(Deserialize)]
struct Document {
    format: String,
    checks: Vec<Entry>,
    end: bool,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    verdict: String,
}

impl Earlier {
    /// Reads a JSON report.
    ///
    /// # Errors
    /// It is none, or not a whole one.
    pub fn read(text: &str) -> Result<Self, String> {
        let document: Document = serde_json::from_str(text)
            .map_err(|error| format!("it is no JSON report of a probe: {error}"))?;
        if document.format != FORMAT || !document.end {
            let found = document.format.escape_debug();
            return Err(format!("it is no whole report of the format {FORMAT}, but \"{found}\""));
        }
        let verdicts = document.checks.into_iter().map(|entry| (entry.id, entry.verdict));
        Ok(Self(verdicts.collect()))
    }

    /// The checks that failed, or could not be made.
    pub fn wrong(&self) -> Vec<String> {
        let is_wrong = |verdict: &str| verdict == "FAIL" || verdict == "BROKEN";
        self.0.iter().filter(|(_, it)| is_wrong(it)).map(|(id, _)| id.clone()).collect()
    }

    /// The checks whose verdict changed, in either direction. What is only recorded does not count.
    pub fn changes(&self, examination: &Examination) -> Vec<Change> {
        let change = |id: &'static str, is: &'static str| {
            let was = self.0.get(id).cloned();
            (was.as_deref() != Some(is)).then_some(Change { id, was, is })
        };
        examination.results.iter().filter_map(|it| change(it.check.id, it.name())).collect()
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let was = self.was.as_deref().unwrap_or("not examined").escape_debug();
        write!(f, "{} is {} now, and was {was}", self.id, self.is)
    }
}

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
        assert_eq!(Earlier::read(&text(true)).unwrap().wrong(), ["SM-052"]);
        assert!(Earlier::read(&text(false)).unwrap_err().contains("no whole report"));
        let cut = &text(true)[..60];
        assert!(Earlier::read(cut).unwrap_err().contains("no JSON report"));
    }
}
