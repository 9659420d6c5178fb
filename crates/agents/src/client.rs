//! An HTTP client behind the agent operations of the shim protocol.

use std::io;
use std::iter;
use std::path::Path;
use std::time::Duration;

use cookiespec_report::ShimFailure;
use cookiespec_runner::{Limits, ProtocolClient, Target, ToRequest};
use cookiespec_vectors::{Answer, ImplementationInfo, Octets, Request, ability};
use cookiespec_wire::server::Origins;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::agent::{Agent, AgentError, AgentFacts, Navigation};

/// A client in a process of its own.
#[derive(Debug)]
pub struct ClientAgent {
    shim: ProtocolClient,
    about: ImplementationInfo,
    facts: AgentFacts,
    start: Start,
    /// Whether the shim empties the store by itself.
    clears: bool,
    /// The folder of the profile; a new one for each new session.
    profile: TempDir,
}

/// The `in` of `agent.start`, apart from the folder of the profile.
#[derive(Clone, Debug)]
struct Start {
    proxy: String,
    ca: String,
}

/// The `ok` of `agent.start`.
#[derive(Debug, Default, Deserialize)]
struct Started {
    #[serde(default)]
    redirects: usize,
}

/// The `ok` of `navigate`.
#[derive(Debug, Default, Deserialize)]
struct Navigated {
    #[serde(default)]
    refused: Option<String>,
}

/// The `in` of `navigate`.
#[derive(Debug, Serialize)]
struct Navigate<'a> {
    uri: &'a str,
    method: &'a str,
    headers: &'a [(Octets, Octets)],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cookies: &'a [(Octets, Octets)],
    follow: usize,
}

/// A request of the protocol that is no operation of a cookie implementation.
struct Call(&'static str, Value);

impl ToRequest for Call {
    fn to_request(&self, id: u64) -> Request {
        Request { id, op: self.0.to_owned(), input: self.1.clone() }
    }
}

impl ClientAgent {
    /// Starts the shim of a client, with the origins as its proxy.
    ///
    /// # Errors
    /// The shim fails, or is not the shim of a client.
    pub fn start(target: &Target, origins: &Origins) -> Result<Self, AgentError> {
        let limits = Limits { answer: PATIENCE, ..Limits::default() };
        let shim = ProtocolClient::open(target, &[], limits).map_err(ended)?;
        let about = shim.handshake.about();
        let can = |operation: &str| about.can.iter().any(|word| word == operation);
        if !can("navigate") {
            return Err(AgentError::lacks("navigate"));
        }
        let facts = AgentFacts {
            restart: can("agent.restart"),
            save: can("agent.save") && can("agent.load"),
            copy: can("agent.clone"),
            caller_cookies: can(ability::CALLER_COOKIES),
            trailers: can(ability::TRAILERS),
            public_suffixes: can(ability::PUBLIC_SUFFIX),
            ..AgentFacts::default()
        };
        let start = Start {
            proxy: format!("http://{}", origins.address()),
            ca: origins.ca_file().to_string_lossy().into_owned(),
        };
        let (clears, profile) = (can("agent.clear"), new_profile()?);
        let mut agent = Self { shim, about, facts, start, clears, profile };
        agent.begin_session()?;
        Ok(agent)
    }

    fn begin_session(&mut self) -> Result<(), AgentError> {
        let Start { proxy, ca } = &self.start;
        let input = json!({ "proxy": proxy, "ca": ca, "profile_dir": shown(self.profile.path()) });
        let Started { redirects } = self.call("agent.start", input)?;
        self.facts.redirects = redirects;
        Ok(())
    }

    /// Asks the shim, and reads the `ok` of its answer.
    fn call<T: for<'de> Deserialize<'de>>(
        &mut self,
        operation: &'static str,
        input: Value,
    ) -> Result<T, AgentError> {
        self.shim.send(iter::once(Call(operation, input)));
        match self.shim.receive().map_err(ended)? {
            Answer::Ok(value) => serde_json::from_value(value).map_err(|error| AgentError::Ended {
                message: format!("its answer to {operation}: {error}"),
            }),
            Answer::Unsupported { need } => Err(AgentError::Unsupported { need }),
            Answer::Error { message } => Err(AgentError::Failed { message }),
        }
    }
}

impl Agent for ClientAgent {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn facts(&self) -> &AgentFacts {
        &self.facts
    }

    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError> {
        let Navigation { uri, method, fields, cookies, follow, .. } = navigation;
        let input = Navigate { uri, method, headers: fields, cookies, follow: *follow };
        let Navigated { refused } = self.call("navigate", json!(input))?;
        refused.map_or(Ok(()), |message| Err(AgentError::Refused { message }))
    }

    fn clear(&mut self) -> Result<(), AgentError> {
        if self.clears {
            let _: Value = self.call("agent.clear", json!({}))?;
            return Ok(());
        }
        self.profile = new_profile()?;
        self.begin_session()
    }

    fn restart(&mut self) -> Result<(), AgentError> {
        if !self.facts.restart {
            return Err(AgentError::lacks(ability::RESTART));
        }
        let _: Value = self.call("agent.restart", json!({}))?;
        Ok(())
    }

    fn save(&mut self, file: &Path) -> Result<(), AgentError> {
        let _: Value = self.call("agent.save", json!({ "file": shown(file) }))?;
        Ok(())
    }

    fn load(&mut self, file: &Path) -> Result<(), AgentError> {
        let _: Value = self.call("agent.load", json!({ "file": shown(file) }))?;
        Ok(())
    }

    fn copy(&mut self) -> Result<(), AgentError> {
        let _: Value = self.call("agent.clone", json!({}))?;
        Ok(())
    }
}

fn new_profile() -> Result<TempDir, AgentError> {
    let folder = tempfile::Builder::new().prefix("cookiespec-profile-").tempdir();
    folder.map_err(|error: io::Error| AgentError::Failed {
        message: format!("cannot make a folder for its profile: {error}"),
    })
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn ended(failure: ShimFailure) -> AgentError {
    let ShimFailure { what, stderr, .. } = failure;
    AgentError::Ended { message: format!("{what}\n{stderr}").trim_end().to_owned() }
}

/// How long a client may take for one navigation. Whoever waits for the walk has a shorter limit, and
/// ends this process and the client with it.
const PATIENCE: Duration = Duration::from_secs(3600);
