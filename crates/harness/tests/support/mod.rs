//! A record with one of everything: targets that pass, miss, break and lie, and octets that no
//! report may let through.

use std::io::Write as _;

use cookiespec_harness::report::Record;
use cookiespec_harness::{Absent, Exit, Fault, Heard, Job, Results, Target, Transcript, Trouble};
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{
    About, Answer, Case, Implementation, Operation, Profile, Suite, Verdict, Welcome, ask,
};
use serde_json::json;

/// Text that means something to a terminal, to JSON, XML, HTML, Markdown or a shell.
pub(crate) const HOSTILE: &str =
    "\u{1b}[31m\u{0}\u{9b}\u{202e}\u{ffff}\u{2028}</script><!--]]>&amp;\"'`$(x)`|\\\n@me";

/// Says that a test checks nothing here, past the capture of the test runner.
#[allow(dead_code, reason = "not every test needs a program that may be missing")]
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The cases of `tests/vectors`.
pub(crate) fn suite() -> Suite {
    Suite::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).unwrap()
}

/// What the reference engine, a spiteful target and a broken one came to.
pub(crate) fn record() -> Record {
    let suite = suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    let results = vec![
        reference(Profile::Rfc6265, &cases),
        reference(Profile::Rfc6265bis, &cases),
        spiteful(&cases),
        broken(&cases),
    ];
    let absent = vec![Absent {
        name: "gone".to_owned(),
        ecosystem: "nowhere".to_owned(),
        why: format!("install {HOSTILE}"),
    }];
    Record::new(&cases, results, absent, Exit::Broken)
}

/// Only the reference engine, with nothing to complain about.
pub(crate) fn clean_record() -> Record {
    let suite = suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    Record::new(&cases, vec![reference(Profile::Rfc6265, &cases)], Vec::new(), Exit::Clean)
}

fn reference(profile: Profile, cases: &[&Case]) -> Results {
    let mut reference = Reference::new(profile);
    let target = Target::reference("cookiespec".as_ref());
    let welcome = Welcome::new("rust-reference/1", reference.about(), 64, 0);
    let heard = cases.iter().map(|case| Heard::Answer(ask(&mut reference, case.operation())));
    let transcript = Transcript { welcome: Some(welcome), heard: heard.collect(), trouble: None };
    Results::new(&Job { target, profiles: vec![profile] }, transcript, cases)
}

fn spiteful(cases: &[&Case]) -> Results {
    let about = About {
        name: HOSTILE.to_owned(),
        version: HOSTILE.to_owned(),
        language: HOSTILE.to_owned(),
        can: ["parse.set-cookie", "match.path", "jar", "clock"].map(str::to_owned).to_vec(),
        notes: HOSTILE.to_owned(),
        ..About::default()
    };
    let octets: String = (0..=255_u8).map(char::from).collect();
    let heard = cases.iter().map(|case| match case.operation() {
        Operation::ParseSetCookie(_) => {
            Heard::Answer(Answer::Ok(json!({"cookie": {"name": octets, "value": octets}})))
        }
        Operation::MatchPath(_) => Heard::Answer(Answer::Error { message: HOSTILE.to_owned() }),
        Operation::Jar(_) => Heard::Fault(Fault {
            verdict: Verdict::Crash,
            what: format!("it ended with {HOSTILE}"),
            stderr: HOSTILE.to_owned(),
        }),
        _ => Heard::Answer(Answer::Unsupported { need: HOSTILE.to_owned() }),
    });
    let transcript = Transcript {
        welcome: Some(Welcome::new(HOSTILE, about, 1, 0)),
        heard: heard.collect(),
        trouble: Some(Trouble {
            what: HOSTILE.to_owned(),
            stderr: HOSTILE.to_owned(),
            messages: vec![HOSTILE.to_owned()],
        }),
    };
    let target = Target::command(HOSTILE.as_ref(), &[HOSTILE.into()]);
    Results::new(&Job { target, profiles: Profile::ALL.to_vec() }, transcript, cases)
}

fn broken(cases: &[&Case]) -> Results {
    let transcript = Transcript {
        welcome: None,
        heard: vec![Heard::NotRun; cases.len()],
        trouble: Some(Trouble {
            what: "the handshake failed: no answer within 30s".to_owned(),
            stderr: String::new(),
            messages: Vec::new(),
        }),
    };
    let target = Target::command("silent".as_ref(), &[]);
    Results::new(&Job { target, profiles: Profile::ALL.to_vec() }, transcript, cases)
}
