//! The event file: a run as lines of JSON, from which every report can be made again.
//!
//! The first line is a `header`: the harness, the digest of the suite, the profiles and the targets
//! with their versions and abilities. A `case` follows for each case and a `result` for each case
//! and target. The last line is `end`, with the number of lines of each kind, the verdicts and the
//! exit code. A file without it, or with other lines than it counts, is refused: a run that was cut
//! short cannot pass for a complete one. Of a run that a signal ended, the end says so. `docs/reports.md` describes every member.

mod consistency;
mod read;

use std::collections::BTreeMap;

use cookiespec_vectors::{
    Answer, CheckResult, Handshake, Judgement, Level, Mismatch, Profile, Verdict,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use self::read::{EventsError, read, read_even_if_interrupted};
use crate::escaping::ascii_json;
use crate::model::{Outcome, Oversized, ProfileResult, Record, TargetReport};

/// The name and version of the format.
const FORMAT: &str = "cookiespec-events/1";

/// The file, in printable ASCII.
pub fn render(record: &Record) -> String {
    let mut text = String::new();
    let mut line = |event: Event| {
        text.push_str(&ascii_json(&serde_json::to_string(&event).unwrap_or_default()));
        text.push('\n');
    };
    line(Event::Header(Header::new(record)));
    for case in &record.cases {
        line(Event::Case { case: case.to_json() });
    }
    for target in &record.targets {
        for (index, case) in record.cases.iter().enumerate() {
            line(Event::Result(result(target, index, &case.id)));
        }
    }
    line(Event::End(End::of(record)));
    text
}

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Header(Header),
    Case { case: Value },
    Result(CaseResult),
    End(End),
}

#[derive(Serialize, Deserialize)]
struct Header {
    format: String,
    harness: String,
    suite: String,
    profiles: Vec<String>,
    targets: Vec<Target>,
    absent: Vec<Missing>,
}

#[derive(Serialize, Deserialize)]
struct Target {
    label: String,
    name: String,
    ecosystem: String,
    selector: String,
    /// The profiles it is judged under.
    profiles: Vec<String>,
    /// Its answer to `hello`.
    hello: Option<Handshake>,
    /// Why the run is not complete. Files of version 0.1.0 call it `trouble`.
    #[serde(alias = "trouble")]
    error: Option<Incomplete>,
    /// The exit code that the comparison with a baseline gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline: Option<u8>,
}

#[derive(Serialize, Deserialize)]
struct Incomplete {
    what: String,
    stderr: String,
    messages: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Missing {
    name: String,
    ecosystem: String,
    why: String,
}

#[derive(Serialize, Deserialize)]
struct CaseResult {
    target: String,
    case: String,
    #[serde(flatten)]
    answered: Answered,
    judged: BTreeMap<String, Judged>,
}

/// What was observed: exactly one of these members stands in a `result`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answered {
    Ok(Value),
    Unsupported {
        need: String,
    },
    Error {
        message: String,
    },
    /// What is kept of a result that is too large, and the verdict on it under each profile.
    Oversized {
        start: String,
        octets: usize,
        sha256: String,
        verdicts: BTreeMap<String, Verdict>,
    },
    #[serde(rename = "fault")]
    Failure {
        verdict: Verdict,
        what: String,
        stderr: String,
    },
    /// The outcomes of a case that was run several times.
    Varies(Vec<Answered>),
    NotRun(bool),
}

#[derive(Serialize, Deserialize)]
struct Judged {
    verdict: Verdict,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    checks: Vec<Check>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Whether a baseline expects what is missed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    expected: bool,
    /// Whether the case is worse than a baseline says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    worse: bool,
}

#[derive(Serialize, Deserialize)]
struct Check {
    level: Level,
    verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    missed: Option<Missed>,
}

