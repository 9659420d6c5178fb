//! A conversation with one shim: handshake, self-check, questions and answers.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::time::{Duration, Instant};

use cookiespec_vectors::message::{MAX_LINE, PROTOCOL, echoed};
use cookiespec_vectors::{Answer, Handshake, Operation, Profile, Reply, Request, Verdict};
use serde_json::{Value, json};

use crate::target::Target;
use crate::transport::Transport;
use cookiespec_process::{Output, Process};
use cookiespec_report::Outcome;
use cookiespec_report::ShimFailure;

// A line that the protocol allows is one that the process reads whole.
const _: () = assert!(MAX_LINE == cookiespec_process::MAX_LINE);

/// How the harness names itself to shims.
const HARNESS: &str = concat!("cookiespec ", env!("CARGO_PKG_VERSION"));
/// How long a shim may take to exit when it is told to, or to be dead when its stdout is closed.
const EXIT_TIME: Duration = Duration::from_secs(2);
/// How much of a line that is not an answer is shown, in octets.
const SHOWN: usize = 120;

/// How long a shim may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the start of the process to its first answer.
    pub startup: Duration,
    /// For the oldest message that is not answered.
    pub answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { startup: Duration::from_secs(30), answer: Duration::from_secs(5) }
    }
}

/// What can be put to a shim.
pub trait Question {
    /// The request with this id.
    fn request(&self, id: u64) -> Request;
}

impl Question for &Operation {
    fn request(&self, id: u64) -> Request {
        Request::new(id, self)
    }
}

/// A shim that has introduced itself and passed the self-check.
#[derive(Debug)]
pub struct ProtocolClient {
    process: Process,
    /// Who it is.
    pub handshake: Handshake,
    limits: Limits,
    next_id: u64,
    in_flight: VecDeque<Message>,
    /// Answers of a batch that were not taken yet.
    unpacked: VecDeque<Answer>,
}

/// A message that is not answered yet.
#[derive(Debug)]
enum Message {
    /// One request.
    Single(u64),
    /// A batch, and the ids of the requests in it.
    Batch(u64, Range<u64>),
}

impl ProtocolClient {
    /// Starts the target and makes sure that it speaks the protocol.
    ///
    /// # Errors
    /// The target cannot be started, or its shim is not fit to be asked anything. The verdict is
    /// always `broken`.
    pub fn open(
        target: &Target,
        profiles: &[Profile],
        limits: Limits,
    ) -> Result<Self, ShimFailure> {
        let process = Process::start(target.to_command(profiles))
            .map_err(|error| broken(format!("cannot start {}: {error}", target.program())))?;
        let placeholder = Handshake::new("", Default::default(), 1, 0);
        let mut session = Self {
            process,
            handshake: placeholder,
            limits,
            next_id: 0,
            in_flight: VecDeque::new(),
            unpacked: VecDeque::new(),
        };
        session.introduce().and_then(|()| session.check_itself()).map_err(|fault| ShimFailure {
            verdict: Verdict::Broken,
            what: format!("the handshake failed: {}", fault.what),
            ..fault
        })?;
        Ok(session)
    }

    fn introduce(&mut self) -> Result<(), ShimFailure> {
        let startup = Limits { answer: self.limits.startup, ..self.limits };
        let limits = std::mem::replace(&mut self.limits, startup);
        let answer = self.ask(|id| Request::hello(id, HARNESS));
        self.limits = limits;
        let Answer::Ok(value) = answer? else {
            return Err(self.broken("it refuses hello"));
        };
        self.handshake = serde_json::from_value(value)
            .map_err(|error| self.broken(&format!("its answer to hello is not valid: {error}")))?;
        if self.handshake.protocol != PROTOCOL {
            let version = self.handshake.protocol;
            return Err(self.broken(&format!("it speaks protocol {version}, not {PROTOCOL}")));
        }
        Ok(())
    }

