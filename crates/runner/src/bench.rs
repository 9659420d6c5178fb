//! Measures how fast a target answers: cases per second for each operation, and which share of the
//! time is the protocol's.
//!
//! Only cases that the target passes are timed, in turns with an `echo` of as many octets, which
//! only reads, parses and writes messages. What a case takes beyond its echo is the
//! implementation's own time.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use cookiespec_report::{Outcome, ShimFailure};
use cookiespec_vectors::{
    Answer, Case, Handshake, ImplementationInfo, Operation, Profile, Request, Verdict,
};
use serde_json::{Value, json};

use crate::job::Job;
use crate::protocol_client::{Limits, ProtocolClient, ToRequest};
use crate::transport::Transport;

/// How long and how often each operation is measured.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many samples are taken of each operation and of its echo, after one to warm up.
    pub samples: NonZeroUsize,
    /// How long a sample lasts.
    pub sample: Duration,
    /// How long the target may take.
    pub limits: Limits,
}

/// The speed of a target.
#[derive(Clone, Debug)]
pub struct BenchResult {
    /// Its answer to `hello`.
    pub handshake: Handshake,
    /// The profile its answers were judged under.
    pub profile: Profile,
    /// Every operation that there are cases for.
    pub operations: Vec<OperationSpeed>,
}

/// The speed of a target at one operation.
#[derive(Clone, Debug)]
pub struct OperationSpeed {
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
    pub total: Timing,
    /// One echo of as many octets.
    pub protocol: Timing,
    /// The difference, sample by sample. Negative where the noise is greater than it.
    pub own: Timing,
}

/// The median of samples and the quartiles around it, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// A quarter of the samples are below.
    pub low: f64,
    /// Half of the samples are below.
    pub median: f64,
    /// A quarter of the samples are above.
    pub high: f64,
}

impl Timing {
    /// Sums up samples, of which there is at least one.
    fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let at = |share| quantile(&samples, share);
        Self { low: at(0.25), median: at(0.5), high: at(0.75) }
    }

    /// How many there are in a second.
    pub fn per_second(&self) -> f64 {
        1e9 / self.median
    }

    /// Half the distance between the quartiles.
    pub fn spread(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// The value below which this share of the samples is; between two of them in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
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

/// Measures one target. `done` is called with the number of samples that were taken or skipped.
///
/// # Errors
/// The target cannot be started, or does not answer as the protocol says.
pub fn bench(
    job: &Job,
    cases: &[&Case],
    pace: &Pace,
    done: &dyn Fn(usize),
) -> Result<BenchResult, ShimFailure> {
    let client = ProtocolClient::open(&job.target, &job.profiles, pace.limits)?;
    let handshake = client.handshake.clone();
    let about = handshake.about();
    let profile = job.profile(&about);
    let transport = Transport::offered_by(&handshake);
    let mut bench = Bench { client, about, profile, transport, pace, done };
    let measured = kinds(cases).map(|operation| {
        let cases: Vec<_> = cases.iter().copied().filter(|case| case.kind() == operation).collect();
        bench.operation(operation, &cases)
    });
    let operations = measured.collect::<Result<_, _>>()?;
    bench.client.close();
    Ok(BenchResult { handshake, profile, operations })
}

struct Bench<'a> {
    client: ProtocolClient,
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
    ) -> Result<OperationSpeed, ShimFailure> {
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
        Ok(OperationSpeed { operation, left_out, speed })
    }

    fn passes(&mut self, case: &Case) -> Result<bool, ShimFailure> {
        if case.missing(&self.about).is_some() {
            return Ok(false);
        }
        self.client.send(std::iter::once(case.operation()));
        let answer = Outcome::Answer(self.client.receive()?);
        Ok(answer.judge(case, self.profile, &self.about).verdict == Verdict::Pass)
    }

    fn speed(&mut self, messages: &[Message]) -> Result<Speed, ShimFailure> {
        let echoes: Vec<_> = messages.iter().map(Message::echo).collect();
        let (mut total, mut protocol, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for nth in 0..=self.pace.samples.get() {
            let [case, echo] = [self.sample(messages)?, self.sample(&echoes)?];
            // The first sample warms up.
            if nth > 0 {
                total.push(case);
                protocol.push(echo);
                own.push(case - echo);
            }
        }
        let [total, protocol, own] = [total, protocol, own].map(Timing::of);
        Ok(Speed { cases: messages.len(), total, protocol, own })
    }

    /// Sends the messages over and over again; returns the nanoseconds that one of them takes.
    fn sample(&mut self, messages: &[Message]) -> Result<f64, ShimFailure> {
        let mut next = messages.iter().cycle();
        let (mut in_flight, mut answered) = (0, 0);
        let start = Instant::now();
        loop {
            if start.elapsed() < self.pace.sample {
                let capacity = self.transport.capacity(in_flight);
                if capacity > 0 {
                    // A message holds fewer than the transport allows where they are long.
                    let sent = self.client.send_by(self.transport, next.clone().take(capacity));
                    next.nth(sent - 1);
                    in_flight += sent;
                }
            } else if in_flight == 0 {
                break;
            }
            match self.client.receive()? {
                Answer::Ok(_) => answered += 1,
                answer => return Err(self.client.answer_changed(&answer)),
            }
            in_flight -= 1;
        }
        (self.done)(1);
        Ok(start.elapsed().as_nanos() as f64 / f64::from(answered))
    }
}

/// A request that is sent to the shim again and again.
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

impl ToRequest for &Message {
    fn to_request(&self, id: u64) -> Request {
        Request { id, op: self.operation.to_owned(), input: self.input.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_and_the_quartiles_around_it() {
        let timing = Timing::of(vec![5.0, 1.0, 4.0, 2.0, 3.0]);
        assert_eq!(timing, Timing { low: 2.0, median: 3.0, high: 4.0 });
        assert_eq!(timing.spread(), 1.0);
        assert_eq!(Timing::of(vec![7.0]), Timing { low: 7.0, median: 7.0, high: 7.0 });
        assert_eq!(Timing::of(vec![1.0, 2.0]).median, 1.5);
        assert_eq!(Timing::of(vec![500.0, 500.0]).per_second(), 2e6);
    }
}
