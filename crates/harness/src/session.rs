//! A conversation with one shim: handshake, self-check, questions and answers.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use cookiespec_vectors::message::{MAX_LINE, PROTOCOL, echoed};
use cookiespec_vectors::{Answer, Operation, Profile, Reply, Request, Verdict, Welcome};
use serde_json::json;

use crate::fault::Fault;
use crate::process::{Output, Process};
use crate::target::Target;

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

/// A shim that has introduced itself and passed the self-check.
#[derive(Debug)]
pub(crate) struct Session {
    process: Process,
    /// Who it is.
    pub(crate) welcome: Welcome,
    limits: Limits,
    next_id: u64,
    in_flight: VecDeque<u64>,
}

impl Session {
    /// Starts the target and makes sure that it speaks the protocol.
    ///
    /// # Errors
    /// The target cannot be started, or its shim is not fit to be asked anything. The verdict is
    /// always `broken`.
    pub(crate) fn open(
        target: &Target,
        profiles: &[Profile],
        limits: Limits,
    ) -> Result<Self, Fault> {
        let process = Process::start(target.to_command(profiles))
            .map_err(|error| broken(format!("cannot start {}: {error}", target.program())))?;
        let placeholder = Welcome::new("", Default::default(), 1, 0);
        let mut session =
            Self { process, welcome: placeholder, limits, next_id: 0, in_flight: VecDeque::new() };
        session.introduce().and_then(|()| session.check_itself()).map_err(|fault| Fault {
            verdict: Verdict::Broken,
            what: format!("the handshake failed: {}", fault.what),
            ..fault
        })?;
        Ok(session)
    }

    fn introduce(&mut self) -> Result<(), Fault> {
        let startup = Limits { answer: self.limits.startup, ..self.limits };
        let limits = std::mem::replace(&mut self.limits, startup);
        let answer = self.ask(|id| Request::hello(id, HARNESS));
        self.limits = limits;
        let Answer::Ok(value) = answer? else {
            return Err(self.broken("it refuses hello"));
        };
        self.welcome = serde_json::from_value(value)
            .map_err(|error| self.broken(&format!("its answer to hello is not valid: {error}")))?;
        if self.welcome.protocol != PROTOCOL {
            let version = self.welcome.protocol;
            return Err(self.broken(&format!("it speaks protocol {version}, not {PROTOCOL}")));
        }
        Ok(())
    }

    /// Asks for what every shim can answer and for what none can.
    ///
    /// # Errors
    /// The shim spoils octets, or claims to do what does not exist.
    pub(crate) fn check_itself(&mut self) -> Result<(), Fault> {
        if self.ask(Request::echo)? != Answer::Ok(echoed()) {
            return Err(self.broken("it does not echo all 256 octets unchanged"));
        }
        let word = format!("x-{:08x}", RandomState::new().hash_one(self.next_id) as u32);
        let answer = self.ask(|id| Request { id, op: word.clone(), input: json!({}) })?;
        match answer {
            Answer::Unsupported { .. } => Ok(()),
            _ => Err(self.broken(&format!("it does not say \"unsupported\" to \"{word}\""))),
        }
    }

    fn ask(&mut self, request: impl FnOnce(u64) -> Request) -> Result<Answer, Fault> {
        self.next_id += 1;
        self.in_flight.push_back(self.next_id);
        self.process.write(line(&request(self.next_id)));
        self.receive()
    }

    /// Puts operations to the shim, in one write.
    pub(crate) fn send<'a>(&mut self, operations: impl Iterator<Item = &'a Operation>) {
        let mut lines = Vec::new();
        for operation in operations {
            self.next_id += 1;
            self.in_flight.push_back(self.next_id);
            lines.extend(line(&Request::new(self.next_id, operation)));
        }
        self.process.write(lines);
    }

    /// The answer to the oldest operation that has none yet.
    ///
    /// # Errors
    /// The shim died, did not answer in time or broke the protocol. The session is dead then.
    pub(crate) fn receive(&mut self) -> Result<Answer, Fault> {
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

    fn read_reply(&mut self, line: &[u8]) -> Result<Answer, Fault> {
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
        match self.in_flight.front() {
            Some(&id) if id == reply.id => {
                self.in_flight.pop_front();
                Ok(reply.answer)
            }
            Some(&id) => Err(self.broken(&format!("it answered {} instead of {id}", reply.id))),
            None => Err(self.broken(&format!("it answered {}, which is not open", reply.id))),
        }
    }

    /// Ends the conversation, after a last self-check.
    ///
    /// # Errors
    /// As for [`Session::receive`]: the shim broke somewhere after its last answer.
    pub(crate) fn close(mut self) -> Result<(), Fault> {
        self.check_itself()?;
        self.process.write(line(&Request::bye(self.next_id + 1)));
        self.process.end(Instant::now() + EXIT_TIME);
        Ok(())
    }

    /// The shim closed its stdout, or is dead.
    fn ended(&mut self) -> Fault {
        match self.process.end(Instant::now() + EXIT_TIME) {
            Some(status) => self.fault(Verdict::Crash, format!("it ended with {status}")),
            None => self.broken("it closed its stdout and ran on"),
        }
    }

    fn broken(&mut self, what: &str) -> Fault {
        self.fault(Verdict::Broken, what.to_owned())
    }

    fn fault(&mut self, verdict: Verdict, what: String) -> Fault {
        self.process.kill();
        let stderr = String::from_utf8_lossy(&self.process.stderr_tail()).into_owned();
        Fault { verdict, what, stderr }
    }
}

/// A message as the shim reads it.
fn line(request: &Request) -> Vec<u8> {
    let mut line = serde_json::to_vec(request).unwrap_or_default();
    line.push(b'\n');
    line
}

fn broken(what: String) -> Fault {
    Fault { verdict: Verdict::Broken, what, stderr: String::new() }
}