    /// Asks for what every shim can answer and for what none can.
    ///
    /// # Errors
    /// The shim spoils octets, or claims to do what does not exist.
    pub fn check_itself(&mut self) -> Result<(), ShimFailure> {
        let answer = self.ask(Request::echo)?;
        if answer != Answer::Ok(echoed()) {
            let how = spoilt(&answer);
            return Err(self.broken(&format!("it does not echo all 256 octets unchanged: {how}")));
        }
        let word = format!("x-{:08x}", RandomState::new().hash_one(self.next_id) as u32);
        let answer = self.ask(|id| Request { id, op: word.clone(), input: json!({}) })?;
        match answer {
            Answer::Unsupported { .. } => Ok(()),
            _ => Err(self.broken(&format!("it does not say \"unsupported\" to \"{word}\""))),
        }
    }

    fn ask(&mut self, request: impl FnOnce(u64) -> Request) -> Result<Answer, ShimFailure> {
        let id = self.id();
        self.in_flight.push_back(Message::Single(id));
        self.process.write(line(&request(id)));
        self.receive()
    }

    /// Puts questions to the shim in the way they travel: all one by one, or as many as one
    /// message holds. Says how many.
    pub fn send_by<Q: Question>(
        &mut self,
        transport: Transport,
        questions: impl Iterator<Item = Q>,
    ) -> usize {
        match transport {
            Transport::Window(_) => self.send(questions),
            Transport::Batch(_) => self.send_batch(questions),
        }
    }

    /// Puts questions to the shim one by one, in one write, and says how many.
    pub fn send<Q: Question>(&mut self, questions: impl Iterator<Item = Q>) -> usize {
        let mut lines = Vec::new();
        let mut sent = 0;
        for question in questions {
            let id = self.id();
            self.in_flight.push_back(Message::Single(id));
            lines.extend(line(&question.request(id)));
            sent += 1;
        }
        self.process.write(lines);
        sent
    }

