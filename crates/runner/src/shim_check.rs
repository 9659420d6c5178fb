//! Checks a shim against the protocol, rule by rule, and says how to correct each violation.
//!
//! A run would find most violations, too, case by case. Here each rule is tried once, in a process
//! of its own, so that one violation does not hide another.

use std::time::{Duration, Instant};

use cookiespec_process::Output;
use cookiespec_report::{Escaped, KEPT_TEXT, shortened};
use cookiespec_vectors::message::echoed;
use cookiespec_vectors::operation::AGENT_OPERATIONS;
use cookiespec_vectors::{
    Answer, Case, Handshake, Operation, Profile, Reply, Request, Suite, Verdict, ability, judge,
};
use serde_json::{Value, json};
use thiserror::Error;

use crate::protocol_client::{EXIT_TIME, Limits, ProtocolClient};
use crate::shim_failure::FailureCause;
use crate::target::Target;

/// The most requests that are sent at once.
const MAX_WINDOW: usize = 256;
/// How long nothing may come from a shim that owes nothing.
const QUIET: Duration = Duration::from_millis(100);
/// How many round trips are timed.
const TRIPS: u32 = 20;
/// A start and a round trip that are slow enough to be reported.
const SLOW_START: Duration = Duration::from_secs(5);
const SLOW_TRIP: Duration = Duration::from_millis(50);
/// An operation that does not exist.
const UNKNOWN: &str = "x-no-such-operation";

/// The result of trying one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// The rule.
    pub rule: String,
    /// `None` where the rule is kept.
    pub violation: Option<RuleViolation>,
}

/// How a rule is violated, everything escaped.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{what}; {fix}")]
pub struct RuleViolation {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
    /// Whether it says nothing about the shim: there was no process or thread to start it with.
    pub is_scarcity: bool,
}

/// Tries every rule on the shim of a target. Without a valid `hello`, nothing else is tried.
pub fn check(target: &Target, suite: &Suite, limits: Limits) -> Vec<CheckResult> {
    let mut results = Vec::new();
    let mut opened = None;
    record(&mut results, "it starts and says hello", || {
        let start = Instant::now();
        let client = open(target, limits)?;
        opened = Some((client.handshake.clone(), start.elapsed()));
        Ok(())
    });
    let Some((handshake, started)) = opened else { return results };
    let checker = Checker { target, suite, limits, handshake };
    record(&mut results, "hello says all there is to say", || checker.hello());
    record(&mut results, "all 256 octets come back", || checker.echo());
    record(&mut results, "an unknown operation is unsupported", || checker.unknown());
    for word in Operation::NAMES.iter().chain(ability::ALL) {
        checker.word(word, &mut results);
    }
    record(&mut results, "a request that makes no sense is an error", || checker.senseless());
    record(&mut results, "unknown members are ignored", || checker.extended());
    record(&mut results, "the window is honoured", || checker.window());
    if checker.handshake.batch > 0 {
        record(&mut results, "a batch is answered like its requests", || checker.batch());
    }
    record(&mut results, "each request has one line of answer", || checker.quiet());
    record(&mut results, "it exits at the end of stdin", || checker.end());
    record(&mut results, "it exits at bye", || checker.bye());
    record(&mut results, "it takes no time of its own", || checker.time(started));
    results
}

fn record(
    results: &mut Vec<CheckResult>,
    rule: &str,
    try_rule: impl FnOnce() -> Result<(), RuleViolation>,
) {
    results.push(CheckResult { rule: rule.to_owned(), violation: try_rule().err() });
}

fn violation(what: impl Into<String>, fix: &str) -> RuleViolation {
    let what = shortened(Escaped(&what.into()).to_string(), KEPT_TEXT);
    RuleViolation { what, fix: Escaped(fix).to_string(), is_scarcity: false }
}

struct Checker<'a> {
    target: &'a Target,
    suite: &'a Suite,
    limits: Limits,
    handshake: Handshake,
}

