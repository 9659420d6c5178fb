//! Reading an event file, and refusing one that is not complete.

use std::collections::BTreeMap;
use std::time::Duration;

use cookiespec_vectors::{
    Answer, Case, CheckResult, Fingerprint, Handshake, Judgement, Mismatch, Profile,
};
use serde_json::Value;
use thiserror::Error;

use super::{Answered, CaseResult, Check, End, Event, FORMAT, Header, Judged, Target, consistency};
use crate::bounds::{KEPT_TEXT, json_values, shortened};
use crate::escaping::Escaped;
use crate::model::{
    Budget, Exit, Outcome, Oversized, ProfileResult, Record, RunError, ShimFailure, TargetReport,
    Unavailable,
};

/// Why a text is no event file, or not a complete one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct EventsError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there and what to do. Escaped.
    pub what: String,
}

/// Reads an event file.
///
/// # Errors
/// It was cut short, its end counts other lines, or a line is not an event; or the run was interrupted.
pub fn read(text: &str) -> Result<Record, EventsError> {
    let record = read_even_if_interrupted(text)?;
    match record.interruption() {
        None => Ok(record),
        Some(interruption) => Err(EventsError {
            line: text.lines().count(),
            what: format!("the run is {interruption}; run again"),
        }),
    }
}

/// Reads an event file, also that of a run that was interrupted: [`Record::interruption`] says so.
///
/// # Errors
/// It was cut short, its end counts other lines, a line is not an event, or there are more values in it
/// than a run of everything has.
pub fn read_even_if_interrupted(text: &str) -> Result<Record, EventsError> {
    let mut reader = Reader::default();
    let mut values = 0;
    for line in text.lines() {
        reader.line += 1;
        values += json_values(line.as_bytes());
        if values > MAX_VALUES {
            let what = format!("the file has more than {MAX_VALUES} values; run fewer targets");
            return Err(reader.error(what));
        }
        reader.event(line).map_err(|what| reader.error(what))?;
    }
    let line = reader.line;
    reader.finish().map_err(|what| EventsError { line, what })
}

/// An outcome, and the verdict on it under each profile.
type CaseOutcome = (Outcome, BTreeMap<String, Judged>);

#[derive(Default)]
struct Reader {
    line: usize,
    header: Option<Header>,
    cases: Vec<Case>,
    /// The index of each case, by its id.
    places: BTreeMap<String, usize>,
    /// The results, by the label of the target and the index of the case.
    results: BTreeMap<String, BTreeMap<usize, CaseOutcome>>,
    end: Option<End>,
}

impl Reader {
    fn error(&self, what: String) -> EventsError {
        EventsError { line: self.line, what }
    }

    fn event(&mut self, line: &str) -> Result<(), String> {
        if self.end.is_some() {
            return Err("there is more after the end; one file holds one run".to_owned());
        }
        let event = serde_json::from_str(line).map_err(|error| {
            let error = Escaped(&error.to_string()).to_string();
            format!("this is not a complete event ({error}); if the file was cut short, run again")
        })?;
        match (event, &self.header) {
            (Event::Header(header), None) => self.header(header),
            (Event::Header(_), Some(_)) => {
                Err("there is a second header; one file holds one run".to_owned())
            }
            (_, None) => Err("the first line is not a header; is this an event file?".to_owned()),
            (Event::Case { case }, Some(_)) => self.case(case),
            (Event::Result(result), Some(_)) => self.result(result),
            (Event::End(end), Some(_)) => {
                self.end = Some(end);
                Ok(())
            }
        }
    }

    fn header(&mut self, header: Header) -> Result<(), String> {
        if header.format != FORMAT {
            let format = Escaped(&header.format).to_string();
            return Err(format!("the format is \"{format}\", not \"{FORMAT}\""));
        }
        for target in &header.targets {
            if self.results.insert(target.label.clone(), BTreeMap::new()).is_some() {
                let label = Escaped(&target.label).to_string();
                return Err(format!("two targets are called \"{label}\""));
            }
        }
        self.header = Some(header);
        Ok(())
    }

