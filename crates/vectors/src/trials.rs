//! The suite as tests of any Rust crate: one trial per case, in the crate's own `cargo test`.
//!
//! ```toml
//! # Cargo.toml
//! [[test]]
//! name = "cookiespec"
//! harness = false
//! ```
//!
//! ```no_run
//! // tests/cookiespec.rs
//! use std::process::ExitCode;
//!
//! use cookiespec_vectors::operation::{ParseSetCookie, ParsedCookie};
//! use cookiespec_vectors::{ImplementationInfo, Implementation, OperationResult, Profile, trials};
//!
//! /// Adapts the parser under test to the suite.
//! struct MyParser;
//!
//! impl Implementation for MyParser {
//!     fn about(&self) -> ImplementationInfo {
//!         ImplementationInfo {
//!             name: "my-parser".to_owned(),
//!             can: vec!["parse.set-cookie".to_owned()],
//!             ..ImplementationInfo::default()
//!         }
//!     }
//!
//!     fn parse_set_cookie(&mut self, input: &ParseSetCookie) -> OperationResult<Option<ParsedCookie>> {
//!         # mod my_parser { pub struct Cookie { pub name: String, pub value: Vec<u8> }
//!         #     pub fn parse(_: &[u8]) -> Option<Cookie> { None } }
//!         let cookie = my_parser::parse(input.set_cookie.as_slice());
//!         Ok(cookie.map(|cookie| ParsedCookie {
//!             name: cookie.name.into(),
//!             value: cookie.value.into(),
//!             ..ParsedCookie::default()
//!         }))
//!     }
//! }
//!
//! fn main() -> ExitCode {
//!     trials::Trials::new(Profile::Rfc6265bis, || MyParser)
//!         .known("parse.nameless.*", "a nameless cookie is dropped, on purpose")
//!         .run()
//! }
//! ```
//!
//! `cargo test --test cookiespec -- jar.path` runs the cases whose ids contain `jar.path`. A case
//! the implementation does not support is *ignored*, with the reason; it never counts as passed.
//!
//! Listing the suite parses no case, and a trial parses its own: a runner may start a process per
//! case, as cargo-nextest does.

use std::error::Error;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use cookiespec_engine::Profile;
use globset::{Glob, GlobMatcher};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::case::Case;
use crate::dispatch;
use crate::implementation::Implementation;
use crate::judge::{Judgement, judge};
use crate::show;
use crate::suite::Suite;
use crate::tally::Tally;
use crate::verdict::Verdict;

/// Runs the embedded suite against the implementations that `make` makes, one per case. To be
/// called from the `main` of a test target with `harness = false`; the arguments of `cargo test`
/// are honoured.
pub fn run<I: Implementation>(
    profile: Profile,
    make: impl Fn() -> I + Send + Sync + 'static,
) -> ExitCode {
    Trials::new(profile, make).run()
}

/// Runs a case on a fresh implementation, and judges the answer.
type RunCase = Arc<dyn Fn(&Case, Profile) -> Judgement + Send + Sync>;

/// A run of the suite with a list of known divergences.
pub struct Trials {
    profile: Profile,
    run_case: RunCase,
    suite: Option<Suite>,
    known: Vec<Known>,
    strict: bool,
}

impl std::fmt::Debug for Trials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trials")
            .field("profile", &self.profile)
            .field("known", &self.known)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}

/// Cases that are known to fail.
#[derive(Clone, Debug)]
struct Known {
    cases: String,
    reason: String,
}

impl Trials {
    /// A run of the embedded suite without known divergences.
    pub fn new<I: Implementation>(
        profile: Profile,
        make: impl Fn() -> I + Send + Sync + 'static,
    ) -> Self {
        let run_case = move |case: &Case, profile| {
            let mut implementation = make();
            let about = implementation.about();
            let answer = dispatch::ask(&mut implementation, case.operation());
            judge(case, profile, &about, &answer)
        };
        Self {
            profile,
            run_case: Arc::new(run_case),
            suite: None,
            known: Vec::new(),
            strict: false,
        }
    }

    /// A case that is weak, because a `should` is missed, fails as well.
    #[must_use]
    pub const fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Another suite than the embedded one.
    #[must_use]
    pub fn suite(mut self, suite: Suite) -> Self {
        self.suite = Some(suite);
        self
    }

    /// The cases whose ids match the glob `cases` are known to fail, for this reason. They are run
    /// all the same. One that passes fails the run, so that the entry is removed with the
    /// divergence; and so does an entry that matches no case.
    #[must_use]
    pub fn known(mut self, cases: impl Into<String>, reason: impl Into<String>) -> Self {
        self.known.push(Known { cases: cases.into(), reason: reason.into() });
        self
    }

