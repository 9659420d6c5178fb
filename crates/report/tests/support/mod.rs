//! A record with one of everything: targets that pass, fail and break, and octets that no report
//! may contain.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use cookiespec_report::{Exit, Outcome, Record, RunError, ShimFailure, TargetReport, Unavailable};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{
    Answer, Case, Fingerprint, Handshake, Implementation, ImplementationInfo, Operation, Profile,
    Suite, Verdict, ask,
};
use serde_json::json;

/// Text that means something to a terminal, to JSON, XML, HTML, Markdown or a shell.
pub(crate) const HOSTILE: &str =
    "\u{1b}[31m\u{0}\u{9b}\u{202e}\u{ffff}\u{2028}</script><!--]]>&amp;\"'`$(x)`|\\\n@me";

/// Reports that a test checks nothing here, past the capture of the test runner.
#[allow(dead_code, reason = "not every test needs a program that may be missing")]
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The cases of `tests/vectors`.
pub(crate) fn suite() -> Suite {
    Suite::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).unwrap()
}

/// A run of the reference engine, a target with hostile answers and one that does not start.
pub(crate) fn record() -> Record {
    let suite = suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    let results = vec![
        reference(Profile::Rfc6265, &cases),
        reference(Profile::Rfc6265bis, &cases),
        hostile(&cases),
        broken(&cases),
    ];
    let absent = vec![Unavailable {
        name: "gone".to_owned(),
        ecosystem: "nowhere".to_owned(),
        why: format!("install {HOSTILE}"),
    }];
    Record::new(&cases, results, absent, Exit::Broken)
}

/// Only the reference engine, without a failure.
pub(crate) fn clean_record() -> Record {
    let suite = suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    Record::new(&cases, vec![reference(Profile::Rfc6265, &cases)], Vec::new(), Exit::Clean)
}

/// A target of this name, before its outcomes are judged.
fn target(name: &str, ecosystem: &str, selector: &str) -> TargetReport {
    TargetReport {
        label: name.to_owned(),
        name: name.to_owned(),
        ecosystem: ecosystem.to_owned(),
        selector: selector.to_owned(),
        handshake: None,
        error: None,
        outcomes: Vec::new(),
        results: Vec::new(),
        fingerprint: Fingerprint::default(),
        baseline: None,
        took: Duration::ZERO,
    }
}

fn reference(profile: Profile, cases: &[&Case]) -> TargetReport {
    let mut reference = Reference::new(profile);
    let handshake = Handshake::new("rust-reference/1", reference.about(), 64, 0);
    let outcomes = cases.iter().map(|case| Outcome::Answer(ask(&mut reference, case.operation())));
    TargetReport {
        label: format!("reference {profile}"),
        handshake: Some(handshake),
        outcomes: outcomes.collect(),
        ..target("reference", "built in", "reference")
    }
    .judged(&[profile], cases)
}

fn hostile(cases: &[&Case]) -> TargetReport {
    let about = ImplementationInfo {
        name: HOSTILE.to_owned(),
        version: HOSTILE.to_owned(),
        language: HOSTILE.to_owned(),
        can: ["parse.set-cookie", "match.path", "jar", "clock"].map(str::to_owned).to_vec(),
        notes: HOSTILE.to_owned(),
        ..ImplementationInfo::default()
    };
    let octets: String = (0..=255_u8).map(char::from).collect();
    let outcomes = cases.iter().map(|case| match case.operation() {
        Operation::ParseSetCookie(_) => {
            Outcome::Answer(Answer::Ok(json!({"cookie": {"name": octets, "value": octets}})))
        }
        Operation::MatchPath(_) => Outcome::Answer(Answer::Error { message: HOSTILE.to_owned() }),
        Operation::Jar(_) => Outcome::Failure(ShimFailure {
            verdict: Verdict::Crash,
            what: format!("it ended with {HOSTILE}"),
            stderr: HOSTILE.to_owned(),
        }),
        _ => Outcome::Answer(Answer::Unsupported { need: HOSTILE.to_owned() }),
    });
    // Named after the program and selected by its command line, as commands are.
    let name = Path::new(HOSTILE).file_name().unwrap();
    let word = format!("'{}'", HOSTILE.replace('\'', r"'\''"));
    TargetReport {
        handshake: Some(Handshake::new(HOSTILE, about, 1, 0)),
        outcomes: outcomes.collect(),
        error: Some(RunError {
            what: HOSTILE.to_owned(),
            stderr: HOSTILE.to_owned(),
            messages: vec![HOSTILE.to_owned()],
        }),
        ..target(&name.to_string_lossy(), "command", &format!("-- {word} {word}"))
    }
    .judged(&Profile::ALL, cases)
}

fn broken(cases: &[&Case]) -> TargetReport {
    TargetReport {
        outcomes: vec![Outcome::NotRun; cases.len()],
        error: Some(RunError {
            what: "the handshake failed: no answer within 30s".to_owned(),
            stderr: String::new(),
            messages: Vec::new(),
        }),
        ..target("silent", "command", "-- silent")
    }
    .judged(&Profile::ALL, cases)
}
