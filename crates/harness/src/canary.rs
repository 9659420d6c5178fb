//! Canaries: ten cases with known verdicts, put to a target with known answers before everything
//! else and after it, by the same way as all others. They test the harness: processes, messages,
//! octets, attribution and judging. A verdict that is off means that no other can be believed.
//!
//! The target is [`Canary`] and not the target under test, which may lack any operation. There is a
//! case for each verdict that does not take its time: `hang` would, twice a run, and `flaky` needs
//! repetition.

use std::ops::ControlFlow;

use cookiespec_vectors::operation::{ParseSetCookie, ParsedCookie};
use cookiespec_vectors::{
    About, Case, Implementation, Octets, Outcome, Profile, Refusal, Suite, Verdict, unsupported,
};

use crate::fault::Trouble;
use crate::results::judge;
use crate::run::run;
use crate::session::Limits;
use crate::target::Target;
use crate::transcript::Transcript;

/// The name of the canary, where a target is asked for by name.
pub const NAME: &str = "canary";

/// What becomes of each canary case.
const EXPECTED: [(&str, Verdict); 10] = [
    ("canary.0001", Verdict::Pass),
    ("canary.0002", Verdict::Pass),
    ("canary.0003", Verdict::Weak),
    ("canary.0004", Verdict::Info),
    ("canary.0005", Verdict::Fail),
    ("canary.0006", Verdict::Error),
    ("canary.0007", Verdict::Unsupported),
    ("canary.0008", Verdict::Unsupported),
    ("canary.0009", Verdict::Refused),
    ("canary.0010", Verdict::Crash),
];

/// Puts the canary cases to the canary.
///
/// # Errors
/// One of the verdicts is off, or the canary cannot be run.
pub(crate) fn sing(canary: &Target) -> Result<(), Trouble> {
    let suite = Suite::from_json(NAME, include_bytes!("canaries.json"))
        .map_err(|errors| trouble(errors.to_string()))?;
    let cases: Vec<_> = suite.cases().iter().collect();
    let transcript =
        run(canary, &[], &cases, Limits::default(), &|_, _, _| ControlFlow::Continue(()));
    verify(&transcript, &cases)
}

/// Compares the verdicts with those that are known.
fn verify(transcript: &Transcript, cases: &[&Case]) -> Result<(), Trouble> {
    if let Some(Trouble { what, stderr, messages }) = transcript.trouble.clone() {
        let what = format!("the canaries did not sing: {what}");
        return Err(Trouble { what, stderr, messages });
    }
    let about = transcript.welcome.as_ref().map(|welcome| welcome.about()).unwrap_or_default();
    let verdicts = cases.iter().zip(&transcript.heard).map(|(case, heard)| {
        let verdict = judge(case, Profile::Rfc6265bis, &about, heard).verdict;
        ((&*case.id, verdict), heard)
    });
    for (expected, (found, heard)) in EXPECTED.into_iter().zip(verdicts) {
        if expected != found {
            let ((id, is), (_, should)) = (found, expected);
            let what = format!("{id} is {is} and should be {should}: {heard}");
            return Err(trouble(format!("the canaries are off, so nothing is certain: {what}")));
        }
    }
    Ok(())
}

fn trouble(what: String) -> Trouble {
    Trouble { what, stderr: String::new(), messages: Vec::new() }
}

/// An implementation whose answers are known: it takes a set-cookie-string for a name and a value.
#[derive(Clone, Copy, Debug)]
pub struct Canary;

impl Implementation for Canary {
    fn about(&self) -> About {
        About {
            name: NAME.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            can: ["match.path", "parse.set-cookie"].map(str::to_owned).to_vec(),
            blind: vec!["same_site".to_owned()],
            notes: "answers the canary cases, and nothing else in earnest".to_owned(),
            ..About::default()
        }
    }

    fn parse_set_cookie(&mut self, input: &ParseSetCookie) -> Outcome<Option<ParsedCookie>> {
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

    fn match_path(&mut self, _: &Octets, _: &Octets) -> Outcome<bool> {
        unsupported("match.path")
    }
}

#[cfg(test)]
mod tests {
    use cookiespec_vectors::{Welcome, ask};

    use super::*;
    use crate::fault::Fault;
    use crate::transcript::Heard;

    fn suite() -> Suite {
        Suite::from_json(NAME, include_bytes!("canaries.json")).unwrap()
    }

    /// What the canary says, without a process between.
    fn transcript(cases: &[&Case]) -> Transcript {
        let heard = |case: &&Case| match &*case.id {
            "canary.0010" => Heard::Fault(Fault {
                verdict: Verdict::Crash,
                what: String::new(),
                stderr: String::new(),
            }),
            _ => Heard::Answer(ask(&mut Canary, case.operation())),
        };
        Transcript {
            welcome: Some(Welcome::new("canary/1", Canary.about(), 1, 0)),
            heard: cases.iter().map(heard).collect(),
            trouble: None,
        }
    }

    #[test]
    fn each_case_has_a_known_verdict() {
        let suite = suite();
        let cases: Vec<_> = suite.cases().iter().collect();
        assert!(cases.iter().map(|case| &*case.id).eq(EXPECTED.map(|(id, _)| id)));
        assert_eq!(verify(&transcript(&cases), &cases), Ok(()));
    }

    #[test]
    fn one_verdict_that_is_off_is_enough() {
        let suite = suite();
        let cases: Vec<_> = suite.cases().iter().collect();
        for index in 0..cases.len() {
            let mut transcript = transcript(&cases);
            transcript.heard[index] = Heard::NotRun;
            let trouble = verify(&transcript, &cases).unwrap_err();
            assert!(trouble.what.contains(&*cases[index].id), "{}", trouble.what);
        }
    }
}