#[derive(Serialize, Deserialize)]
struct Missed {
    path: String,
    want: String,
    got: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct End {
    cases: usize,
    targets: usize,
    results: usize,
    /// How many cases have each verdict, by profile.
    verdicts: Map<String, Value>,
    exit: u8,
    /// How far an interrupted run got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    incomplete: Option<String>,
}

impl Header {
    fn new(record: &Record) -> Self {
        let missing = record.absent.iter().map(|one| Missing {
            name: one.name.clone(),
            ecosystem: one.ecosystem.clone(),
            why: one.why.clone(),
        });
        Self {
            format: FORMAT.to_owned(),
            harness: record.harness.clone(),
            suite: record.suite(),
            profiles: record.profiles().iter().map(ToString::to_string).collect(),
            targets: record.targets.iter().map(Target::new).collect(),
            absent: missing.collect(),
        }
    }
}

impl Target {
    fn new(target: &TargetReport) -> Self {
        Self {
            label: target.label.clone(),
            name: target.name.clone(),
            ecosystem: target.ecosystem.clone(),
            selector: target.selector.clone(),
            profiles: target.results.iter().map(|result| result.profile.to_string()).collect(),
            hello: target.handshake.clone(),
            error: target.error.as_ref().map(|error| Incomplete {
                what: error.what.clone(),
                stderr: error.stderr.clone(),
                messages: error.messages.clone(),
            }),
            baseline: target.baseline.map(|exit| exit as u8),
        }
    }
}

fn result(target: &TargetReport, index: usize, case: &str) -> CaseResult {
    let judged = target.results.iter().map(|result| {
        let judgement = result.judgements[index].clone();
        (result.profile.to_string(), Judged::new(judgement, result, index))
    });
    CaseResult {
        target: target.label.clone(),
        case: case.to_owned(),
        answered: Answered::from(target.outcomes[index].clone()),
        judged: judged.collect(),
    }
}

impl From<Outcome> for Answered {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Answer(Answer::Ok(value)) => Self::Ok(value),
            Outcome::Answer(Answer::Unsupported { need }) => Self::Unsupported { need },
            Outcome::Answer(Answer::Error { message }) => Self::Error { message },
            Outcome::Oversized(oversized) => {
                let names = Profile::ALL.iter().map(ToString::to_string);
                let verdicts = names.zip(oversized.verdicts()).collect();
                let Oversized { start, octets, sha256, .. } = *oversized;
                Self::Oversized { start, octets, sha256, verdicts }
            }
            Outcome::Failure(failure) => Self::Failure {
                verdict: failure.verdict,
                what: failure.what,
                stderr: failure.stderr,
            },
            Outcome::Varies(variants) => {
                Self::Varies(variants.into_iter().map(Self::from).collect())
            }
            Outcome::NotRun => Self::NotRun(true),
        }
    }
}

impl Judged {
    fn new(judgement: Judgement, result: &ProfileResult, index: usize) -> Self {
        let check = |check: CheckResult| Check {
            level: check.level,
            verdict: check.verdict,
            at: check.at,
            missed: check.mismatch.map(|Mismatch { path, want, got }| Missed { path, want, got }),
        };
        Self {
            verdict: judgement.verdict,
            checks: judgement.checks.into_iter().map(check).collect(),
            note: judgement.note,
            expected: result.is_expected(index),
            worse: result.is_worse(index),
        }
    }
}

impl End {
    fn of(record: &Record) -> Self {
        let verdicts = record.profiles().into_iter().map(|profile| {
            let counts = Verdict::ALL.into_iter().filter_map(|verdict| {
                let results = record.targets.iter().filter_map(|target| target.result(profile));
                let count: usize = results.map(|result| result.tally.count(verdict)).sum();
                (count > 0).then(|| (verdict.name().to_owned(), json!(count)))
            });
            (profile.to_string(), Value::Object(counts.collect()))
        });
        Self {
            cases: record.cases.len(),
            targets: record.targets.len(),
            results: record.cases.len() * record.targets.len(),
            verdicts: verdicts.collect(),
            exit: record.exit as u8,
            incomplete: record.interruption().map(|it| it.to_string()),
        }
    }
}
