//! Runs operations on a shim that may fail: starts it again, and isolates the operation that makes
//! it fail.
//!
//! Operations go out with as many messages in flight as the shim allows, or in batches where it
//! allows no more than one, so a failure can have several causes. Those in flight, and the one that
//! was answered last, are then run one at a time on a new process until one of them repeats the
//! failure: the failure is the outcome of that operation, and the others are queued again.
//!
//! That there is no answer is a failure of the operation only if a process gives none that has done
//! nothing else, with more time if the machine is slow.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cookiespec_report::{Outcome, RunError, ShimFailure};
use cookiespec_vectors::{Answer, Handshake, Operation, Profile, Request, Verdict};

use crate::deadline;
use crate::protocol_client::{Limits, ProtocolClient};
use crate::shim_failure::FailureCause;
use crate::target::Target;
use crate::transport::Transport;

/// A client of a shim that is started again whenever it fails.
#[derive(Debug)]
pub struct IsolatingClient {
    target: Target,
    profiles: Vec<Profile>,
    limits: Limits,
    handshake: Handshake,
    transport: Transport,
    /// `None` from a failure until something is sent again.
    client: Option<ProtocolClient>,
    restart_limit: Option<usize>,
    restarts: usize,
    last_failure: Option<ShimFailure>,
    verifies_runs: bool,
}

impl IsolatingClient {
    /// Starts the target.
    ///
    /// # Errors
    /// It cannot be started, or the handshake fails.
    pub fn open(
        target: Target,
        profiles: Vec<Profile>,
        limits: Limits,
    ) -> Result<Self, ShimFailure> {
        let client = ProtocolClient::open(&target, &profiles, limits)?;
        let handshake = client.handshake.clone();
        Ok(Self {
            target,
            profiles,
            limits,
            transport: Transport::offered_by(&handshake),
            handshake,
            client: Some(client),
            restart_limit: None,
            restarts: 0,
            last_failure: None,
            verifies_runs: false,
        })
    }

    /// The same, and given up after so many restarts. Without this, there is no limit.
    #[must_use]
    pub fn with_restart_limit(self, restarts: usize) -> Self {
        Self { restart_limit: Some(restarts), ..self }
    }