    /// Runs with the arguments of the process.
    pub fn run(self) -> ExitCode {
        self.run_with(&Arguments::from_args())
    }

    fn run_with(self, arguments: &Arguments) -> ExitCode {
        let profile = self.profile;
        let tally = Arc::new(Mutex::new(Tally::default()));
        let trials = match self.trials(&tally) {
            Ok(trials) => trials,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        };
        let conclusion = libtest_mimic::run(arguments, trials);
        if !arguments.list
            && let Ok(tally) = tally.lock()
        {
            println!("{profile}: {tally}\n");
        }
        conclusion.exit_code()
    }

    /// A trial for every case, and one for every entry that matches none.
    fn trials(self, tally: &Arc<Mutex<Tally>>) -> Result<Vec<Trial>, Box<dyn Error>> {
        let suite = self.suite.map_or_else(Suite::embedded, Ok)?;
        let known = self.known.iter().map(Entry::new).collect::<Result<Arc<[_]>, _>>()?;
        let stale = known.iter().filter(|entry| entry.is_stale(&suite)).map(Entry::stale_trial);
        let trials = suite.cases().iter().map(|case| {
            let (case, run_case) = (case.clone(), self.run_case.clone());
            let (known, tally) = (known.clone(), tally.clone());
            Trial::ignorable_test(case.id.clone(), move || {
                let judgement = run_case(&case, self.profile);
                if let Ok(mut tally) = tally.lock() {
                    tally.add(&judgement);
                }
                let entry = known.iter().find(|entry| entry.glob.is_match(&case.id));
                let known = entry.map(|entry| entry.reason.clone());
                Gate { known, strict: self.strict }.conclude(&case, &judgement)
            })
        });
        Ok(stale.chain(trials).collect())
    }
}

/// A [`Known`] whose glob is valid.
struct Entry {
    glob: GlobMatcher,
    reason: String,
}

impl Entry {
    fn new(Known { cases, reason }: &Known) -> Result<Self, globset::Error> {
        Ok(Self { glob: Glob::new(cases)?.compile_matcher(), reason: reason.clone() })
    }

    /// Whether no case matches. Matching a glob takes microseconds without optimisation, so that it
    /// is tried only on cases that share the part of it without operators.
    fn is_stale(&self, suite: &Suite) -> bool {
        let glob = self.glob.glob().glob();
        let literal = glob.split(['*', '?', '[', '{', '\\']).next().unwrap_or_default();
        let mut candidates = suite.cases().iter().filter(|case| case.id.starts_with(literal));
        !candidates.any(|case| self.glob.is_match(&case.id))
    }

    fn stale_trial(&self) -> Trial {
        Trial::test(format!("known {}", self.glob.glob()), || {
            Err("stale: the entry matches no case; remove it".into())
        })
    }
}

/// Decides whether a trial passes.
#[derive(Debug)]
struct Gate {
    /// The reason why the case is known to fail, if it is.
    known: Option<String>,
    strict: bool,
}

impl Gate {
    /// The outcome of a trial.
    fn conclude(&self, case: &Case, judgement: &Judgement) -> Result<Completion, Failed> {
        let Judgement { verdict, note, .. } = judgement;
        let fails =
            |verdict: &Verdict| verdict.is_failure() || self.strict && *verdict == Verdict::Weak;
        match (verdict, &self.known) {
            (Verdict::NotApplicable | Verdict::Unsupported | Verdict::Blocked, _) => {
                let reason = note.as_deref().unwrap_or("the target is blind to what is checked");
                Ok(Completion::ignored_with(reason))
            }
            (verdict, Some(reason)) if fails(verdict) => {
                Ok(Completion::ignored_with(format_args!("known: {reason}")))
            }
            (verdict, None) if fails(verdict) || verdict.is_harness_fault() => {
                Err(explain(case, judgement).into())
            }
            (verdict, Some(_)) if verdict.is_harness_fault() => {
                Err(explain(case, judgement).into())
            }
            (_, Some(reason)) => {
                Err(format!("fixed: remove the entry ({reason}) from the known divergences").into())
            }
            (_, None) => Ok(Completion::Completed),
        }
    }
}

