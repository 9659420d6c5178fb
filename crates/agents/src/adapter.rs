//! A user agent as an [`Implementation`]: it answers programs by walks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fmt, process, thread};

use cookiespec_vectors::operation::{Arrived, ExchangeProgram, JarProgram, Sent};
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Octets, OperationResult, Refusal, WireLog, ability,
    unsupported,
};
use cookiespec_wire::server::{self, Options, Origins};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use thiserror::Error;

use crate::agent::{Agent, AgentError, AgentFacts, Navigation};
use crate::origins::{Passage, WalkOrigins};
use crate::walk::{self, Hop, Leg, Pace, Page, Visit, Walk};

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

    /// Takes the agent through the walk of a program of a cookie store.
    fn run_at(&mut self, program: &JarProgram, pace: Pace) -> OperationResult<Map<String, Value>> {
        let walk = Walk::of(program, self.agent.facts(), unix_now(), pace)?;
        let Observations { requests, scripts } = self.go(&walk)?;
        let sent = requests.into_iter().map(|(label, request)| (label, json!(sent(&request))));
        let read = scripts.into_iter().map(|(label, value)| (label, json!({ "value": value })));
        Ok(sent.chain(read).collect())
    }

    /// Takes the agent through a walk, with an empty store at the beginning.
    fn go(&mut self, walk: &Walk) -> OperationResult<Observations> {
        let cleared = self.agent.clear();
        self.accept(cleared)?;
        self.origins.begin_log();
        let folder = saved_to(walk)?;
        let file = folder.as_ref().map(|folder| folder.path().join("cookies")).unwrap_or_default();
        let mut observations = Observations::default();
        for leg in &walk.legs {
            let done = match leg {
                Leg::Visit(visit) => {
                    self.visit(visit, walk.date, &mut observations)?;
                    Ok(())
                }
                Leg::Restart => self.agent.restart(),
                Leg::Save => self.agent.save(&file),
                Leg::Load => self.agent.load(&file),
                Leg::Copy => self.agent.copy(),
                Leg::Pause(time) => {
                    thread::sleep(*time);
                    Ok(())
                }
            };
            self.accept(done)?;
        }
        Ok(observations)
    }

    /// Makes the requests of a navigation, and keeps what its hops observe.
    fn visit(
        &mut self,
        Visit { navigation, hops }: &Visit,
        date: Option<i64>,
        observations: &mut Observations,
    ) -> OperationResult<()> {
        let navigation = Navigation { hosts: walk::cookie_hosts(hops), ..navigation.clone() };
        self.origins.begin(hops, date);
        let done = self.agent.navigate(&navigation);
        let has_page = hops.iter().any(|hop| hop.page.is_some());
        let settling = match done {
            Ok(()) => self.agent.facts().settling.time(has_page),
            Err(_) => Duration::ZERO,
        };
        let passage = self.origins.end(settling);
        self.accept(done)?;
        if let Some(missing) = hops.get(passage.arrived.len()) {
            return unsupported(&instead_of(missing, &passage));
        }
        for (hop, request) in hops.iter().zip(passage.arrived) {
            if let Some(label) = &hop.observed {
                observations.requests.insert(label.clone(), request);
            }
        }
        match hops.last().and_then(|hop| hop.page.as_ref()) {
            Some(Page::Read(label)) => {
                observations.scripts.insert(label.clone(), reported(passage.script)?);
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
        let observations = self.run_at(program, Pace::WithoutPauses)?;
        if Walk::needs_pauses(program, &observations) {
            return self.run_at(program, Pace::WithPauses);
        }
        Ok(observations)
    }

    fn run_exchange(
        &mut self,
        program: &ExchangeProgram,
    ) -> OperationResult<BTreeMap<String, Arrived>> {
        let walk = Walk::of_exchange(program, self.agent.facts())?;
        Ok(self.go(&walk)?.requests)
    }

    fn wire_log(&mut self) -> WireLog {
        self.origins.log()
    }
}

impl fmt::Debug for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adapter").field("agent", &self.agent.about().name).finish_non_exhaustive()
    }
}

/// What is observed on a walk, by labels.
#[derive(Debug, Default)]
struct Observations {
    /// The requests that arrived.
    requests: BTreeMap<String, Arrived>,
    /// What scripts read.
    scripts: BTreeMap<String, Octets>,
}

/// The operations and abilities of an agent with these facts.
fn abilities(facts: &AgentFacts) -> Vec<String> {
    let can = ability::ALL.iter().copied().filter(|ability| facts.can(ability));
    ["jar", "exchange"].into_iter().chain(can).map(str::to_owned).collect()
}

/// A new folder for the file of a walk that saves.
fn saved_to(walk: &Walk) -> OperationResult<Option<TempDir>> {
    if !walk.legs.contains(&Leg::Save) {
        return Ok(None);
    }
    let folder = tempfile::Builder::new().prefix("cookiespec-saved-").tempdir();
    let failed = |error| Refusal::error(format!("cannot make a folder for its cookies: {error}"));
    folder.map(Some).map_err(failed)
}

/// What a request carries, as a cookie store would tell it. An empty field line, which some clients send,
/// is no more than a fault of their syntax. Several lines are joined as RFC 9113 section 8.2.3 says.
fn sent(request: &Arrived) -> Sent {
    let lines = request.cookie.iter().map(Octets::as_slice).filter(|line| !line.is_empty());
    let lines: Vec<_> = lines.collect();
    let header = (!lines.is_empty()).then(|| lines.join(&b"; "[..]).into());
    Sent { header, cookies: None }
}

/// What happened in place of the request of a hop, as an ability that is missing: the agent makes
/// another request of it, or none, so that nothing can be said about its cookies.
fn instead_of(missing: &Hop, passage: &Passage) -> String {
    let method = missing.method.as_ref().map(|method| format!("{method} ")).unwrap_or_default();
    let expected = format!("{method}{}", missing.location.uri);
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