    fn case(&mut self, case: Value) -> Result<(), String> {
        let case = Case::from_json("case", case).map_err(|errors| errors.to_string())?;
        if self.places.insert(case.id.clone(), self.cases.len()).is_some() {
            return Err(format!("the case {} is there twice", Escaped(&case.id)));
        }
        self.cases.push(case);
        Ok(())
    }

    fn result(&mut self, result: CaseResult) -> Result<(), String> {
        let CaseResult { target, case, answered, judged } = result;
        let Some(&place) = self.places.get(&case) else {
            return Err(format!("there is no case \"{}\" before this line", Escaped(&case)));
        };
        let Some(results) = self.results.get_mut(&target) else {
            return Err(format!("the header has no target \"{}\"", Escaped(&target)));
        };
        let outcome = answered.outcome()?;
        match results.insert(place, (outcome, judged)) {
            None => Ok(()),
            Some(_) => Err(format!("\"{}\" answers {case} twice", Escaped(&target))),
        }
    }

    fn finish(self) -> Result<Record, String> {
        let Some(header) = self.header else {
            return Err("the file is empty: the run did not finish; run again".to_owned());
        };
        let Some(end) = self.end else {
            return Err(
                "there is no end after this line: the file was cut short; run again".to_owned()
            );
        };
        let exit = exit_of(end.exit)?;
        let Header { harness, suite, profiles, targets, absent, .. } = header;
        let mut results = self.results;
        let mut reports = Vec::new();
        for target in targets {
            let results = results.remove(&target.label).unwrap_or_default();
            reports.push(target.report(&self.cases, results)?);
        }
        let absent = absent.into_iter().map(|one| Unavailable {
            name: one.name,
            ecosystem: one.ecosystem,
            why: one.why,
        });
        let absent = absent.collect();
        let record = Record { harness, cases: self.cases, targets: reports, absent, exit };
        let found = End::of(&record);
        if found != end {
            let [want, got] = [&end, &found].map(|end| serde_json::json!(end).to_string());
            return Err(format!(
                "the end counts {}, but the lines before it are {got}: the file is damaged; run again",
                Escaped(&want)
            ));
        }
        if record.suite() != suite {
            return Err(format!(
                "the cases are not those of the header ({}): the file is damaged; run again",
                Escaped(&suite)
            ));
        }
        consistency::check(&record, &profiles)?;
        Ok(record)
    }
}

fn exit_of(code: u8) -> Result<Exit, String> {
    Exit::from_code(code).ok_or_else(|| format!("there is no exit code {code}; run again"))
}

