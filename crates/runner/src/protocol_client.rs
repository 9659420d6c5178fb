//! A client of the shim protocol: one process, its handshake, requests and answers.
//!
//! Nothing is repeated here: after the first failure the process is dead.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use cookiespec_process::{Output, Process, is_interrupted, usage};
use cookiespec_report::{Outcome, ShimFailure};
use cookiespec_vectors::message::{MAX_LINE, PROTOCOL, echoed};
use cookiespec_vectors::{Answer, Handshake, Operation, Profile, Reply, Request, Verdict};
use serde_json::{Value, json};

use crate::deadline::{self, Deadline, Overdue};
use crate::shim_failure::FailureCause;
use crate::target::Target;
use crate::transport::Transport;

// The process reads every line that the protocol allows to its end.
const _: () = assert!(MAX_LINE == cookiespec_process::MAX_LINE);

/// How the harness names itself to shims.
const HARNESS: &str = concat!("cookiespec ", env!("CARGO_PKG_VERSION"));
/// How long a shim may take to exit after `bye` or the end of stdin, or after it closed its stdout.
pub(crate) const EXIT_TIME: Duration = Duration::from_secs(2);
/// How often an echo is timed to see how slow a shim is.
const ECHOES: usize = 3;
const BROWSER_FACTOR: u32 = 12;
/// How much of a line that is not an answer is shown, in octets.
const SHOWN: usize = 120;

/// How long a shim may take. Time in which it waited for a processor does not count, where the
/// system shows it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the start of the process to its first answer.
    pub startup: Duration,
    /// For the oldest request that is not answered.
    pub answer: Duration,
    /// The moment at which a run ends, whatever a shim has answered until then.
    pub end: Option<Instant>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { startup: Duration::from_secs(30), answer: Duration::from_secs(5), end: None }
    }
}

impl Limits {
    /// Those of a target, where others get these. A browser may be closed and started again within
    /// one case, which takes seconds.
    pub(crate) fn of(self, target: &Target) -> Self {
        let factor = if target.is_browser() { BROWSER_FACTOR } else { 1 };
        Self { startup: self.startup * factor, answer: self.answer * factor, ..self }
    }
}

/// Something that can be sent to a shim as a request.
pub trait ToRequest {
    /// The request with this id.
    fn to_request(&self, id: u64) -> Request;
}

impl ToRequest for &Operation {
    fn to_request(&self, id: u64) -> Request {
        Request::new(id, self)
    }
}

/// A running shim that has passed the handshake.
#[derive(Debug)]
pub struct ProtocolClient {
    process: Process,
    /// The shim's answer to `hello`.
    pub handshake: Handshake,
    limits: Limits,
    /// By which factor the machine is slower than usual, as far as limits are extended for it.
    slowness: f64,
    next_id: u64,
    in_flight: VecDeque<Message>,
    /// Answers of a batch that were not received yet.
    unpacked: VecDeque<Answer>,
    /// How it failed, if it has.
    end: Option<End>,
}

/// What is known of a process that failed.
#[derive(Clone, Copy, Debug)]
struct End {
    /// Whether it gave no answer.
    is_silence: bool,
    /// Whether nobody waited for it.
    is_end_of_run: bool,
    /// The processor time that it used in all, if the system shows it.
    cpu_time: Option<Duration>,
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
    /// Starts the target, does the handshake and verifies the shim. On a busy machine it has a
    /// second try with more time.
    ///
    /// # Errors
    /// The target cannot be started, or the handshake fails. The verdict is always `broken`.
    pub fn open(
        target: &Target,
        profiles: &[Profile],
        limits: Limits,
    ) -> Result<Self, ShimFailure> {
        let mut opened = Self::shake_hands(target, profiles, limits, 1.0);
        if matches!(&opened, Err(failure) if failure.verdict == Verdict::Hang) {
            let slowness = deadline::slowness_of_machine();
            if deadline::is_busy(slowness) {
                opened = Self::shake_hands(target, profiles, limits, slowness);
            }
        }
        opened.map_err(|failure| ShimFailure { verdict: Verdict::Broken, ..failure })
    }