impl Checker<'_> {
    fn open(&self) -> Result<ProtocolClient, RuleViolation> {
        open(self.target, self.limits)
    }

    fn hello(&self) -> Result<(), RuleViolation> {
        let Handshake { implementation, can, claims, window, .. } = &self.handshake;
        if implementation.name.is_empty() || implementation.version.is_empty() {
            let fix = "give `impl` a `name` and a `version`; ask the library for its version";
            return Err(violation("the implementation has no name or no version", fix));
        }
        if *window == 0 {
            let fix = "write how many requests may be in flight, at least 1";
            return Err(violation("`window` is 0", fix));
        }
        if can.is_empty() {
            return Err(violation("`can` is empty", "name the operations that the shim answers"));
        }
        let known = || Operation::NAMES.iter().chain(&AGENT_OPERATIONS).chain(ability::ALL);
        let is_known = |word: &String| known().any(|known| known == word);
        if let Some(word) = can.iter().find(|word| !is_known(word)) {
            let what =
                format!("`can` has \"{}\", which is no operation or ability", word.escape_debug());
            let fix = "take it out, or correct it: docs/protocol.md has the list";
            return Err(violation(what, fix));
        }
        match claims {
            Some(claims) if claims.parse::<Profile>().is_err() => {
                let what = format!("`claims` is \"{}\"", claims.escape_debug());
                Err(violation(what, "write rfc6265 or rfc6265bis, or leave it out"))
            }
            _ => Ok(()),
        }
    }

    fn echo(&self) -> Result<(), RuleViolation> {
        let answer = ask(&mut self.open()?, Request::echo)?;
        match answer == Answer::Ok(echoed()) {
            true => Ok(()),
            false => {
                let fix = "read and write UTF-8, one code point U+0000 to U+00FF for each octet; answer echo with \
                           the `data` that came";
                Err(violation(format!("echo came back as {}", shown(&answer)), fix))
            }
        }
    }

    fn unknown(&self) -> Result<(), RuleViolation> {
        let answer = ask(&mut self.open()?, |id| request(id, UNKNOWN, json!({})))?;
        match answer == (Answer::Unsupported { need: UNKNOWN.to_owned() }) {
            true => Ok(()),
            false => {
                let fix = "answer {\"unsupported\":{\"need\":<the word>}} to every operation there is no code for";
                Err(violation(format!("it answers {} to \"{UNKNOWN}\"", shown(&answer)), fix))
            }
        }
    }

    /// A declared operation or ability exists, and one that is not declared does not.
    fn word(&self, word: &str, results: &mut Vec<CheckResult>) {
        let about = self.handshake.about();
        let is_declared = about.can.iter().any(|can| can == word);
        let is_operation = Operation::NAMES.contains(&word);
        let uses = |case: &&Case| case.kind() == word || case.needs.iter().any(|need| need == word);
        if is_declared {
            let case =
                self.suite.cases().iter().filter(uses).find(|it| it.missing(&about).is_none());
            if let Some(case) = case {
                record(results, &format!("{word} is answered"), || self.answered(case));
            }
        } else if is_operation
            && let Some(case) = self.suite.cases().iter().find(|case| case.kind() == word)
        {
            record(results, &format!("{word}, which it does not declare, is unsupported"), || {
                match ask(&mut self.open()?, |id| Request::new(id, case.operation()))? {
                    Answer::Unsupported { .. } => Ok(()),
                    other => {
                        let fix = format!("add \"{word}\" to `can`, or answer unsupported");
                        Err(violation(format!("it answers {}", shown(&other)), &fix))
                    }
                }
            });
        }
    }

    /// The answer has the form of one, whether it is right or not.
    fn answered(&self, case: &Case) -> Result<(), RuleViolation> {
        let answer = ask(&mut self.open()?, |id| Request::new(id, case.operation()))?;
        let judgement = judge(case, profile_of(case), &self.handshake.about(), &answer);
        let note = judgement.note.unwrap_or_default().escape_debug().to_string();
        let what = format!("{} is {}: {note}", case.id, judgement.verdict);
        let fix = match judgement.verdict {
            Verdict::Broken => "give the answer the form of docs/protocol.md",
            Verdict::Refused => "answer it, or take the word out of `can`",
            Verdict::Error => {
                "answer what the library calls a rejection with ok and null, and correct the rest"
            }
            _ => return Ok(()),
        };
        Err(violation(what, fix))
    }

    /// The first operation that the shim declares.
    fn operation(&self) -> &str {
        let can = self.handshake.can.iter().map(String::as_str);
        can.into_iter().find(|word| Operation::NAMES.contains(word)).unwrap_or(UNKNOWN)
    }

    fn senseless(&self) -> Result<(), RuleViolation> {
        let mut client = self.open()?;
        match ask(&mut client, |id| request(id, self.operation(), json!([])))? {
            Answer::Error { .. } | Answer::Unsupported { .. } => {}
            other => {
                let what = format!("it answers {} to {} of []", shown(&other), self.operation());
                let fix = "answer error where `in` is not what the operation works on";
                return Err(violation(what, fix));
            }
        }
        ask(&mut client, Request::echo).map(drop)
    }

    fn extended(&self) -> Result<(), RuleViolation> {
        let echo = |id| request(id, "echo", json!({"data": "x", "later": 1}));
        match ask(&mut self.open()?, echo)? {
            Answer::Ok(value) if value["data"] == "x" => Ok(()),
            other => Err(violation(
                format!("it answers {} to an echo with one member more", shown(&other)),
                "ignore members there is no code for: later versions may add some",
            )),
        }
    }

    fn window(&self) -> Result<(), RuleViolation> {
        let window = self.handshake.window.clamp(1, MAX_WINDOW);
        let mut client = self.open()?;
        for _ in 0..window {
            client.send_request(Request::echo);
        }
        for _ in 0..window {
            client.next_answer().map_err(|cause| {
                let fix = format!(
                    "answer {window} requests that come at once, in their order, or declare a smaller `window`"
                );
                violation(violation_of(&cause, &client).what, &fix)
            })?;
        }
        Ok(())
    }

    fn batch(&self) -> Result<(), RuleViolation> {
        let fix = "answer {\"results\":[…]} with one answer for each request, in order, each with its `id`";
        let parts: Vec<_> =
            [Request::echo(101), request(102, UNKNOWN, json!({})), Request::echo(103)]
                .into_iter()
                .take(self.handshake.batch)
                .collect();
        let answer = ask(&mut self.open()?, |id| Request::batch(id, &parts))?;
        let Answer::Ok(mut value) = answer else {
            return Err(violation(format!("it answers {}", shown(&answer)), fix));
        };
        let results = value.get_mut("results").map(Value::take).unwrap_or_default();
        let replies: Vec<Reply> = serde_json::from_value(results)
            .map_err(|error| violation(format!("its results are not answers: {error}"), fix))?;
        let expected = parts.iter().map(|part| match &*part.op {
            "echo" => Reply { id: part.id, answer: Answer::Ok(echoed()) },
            _ => Reply { id: part.id, answer: Answer::Unsupported { need: UNKNOWN.to_owned() } },
        });
        match replies.into_iter().eq(expected) {
            true => Ok(()),
            false => Err(violation("the results are not those of the requests", fix)),
        }
    }

    fn quiet(&self) -> Result<(), RuleViolation> {
        let mut client = self.open()?;
        ask(&mut client, |id| request(id, self.operation(), json!({})))?;
        match client.read_output(QUIET) {
            Output::TimedOut => Ok(()),
            Output::Closed => {
                Err(violation("it ended after an answer", "go on reading until stdin ends"))
            }
            Output::Line(line) => {
                let what =
                    format!("it also writes \"{}\"", line[..line.len().min(80)].escape_ascii());
                let fix = "send to stderr whatever is no answer, also what the library prints";
                Err(violation(what, fix))
            }
            Output::TooLong => {
                Err(violation("it also writes a line without end", "send it to stderr"))
            }
        }
    }

    fn end(&self) -> Result<(), RuleViolation> {
        match self.open()?.end() {
            Some(status) if status.success() => Ok(()),
            Some(status) => {
                Err(violation(format!("it ends with {status}"), "exit with 0 when stdin ends"))
            }
            None => Err(violation(
                "it runs on when stdin is closed",
                "leave the loop at the end of stdin",
            )),
        }
    }

    fn bye(&self) -> Result<(), RuleViolation> {
        let mut client = self.open()?;
        client.send_request(Request::bye);
        match client.read_output(EXIT_TIME) {
            Output::Closed => Ok(()),
            Output::Line(_) | Output::TooLong => {
                Err(violation("it answers bye", "exit at bye without an answer"))
            }
            Output::TimedOut => {
                Err(violation("it runs on", "exit at bye, also while stdin is open"))
            }
        }
    }

    fn time(&self, started: Duration) -> Result<(), RuleViolation> {
        if started > SLOW_START {
            let what = format!("it took {started:.1?} to say hello");
            let fix = "load less before the first answer: it starts again after every failure";
            return Err(violation(what, fix));
        }
        let mut client = self.open()?;
        let start = Instant::now();
        for _ in 0..TRIPS {
            ask(&mut client, Request::echo)?;
        }
        let trip = start.elapsed() / TRIPS;
        match trip > SLOW_TRIP {
            true => Err(violation(
                format!("an echo takes {trip:.1?}"),
                "flush stdout after each answer, and do not poll",
            )),
            false => Ok(()),
        }
    }
}

