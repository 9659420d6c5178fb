//! Results as one JSON document. Its last member is `"end": true`, so that a document that was cut
//! short cannot be mistaken for a whole one.

use cookiespec_vectors::message::Identity;
use cookiespec_vectors::{Answer, Judgement, Profile, Ratio, Verdict};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Record, Tested};
use crate::results::Sheet;
use crate::transcript::Heard;

/// The document, in printable ASCII.
pub fn render(record: &Record) -> String {
    let document = Document {
        format: "cookiespec-results/1",
        harness: &record.harness,
        targets: record.targets.iter().map(|target| Target::new(record, target)).collect(),
        exit: record.exit as u8,
        end: true,
    };
    let mut text = escaped(&serde_json::to_string_pretty(&document).unwrap_or_default());
    text.push('\n');
    text
}

/// JSON in printable ASCII: everything else is escaped. It can only stand inside strings.
pub fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\n' | ' '..='~' => text.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    harness: &'a str,
    targets: Vec<Target<'a>>,
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
    trouble: Option<Trouble<'a>>,
    sheets: Vec<SheetOut<'a>>,
}

#[derive(Serialize)]
struct Trouble<'a> {
    what: &'a str,
    stderr: &'a str,
    messages: &'a [String],
}

#[derive(Serialize)]
struct SheetOut<'a> {
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
    fn new(record: &'a Record, target: &'a Tested) -> Self {
        let welcome = target.welcome.as_ref();
        let print = &target.fingerprint;
        let follows = Profile::ALL
            .iter()
            .map(|&profile| (profile.name().to_owned(), print.follows(profile).into()))
            .chain([("of".to_owned(), print.of().into())])
            .collect();
        Self {
            name: &target.name,
            ecosystem: &target.ecosystem,
            implementation: welcome.map(|welcome| &welcome.implementation),
            can: welcome.map_or(&[], |welcome| &welcome.can),
            blind: welcome.map_or(&[], |welcome| &welcome.blind),
            claims: welcome.and_then(|welcome| welcome.claims.as_deref()),
            follows,
            trouble: target.trouble.as_ref().map(|trouble| Trouble {
                what: &trouble.what,
                stderr: &trouble.stderr,
                messages: &trouble.messages,
            }),
            sheets: target
                .sheets
                .iter()
                .map(|sheet| SheetOut::new(record, target, sheet))
                .collect(),
        }
    }
}

impl<'a> SheetOut<'a> {
    fn new(record: &'a Record, target: &'a Tested, sheet: &'a Sheet) -> Self {
        let verdicts = Verdict::ALL
            .iter()
            .map(|&verdict| (verdict.name().to_owned(), sheet.tally.count(verdict)))
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| (name, count.into()))
            .collect();
        let cases = record.cases.iter().zip(&target.heard).enumerate();
        Self {
            profile: sheet.profile.name(),
            must: sheet.tally.must.into(),
            should: sheet.tally.should.into(),
            verdicts,
            cases: cases
                .map(|(index, (case, heard))| CaseOut {
                    expected: sheet.is_expected(index),
                    ..CaseOut::new(&case.id, case.rev, &sheet.judgements[index], heard)
                })
                .collect(),
        }
    }
}

impl<'a> CaseOut<'a> {
    fn new(id: &'a str, rev: u32, judgement: &'a Judgement, heard: &'a Heard) -> Self {
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
            stderr: match heard {
                Heard::Fault(fault) => Some(&fault.stderr),
                _ => None,
            },
            expected: false,
            checks: checks.collect(),
            ok: match heard {
                Heard::Answer(Answer::Ok(value)) => Some(value),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_printable_ascii_is_written() {
        let value = serde_json::json!({"a": "\u{9b}\u{7f}\u{e9}\u{1f36a}\u{1b}"});
        let text = escaped(&value.to_string());
        assert_eq!(text, r#"{"a":"\u009b\u007f\u00e9\ud83c\udf6a\u001b"}"#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
