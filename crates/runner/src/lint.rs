//! Checks a shim against the protocol, and says of everything that is wrong what to do about it.
//!
//! A run would find most of this, too, case by case. Here each rule is tried once, in a process of
//! its own, so that one that is broken hides no other.

use std::time::{Duration, Instant};

use cookiespec_vectors::message::{PROTOCOL, echoed};
use cookiespec_vectors::{
    Answer, Case, Handshake, Operation, Profile, Reply, Request, Suite, Verdict, ability, judge,
};
use serde_json::{Value, json};

use crate::protocol_client::Limits;
use crate::target::Target;
use cookiespec_process::{Output, Process};

/// The most requests that are put at once.
const MAX_WINDOW: usize = 256;
/// How long nothing may come from a shim that owes nothing.
const QUIET: Duration = Duration::from_millis(100);
/// How long a shim may take to exit.
const EXIT: Duration = Duration::from_secs(2);
/// How many round trips are timed.
const TRIPS: u32 = 20;
/// A start and a round trip that are slow enough to be worth a word.
const SLOW_START: Duration = Duration::from_secs(5);
const SLOW_TRIP: Duration = Duration::from_millis(50);
/// A word that nobody can know.
const UNKNOWN: &str = "x-no-such-operation";

/// What came of trying one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The rule.
    pub rule: String,
    /// What is wrong and what to do, everything escaped; `None` where the rule is kept.
    pub problem: Option<Wrong>,
}

/// A rule that is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

/// Tries every rule on the shim of a target. Without a valid `hello`, nothing else is tried.
pub fn lint(target: &Target, suite: &Suite, limits: Limits) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut opened = None;
    note(&mut remarks, "it starts and says hello", || {
        opened = Some(Talk::open(target, limits)?.1);
        Ok(())
    });
    let Some((handshake, started)) = opened else { return remarks };
    let linter = Linter { target, suite, limits, handshake };
    note(&mut remarks, "hello says all there is to say", || linter.hello());
    note(&mut remarks, "all 256 octets come back", || linter.echo());
    note(&mut remarks, "an unknown operation is unsupported", || linter.unknown());
    for word in Operation::NAMES.iter().chain(ability::ALL) {
        linter.word(word, &mut remarks);
    }
    note(&mut remarks, "a question that makes no sense is an error", || linter.senseless());
    note(&mut remarks, "members it does not know are ignored", || linter.extended());
    note(&mut remarks, "the window is honoured", || linter.window());
    if linter.handshake.batch > 0 {
        note(&mut remarks, "a batch is answered like its requests", || linter.batch());
    }
    note(&mut remarks, "each request has one line of answer", || linter.quiet());
    note(&mut remarks, "it exits at the end of stdin", || linter.end());
    note(&mut remarks, "it exits at bye", || linter.bye());
    note(&mut remarks, "it takes no time of its own", || linter.time(started));
    remarks
}

fn note(remarks: &mut Vec<Remark>, rule: &str, tried: impl FnOnce() -> Result<(), Wrong>) {
    remarks.push(Remark { rule: rule.to_owned(), problem: tried().err() });
}

fn wrong(what: impl Into<String>, fix: &str) -> Wrong {
    Wrong { what: what.into(), fix: fix.to_owned() }
}

struct Linter<'a> {
    target: &'a Target,
    suite: &'a Suite,
    limits: Limits,
    handshake: Handshake,
}