    fn shake_hands(
        target: &Target,
        profiles: &[Profile],
        limits: Limits,
        slowness: f64,
    ) -> Result<Self, ShimFailure> {
        let mut client =
            Self::start(target, profiles, limits).map_err(|cause| cause.into_failure(&[]))?;
        client.slowness = slowness;
        match client.say_hello().and_then(|()| client.check_echo_and_refusal()) {
            Ok(()) => Ok(Self { slowness: 1.0, ..client }),
            Err(cause) => {
                let failure = client.fail(cause);
                let mut what = format!("the handshake failed: {}", failure.what);
                if let Some(defect) = target.build_defect() {
                    what.push_str(&format!("; {defect}"));
                }
                Err(ShimFailure { what, ..failure })
            }
        }
    }

    /// Starts the target and sends nothing. [`Self::say_hello`] has to come next.
    ///
    /// # Errors
    /// The target cannot be started.
    pub(crate) fn start(
        target: &Target,
        profiles: &[Profile],
        limits: Limits,
    ) -> Result<Self, FailureCause> {
        let process = Process::start(target.to_command(profiles)).map_err(|error| {
            unless_interrupted(FailureCause::NotStarted { program: target.program(), error })
        })?;
        Ok(Self {
            process,
            handshake: Handshake::new("", Default::default(), 1, 0),
            limits,
            slowness: 1.0,
            next_id: 0,
            in_flight: VecDeque::new(),
            unpacked: VecDeque::new(),
            end: None,
        })
    }

    /// Sends `hello` and keeps the answer as [`Self::handshake`].
    ///
    /// # Errors
    /// The shim failed, refuses `hello`, or speaks another version of the protocol.
    pub(crate) fn say_hello(&mut self) -> Result<(), FailureCause> {
        let startup = Limits { answer: self.limits.startup, ..self.limits };
        let limits = std::mem::replace(&mut self.limits, startup);
        let answer = self.ask(|id| Request::hello(id, HARNESS));
        self.limits = limits;
        let value = match answer? {
            Answer::Ok(value) => value,
            refusal => return Err(FailureCause::HelloRefused(shown(&refusal))),
        };
        self.handshake = serde_json::from_value(value).map_err(FailureCause::InvalidHello)?;
        if let Some(excess) = self.handshake.excess() {
            return Err(FailureCause::OversizedHello(excess));
        }
        match self.handshake.protocol {
            PROTOCOL => Ok(()),
            version => Err(FailureCause::OtherProtocol(version)),
        }
    }

    /// Verifies that the shim still echoes all octets and refuses an operation that does not exist.
    ///
    /// # Errors
    /// It does not. The process is dead then.
    pub fn verify(&mut self) -> Result<(), ShimFailure> {
        self.check_echo_and_refusal().map_err(|cause| self.fail(cause))
    }

    fn check_echo_and_refusal(&mut self) -> Result<(), FailureCause> {
        let answer = self.ask(Request::echo)?;
        if answer != Answer::Ok(echoed()) {
            return Err(FailureCause::EchoDiffers(echo_difference(&answer)));
        }
        let word = format!("x-{:08x}", RandomState::new().hash_one(self.next_id) as u32);
        match self.ask(|id| Request { id, op: word.clone(), input: json!({}) })? {
            Answer::Unsupported { .. } => Ok(()),
            _ => Err(FailureCause::UnknownOperationAccepted(word)),
        }
    }

    /// Sends one request and waits for its answer. Nothing else may be in flight.
    ///
    /// # Errors
    /// The shim failed. The process is left as it is.
    pub(crate) fn ask(
        &mut self,
        request: impl FnOnce(u64) -> Request,
    ) -> Result<Answer, FailureCause> {
        self.send_request(request);
        self.next_answer()
    }

    /// Sends one request and does not wait.
    pub(crate) fn send_request(&mut self, request: impl FnOnce(u64) -> Request) {
        let id = self.take_id();
        self.in_flight.push_back(Message::Single(id));
        self.process.write(line(&request(id)));
    }

    /// Sends requests by a transport: all, each in a message of its own, or as many as one message
    /// holds. Returns how many were sent.
    pub fn send_by<R: ToRequest>(
        &mut self,
        transport: Transport,
        requests: impl Iterator<Item = R>,
    ) -> usize {
        match transport {
            Transport::Window(_) => self.send(requests),
            Transport::Batch(_) => self.send_batch(requests),
        }
    }

    /// Sends requests in one write, each in a message of its own. Returns how many were sent.
    pub fn send<R: ToRequest>(&mut self, requests: impl Iterator<Item = R>) -> usize {
        let mut lines = Vec::new();
        let mut sent = 0;
        for request in requests {
            let id = self.take_id();
            self.in_flight.push_back(Message::Single(id));
            lines.extend(line(&request.to_request(id)));
            sent += 1;
        }
        self.process.write(lines);
        sent
    }

