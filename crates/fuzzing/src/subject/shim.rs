//! A program behind the shim protocol, started again whenever it fails.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use cookiespec_process::usage;
use cookiespec_report::{Outcome, RunError, ShimFailure};
use cookiespec_runner::{IsolatingClient, Limits, Target};
use cookiespec_vectors::{ImplementationInfo, Operation, Profile, Verdict};

use super::executor::Executor;
use crate::time_limit::TimeLimit;

/// A program that speaks the shim protocol.
#[derive(Debug)]
pub struct Shim {
    client: IsolatingClient,
    about: ImplementationInfo,
    limits: Limits,
}

impl Shim {
    /// Starts the program.
    ///
    /// # Errors
    /// It cannot be started, or the handshake fails.
    pub fn open(
        target: Target,
        profile: Option<Profile>,
        limits: Limits,
    ) -> Result<Self, ShimFailure> {
        let client = IsolatingClient::open(target, profile.into_iter().collect(), limits)?;
        let about = client.handshake().about();
        Ok(Self { client, about, limits })
    }

    /// The program.
    pub fn target(&self) -> &Target {
        self.client.target()
    }
}

impl Executor for Shim {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn execute(&mut self, operations: &[&Operation]) -> Vec<Outcome> {
        let observe = &mut |_, outcome: &mut Outcome| {
            *outcome = std::mem::replace(outcome, Outcome::NotRun).with_bounded_message();
            ControlFlow::Continue(())
        };
        let (mut outcomes, error) = self.client.run(operations, observe);
        // What was not run was left out because the program cannot be started again, or at the end of
        // the run, which says nothing about it.
        let is_over = TimeLimit(self.limits.end).is_over();
        if let Some(RunError { what, stderr, .. }) = error.filter(|_| !is_over) {
            let failure = ShimFailure { verdict: Verdict::Broken, what, stderr };
            for outcome in outcomes.iter_mut().filter(|outcome| **outcome == Outcome::NotRun) {
                *outcome = Outcome::Failure(failure.clone());
            }
        }
        outcomes
    }

    fn execute_alone(&mut self, operation: &Operation, time_limit: Option<Duration>) -> Outcome {
        let usual = self.limits.answer;
        self.client.run_alone(operation, time_limit.map_or(usual, |limit| limit.min(usual))).0
    }

    fn measure(&mut self, operation: &Operation) -> (Outcome, Option<Duration>) {
        self.client.run_alone(operation, self.limits.answer)
    }

    fn end_at(&mut self, moment: Instant) {
        self.limits.end = Some(moment);
        self.client.end_at(moment);
    }

    fn restart(&mut self) {
        self.client.restart();
    }

    fn cpu_time(&mut self) -> Option<Duration> {
        usage::cpu_time(self.client.process_id()?)
    }

    fn resident(&mut self) -> Option<u64> {
        usage::resident(self.client.process_id()?)
    }
}
