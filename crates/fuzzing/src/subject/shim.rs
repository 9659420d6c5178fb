//! A program behind the shim protocol, started again whenever it dies.

use std::time::Duration;

use cookiespec_vectors::{ImplementationInfo, Operation, Profile};

use super::Subject;
use cookiespec_process::usage;
use cookiespec_report::Outcome;
use cookiespec_report::ShimFailure;
use cookiespec_runner::Target;
use cookiespec_runner::Transport;
use cookiespec_runner::{Limits, ProtocolClient};

/// How many operations are asked alone after a fault: as many as can have been under way.
const SUSPECTS: usize = 256;

/// A program that speaks the shim protocol.
#[derive(Debug)]
pub struct Shim {
    target: Target,
    profiles: Vec<Profile>,
    limits: Limits,
    about: ImplementationInfo,
    /// `None` after a fault, until there is something to ask again.
    session: Option<ProtocolClient>,
}

impl Shim {
    /// Starts the program.
    ///
    /// # Errors
    /// It cannot be started, or is not fit to be asked anything.
    pub fn open(
        target: Target,
        profile: Option<Profile>,
        limits: Limits,
    ) -> Result<Self, ShimFailure> {
        let profiles: Vec<_> = profile.into_iter().collect();
        let session = ProtocolClient::open(&target, &profiles, limits)?;
        let about = session.handshake.about();
        Ok(Self { target, profiles, limits, about, session: Some(session) })
    }

    /// The program.
    pub fn target(&self) -> &Target {
        &self.target
    }

    fn session(&mut self) -> Result<&mut ProtocolClient, ShimFailure> {
        let session = match self.session.take() {
            Some(session) => session,
            None => ProtocolClient::open(&self.target, &self.profiles, self.limits)?,
        };
        Ok(self.session.insert(session))
    }

    /// Waits for an answer so long from now on.
    fn wait_for(&mut self, answer: Duration) {
        self.limits.answer = answer;
        if let Some(session) = &mut self.session {
            session.wait_for(answer);
        }
    }

    /// Puts the operations, as far as that goes. The answers come first; after a fault some are
    /// missing.
    fn put(
        &mut self,
        operations: &[&Operation],
        alone: bool,
    ) -> (Vec<Outcome>, Option<ShimFailure>) {
        let mut heard = Vec::new();
        let session = match self.session() {
            Ok(session) => session,
            Err(fault) => return (heard, Some(fault)),
        };
        let offered = Transport::offered_by(&session.handshake);
        let transport = if alone { Transport::Window(1) } else { offered };
        let mut sent = 0;
        while heard.len() < operations.len() {
            let room = transport.room(sent - heard.len());
            let more = operations[sent..].iter().copied().take(room);
            sent += session.send_by(transport, more);
            match session.receive() {
                Ok(answer) => heard.push(Outcome::Answer(answer)),
                Err(fault) => {
                    self.session = None;
                    return (heard, Some(fault));
                }
            }
        }
        (heard, None)
    }
}

impl Subject for Shim {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn ask(&mut self, operations: &[&Operation]) -> Vec<Outcome> {
        let mut heard: Vec<Outcome> = Vec::new();
        let mut alone = 0;
        while heard.len() < operations.len() {
            let rest = &operations[heard.len()..];
            // After a fault, those that were under way are asked one by one until one repeats it.
            let rest = if alone > 0 { &rest[..1] } else { rest };
            let (answers, fault) = self.put(rest, alone > 0);
            let answered = answers.len();
            heard.extend(answers);
            match fault {
                Some(fault) if alone > 0 => {
                    heard.push(Outcome::Failure(fault));
                    alone = 0;
                }
                Some(_) => alone = SUSPECTS,
                None if alone > 0 => alone -= answered,
                None => {}
            }
        }
        heard
    }

    fn ask_alone(&mut self, operation: &Operation, patience: Option<Duration>) -> Outcome {
        let usual = self.limits.answer;
        self.wait_for(patience.map_or(usual, |patience| patience.min(usual)));
        let (mut answers, fault) = self.put(&[operation], true);
        self.wait_for(usual);
        answers.pop().or(fault.map(Outcome::Failure)).unwrap_or(Outcome::NotRun)
    }

    fn cpu_time(&mut self) -> Option<Duration> {
        let session = self.session().ok()?;
        usage::cpu_time(session.process_id())
    }

    fn resident(&mut self) -> Option<u64> {
        let session = self.session().ok()?;
        usage::resident(session.process_id())
    }
}
