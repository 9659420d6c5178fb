//! Results as one JSON document. Its last member is `"end": true`, so that a document that was cut
//! short cannot be mistaken for a complete one.

use cookiespec_vectors::message::Identity;
use cookiespec_vectors::{Answer, Judgement, Profile, Ratio, Verdict};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::escaping::ascii_json;
use crate::model::{Outcome, ProfileResult, Record, TargetReport};

/// The document, in printable ASCII.
pub fn render(record: &Record) -> String {
    let document = Document {
        format: "cookiespec-results/1",
        harness: &record.harness,
        targets: record.targets.iter().map(|target| Target::new(record, target)).collect(),
        incomplete: record.interruption().map(|it| it.to_string()),
        exit: record.exit as u8,
        end: true,
    };
    let mut text = ascii_json(&serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    harness: &'a str,
    targets: Vec<Target<'a>>,
    /// How far an interrupted run got.
    #[serde(skip_serializing_if = "Option::is_none")]
    incomplete: Option<String>,
    exit: u8,
    end: bool,
}

#[derive(Serialize)]
struct Target<'a> {
    name: &'a str,
    ecosystem: &'a str,
    #[serde(rename = "impl")]
    implementation: Option<&'a Identity>,
    can: &'a [String],
    blind: &'a [String],
    claims: Option<&'a str>,
    follows: Map<String, Value>,
    #[serde(rename = "trouble")]
    error: Option<RunError<'a>>,
    #[serde(rename = "sheets")]
    results: Vec<ResultOut<'a>>,
}

#[derive(Serialize)]
struct RunError<'a> {
    what: &'a str,
    stderr: &'a str,
    messages: &'a [String],
}

#[derive(Serialize)]
struct ResultOut<'a> {
    profile: &'static str,
    must: Counts,
    should: Counts,
    verdicts: Map<String, Value>,
    cases: Vec<CaseOut<'a>>,
}

#[derive(Serialize)]
struct Counts {
    met: usize,
    of: usize,
}

#[derive(Serialize)]
struct CaseOut<'a> {
    id: &'a str,
    rev: u32,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stderr: Option<&'a str>,
    /// Whether a baseline expects the failure.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    expected: bool,
    checks: Vec<CheckOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ok: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oversized: Option<OversizedOut<'a>>,
}

/// What is kept of a result that is too large.
#[derive(Serialize)]
struct OversizedOut<'a> {
    start: &'a str,
    octets: usize,
    sha256: &'a str,
}

#[derive(Serialize)]
struct CheckOut<'a> {
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    verdict: Verdict,
    #[serde(flatten)]
    mismatch: Option<&'a cookiespec_vectors::Mismatch>,
}

impl<'a> Target<'a> {
    fn new(record: &'a Record, target: &'a TargetReport) -> Self {
        let handshake = target.handshake.as_ref();
        let print = &target.fingerprint;
        let follows = Profile::ALL
            .iter()
            .map(|&profile| (profile.name().to_owned(), print.follows(profile).into()))
            .chain([("of".to_owned(), print.of().into())])
            .collect();
        Self {
            name: &target.name,
            ecosystem: &target.ecosystem,
            implementation: handshake.map(|handshake| &handshake.implementation),
            can: handshake.map_or(&[], |handshake| &handshake.can),
            blind: handshake.map_or(&[], |handshake| &handshake.blind),
            claims: handshake.and_then(|handshake| handshake.claims.as_deref()),
            follows,
            error: target.error.as_ref().map(|error| RunError {
                what: &error.what,
                stderr: &error.stderr,
                messages: &error.messages,
            }),
            results: target
                .results
                .iter()
                .map(|result| ResultOut::new(record, target, result))
                .collect(),
        }
    }
}

impl<'a> ResultOut<'a> {
    fn new(record: &'a Record, target: &'a TargetReport, result: &'a ProfileResult) -> Self {
        let verdicts = Verdict::ALL
            .iter()
            .map(|&verdict| (verdict.name().to_owned(), result.tally.count(verdict)))
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| (name, count.into()))
            .collect();
        let cases = record.cases.iter().zip(&target.outcomes).enumerate();
        Self {
            profile: result.profile.name(),
            must: result.tally.must.into(),
            should: result.tally.should.into(),
            verdicts,
            cases: cases
                .map(|(index, (case, outcome))| CaseOut {
                    expected: result.is_expected(index),
                    ..CaseOut::new(&case.id, case.rev, &result.judgements[index], outcome)
                })
                .collect(),
        }
    }
}

impl<'a> CaseOut<'a> {
    fn new(id: &'a str, rev: u32, judgement: &'a Judgement, outcome: &'a Outcome) -> Self {
        let checks = judgement.checks.iter().map(|check| CheckOut {
            level: check.level.name(),
            at: check.at.as_deref(),
            verdict: check.verdict,
            mismatch: check.mismatch.as_ref(),
        });
        Self {
            id,
            rev,
            verdict: judgement.verdict,
            note: judgement.note.as_deref(),
            stderr: match outcome {
                Outcome::Failure(failure) => Some(&failure.stderr),
                _ => None,
            },
            expected: false,
            checks: checks.collect(),
            ok: match outcome {
                Outcome::Answer(Answer::Ok(value)) => Some(value),
                _ => None,
            },
            oversized: match outcome {
                Outcome::Oversized(it) => {
                    Some(OversizedOut { start: &it.start, octets: it.octets, sha256: &it.sha256 })
                }
                _ => None,
            },
        }
    }
}

impl From<Ratio> for Counts {
    fn from(Ratio { met, of }: Ratio) -> Self {
        Self { met, of }
    }
}