    /// Sends requests in one message, as many as it holds. Returns how many were sent.
    fn send_batch<R: ToRequest>(&mut self, requests: impl Iterator<Item = R>) -> usize {
        let first = self.next_id;
        let mut batch = Vec::new();
        let mut size = 0;
        for request in requests {
            let request = request.to_request(self.next_id);
            size += line(&request).len();
            // The message has a few members around the requests, and more around the answers.
            if size > MAX_LINE / 2 && !batch.is_empty() {
                break;
            }
            self.next_id += 1;
            batch.push(request);
        }
        if let [single] = &batch[..] {
            self.in_flight.push_back(Message::Single(single.id));
            self.process.write(line(single));
        } else {
            let inside = first..self.next_id;
            let id = self.take_id();
            self.in_flight.push_back(Message::Batch(id, inside));
            self.process.write(line(&Request::batch(id, &batch)));
        }
        batch.len()
    }

    fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    /// The answer to the oldest request that has none yet.
    ///
    /// # Errors
    /// The shim died, did not answer in time or broke the protocol. The process is dead then.
    pub fn receive(&mut self) -> Result<Answer, ShimFailure> {
        self.next_answer().map_err(|cause| self.fail(cause))
    }

    /// As [`Self::receive`], but a failure leaves the process as it is.
    ///
    /// # Errors
    /// As for [`Self::receive`].
    pub(crate) fn next_answer(&mut self) -> Result<Answer, FailureCause> {
        match self.unpacked.pop_front() {
            Some(answer) => Ok(answer),
            None => self.read_answer().map_err(unless_interrupted),
        }
    }

    fn read_answer(&mut self) -> Result<Answer, FailureCause> {
        let limit = self.limits.answer;
        let mut deadline = Deadline::new(limit, self.slowness).until(self.limits.end);
        match deadline.next_output(&mut self.process) {
            Ok(Output::Line(line)) => self.read_reply(&line),
            Ok(Output::TooLong) => Err(FailureCause::LineTooLong),
            Ok(Output::Closed) => Err(self.ended()),
            Ok(Output::TimedOut) | Err(Overdue::Late) => Err(FailureCause::NoAnswer(limit)),
            Err(Overdue::Starved) => Err(FailureCause::Starved(deadline.longest())),
            Err(Overdue::RunOver) => Err(FailureCause::TimeOver),
        }
    }

    /// Sends one request and waits for its answer, for longer if this process or the machine is
    /// slow, which is measured before with the simplest of requests. Nothing else may be in flight.
    ///
    /// # Errors
    /// As for [`Self::receive`].
    pub(crate) fn ask_patiently(&mut self, request: impl ToRequest) -> Result<Answer, ShimFailure> {
        let mut longest = Duration::ZERO;
        for _ in 0..ECHOES {
            let begin = Instant::now();
            self.ask(Request::echo).map_err(|cause| self.fail(cause))?;
            longest = longest.max(begin.elapsed());
        }
        self.slowness = deadline::slowness_of_machine().max(deadline::slowness_of_echo(longest));
        self.send(std::iter::once(request));
        let answer = self.receive()?;
        self.slowness = 1.0;
        Ok(answer)
    }

    fn read_reply(&mut self, line: &[u8]) -> Result<Answer, FailureCause> {
        let reply: Reply =
            serde_json::from_slice(line).map_err(|error| FailureCause::NotAnAnswer {
                start: line[..line.len().min(SHOWN)].escape_ascii().to_string(),
                rest: if line.len() > SHOWN { "…" } else { "" },
                error,
            })?;
        match self.in_flight.pop_front() {
            Some(Message::Single(id)) if id == reply.id => Ok(reply.answer),
            Some(Message::Batch(id, inside)) if id == reply.id => self.unpack(inside, reply.answer),
            Some(Message::Single(id) | Message::Batch(id, _)) if reply.id < id => {
                Err(FailureCause::RepeatedId(reply.id))
            }
            Some(Message::Single(expected) | Message::Batch(expected, _)) => {
                Err(FailureCause::WrongId { id: reply.id, expected })
            }
            None => Err(FailureCause::UnrequestedId(reply.id)),
        }
    }