impl Linter<'_> {
    fn open(&self) -> Result<Talk, Wrong> {
        Talk::open(self.target, self.limits).map(|(talk, _)| talk)
    }

    fn hello(&self) -> Result<(), Wrong> {
        let Handshake { implementation, can, claims, window, .. } = &self.handshake;
        if implementation.name.is_empty() || implementation.version.is_empty() {
            let fix = "give `impl` a `name` and a `version`; ask the library for its version";
            return Err(wrong("the implementation has no name or no version", fix));
        }
        if *window == 0 {
            return Err(wrong(
                "`window` is 0",
                "write how many requests may be under way, at least 1",
            ));
        }
        if can.is_empty() {
            return Err(wrong("`can` is empty", "name the operations that the shim answers"));
        }
        let is_known =
            |word: &String| Operation::NAMES.iter().chain(ability::ALL).any(|known| known == word);
        if let Some(word) = can.iter().find(|word| !is_known(word)) {
            let what =
                format!("`can` has \"{}\", which is no operation or ability", word.escape_debug());
            return Err(wrong(what, "take it out, or correct it: docs/protocol.md has the list"));
        }
        match claims {
            Some(claims) if claims.parse::<Profile>().is_err() => {
                let what = format!("`claims` is \"{}\"", claims.escape_debug());
                Err(wrong(what, "write rfc6265 or rfc6265bis, or leave it out"))
            }
            _ => Ok(()),
        }
    }

    fn echo(&self) -> Result<(), Wrong> {
        let answer = self.open()?.ask(Request::echo)?;
        match answer == Answer::Ok(echoed()) {
            true => Ok(()),
            false => {
                let fix = "read and write UTF-8, one code point U+0000 to U+00FF for each octet; answer echo with \
                           the `data` that came";
                Err(wrong(format!("echo came back as {}", shown(&answer)), fix))
            }
        }
    }

    fn unknown(&self) -> Result<(), Wrong> {
        let answer = self.open()?.ask(|id| request(id, UNKNOWN, json!({})))?;
        match answer == (Answer::Unsupported { need: UNKNOWN.to_owned() }) {
            true => Ok(()),
            false => {
                let fix = "answer {\"unsupported\":{\"need\":<the word>}} to every operation there is no code for";
                Err(wrong(format!("it answers {} to \"{UNKNOWN}\"", shown(&answer)), fix))
            }
        }
    }

    /// An operation or ability that is declared is there, and one that is not is not.
    fn word(&self, word: &str, remarks: &mut Vec<Remark>) {
        let about = self.handshake.about();
        let is_declared = about.can.iter().any(|can| can == word);
        let is_operation = Operation::NAMES.contains(&word);
        let asks = |case: &&Case| case.kind() == word || case.needs.iter().any(|need| need == word);
        if is_declared {
            let case =
                self.suite.cases().iter().filter(asks).find(|it| it.missing(&about).is_none());
            if let Some(case) = case {
                note(remarks, &format!("{word} is answered"), || self.answered(case));
            }
        } else if is_operation
            && let Some(case) = self.suite.cases().iter().find(|case| case.kind() == word)
        {
            note(remarks, &format!("{word}, which it does not declare, is unsupported"), || {
                match self.open()?.ask(|id| Request::new(id, case.operation()))? {
                    Answer::Unsupported { .. } => Ok(()),
                    other => {
                        let fix = format!("add \"{word}\" to `can`, or answer unsupported");
                        Err(wrong(format!("it answers {}", shown(&other)), &fix))
                    }
                }
            });
        }
    }

    /// Not what the answer is worth: only whether it is one.
    fn answered(&self, case: &Case) -> Result<(), Wrong> {
        let answer = self.open()?.ask(|id| Request::new(id, case.operation()))?;
        let judgement = judge(case, profile_of(case), &self.handshake.about(), &answer);
        let note = judgement.note.unwrap_or_default().escape_debug().to_string();
        let what = format!("{} is {}: {note}", case.id, judgement.verdict);
        match judgement.verdict {
            Verdict::Broken => Err(wrong(what, "give the answer the form of docs/protocol.md")),
            Verdict::Refused => Err(wrong(what, "answer it, or take the word out of `can`")),
            Verdict::Error => {
                let fix = "answer what the library calls a rejection with ok and null, and mend what is left";
                Err(wrong(what, fix))
            }
            _ => Ok(()),
        }
    }

    fn operation(&self) -> &str {
        let can = self.handshake.can.iter().map(String::as_str);
        can.into_iter().find(|word| Operation::NAMES.contains(word)).unwrap_or(UNKNOWN)
    }

    fn senseless(&self) -> Result<(), Wrong> {
        let mut talk = self.open()?;
        match talk.ask(|id| request(id, self.operation(), json!([])))? {
            Answer::Error { .. } | Answer::Unsupported { .. } => {}
            other => {
                let what = format!("it answers {} to {} of []", shown(&other), self.operation());
                return Err(wrong(
                    what,
                    "answer error where `in` is not what the operation works on",
                ));
            }
        }
        talk.ask(Request::echo).map(drop)
    }

    fn extended(&self) -> Result<(), Wrong> {
        let echo = |id| request(id, "echo", json!({"data": "x", "later": 1}));
        match self.open()?.ask(echo)? {
            Answer::Ok(value) if value["data"] == "x" => Ok(()),
            other => Err(wrong(
                format!("it answers {} to an echo with one member more", shown(&other)),
                "ignore members there is no code for: later versions may add some",
            )),
        }
    }

    fn window(&self) -> Result<(), Wrong> {
        let window = self.handshake.window.clamp(1, MAX_WINDOW);
        let mut talk = self.open()?;
        let ids: Vec<_> = (0..window).map(|_| talk.send(Request::echo)).collect();
        for id in ids {
            talk.receive(id).map_err(|Wrong { what, .. }| {
                let fix = format!(
                    "answer {window} requests that come at once, in their order, or declare a smaller `window`"
                );
                wrong(what, &fix)
            })?;
        }
        Ok(())
    }

    fn batch(&self) -> Result<(), Wrong> {
        let fix = "answer {\"results\":[…]} with one answer for each request, in order, each with its `id`";
        let parts: Vec<_> =
            [Request::echo(101), request(102, UNKNOWN, json!({})), Request::echo(103)]
                .into_iter()
                .take(self.handshake.batch)
                .collect();
        let answer = self.open()?.ask(|id| Request::batch(id, &parts))?;
        let Answer::Ok(mut value) = answer else {
            return Err(wrong(format!("it answers {}", shown(&answer)), fix));
        };
        let results = value.get_mut("results").map(Value::take).unwrap_or_default();
        let replies: Vec<Reply> = serde_json::from_value(results)
            .map_err(|error| wrong(format!("its results are not answers: {error}"), fix))?;
        let expected = parts.iter().map(|part| match &*part.op {
            "echo" => Reply { id: part.id, answer: Answer::Ok(echoed()) },
            _ => Reply { id: part.id, answer: Answer::Unsupported { need: UNKNOWN.to_owned() } },
        });
        match replies.into_iter().eq(expected) {
            true => Ok(()),
            false => Err(wrong("the results are not those of the requests", fix)),
        }
    }

    fn quiet(&self) -> Result<(), Wrong> {
        let mut talk = self.open()?;
        talk.ask(|id| request(id, self.operation(), json!({})))?;
        match talk.process.read(Instant::now() + QUIET) {
            Output::Nothing => Ok(()),
            Output::Closed => {
                Err(wrong("it ended after an answer", "go on reading until stdin ends"))
            }
            Output::Line(line) => {
                let what =
                    format!("it also writes \"{}\"", line[..line.len().min(80)].escape_ascii());
                Err(wrong(
                    what,
                    "send to stderr whatever is no answer, also what the library prints",
                ))
            }
            Output::TooLong => Err(wrong("it also writes a line without end", "send it to stderr")),
        }
    }

    fn end(&self) -> Result<(), Wrong> {
        match self.open()?.process.end(Instant::now() + EXIT) {
            Some(status) if status.success() => Ok(()),
            Some(status) => {
                Err(wrong(format!("it ends with {status}"), "exit with 0 when stdin ends"))
            }
            None => {
                Err(wrong("it runs on when stdin is closed", "leave the loop at the end of stdin"))
            }
        }
    }

    fn bye(&self) -> Result<(), Wrong> {
        let mut talk = self.open()?;
        talk.send(Request::bye);
        match talk.process.read(Instant::now() + EXIT) {
            Output::Closed => Ok(()),
            Output::Line(_) | Output::TooLong => {
                Err(wrong("it answers bye", "exit at bye without an answer"))
            }
            Output::Nothing => Err(wrong("it runs on", "exit at bye, also while stdin is open")),
        }
    }

    fn time(&self, started: Duration) -> Result<(), Wrong> {
        if started > SLOW_START {
            let what = format!("it took {started:.1?} to say hello");
            return Err(wrong(
                what,
                "load less before the first answer: it starts again after every fault",
            ));
        }
        let mut talk = self.open()?;
        let start = Instant::now();
        for _ in 0..TRIPS {
            talk.ask(Request::echo)?;
        }
        let trip = start.elapsed() / TRIPS;
        match trip > SLOW_TRIP {
            true => Err(wrong(
                format!("an echo takes {trip:.1?}"),
                "flush stdout after each answer, and do not poll",
            )),
            false => Ok(()),
        }
    }
}

