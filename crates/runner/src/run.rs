//! Runs all cases on one target.

use std::ops::ControlFlow;

use cookiespec_report::{Budget, Outcome, RunError};
use cookiespec_vectors::{Answer, Case, Handshake, ImplementationInfo, Profile};

use crate::isolating_client::IsolatingClient;
use crate::protocol_client::Limits;
use crate::target::Target;

/// How often a target is started again before it is given up.
const RESTARTS: usize = 20;

/// The outcomes of all cases on one target, not judged.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The target's answer to `hello`; `None` if the run ended before that.
    pub handshake: Option<Handshake>,
    /// One element per case, in the order of the cases.
    pub outcomes: Vec<Outcome>,
    /// Why the run is not complete.
    pub error: Option<RunError>,
    /// The end of what the target wrote to stderr, at most 8 KiB. Not escaped.
    pub stderr: String,
}

/// Runs every case on a target, which will be judged under `profiles`. A case that needs what the
/// target does not have is not sent: its outcome is `unsupported`. `observe` is called with the
/// index of each case that is finished, and may stop the run.
pub fn run(
    target: &Target,
    profiles: &[Profile],
    cases: &[&Case],
    limits: Limits,
    observe: &dyn Fn(&ImplementationInfo, usize, &Outcome) -> ControlFlow<()>,
) -> Transcript {
    let mut transcript = Transcript::not_run(cases.len());
    let mut client =
        match IsolatingClient::open(target.clone(), profiles.to_vec(), limits.of(target)) {
            Ok(client) => client.with_restart_limit(RESTARTS).with_verification(),
            Err(failure) => return Transcript { error: Some(failure.into()), ..transcript },
        };
    transcript.handshake = Some(client.handshake().clone());
    let about = client.handshake().about();

    let (mut indices, mut operations) = (Vec::new(), Vec::new());
    let mut is_stopped = false;
    for (index, case) in cases.iter().enumerate() {
        match case.missing(&about) {
            None => {
                indices.push(index);
                operations.push(case.operation());
            }
            Some(need) => {
                let need = need.to_owned();
                let outcome = Outcome::Answer(Answer::Unsupported { need });
                is_stopped |= observe(&about, index, &outcome).is_break();
                transcript.outcomes[index] = outcome;
            }
        }
    }
    if !is_stopped {
        let mut budget = Budget::default();
        let (outcomes, error) = client.run(&operations, &mut |position, outcome| {
            let index = indices[position];
            *outcome = std::mem::replace(outcome, Outcome::NotRun).bounded(
                cases[index],
                &about,
                &mut budget,
            );
            observe(&about, index, outcome)
        });
        for (index, outcome) in indices.into_iter().zip(outcomes) {
            transcript.outcomes[index] = outcome;
        }
        transcript.error = error;
        transcript.stderr = client.stderr_tail();
    }
    client.close();
    transcript
}

impl Transcript {
    /// Of a run of so many cases that did not take place.
    pub(crate) fn not_run(cases: usize) -> Self {
        Self {
            handshake: None,
            outcomes: vec![Outcome::NotRun; cases],
            error: None,
            stderr: String::new(),
        }
    }

    /// Adds another run of the same cases: where the outcomes differ, the target varies. An outcome
    /// that shows nothing about the target stands, whichever run it comes from.
    pub(crate) fn repeated(mut self, again: Self, cases: &[&Case]) -> Self {
        let about = self.handshake.as_ref().map(Handshake::about).unwrap_or_default();
        for ((outcome, again), case) in self.outcomes.iter_mut().zip(again.outcomes).zip(cases) {
            outcome.merge(again, case, &about);
        }
        self.error = self.error.or(again.error);
        let handshakes = self.handshake.as_ref().zip(again.handshake.as_ref());
        if let Some(member) = handshakes.and_then(|(one, other)| one.difference(other)) {
            self.error.get_or_insert_with(|| RunError {
                what: format!("run again, it answers hello with another `{member}`"),
                stderr: String::new(),
                messages: Vec::new(),
            });
        }
        self.handshake = self.handshake.or(again.handshake);
        self
    }
}