/// Starts the shim and says hello, and no more than that.
fn open(target: &Target, limits: Limits) -> Result<ProtocolClient, RuleViolation> {
    let mut client = ProtocolClient::start(target, &[], limits).map_err(|cause| RuleViolation {
        is_scarcity: cause.is_scarcity(),
        ..violation(cause.to_string(), "see whether the command runs in a shell")
    })?;
    match client.say_hello() {
        Ok(()) => Ok(client),
        Err(cause) => Err(violation_of(&cause, &client)),
    }
}

fn ask(
    client: &mut ProtocolClient,
    request: impl FnOnce(u64) -> Request,
) -> Result<Answer, RuleViolation> {
    client.ask(request).map_err(|cause| violation_of(&cause, client))
}

/// What is wrong with a shim that failed, and what to do about it.
fn violation_of(cause: &FailureCause, client: &ProtocolClient) -> RuleViolation {
    let mut what = cause.to_string();
    let fix = match cause {
        FailureCause::Ended(_) | FailureCause::ClosedStdout => {
            let stderr = client.stderr_tail();
            let last = stderr.split(|&octet| octet == b'\n').rfind(|line| !line.is_empty());
            if let Some(line) = last {
                what += &format!("; its last line on stderr is \"{}\"", line.escape_ascii());
            }
            "run the command by hand and type the request; what it throws is an error answer"
        }
        FailureCause::NoAnswer(_) => "flush stdout after each answer",
        FailureCause::LineTooLong => "answer in shorter lines",
        FailureCause::NotAnAnswer { .. } => {
            "write one JSON object per line, and nothing else, to stdout"
        }
        FailureCause::HelloRefused(_) | FailureCause::InvalidHello(_) => {
            "answer hello as docs/protocol.md shows: protocol, shim, impl and can"
        }
        FailureCause::OtherProtocol(_) => "choose 1, the version that is offered",
        FailureCause::RepeatedId(_)
        | FailureCause::WrongId { .. }
        | FailureCause::UnrequestedId(_) => {
            "copy the `id` of the request, and answer each once and in order"
        }
        _ => "answer as docs/protocol.md shows",
    };
    violation(what, fix)
}

/// A profile that expects something of the case.
fn profile_of(case: &Case) -> Profile {
    let is_expected = |profile: &Profile| case.expected_by(*profile).next().is_some();
    Profile::ALL.into_iter().find(is_expected).unwrap_or(Profile::Rfc6265bis)
}

fn request(id: u64, op: &str, input: Value) -> Request {
    Request { id, op: op.to_owned(), input }
}

/// The start of an answer as it stands in a message, escaped.
fn shown(answer: &Answer) -> String {
    let text = serde_json::to_string(&Reply { id: 0, answer: answer.clone() }).unwrap_or_default();
    let text: String = text.trim_start_matches("{\"id\":0,").chars().take(100).collect();
    format!("{{{}", text.escape_debug()).replace("\\\"", "\"")
}
