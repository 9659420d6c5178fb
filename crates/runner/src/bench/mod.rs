//! How fast a target answers: cases per second for each operation, and how much of that is the
//! protocol's.
//!
//! Only what the target gets right is timed. In turns with every operation an `echo` of as many
//! octets is timed, which does nothing but read, understand and write messages; what a case takes
//! beyond that is the implementation's own.

mod timing;

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use cookiespec_vectors::{
    Answer, Case, Handshake, ImplementationInfo, Operation, Profile, Request, Verdict,
};
use serde_json::{Value, json};

pub use self::timing::Timing;
use crate::plan::Job;
use crate::protocol_client::{Limits, ProtocolClient, Question};
use crate::transport::Transport;
use cookiespec_report::Outcome;
use cookiespec_report::ShimFailure;

/// How long and how often is measured.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many samples are taken of each operation and of its echo, after one to warm up.
    pub samples: NonZeroUsize,
    /// How long a sample lasts.
    pub sample: Duration,
    /// How long the target may take.
    pub limits: Limits,
}

/// How fast a target is.
#[derive(Clone, Debug)]
pub struct Benched {
    /// Who it says it is.
    pub handshake: Handshake,
    /// The profile its answers were judged under.
    pub profile: Profile,
    /// Every operation that there are cases for.
    pub operations: Vec<Measured>,
}

/// How fast a target does one operation.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The name of the operation.
    pub operation: &'static str,
    /// The ids of the cases that are not timed, because the target does not pass them.
    pub left_out: Vec<String>,
    /// The time; `None` where there is no case that the target passes.
    pub speed: Option<Speed>,
}

/// How long cases of one operation take.
#[derive(Clone, Copy, Debug)]
pub struct Speed {
    /// How many different cases were timed.
    pub cases: usize,
    /// One case, with the protocol.
    pub whole: Timing,
    /// One echo of as many octets.
    pub protocol: Timing,
    /// The difference, sample by sample. Below nothing where the noise is greater than it.
    pub own: Timing,
}

impl Pace {
    /// How many samples are taken of a target at most, those to warm up among them.
    pub fn samples_of_all(&self, cases: &[&Case]) -> usize {
        kinds(cases).count() * self.samples_of_one()
    }

    fn samples_of_one(&self) -> usize {
        2 * (self.samples.get() + 1)
    }
}

/// The operations that there are cases for.
fn kinds<'a>(cases: &'a [&Case]) -> impl Iterator<Item = &'static str> + 'a {
    let names = Operation::NAMES.into_iter();
    names.filter(|name| cases.iter().any(|case| case.kind() == *name))
}

/// Measures one target. `done` is told how many samples were taken or are not needed.
///
/// # Errors
/// The target cannot be started, or does not answer as the protocol says.
pub fn bench(
    job: &Job,
    cases: &[&Case],
    pace: &Pace,
    done: &dyn Fn(usize),
) -> Result<Benched, ShimFailure> {
    let session = ProtocolClient::open(&job.target, &job.profiles, pace.limits)?;
    let handshake = session.handshake.clone();
    let about = handshake.about();
    let profile = job.profile(&about);
    let transport = Transport::offered_by(&handshake);
    let mut bench = Bench { session, about, profile, transport, pace, done };
    let measured = kinds(cases).map(|operation| {
        let cases: Vec<_> = cases.iter().copied().filter(|case| case.kind() == operation).collect();
        bench.operation(operation, &cases)
    });
    let operations = measured.collect::<Result<_, _>>()?;
    bench.session.close();
    Ok(Benched { handshake, profile, operations })
}

struct Bench<'a> {
    session: ProtocolClient,
    about: ImplementationInfo,
    profile: Profile,
    transport: Transport,
    pace: &'a Pace,
    done: &'a dyn Fn(usize),
}

impl Bench<'_> {
    fn operation(
        &mut self,
        operation: &'static str,
        cases: &[&Case],
    ) -> Result<Measured, ShimFailure> {
        let (mut timed, mut left_out) = (Vec::new(), Vec::new());
        for case in cases {
            if self.passes(case)? {
                timed.push(Message::of(case));
            } else {
                left_out.push(case.id.clone());
            }
        }
        let speed = if timed.is_empty() {
            (self.done)(self.pace.samples_of_one());
            None
        } else {
            Some(self.speed(&timed)?)
        };
        Ok(Measured { operation, left_out, speed })
    }

    fn passes(&mut self, case: &Case) -> Result<bool, ShimFailure> {
        if case.missing(&self.about).is_some() {
            return Ok(false);
        }
        self.session.send(std::iter::once(case.operation()));
        let answer = Outcome::Answer(self.session.receive()?);
        Ok(answer.judge(case, self.profile, &self.about).verdict == Verdict::Pass)
    }

    fn speed(&mut self, messages: &[Message]) -> Result<Speed, ShimFailure> {
        let echoes: Vec<_> = messages.iter().map(Message::echo).collect();
        let (mut whole, mut protocol, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for nth in 0..=self.pace.samples.get() {
            let [case, echo] = [self.sample(messages)?, self.sample(&echoes)?];
            // The first sample warms up.
            if nth > 0 {
                whole.push(case);
                protocol.push(echo);
                own.push(case - echo);
            }
        }
        let [whole, protocol, own] = [whole, protocol, own].map(Timing::of);
        Ok(Speed { cases: messages.len(), whole, protocol, own })
    }

    /// Puts the messages over and over again; the nanoseconds that one of them takes.
    fn sample(&mut self, messages: &[Message]) -> Result<f64, ShimFailure> {
        let mut next = messages.iter().cycle();
        let (mut under_way, mut answered) = (0, 0);
        let start = Instant::now();
        loop {
            if start.elapsed() < self.pace.sample {
                let room = self.transport.room(under_way);
                if room > 0 {
                    // A message holds fewer than there is room for where they are long.
                    let sent = self.session.send_by(self.transport, next.clone().take(room));
                    next.nth(sent - 1);
                    under_way += sent;
                }
            } else if under_way == 0 {
                break;
            }
            match self.session.receive()? {
                Answer::Ok(_) => answered += 1,
                answer => return Err(self.session.changed_its_mind(&answer)),
            }
            under_way -= 1;
        }
        (self.done)(1);
        Ok(start.elapsed().as_nanos() as f64 / f64::from(answered))
    }
}

/// What is put to the shim again and again.
#[derive(Clone, Debug)]
struct Message {
    operation: &'static str,
    input: Value,
}

impl Message {
    fn of(case: &Case) -> Self {
        Self { operation: case.kind(), input: case.operation().input() }
    }

    /// An echo that is as long.
    fn echo(&self) -> Self {
        let around = json!({ "data": "" }).to_string().len();
        let length = self.input.to_string().len().saturating_sub(around);
        Self { operation: "echo", input: json!({ "data": "x".repeat(length) }) }
    }
}

impl Question for &Message {
    fn request(&self, id: u64) -> Request {
        Request { id, op: self.operation.to_owned(), input: self.input.clone() }
    }
}