impl Target {
    fn report(
        self,
        cases: &[Case],
        mut results: BTreeMap<usize, CaseOutcome>,
    ) -> Result<TargetReport, String> {
        if results.len() != cases.len() {
            return Err(format!(
                "\"{}\" has results for {} of {} cases: the file is damaged; run again",
                Escaped(&self.label),
                results.len(),
                cases.len()
            ));
        }
        let about = self.hello.as_ref().map(Handshake::about).unwrap_or_default();
        let mut judged_results = Vec::new();
        for name in &self.profiles {
            let profile: Profile =
                name.parse().map_err(|error| format!("\"{}\": {error}", Escaped(name)))?;
            let judged = results.values_mut().map(|(_, judged)| judged.remove(name));
            let Some(judged) = judged.collect::<Option<Vec<_>>>() else {
                let label = Escaped(&self.label).to_string();
                return Err(format!("a result of \"{label}\" lacks the verdict under {profile}"));
            };
            let expected = judged.iter().map(|judged| judged.expected).collect();
            let worse = judged.iter().map(|judged| judged.worse).collect();
            let judgements = judged.into_iter().map(Judgement::from).collect();
            judged_results.push(ProfileResult {
                expected,
                worse,
                ..ProfileResult::new(profile, judgements, cases.iter())
            });
        }
        let mut fingerprint = Fingerprint::default();
        let mut outcomes = Vec::new();
        let mut budget = Budget::default();
        for (case, (outcome, unknown)) in cases.iter().zip(results.into_values()) {
            if let Some(profile) = unknown.keys().next() {
                let (label, profile) = (Escaped(&self.label), Escaped(profile));
                return Err(format!(
                    "\"{label}\" has a verdict on {} under {profile}, under which it was not judged: \
                     the file is damaged; run again",
                    case.id
                ));
            }
            let outcome = outcome.bounded(case, &about, &mut budget);
            if self.hello.is_some() {
                outcome.add_to(&mut fingerprint, case, &about);
            }
            outcomes.push(outcome);
        }
        Ok(TargetReport {
            label: self.label,
            name: self.name,
            ecosystem: self.ecosystem,
            selector: self.selector,
            handshake: self.hello,
            error: self.error.map(|error| RunError {
                what: shortened(error.what, KEPT_TEXT),
                stderr: shortened(error.stderr, KEPT_STDERR),
                messages: error.messages,
            }),
            outcomes,
            results: judged_results,
            fingerprint,
            baseline: self.baseline.map(exit_of).transpose()?,
            took: Duration::ZERO,
        })
    }
}

impl Answered {
    fn outcome(self) -> Result<Outcome, String> {
        Ok(match self {
            Self::Ok(value) => Outcome::Answer(Answer::Ok(value)),
            Self::Unsupported { need } => Outcome::Answer(Answer::Unsupported { need }),
            Self::Error { message } => Outcome::Answer(Answer::Error { message }),
            Self::Oversized { start, octets, sha256, verdicts } => {
                let verdict = |profile: &Profile| verdicts.get(profile.name()).copied();
                let verdicts: Option<Vec<_>> = Profile::ALL.iter().map(verdict).collect();
                let verdicts = verdicts.and_then(|verdicts| verdicts.try_into().ok());
                let verdicts = verdicts.ok_or("an oversized result lacks a verdict; run again")?;
                let start = shortened(start, KEPT_TEXT);
                Outcome::Oversized(Box::new(Oversized::recorded(start, octets, sha256, verdicts)))
            }
            Self::Failure { verdict, what, stderr } => {
                let (what, stderr) = (shortened(what, KEPT_TEXT), shortened(stderr, KEPT_STDERR));
                Outcome::Failure(ShimFailure { verdict, what, stderr })
            }
            Self::Varies(variants) => {
                Outcome::Varies(variants.into_iter().map(Self::outcome).collect::<Result<_, _>>()?)
            }
            Self::NotRun(_) => Outcome::NotRun,
        })
    }
}

impl From<Judged> for Judgement {
    fn from(judged: Judged) -> Self {
        let text = |text| shortened(text, KEPT_VALUE);
        let check = |Check { level, verdict, at, missed }| CheckResult {
            level,
            at,
            verdict,
            mismatch: missed.map(|it| Mismatch {
                path: text(it.path),
                want: text(it.want),
                got: text(it.got),
            }),
        };
        Self {
            verdict: judged.verdict,
            checks: judged.checks.into_iter().map(check).collect(),
            note: judged.note.map(text),
        }
    }
}

/// The most values in all lines of a file together, which bounds the memory that they take to some 3 GB.
/// The reference engine, which answers every case, has 170,000 for the suite under both profiles.
const MAX_VALUES: usize = 48_000_000;

/// What is kept of a text on reading, in octets. More is in no file that this program writes: a value is
/// shown with far fewer octets, a message is cut at [`KEPT_TEXT`], and so much is kept of stderr.
const KEPT_VALUE: usize = 16 << 10;
const KEPT_STDERR: usize = 32 << 10;