    /// The same, and each run ends with [`ProtocolClient::verify`], so that what the last operation
    /// caused after its answer is found.
    #[must_use]
    pub fn with_verification(self) -> Self {
        Self { verifies_runs: true, ..self }
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The answer to `hello` at the first start.
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// The id of the process, which is started if there is none; `None` if that fails.
    pub fn process_id(&mut self) -> Option<u32> {
        let client = self.take_client().ok()?;
        Some(self.client.insert(client).process_id())
    }

    /// Ends the run at this moment, whatever the target does: what has no answer by then is not run.
    pub fn end_at(&mut self, moment: Instant) {
        self.limits.end = Some(moment);
        if let Some(client) = &mut self.client {
            client.set_end(moment);
        }
    }

    /// Runs operations, each independent of the others. `observe` is called with the index of each
    /// that is finished, once more if it is run again; it may cut what is kept of the outcome, and stop
    /// the run.
    ///
    /// Returns one outcome per operation, in their order, and why the run is not complete: the
    /// target was given up, or failed in a way that no operation repeats alone, or the run is over.
    pub fn run(
        &mut self,
        operations: &[&Operation],
        observe: &mut dyn FnMut(usize, &mut Outcome) -> ControlFlow<()>,
    ) -> (Vec<Outcome>, Option<RunError>) {
        let mut run = Run {
            operations,
            observe,
            is_stopped: false,
            queue: (0..operations.len()).collect(),
            outcomes: vec![Outcome::NotRun; operations.len()],
            unrepeated: None,
        };
        let error = self.finish(&mut run).err();
        (run.outcomes, error.or(run.unrepeated))
    }

    /// Runs one operation with nothing else in flight. Its answer has to come within `limit`, in a
    /// second try at most if the machine is busy.
    ///
    /// Returns the outcome, and the processor time that the process used for it, if the system
    /// shows that; without an answer, it is what it used until it was killed.
    pub fn run_alone(
        &mut self,
        operation: &Operation,
        limit: Duration,
    ) -> (Outcome, Option<Duration>) {
        let first = self.try_alone(operation, limit, false);
        let is_late = matches!(&first.0, Outcome::Failure(one) if one.verdict == Verdict::Hang);
        match is_late && deadline::is_busy(deadline::slowness_of_machine()) {
            true => self.try_alone(operation, limit, true),
            false => first,
        }
    }

    fn try_alone(
        &mut self,
        operation: &Operation,
        limit: Duration,
        allows_for_load: bool,
    ) -> (Outcome, Option<Duration>) {
        let mut client = match self.take_client() {
            Ok(client) => client,
            Err(failure) => return (Outcome::Failure(failure), None),
        };
        client.set_answer_limit(limit);
        let before = client.cpu_time();
        let answer = answer_to(&mut client, operation, allows_for_load);
        let spent = client.cpu_time().zip(before).and_then(|(now, then)| now.checked_sub(then));
        match answer {
            Ok(answer) => {
                client.set_answer_limit(self.limits.answer);
                self.client = Some(client);
                (Outcome::Answer(answer), spent)
            }
            Err(failure) => (Outcome::Failure(failure), spent),
        }
    }

    /// Ends the process. What comes next runs on a new one.
    pub fn restart(&mut self) {
        if let Some(client) = self.client.take() {
            client.close();
        }
    }

    /// The end of what the process wrote to stderr, not escaped; empty if there is no process.
    pub(crate) fn stderr_tail(&self) -> String {
        let tail = self.client.as_ref().map(ProtocolClient::stderr_tail).unwrap_or_default();
        String::from_utf8_lossy(&tail).into_owned()
    }

    /// Ends the process.
    pub fn close(self) {
        if let Some(client) = self.client {
            client.close();
        }
    }

    fn finish(&mut self, run: &mut Run<'_>) -> Result<(), RunError> {
        loop {
            let mut client = self.take_client()?;
            let mut candidates = Candidates::default();
            match self.run_queue(&mut client, run, &mut candidates) {
                Ok(()) => {
                    self.client = Some(client);
                    return Ok(());
                }
                Err(failure) if client.was_cut_off() => return Err(failure.into()),
                Err(failure) => self.isolate(run, failure, client.was_silent(), candidates)?,
            }
            if run.is_stopped || run.queue.is_empty() {
                return Ok(());
            }
        }
    }

    /// The running client, or a new one.
    ///
    /// # Errors
    /// The target cannot be started again, was started too often, or is another one.
    fn take_client(&mut self) -> Result<ProtocolClient, ShimFailure> {
        if let Some(client) = self.client.take() {
            return Ok(client);
        }
        if let (Some(limit), Some(failure)) = (self.restart_limit, &self.last_failure)
            && self.restarts == limit
        {
            let what = format!("given up after {limit} restarts; at last {}", failure.what);
            return Err(ShimFailure { what, ..failure.clone() });
        }
        self.restarts += 1;
        let client = ProtocolClient::open(&self.target, &self.profiles, self.limits)?;
        match self.handshake.difference(&client.handshake) {
            None => Ok(client),
            Some(member) => {
                client.close();
                let what = format!(
                    "started again, it answers hello with another `{member}`; what it answered before \
                     is not about the same target"
                );
                Err(FailureCause::OtherHello(what).into_failure(&[]))
            }
        }
    }

    /// Runs the queued operations until all are answered or the shim fails.
    fn run_queue(
        &self,
        client: &mut ProtocolClient,
        run: &mut Run<'_>,
        candidates: &mut Candidates,
    ) -> Result<(), ShimFailure> {
        loop {
            if !run.is_stopped {
                self.send(client, run, &mut candidates.in_flight);
            }
            let Some(&index) = candidates.in_flight.front() else { break };
            let answer = client.receive()?;
            candidates.answered = candidates.in_flight.pop_front();
            run.record(index, Outcome::Answer(answer));
        }
        if self.verifies_runs { client.verify() } else { Ok(()) }
    }

    /// Sends as much of the queue as the transport has capacity for.
    fn send(
        &self,
        client: &mut ProtocolClient,
        run: &mut Run<'_>,
        in_flight: &mut VecDeque<usize>,
    ) {
        let capacity = self.transport.capacity(in_flight.len()).min(run.queue.len());
        if capacity == 0 {
            return;
        }
        let operations = run.queue.range(..capacity).map(|&index| run.operations[index]);
        let sent = client.send_by(self.transport, operations);
        in_flight.extend(run.queue.drain(..sent));
    }

    /// Runs the candidates one at a time until one repeats the failure.
    fn isolate(
        &mut self,
        run: &mut Run<'_>,
        failure: ShimFailure,
        is_silence: bool,
        candidates: Candidates,
    ) -> Result<(), RunError> {
        self.last_failure = Some(failure.clone());
        let mut alone = candidates.in_order(is_silence);
        let messages = run.messages(&alone);
        let mut spent = Duration::ZERO;
        while let Some(index) = alone.pop_front() {
            let start = Instant::now();
            let outcome = self.run_isolated(run.operations[index], is_silence)?;
            run.record(index, outcome.clone());
            if let Outcome::Failure(failure) = outcome {
                run.queue_again(alone);
                self.last_failure = Some(failure);
                self.transport = self.transport.after_failure(&self.handshake);
                return Ok(());
            }
            spent += start.elapsed();
            if run.is_stopped {
                return Ok(());
            }
        }
        // Answers that are in time one by one and not together are slow, which is no failure. Nor
        // does it say anything about a target that it was late once on a busy machine.
        let is_busy = is_silence && deadline::is_busy(deadline::slowness_of_machine());
        let is_slow = is_silence && spent > self.limits.answer / 2;
        match self.transport.narrower() {
            Some(narrower) if is_slow || is_busy => self.transport = narrower,
            None if is_busy => {}
            _ => {
                let what = format!("{}; no case repeats it alone", failure.what);
                run.unrepeated = Some(RunError { what, stderr: failure.stderr, messages });
                self.transport = self.transport.after_failure(&self.handshake);
            }
        }
        Ok(())
    }

    /// Runs one operation with nothing else in flight, and makes sure that nothing but its answer
    /// comes of it. Silence is repeated in a new process with time that allows for the load, unless
    /// that is what was done; `is_silence` says whether it is expected.
    ///
    /// # Errors
    /// The target cannot be started again, was started too often, or gets no processor; or the run is
    /// over.
    fn run_isolated(
        &mut self,
        operation: &Operation,
        is_silence: bool,
    ) -> Result<Outcome, ShimFailure> {
        let is_conclusive = is_silence && self.client.is_none();
        let mut client = self.take_client()?;
        let mut answer = answer_alone(&mut client, operation, is_conclusive);
        if client.was_silent() && !is_conclusive {
            client = self.take_client()?;
            answer = answer_alone(&mut client, operation, true);
        }
        Ok(match answer {
            Ok(answer) => {
                self.client = Some(client);
                Outcome::Answer(answer)
            }
            Err(failure) if client.was_cut_off() => return Err(failure),
            // It would not get a processor for the other operations either.
            Err(failure) if client.was_silent() && failure.verdict == Verdict::Broken => {
                return Err(failure);
            }
            Err(failure) => Outcome::Failure(failure),
        })
    }
}

/// Runs one operation, and makes sure that nothing but its answer comes of it.
fn answer_alone(
    client: &mut ProtocolClient,
    operation: &Operation,
    allows_for_load: bool,
) -> Result<Answer, ShimFailure> {
    let answer = answer_to(client, operation, allows_for_load)?;
    client.verify()?;
    Ok(answer)
}

/// Runs one operation with nothing else in flight, if wanted with more time on a slow machine.
fn answer_to(
    client: &mut ProtocolClient,
    operation: &Operation,
    allows_for_load: bool,
) -> Result<Answer, ShimFailure> {
    if allows_for_load {
        return client.ask_patiently(operation);
    }
    client.send(std::iter::once(operation));
    client.receive()
}

/// Where a run stands.
struct Run<'a> {
    operations: &'a [&'a Operation],
    observe: &'a mut dyn FnMut(usize, &mut Outcome) -> ControlFlow<()>,
    is_stopped: bool,
    /// Indices of the operations still to be sent.
    queue: VecDeque<usize>,
    outcomes: Vec<Outcome>,
    /// A failure that no operation repeated alone. The run goes on, but is not complete.
    unrepeated: Option<RunError>,
}