/// The report of a failure: what is expected, by which statement, and what the answer was.
fn explain(case: &Case, judgement: &Judgement) -> String {
    let mut text = format!("{}: {}\n", judgement.verdict, case.title);
    for citation in &case.spec {
        text.push_str(&format!("  {citation}\n"));
    }
    if let Some(note) = &judgement.note {
        text.push_str(&format!("  {}\n", note.escape_debug()));
    }
    for check in judgement.checks.iter().filter(|check| check.verdict != Verdict::Pass) {
        let Some(mismatch) = &check.mismatch else { continue };
        let at = check.at.as_ref().map(|at| format!("at {}: ", at.escape_debug()));
        text.push_str(&format!(
            "  {} {}{}\n    want {}\n    got  {}\n",
            check.level,
            at.unwrap_or_default(),
            mismatch.path,
            mismatch.want,
            mismatch.got
        ));
    }
    text.push_str(&format!("  input {}", show::value(&case.operation().input())));
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Answer;
    use crate::implementation::{ImplementationInfo, OperationResult};
    use crate::octets::Octets;
    use crate::test_case::case;

    /// Every path matches.
    struct Careless;

    impl Implementation for Careless {
        fn about(&self) -> ImplementationInfo {
            ImplementationInfo {
                can: vec!["match.path".to_owned()],
                ..ImplementationInfo::default()
            }
        }

        fn match_path(&mut self, _: &Octets, _: &Octets) -> OperationResult<bool> {
            Ok(true)
        }
    }

    fn path_case(matches: bool) -> Case {
        case(json!({
            "kind": "match.path", "in": {"path": "/\u{1b}", "cookie_path": "/b"},
            "expect": [{"for": ["rfc6265"], "level": "must", "is": {"match": matches}}]
        }))
    }

    fn outcome(case: &Case, profile: Profile, known: Option<&str>) -> Result<Completion, Failed> {
        let answer = dispatch::ask(&mut Careless, case.operation());
        let gate = Gate { known: known.map(str::to_owned), strict: false };
        gate.conclude(case, &judge(case, profile, &Careless.about(), &answer))
    }

    fn message(outcome: Result<Completion, Failed>) -> String {
        match outcome {
            Ok(Completion::Completed) => "passed".to_owned(),
            Ok(Completion::Ignored { reason }) => {
                format!("ignored: {}", reason.unwrap_or_default())
            }
            Err(failed) => failed.message().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn both_directions_of_a_known_divergence_fail() {
        let (right, wrong) = (path_case(true), path_case(false));
        let say = |case, known| message(outcome(case, Profile::Rfc6265, known));
        assert_eq!(say(&right, None), "passed");
        assert_eq!(say(&wrong, Some("careless")), "ignored: known: careless");
        assert_eq!(
            say(&right, Some("careless")),
            "fixed: remove the entry (careless) from the known divergences"
        );
        assert_eq!(
            say(&wrong, None),
            "fail: A test\n  rfc6265 section 5 (PATH-01)\n  rfc6265bis section 5 (PATH-01)\n  \
             must match\n    want false\n    got  true\n  \
             input {\"cookie_path\": \"/b\", \"path\": \"/\\x1b\"}"
        );
    }

    #[test]
    fn a_missed_should_fails_a_strict_run_only() {
        let case = case(json!({
            "kind": "match.path", "in": {"path": "/a", "cookie_path": "/b"},
            "expect": [{"for": ["*"], "level": "should", "is": {"match": false}}]
        }));
        let answer = dispatch::ask(&mut Careless, case.operation());
        let judgement = judge(&case, Profile::Rfc6265, &Careless.about(), &answer);
        let say = |strict| message(Gate { known: None, strict }.conclude(&case, &judgement));
        assert_eq!(say(false), "passed");
        assert!(say(true).starts_with("weak: "), "{}", say(true));
    }

    #[test]
    fn what_was_not_asked_is_ignored_with_the_reason() {
        let out_of_reach = message(outcome(&path_case(true), Profile::Rfc6265bis, None));
        assert_eq!(out_of_reach, "ignored: the case says nothing about rfc6265bis");
        let date = case(json!({
            "kind": "parse.date", "in": {"date": ""},
            "expect": [{"for": ["*"], "level": "must", "is": {"unix": null}}]
        }));
        let lacking = message(outcome(&date, Profile::Rfc6265, None));
        assert_eq!(lacking, "ignored: the target lacks parse.date");
        let broken =
            judge(&date, Profile::Rfc6265, &ImplementationInfo::default(), &Answer::Ok(json!({})));
        assert_eq!(broken.verdict, Verdict::Unsupported);
    }

    /// Whether all trials succeed whose names contain `filter`.
    fn succeeds(known: &str, filter: &str) -> bool {
        // Their output is not that of this test.
        let log = tempfile::NamedTempFile::new().unwrap();
        let log = log.path().to_str().unwrap();
        let arguments = Arguments::from_iter(["trials", "--quiet", "--logfile", log, filter]);
        let trials = Trials::new(Profile::Rfc6265, || Careless).known(known, "careless");
        let code = trials.run_with(&arguments);
        format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS)
    }

    #[test]
    fn an_entry_has_to_match_a_case() {
        assert!(succeeds("*.0001", "known "));
        assert!(!succeeds("no.such.*", "known "));
        assert!(!succeeds("[", "nothing is called this"));
    }
}