    /// Puts questions to the shim in one message: as many as it holds, or all. Says how many.
    fn send_batch<Q: Question>(&mut self, questions: impl Iterator<Item = Q>) -> usize {
        let first = self.next_id + 1;
        let mut requests = Vec::new();
        let mut size = 0;
        for question in questions {
            let request = question.request(self.next_id + 1);
            size += line(&request).len();
            // The message has a few members around the requests, and more of the answers.
            if size > MAX_LINE / 2 && !requests.is_empty() {
                break;
            }
            self.next_id += 1;
            requests.push(request);
        }
        if let [single] = &requests[..] {
            self.in_flight.push_back(Message::Single(single.id));
            self.process.write(line(single));
        } else {
            let inside = first..self.next_id + 1;
            let id = self.id();
            self.in_flight.push_back(Message::Batch(id, inside));
            self.process.write(line(&Request::batch(id, &requests)));
        }
        requests.len()
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// The answer to the oldest operation that has none yet.
    ///
    /// # Errors
    /// The shim died, did not answer in time or broke the protocol. The session is dead then.
    pub fn receive(&mut self) -> Result<Answer, ShimFailure> {
        if let Some(answer) = self.unpacked.pop_front() {
            return Ok(answer);
        }
        match self.process.read(Instant::now() + self.limits.answer) {
            Output::Line(line) => self.read_reply(&line),
            Output::TooLong => {
                Err(self.broken(&format!("it wrote a line of more than {MAX_LINE} octets")))
            }
            Output::Closed => Err(self.ended()),
            Output::Nothing if self.process.exited().is_some() => Err(self.ended()),
            Output::Nothing => {
                let what = format!("no answer within {:?}", self.limits.answer);
                Err(self.fault(Verdict::Hang, what))
            }
        }
    }

    fn read_reply(&mut self, line: &[u8]) -> Result<Answer, ShimFailure> {
        let reply: Reply = match serde_json::from_slice(line) {
            Ok(reply) => reply,
            Err(error) => {
                let shown = &line[..line.len().min(SHOWN)];
                let rest = if line.len() > SHOWN { "…" } else { "" };
                return Err(self.broken(&format!(
                    "its stdout is not an answer ({error}): \"{}\"{rest}",
                    shown.escape_ascii()
                )));
            }
        };
        match self.in_flight.pop_front() {
            Some(Message::Single(id)) if id == reply.id => Ok(reply.answer),
            Some(Message::Batch(id, inside)) if id == reply.id => self.unpack(inside, reply.answer),
            Some(Message::Single(id) | Message::Batch(id, _)) if reply.id < id => {
                Err(self.broken(&format!("it answered {} a second time", reply.id)))
            }
            Some(Message::Single(id) | Message::Batch(id, _)) => {
                Err(self.broken(&format!("it answered {} instead of {id}", reply.id)))
            }
            None => Err(self.broken(&format!("it answered {}, which is not open", reply.id))),
        }
    }

    /// Waits for an answer so long from now on.
    pub fn wait_for(&mut self, answer: Duration) {
        self.limits.answer = answer;
    }

    /// The process that speaks.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Takes the answer to a batch apart, and gives its first.
    fn unpack(&mut self, inside: Range<u64>, answer: Answer) -> Result<Answer, ShimFailure> {
        let results = match answer {
            Answer::Ok(mut value) => value.get_mut("results").map(Value::take).unwrap_or_default(),
            _ => return Err(self.broken("it refuses the batch it offers")),
        };
        let replies: Vec<Reply> = serde_json::from_value(results)
            .map_err(|error| self.broken(&format!("the results of a batch: {error}")))?;
        if !replies.iter().map(|reply| reply.id).eq(inside) {
            return Err(self.broken("the results of a batch are not those of its requests"));
        }
        self.unpacked = replies.into_iter().map(|reply| reply.answer).collect();
        self.receive()
    }

    /// It was given another answer than to the same question before. The session is dead then.
    pub fn changed_its_mind(&mut self, answer: &Answer) -> ShimFailure {
        let what = Outcome::Answer(answer.clone());
        self.broken(&format!("it answered once, and the same question again with {what}"))
    }

    /// Ends the conversation.
    pub fn close(mut self) {
        self.process.write(line(&Request::bye(self.next_id + 1)));
        self.process.end(Instant::now() + EXIT_TIME);
    }

    /// The shim closed its stdout, or is dead.
    fn ended(&mut self) -> ShimFailure {
        match self.process.end(Instant::now() + EXIT_TIME) {
            Some(status) => self.fault(Verdict::Crash, format!("it ended with {status}")),
            None => self.broken("it closed its stdout and ran on"),
        }
    }

    fn broken(&mut self, what: &str) -> ShimFailure {
        self.fault(Verdict::Broken, what.to_owned())
    }

    fn fault(&mut self, verdict: Verdict, what: String) -> ShimFailure {
        self.process.kill();
        let stderr = String::from_utf8_lossy(&self.process.stderr_tail()).into_owned();
        ShimFailure { verdict, what, stderr }
    }
}

/// A message as the shim reads it.
fn line(request: &Request) -> Vec<u8> {
    let mut line = serde_json::to_vec(request).unwrap_or_default();
    line.push(b'\n');
    line
}

fn broken(what: String) -> ShimFailure {
    ShimFailure { verdict: Verdict::Broken, what, stderr: String::new() }
}

/// Where an echo differs from what was said.
fn spoilt(answer: &Answer) -> String {
    let came = match answer {
        Answer::Ok(value) => value.get("data").and_then(Value::as_str),
        _ => None,
    };
    let Some(came) = came else { return "there is no `data` in its answer".to_owned() };
    let mut came = came.chars();
    for octet in 0..=u8::MAX {
        match came.next() {
            Some(character) if character == char::from(octet) => {}
            Some(other) => {
                return format!("octet {octet:02X} came back as {}", other.escape_unicode());
            }
            None => return format!("octet {octet:02X} and all after it did not come back"),
        }
    }
    "more came back".to_owned()
}