/// The operations that may have caused a failure.
#[derive(Default)]
struct Candidates {
    /// The one that was answered last: what it caused may show only after its answer.
    answered: Option<usize>,
    /// Those that have no answer.
    in_flight: VecDeque<usize>,
}

impl Candidates {
    /// Those to be run first come first: the oldest without an answer, where that is the failure,
    /// and what was answered last otherwise.
    fn in_order(self, is_silence: bool) -> VecDeque<usize> {
        let mut ordered = self.in_flight;
        match self.answered {
            Some(answered) if is_silence => ordered.push_back(answered),
            Some(answered) => ordered.push_front(answered),
            None => {}
        }
        ordered
    }
}

impl Run<'_> {
    fn record(&mut self, index: usize, mut outcome: Outcome) {
        if (self.observe)(index, &mut outcome).is_break() {
            self.is_stopped = true;
        }
        self.outcomes[index] = outcome;
    }

    /// Puts candidates that have no outcome back at the front of the queue.
    fn queue_again(&mut self, mut candidates: VecDeque<usize>) {
        candidates.retain(|&index| self.outcomes[index] == Outcome::NotRun);
        candidates.append(&mut self.queue);
        self.queue = candidates;
    }

    /// The requests of these operations, for a person to repeat.
    fn messages(&self, candidates: &VecDeque<usize>) -> Vec<String> {
        let message = |&index: &usize| {
            serde_json::to_string(&Request::new(index as u64, self.operations[index])).ok()
        };
        candidates.iter().filter_map(message).collect()
    }
}