/// A profile that expects something of the case.
fn profile_of(case: &Case) -> Profile {
    let is_expected = |profile: &Profile| case.expected_by(*profile).next().is_some();
    Profile::ALL.into_iter().find(is_expected).unwrap_or(Profile::Rfc6265bis)
}

fn request(id: u64, op: &str, input: Value) -> Request {
    Request { id, op: op.to_owned(), input }
}

fn shown(answer: &Answer) -> String {
    let text = serde_json::to_string(&Reply { id: 0, answer: answer.clone() }).unwrap_or_default();
    let text: String = text.trim_start_matches("{\"id\":0,").chars().take(100).collect();
    format!("{{{}", text.escape_debug()).replace("\\\"", "\"")
}

/// A conversation with the shim, step by step.
struct Talk {
    process: Process,
    limits: Limits,
    next: u64,
}

impl Talk {
    /// Starts the shim; gives what it said to hello, and how long that took.
    fn open(target: &Target, limits: Limits) -> Result<(Self, (Handshake, Duration)), Wrong> {
        let start = Instant::now();
        let process = Process::start(target.to_command(&[])).map_err(|error| {
            wrong(
                format!("cannot start {}: {error}", target.program()),
                "see whether the command runs in a shell",
            )
        })?;
        let startup = Limits { answer: limits.startup, ..limits };
        let mut talk = Self { process, limits: startup, next: 0 };
        let answer = talk.ask(|id| Request::hello(id, "cookiespec shim check"))?;
        talk.limits = limits;
        let fix = "answer hello as docs/protocol.md shows: protocol, shim, impl and can";
        let handshake: Handshake = match answer {
            Answer::Ok(value) => serde_json::from_value(value)
                .map_err(|error| wrong(format!("its hello is not valid: {error}"), fix))?,
            other => return Err(wrong(format!("it answers {} to hello", shown(&other)), fix)),
        };
        if handshake.protocol != PROTOCOL {
            let what = format!("it speaks protocol {}", handshake.protocol);
            return Err(wrong(what, "choose 1, the version that is offered"));
        }
        Ok((talk, (handshake, start.elapsed())))
    }

