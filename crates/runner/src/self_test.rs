//! The self-test of the harness: ten cases with known verdicts, run on a target with known answers
//! before all others and after them, in the same way. It tests processes, messages, octets,
//! isolation of failures and judging; one wrong verdict means that no other can be trusted.
//!
//! The target is [`SelfTest`] and not the target under test, which may lack any operation. There is
//! a case for each verdict that is quick to reach: `hang` would wait for its deadline twice a run,
//! and `flaky` needs repetition.

use std::ops::ControlFlow;

use cookiespec_report::RunError;
use cookiespec_vectors::operation::{ParseSetCookie, ParsedCookie};
use cookiespec_vectors::{
    Case, Implementation, ImplementationInfo, Octets, OperationResult, Profile, Refusal, Suite,
    Verdict, unsupported,
};

use crate::protocol_client::Limits;
use crate::run::{Transcript, run};
use crate::target::Target;

/// The name of the target of the self-test, where a target is chosen by name.
pub const NAME: &str = "self-test";

/// The verdict on each case.
const EXPECTED: [(&str, Verdict); 10] = [
    ("self-test.0001", Verdict::Pass),
    ("self-test.0002", Verdict::Pass),
    ("self-test.0003", Verdict::Weak),
    ("self-test.0004", Verdict::Info),
    ("self-test.0005", Verdict::Fail),
    ("self-test.0006", Verdict::Error),
    ("self-test.0007", Verdict::Unsupported),
    ("self-test.0008", Verdict::Unsupported),
    ("self-test.0009", Verdict::Refused),
    ("self-test.0010", Verdict::Crash),
];

/// Runs the self-test on its target.
///
/// # Errors
/// One of the verdicts is off, or the target cannot be run.
pub(crate) fn verify(target: &Target) -> Result<(), RunError> {
    let suite = Suite::from_json(NAME, include_bytes!("self_test.json"))
        .map_err(|errors| error(errors.to_string()))?;
    let cases: Vec<_> = suite.cases().iter().collect();
    let transcript =
        run(target, &[], &cases, Limits::default(), &|_, _, _| ControlFlow::Continue(()));
    compare(&transcript, &cases)
}

/// Compares the verdicts with those that are known.
fn compare(transcript: &Transcript, cases: &[&Case]) -> Result<(), RunError> {
    if let Some(RunError { what, stderr, messages }) = transcript.error.clone() {
        let what = format!("the harness self-test failed: {what}");
        return Err(RunError { what, stderr, messages });
    }
    let about =
        transcript.handshake.as_ref().map(|handshake| handshake.about()).unwrap_or_default();
    let verdicts = cases.iter().zip(&transcript.outcomes).map(|(case, outcome)| {
        let verdict = outcome.judge(case, Profile::Rfc6265bis, &about).verdict;
        ((&*case.id, verdict), outcome)
    });
    for (expected, (found, outcome)) in EXPECTED.into_iter().zip(verdicts) {
        if expected != found {
            let ((id, is), (_, should)) = (found, expected);
            let what = format!("{id} is {is} and should be {should}: {outcome}");
            return Err(error(format!(
                "the harness self-test failed, so no verdict can be trusted: {what}"
            )));
        }
    }
    Ok(())
}

fn error(what: String) -> RunError {
    RunError { what, stderr: String::new(), messages: Vec::new() }
}

/// An implementation whose answers are known: it takes a set-cookie-string for a name and a value.
#[derive(Clone, Copy, Debug)]
pub struct SelfTest;

impl Implementation for SelfTest {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo {
            name: NAME.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            can: ["match.path", "parse.set-cookie"].map(str::to_owned).to_vec(),
            blind: vec!["same_site".to_owned()],
            notes: "answers the cases of the self-test only".to_owned(),
            ..ImplementationInfo::default()
        }
    }

    fn parse_set_cookie(
        &mut self,
        input: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        let line = input.set_cookie.as_slice();
        let end = line.iter().position(|&octet| octet == b'=').unwrap_or(line.len());
        match &line[..end] {
            b"crash" => std::process::exit(70),
            b"error" => Err(Refusal::error("as it should be")),
            name => {
                let value = line.get(end + 1..).unwrap_or_default();
                let (name, value) = (name.into(), value.into());
                Ok(Some(ParsedCookie { name, value, ..ParsedCookie::default() }))
            }
        }
    }

    fn match_path(&mut self, _: &Octets, _: &Octets) -> OperationResult<bool> {
        unsupported("match.path")
    }
}

#[cfg(test)]
mod tests {
    use cookiespec_report::{Outcome, ShimFailure};
    use cookiespec_vectors::{Handshake, ask};

    use super::*;

    fn suite() -> Suite {
        Suite::from_json(NAME, include_bytes!("self_test.json")).unwrap()
    }

    /// What the target answers when it is called directly.
    fn transcript(cases: &[&Case]) -> Transcript {
        let outcome = |case: &&Case| match &*case.id {
            "self-test.0010" => Outcome::Failure(ShimFailure {
                verdict: Verdict::Crash,
                what: String::new(),
                stderr: String::new(),
            }),
            _ => Outcome::Answer(ask(&mut SelfTest, case.operation())),
        };
        Transcript {
            handshake: Some(Handshake::new("self-test/1", SelfTest.about(), 1, 0)),
            outcomes: cases.iter().map(outcome).collect(),
            error: None,
            stderr: String::new(),
        }
    }

    #[test]
    fn each_case_has_a_known_verdict() {
        let suite = suite();
        let cases: Vec<_> = suite.cases().iter().collect();
        assert!(cases.iter().map(|case| &*case.id).eq(EXPECTED.map(|(id, _)| id)));
        assert_eq!(compare(&transcript(&cases), &cases), Ok(()));
    }

    #[test]
    fn one_verdict_that_is_off_is_enough() {
        let suite = suite();
        let cases: Vec<_> = suite.cases().iter().collect();
        for index in 0..cases.len() {
            let mut transcript = transcript(&cases);
            transcript.outcomes[index] = Outcome::NotRun;
            let error = compare(&transcript, &cases).unwrap_err();
            assert!(error.what.contains(&*cases[index].id), "{}", error.what);
        }
    }
}
