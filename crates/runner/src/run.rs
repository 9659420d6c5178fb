//! The run loop: every case to one target, whatever the target does to itself meanwhile.
//!
//! Cases go out with as many messages under way as the shim allows, or in batches where it allows
//! no more than one. When it dies, hangs or breaks the protocol, the cases under way, and the one
//! that was answered last, are put again one at a time until one of them does it again; that one is
//! to blame, the others go back to the queue.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cookiespec_vectors::{Answer, Case, Handshake, ImplementationInfo, Profile, Request, Verdict};

use crate::protocol_client::{Limits, ProtocolClient};
use crate::target::Target;
use crate::transcript::Transcript;
use crate::transport::Transport;
use cookiespec_report::Outcome;
use cookiespec_report::{RunError, ShimFailure};

/// How often a target is started again before it is given up.
const RESTARTS: usize = 20;

/// Puts every case to a target. `profiles` are those it will be judged under. `record` is
/// called for each case that is finished, with its index, and may stop the run.
pub fn run(
    target: &Target,
    profiles: &[Profile],
    cases: &[&Case],
    limits: Limits,
    record: &dyn Fn(&ImplementationInfo, usize, &Outcome) -> ControlFlow<()>,
) -> Transcript {
    let mut run = Run {
        target,
        profiles,
        cases,
        limits,
        on_outcome: record,
        is_stopped: false,
        queue: VecDeque::new(),
        handshake: None,
        about: ImplementationInfo::default(),
        transport: Transport::Window(1),
        outcomes: vec![Outcome::NotRun; cases.len()],
        restarts: 0,
        unpinned: None,
    };
    let error = run.all().err().or(run.unpinned.take());
    Transcript { handshake: run.handshake, outcomes: run.outcomes, error }
}

struct Run<'a> {
    target: &'a Target,
    profiles: &'a [Profile],
    cases: &'a [&'a Case],
    limits: Limits,
    on_outcome: &'a dyn Fn(&ImplementationInfo, usize, &Outcome) -> ControlFlow<()>,
    is_stopped: bool,
    /// Indices of the cases still to be put.
    queue: VecDeque<usize>,
    handshake: Option<Handshake>,
    about: ImplementationInfo,
    transport: Transport,
    outcomes: Vec<Outcome>,
    restarts: usize,
    /// A fault that no case repeated alone. The run goes on, but is not whole.
    unpinned: Option<RunError>,
}

/// The cases that may be to blame for a fault.
#[derive(Default)]
struct Candidates {
    /// The case that was answered last: what it set off may show only after its answer.
    answered: Option<usize>,
    /// The cases that have no answer.
    under_way: VecDeque<usize>,
}

impl Run<'_> {
    fn all(&mut self) -> Result<(), RunError> {
        let mut session = self.open()?;
        self.sort_out(&session.handshake.clone());
        loop {
            let mut candidates = Candidates::default();
            let outcome = self.put(&mut session, &mut candidates);
            let Err(fault) = outcome.and_then(|()| session.check_itself()) else {
                session.close();
                return Ok(());
            };
            session = self.restart(&fault)?;
            session = self.pin_down(session, fault, candidates)?;
        }
    }

    fn open(&self) -> Result<ProtocolClient, RunError> {
        ProtocolClient::open(self.target, self.profiles, self.limits).map_err(RunError::from)
    }

    /// Queues the cases that the target can be asked, and answers the others for it.
    fn sort_out(&mut self, handshake: &Handshake) {
        self.handshake = Some(handshake.clone());
        self.about = handshake.about();
        self.transport = Transport::offered_by(handshake);
        for (index, case) in self.cases.iter().enumerate() {
            match case.missing(&self.about) {
                None => self.queue.push_back(index),
                Some(need) => {
                    let need = need.to_owned();
                    self.record(index, Outcome::Answer(Answer::Unsupported { need }));
                }
            }
        }
    }

    /// Puts the queued cases until all are answered or a fault happens.
    fn put(
        &mut self,
        session: &mut ProtocolClient,
        candidates: &mut Candidates,
    ) -> Result<(), ShimFailure> {
        loop {
            if !self.is_stopped {
                self.send(session, &mut candidates.under_way);
            }
            let Some(&index) = candidates.under_way.front() else { return Ok(()) };
            let answer = session.receive()?;
            candidates.answered = candidates.under_way.pop_front();
            self.record(index, Outcome::Answer(answer));
        }
    }

    /// Sends as much of the queue as the transport has room for.
    fn send(&mut self, session: &mut ProtocolClient, under_way: &mut VecDeque<usize>) {
        let room = self.transport.room(under_way.len()).min(self.queue.len());
        if room == 0 {
            return;
        }
        let operations = self.queue.range(..room).map(|&index| self.cases[index].operation());
        let sent = session.send_by(self.transport, operations);
        under_way.extend(self.queue.drain(..sent));
    }

    /// Puts the candidates one at a time, until one repeats the fault.
    fn pin_down(
        &mut self,
        mut session: ProtocolClient,
        fault: ShimFailure,
        candidates: Candidates,
    ) -> Result<ProtocolClient, RunError> {
        let mut alone: VecDeque<_> =
            candidates.answered.into_iter().chain(candidates.under_way).collect();
        let messages = self.messages(&alone);
        let mut spent = Duration::ZERO;
        while let Some(index) = alone.pop_front() {
            let start = Instant::now();
            match self.put_alone(&mut session, index) {
                Ok(answer) => self.record(index, Outcome::Answer(answer)),
                Err(fault) => {
                    self.record(index, Outcome::Failure(fault.clone()));
                    alone.retain(|&index| self.outcomes[index] == Outcome::NotRun);
                    alone.append(&mut self.queue);
                    self.queue = alone;
                    self.transport = self.transport.after_fault(&session.handshake);
                    return self.restart(&fault);
                }
            }
            spent += start.elapsed();
            if self.is_stopped {
                return Ok(session);
            }
        }
        // Answers that are in time one by one and not together are late, and nobody's fault.
        let is_slow = fault.verdict == Verdict::Hang && spent > self.limits.answer / 2;
        match self.transport.narrower() {
            Some(narrower) if is_slow => self.transport = narrower,
            _ => {
                let what = format!("{}; no case repeats it alone", fault.what);
                self.unpinned = Some(RunError { what, stderr: fault.stderr, messages });
                self.transport = self.transport.after_fault(&session.handshake);
            }
        }
        Ok(session)
    }

    /// Puts a case and makes sure that nothing but its answer comes of it.
    fn put_alone(&self, session: &mut ProtocolClient, index: usize) -> Result<Answer, ShimFailure> {
        session.send(std::iter::once(self.cases[index].operation()));
        let answer = session.receive()?;
        session.check_itself()?;
        Ok(answer)
    }

    fn messages(&self, candidates: &VecDeque<usize>) -> Vec<String> {
        let message = |&index: &usize| {
            serde_json::to_string(&Request::new(index as u64, self.cases[index].operation())).ok()
        };
        candidates.iter().filter_map(message).collect()
    }

    fn restart(&mut self, fault: &ShimFailure) -> Result<ProtocolClient, RunError> {
        if self.restarts == RESTARTS {
            let what = format!("given up after {RESTARTS} restarts; at last {}", fault.what);
            return Err(RunError { what, stderr: fault.stderr.clone(), messages: Vec::new() });
        }
        self.restarts += 1;
        self.open()
    }

    fn record(&mut self, index: usize, outcome: Outcome) {
        if (self.on_outcome)(&self.about, index, &outcome).is_break() {
            self.is_stopped = true;
        }
        self.outcomes[index] = outcome;
    }
}
