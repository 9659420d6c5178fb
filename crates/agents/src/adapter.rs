//! A user agent as an [`Implementation`]: it answers jar programs by walks.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fmt, process, thread};

use cookiespec_vectors::operation::{JarProgram, Sent};
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Octets, OperationResult, Refusal, ability, unsupported,
};
use cookiespec_wire::server::{self, Options, Origins};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::agent::{Agent, AgentError, AgentFacts, Navigation};
use crate::origins::{Passage, WalkOrigins};
use crate::walk::{Hop, Leg, Pace, Page, Walk};

/// A user agent, and the origins that it is taken through.
pub struct Adapter {
    agent: Box<dyn Agent>,
    origins: Arc<WalkOrigins>,
    /// What carries the requests of the agent to the origins; stopped after the agent.
    _server: Option<Origins>,
}

/// Why an agent cannot be tested.
#[derive(Debug, Error)]
pub enum StartError {
    /// The origins cannot be started.
    #[error(transparent)]
    Origins(#[from] server::Error),
    /// The agent cannot.
    #[error(transparent)]
    Agent(#[from] AgentError),
}

impl Adapter {
    /// The adapter of an agent whose requests reach these origins.
    pub fn new(agent: Box<dyn Agent>, origins: Arc<WalkOrigins>) -> Self {
        Self { agent, origins, _server: None }
    }

    /// Starts origins on this machine, and an agent with them as its proxy.
    ///
    /// # Errors
    /// One of the two cannot be started.
    pub fn start(
        start_agent: impl FnOnce(&Origins) -> Result<Box<dyn Agent>, AgentError>,
    ) -> Result<Self, StartError> {
        let origins = Arc::new(WalkOrigins::new());
        // HTTP/1.1 has octets for every field value of the suite, HTTP/2 has not.
        let options = Options { http2: false, threads: 1, ..Options::default() };
        let responder: Arc<WalkOrigins> = Arc::clone(&origins);
        let server = Origins::start(options, responder)?;
        let agent = start_agent(&server)?;
        Ok(Self { agent, origins, _server: Some(server) })
    }

    /// Takes the agent through the walk of a program, with an empty store at the beginning.
    fn go(&mut self, program: &JarProgram, pace: Pace) -> OperationResult<Map<String, Value>> {
        let walk = Walk::of(program, self.agent.facts(), unix_now(), pace)?;
        let cleared = self.agent.clear();
        self.accept(cleared)?;
        let mut observations = Map::new();
        for leg in &walk.legs {
            match leg {
                Leg::Navigate(hops) => self.navigate(hops, walk.date, &mut observations)?,
                Leg::Restart => {
                    let restarted = self.agent.restart();
                    self.accept(restarted)?;
                }
                Leg::Pause(time) => thread::sleep(*time),
            }
        }
        Ok(observations)
    }

    /// Makes the requests of a navigation, and keeps what its hops observe.
    fn navigate(
        &mut self,
        hops: &[Hop],
        date: Option<i64>,
        observations: &mut Map<String, Value>,
    ) -> OperationResult<()> {
        let Some(first) = hops.first() else { return Ok(()) };
        let navigation = Navigation {
            method: first.method.clone(),
            ..Navigation::get(&first.location.uri, hops.len() - 1)
        };
        self.origins.begin(hops, date);
        let done = self.agent.navigate(&navigation);
        let has_page = hops.iter().any(|hop| hop.page.is_some());
        let settling = match done {
            Ok(()) => self.agent.facts().settling.time(has_page),
            Err(_) => Duration::ZERO,
        };
        let passage = self.origins.end(settling);
        self.accept(done)?;
        if let Some(missing) = hops.get(passage.cookies.len()) {
            return unsupported(&instead_of(missing, &passage));
        }
        for (hop, cookie) in hops.iter().zip(passage.cookies) {
            if let Some(label) = &hop.observed {
                let sent = Sent { header: cookie, cookies: None };
                observations.insert(label.clone(), json!(sent));
            }
        }
        match hops.last().and_then(|hop| hop.page.as_ref()) {
            Some(Page::Read(label)) => {
                let value = reported(passage.script)?;
                observations.insert(label.clone(), json!({ "value": value }));
            }
            Some(_) => {
                reported(passage.script)?;
            }
            None => {}
        }
        Ok(())
    }

    /// What an agent did, as the protocol tells it. One that is not there any more ends this process:
    /// that is how the end of a target shows.
    fn accept(&self, done: Result<(), AgentError>) -> OperationResult<()> {
        match done {
            Ok(()) => Ok(()),
            Err(AgentError::Unsupported { need }) => unsupported(&need),
            Err(AgentError::Refused { message }) => unsupported(&format!("http: {message}")),
            Err(AgentError::Failed { message }) => Err(Refusal::Error { message }),
            Err(ended @ AgentError::Ended { .. }) => {
                eprintln!("{}: {ended}", self.agent.about().name);
                process::abort()
            }
        }
    }
}

impl Drop for Adapter {
    /// Tells what the agent requested by itself.
    fn drop(&mut self) {
        let strays = self.origins.strays();
        if strays.count() > 0 {
            eprintln!("{}: {strays}", self.agent.about().name);
        }
    }
}

impl Implementation for Adapter {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo { can: abilities(self.agent.facts()), ..self.agent.about().clone() }
    }

    fn run_program(&mut self, program: &JarProgram) -> OperationResult<Map<String, Value>> {
        let observations = self.go(program, Pace::WithoutPauses)?;
        if Walk::needs_pauses(program, &observations) {
            return self.go(program, Pace::WithPauses);
        }
        Ok(observations)
    }
}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapter").field("agent", &self.agent.about().name).finish_non_exhaustive()
    }
}

/// The operations and abilities of an agent with these facts.
fn abilities(facts: &AgentFacts) -> Vec<String> {
    let mut can = vec!["jar", ability::CLOCK, ability::SECURE];
    can.extend(facts.public_suffixes.then_some(ability::PUBLIC_SUFFIX));
    can.extend(facts.restart.then_some(ability::RESTART));
    can.extend(facts.scripts.then_some(ability::SCRIPT));
    can.extend(facts.cross_site.then_some(ability::SAME_SITE));
    can.into_iter().map(str::to_owned).collect()
}

/// What happened in place of the request of a hop, as an ability that is missing: the agent makes
/// another request of it, or none, so that nothing can be said about its cookies.
fn instead_of(missing: &Hop, passage: &Passage) -> String {
    let expected = format!("{} {}", missing.method, missing.location.uri);
    match &passage.stray {
        Some(stray) => format!("http: {stray} was requested instead of {expected}"),
        None => format!("http: {expected} was not requested"),
    }
}

fn reported(script: Option<Octets>) -> OperationResult<Octets> {
    script.map_or_else(|| unsupported("http: the script of a page did not report"), Ok)
}

/// The real time in Unix seconds.
fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