    fn ask(&mut self, make: impl FnOnce(u64) -> Request) -> Result<Answer, Wrong> {
        let id = self.send(make);
        self.receive(id)
    }

    fn send(&mut self, make: impl FnOnce(u64) -> Request) -> u64 {
        let id = self.next;
        self.next += 1;
        let mut line = serde_json::to_vec(&make(id)).unwrap_or_default();
        line.push(b'\n');
        self.process.write(line);
        id
    }

    fn receive(&mut self, id: u64) -> Result<Answer, Wrong> {
        let line = match self.process.read(Instant::now() + self.limits.answer) {
            Output::Line(line) => line,
            Output::TooLong => {
                return Err(wrong("its answer is longer than 1 MiB", "answer in shorter lines"));
            }
            Output::Nothing => {
                let what = format!("there is no answer within {:?}", self.limits.answer);
                return Err(wrong(what, "flush stdout after each answer"));
            }
            Output::Closed => {
                let status = self.process.end(Instant::now() + EXIT);
                let how = status
                    .map_or("it closed stdout".to_owned(), |it| format!("it ended with {it}"));
                let stderr = self.process.stderr_tail();
                let last = stderr.split(|&octet| octet == b'\n').rfind(|line| !line.is_empty());
                let said =
                    last.map(|line| format!("; at last it said \"{}\"", line.escape_ascii()));
                let fix = "run the command by hand and type the request; what it throws is an error answer";
                return Err(wrong(format!("{how}{}", said.unwrap_or_default()), fix));
            }
        };
        let reply: Reply = serde_json::from_slice(&line).map_err(|error| {
            let start = line[..line.len().min(80)].escape_ascii();
            wrong(
                format!("\"{start}\" is no answer: {error}"),
                "write one JSON object per line, and nothing else, to stdout",
            )
        })?;
        match reply.id == id {
            true => Ok(reply.answer),
            false => {
                let what = format!("it answers {} where {id} was asked", reply.id);
                Err(wrong(what, "copy the `id` of the request, and answer each once and in order"))
            }
        }
    }
}
