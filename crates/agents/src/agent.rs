//! The one trait between walks and the user agents that go them.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use cookiespec_vectors::{ImplementationInfo, Octets, ability};
use thiserror::Error;

/// A program that requests URIs and keeps cookies between its requests.
///
/// What an agent says of itself decides which cases it gets. What it did is known from the requests
/// that arrived, never from its answers.
pub trait Agent {
    /// Its name, version, language and source. `can` and `blind` are not read: what it is able to do
    /// is in [`Agent::facts`].
    fn about(&self) -> &ImplementationInfo;

    /// What it is able to do.
    fn facts(&self) -> &AgentFacts;

    /// Makes a request and follows the redirects it is answered with. Returns once that is done, as
    /// far as the agent can know; see [`AgentFacts::settling`].
    ///
    /// # Errors
    /// [`AgentError`].
    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError>;

    /// Empties the cookie store, and forgets whatever else lasts longer than one navigation.
    ///
    /// # Errors
    /// [`AgentError`].
    fn clear(&mut self) -> Result<(), AgentError>;

    /// Ends the session and begins the next one with the same profile: cookies that end with the
    /// session are gone, persistent ones are there. Only where [`AgentFacts::restart`] says so.
    ///
    /// # Errors
    /// [`AgentError`]; by default that it is not able to.
    fn restart(&mut self) -> Result<(), AgentError> {
        Err(AgentError::lacks(ability::RESTART))
    }

    /// Writes the store to a file, by the agent's own means. Only where [`AgentFacts::save`] says so.
    ///
    /// # Errors
    /// [`AgentError`]; by default that it is not able to.
    fn save(&mut self, _file: &Path) -> Result<(), AgentError> {
        Err(AgentError::lacks(ability::SAVE))
    }

    /// Ends the session and begins another one, which has what [`Agent::save`] wrote to this file and
    /// nothing else.
    ///
    /// # Errors
    /// [`AgentError`]; by default that it is not able to.
    fn load(&mut self, _file: &Path) -> Result<(), AgentError> {
        Err(AgentError::lacks(ability::SAVE))
    }

    /// Copies itself or its store by its own means, and goes on with the copy. What it was copied from is
    /// kept and not used any more. Only where [`AgentFacts::copy`] says so.
    ///
    /// # Errors
    /// [`AgentError`]; by default that it is not able to.
    fn copy(&mut self) -> Result<(), AgentError> {
        Err(AgentError::lacks(ability::CLONE))
    }
}

/// What a user agent is able to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentFacts {
    /// How many redirects of one navigation it follows reliably. With 0, every request of a walk is
    /// a navigation of its own.
    pub redirects: usize,
    /// The clock it judges expiry-times by.
    pub clock: Clock,
    /// Whether it rejects cookies for public suffixes by the Public Suffix List.
    pub public_suffixes: bool,
    /// Whether pages run scripts.
    pub scripts: bool,
    /// Whether pages lead to requests that are cross-site.
    pub cross_site: bool,
    /// Whether [`Agent::restart`] is supported.
    pub restart: bool,
    /// Whether [`Agent::save`] and [`Agent::load`] are supported.
    pub save: bool,
    /// Whether [`Agent::copy`] is supported.
    pub copy: bool,
    /// Whether the caller can give cookies for one navigation: [`Navigation::cookies`].
    pub caller_cookies: bool,
    /// Whether it reads the field lines after the content of a response.
    pub trailers: bool,
    /// Whether requests may still arrive after [`Agent::navigate`] has returned.
    pub settling: Settling,
}

impl AgentFacts {
    /// Whether walks of the agent meet what a case needs: one of the abilities of the protocol.
    pub fn can(&self, ability: &str) -> bool {
        match ability {
            // Decided by what the program observes.
            ability::CLOCK => true,
            ability::SECURE => true,
            ability::PUBLIC_SUFFIX => self.public_suffixes,
            ability::RESTART => self.restart,
            ability::SCRIPT => self.scripts,
            ability::SAME_SITE => self.cross_site,
            ability::SAVE => self.save,
            ability::CLONE => self.copy,
            ability::CALLER_COOKIES => self.caller_cookies,
            ability::TRAILERS => self.trailers,
            _ => false,
        }
    }
}

/// When requests may still arrive after [`Agent::navigate`] has returned, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// Never: it returns with the last response.
    Never,
    /// Where a page makes them.
    Pages(Duration),
    /// Always: it returns when the navigation has been asked for.
    Always(Duration),
}

impl Settling {
    /// How long to wait for the requests of a navigation, which has a page or none.
    pub fn time(self, has_page: bool) -> Duration {
        match self {
            Self::Pages(time) if has_page => time,
            Self::Always(time) => time,
            Self::Never | Self::Pages(_) => Duration::ZERO,
        }
    }
}

impl Default for AgentFacts {
    /// An HTTP client that follows no redirects.
    fn default() -> Self {
        Self {
            redirects: 0,
            clock: Clock::Own,
            public_suffixes: false,
            scripts: false,
            cross_site: false,
            restart: false,
            save: false,
            copy: false,
            caller_cookies: false,
            trailers: false,
            settling: Settling::Never,
        }
    }
}

/// The clock that a user agent judges the Expires attribute by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Its own, or that of the machine.
    Own,
    /// The Date field of the response that has the attribute.
    DateField,
}

/// A request that an agent is to make by itself, not because of a redirect or a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Navigation {
    /// The URI, in ASCII.
    pub uri: String,
    /// The request method.
    pub method: String,
    /// Header fields that the caller gives by the agent's option for header fields.
    pub fields: Vec<(Octets, Octets)>,
    /// Cookies that the caller gives by the agent's option for cookies of one request: names and values.
    /// Only where [`AgentFacts::caller_cookies`] says so.
    pub cookies: Vec<(Octets, Octets)>,
    /// How many redirects are to be followed.
    pub follow: usize,
    /// Every host for which the responses may leave cookies behind, in lower case; `None` where that
    /// is not known.
    pub hosts: Option<BTreeSet<String>>,
}

impl Navigation {
    /// A GET that follows so many redirects.
    pub fn get(uri: &str, follow: usize) -> Self {
        Self {
            uri: uri.to_owned(),
            method: "GET".to_owned(),
            fields: Vec::new(),
            cookies: Vec::new(),
            follow,
            hosts: None,
        }
    }
}

/// Why an agent did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AgentError {
    /// It is not able to.
    #[error("it lacks {need}")]
    Unsupported {
        /// The ability that is missing.
        need: String,
    },
    /// Its HTTP layer refused the request or the response. That tells nothing about cookies.
    #[error("its HTTP layer refused: {message}")]
    Refused {
        /// What it refused.
        message: String,
    },
    /// It failed in a way its documentation does not call a refusal.
    #[error("{message}")]
    Failed {
        /// Its message.
        message: String,
    },
    /// It is not running any more, or does not speak to us.
    #[error("it ended: {message}")]
    Ended {
        /// What is known of its end.
        message: String,
    },
}

impl AgentError {
    /// An ability is missing.
    pub fn lacks(need: &str) -> Self {
        Self::Unsupported { need: need.to_owned() }
    }
}