    /// Takes the answer to a batch apart and returns its first part.
    fn unpack(&mut self, inside: Range<u64>, answer: Answer) -> Result<Answer, FailureCause> {
        let Answer::Ok(mut value) = answer else { return Err(FailureCause::BatchRefused) };
        let results = value.get_mut("results").map(Value::take).unwrap_or_default();
        let replies: Vec<Reply> =
            serde_json::from_value(results).map_err(FailureCause::InvalidBatch)?;
        if !replies.iter().map(|reply| reply.id).eq(inside) {
            return Err(FailureCause::OtherBatchResults);
        }
        self.unpacked = replies.into_iter().map(|reply| reply.answer).collect();
        self.next_answer()
    }

    /// The failure of a shim that gave this answer to a request it had answered with `ok` before.
    /// The process is dead then.
    pub fn answer_changed(&mut self, answer: &Answer) -> ShimFailure {
        self.fail(FailureCause::AnswerChanged(shown(answer)))
    }

    /// Changes how long the shim may take for an answer from now on.
    pub fn set_answer_limit(&mut self, limit: Duration) {
        self.limits.answer = limit;
    }

    /// Changes the moment at which the run ends.
    pub(crate) fn set_end(&mut self, end: Instant) {
        self.limits.end = Some(end);
    }

    /// What the shim writes to stdout within this time.
    pub(crate) fn read_output(&self, time: Duration) -> Output {
        self.process.read(Instant::now() + time)
    }

    /// The end of what the shim wrote to stderr.
    pub(crate) fn stderr_tail(&self) -> Vec<u8> {
        self.process.stderr_tail()
    }

    /// Whether it failed in that it gave no answer.
    pub(crate) fn was_silent(&self) -> bool {
        self.end.is_some_and(|end| end.is_silence)
    }

    /// Whether it failed in that nobody waited for its answer.
    pub(crate) fn was_cut_off(&self) -> bool {
        self.end.is_some_and(|end| end.is_end_of_run)
    }

    /// The processor time of the process so far, or until it failed; `None` where the system does
    /// not show it.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        self.end.map_or_else(|| usage::cpu_time(self.process_id()), |end| end.cpu_time)
    }

    /// The id of the process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Sends `bye` and ends the process.
    pub fn close(mut self) {
        self.process.write(line(&Request::bye(self.next_id)));
        self.end();
    }

    /// Closes stdin and waits for the process to exit; kills it, and returns `None`, if it does not.
    pub(crate) fn end(&mut self) -> Option<ExitStatus> {
        let exit = Instant::now() + EXIT_TIME;
        self.process.end(self.limits.end.map_or(exit, |end| exit.min(end)))
    }

    /// The shim closed its stdout, or is dead. A process that dies needs a processor for it, too.
    fn ended(&mut self) -> FailureCause {
        let mut deadline = Deadline::new(EXIT_TIME, self.slowness).until(self.limits.end);
        let status = deadline.end(&mut self.process);
        status.map_or(FailureCause::ClosedStdout, FailureCause::Ended)
    }

    /// Kills the process and adds what it wrote to stderr.
    fn fail(&mut self, cause: FailureCause) -> ShimFailure {
        let cpu_time = usage::cpu_time(self.process_id());
        let (is_silence, is_end_of_run) = (cause.is_silence(), cause.is_end_of_run());
        self.end = Some(End { is_silence, is_end_of_run, cpu_time });
        self.process.kill();
        cause.into_failure(&self.process.stderr_tail())
    }
}

/// What a shim did, unless it was ended because the run was interrupted.
fn unless_interrupted(cause: FailureCause) -> FailureCause {
    if is_interrupted() { FailureCause::Interrupted } else { cause }
}

/// A request as one line of the protocol.
fn line(request: &Request) -> Vec<u8> {
    let mut line = serde_json::to_vec(request).unwrap_or_default();
    line.push(b'\n');
    line
}

fn shown(answer: &Answer) -> String {
    Outcome::Answer(answer.clone()).to_string()
}

/// Where the answer to an echo differs from the request.
fn echo_difference(answer: &Answer) -> String {
    let data = match answer {
        Answer::Ok(value) => value.get("data").and_then(Value::as_str),
        _ => None,
    };
    let Some(data) = data else { return "there is no `data` in its answer".to_owned() };
    let mut characters = data.chars();
    for octet in 0..=u8::MAX {
        match characters.next() {
            Some(character) if character == char::from(octet) => {}
            Some(other) => {
                return format!("octet {octet:02X} came back as {}", other.escape_unicode());
            }
            None => return format!("octet {octet:02X} and all after it did not come back"),
        }
    }
    "more came back".to_owned()
}
