//! The one trait between the suite and whatever is under test.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::octets::Octets;
use crate::operation::{
    Arrived, Context, ExchangeProgram, FormatSetCookie, JarConfig, JarProgram, ParseCookie,
    ParseSetCookie, ParsedCookie, Sent, Step, StoredCookie,
};
use crate::wire_log::WireLog;

/// A cookie implementation under test. Override what it can do; every method left alone answers
/// "unsupported", which the judge keeps apart from a failure.
pub trait Implementation {
    /// The name of the implementation and its capabilities.
    fn about(&self) -> ImplementationInfo;

    /// Parses one set-cookie-string. A rejected cookie is `Ok(None)`.
    ///
    /// # Errors
    /// [`Refusal`]: not supported, or an error the library does not document as a rejection.
    fn parse_set_cookie(&mut self, _: &ParseSetCookie) -> OperationResult<Option<ParsedCookie>> {
        unsupported("parse.set-cookie")
    }

    /// Splits the Cookie field lines of a request into pairs, in the order reported.
    ///
    /// # Errors
    /// As for [`Implementation::parse_set_cookie`].
    fn parse_cookie(&mut self, _: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        unsupported("parse.cookie")
    }

    /// Parses a cookie-date to Unix seconds; `Ok(None)` where it is no date.
    ///
    /// # Errors
    /// As for [`Implementation::parse_set_cookie`].
    fn parse_date(&mut self, _date: &Octets) -> OperationResult<Option<i64>> {
        unsupported("parse.date")
    }

    /// Whether `host` domain-matches `domain`.
    ///
    /// # Errors
    /// As for [`Implementation::parse_set_cookie`].
    fn match_domain(&mut self, _host: &Octets, _domain: &Octets) -> OperationResult<bool> {
        unsupported("match.domain")
    }

    /// Whether `path` path-matches `cookie_path`.
    ///
    /// # Errors
    /// As for [`Implementation::parse_set_cookie`].
    fn match_path(&mut self, _path: &Octets, _cookie_path: &Octets) -> OperationResult<bool> {
        unsupported("match.path")
    }

    /// The default-path of a request URI.
    ///
    /// # Errors
    /// As for [`Implementation::parse_set_cookie`].
    fn default_path(&mut self, _uri: &Octets) -> OperationResult<Octets> {
        unsupported("default.path")
    }

    /// Writes a Set-Cookie field value; `Ok(None)` where the library refuses to.
    ///
    /// # Errors
    /// As for [`Implementation::parse_set_cookie`].
    fn format_set_cookie(&mut self, _: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        unsupported("format.set-cookie")
    }

    /// A fresh cookie store whose clock stands at `now` (Unix seconds).
    ///
    /// # Errors
    /// As for [`Implementation::parse_set_cookie`].
    fn jar(&mut self, _now: i64, _config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        unsupported("jar")
    }

    /// Runs a program against a fresh store, and returns what its steps observe, by their labels.
    ///
    /// Step by step on a [`Jar`], unless it is overridden: what has to know the whole program before
    /// it begins does that.
    ///
    /// # Errors
    /// [`Refusal`]: of the store, or of one of the steps.
    fn run_program(&mut self, program: &JarProgram) -> OperationResult<Map<String, Value>> {
        let mut jar = self.jar(program.now, &program.config)?;
        let mut observations = Map::new();
        for step in &program.steps {
            if let Some((label, observation)) = take(&mut *jar, step)? {
                observations.insert(label.to_owned(), observation);
            }
        }
        Ok(observations)
    }

    /// Takes an HTTP client through the requests and responses of a program, beginning with an empty
    /// store, and returns the requests that arrived at the hops with a label.
    ///
    /// # Errors
    /// [`Refusal`]; unsupported where another request arrives than the program expects, or none.
    fn run_exchange(
        &mut self,
        _program: &ExchangeProgram,
    ) -> OperationResult<BTreeMap<String, Arrived>> {
        unsupported("exchange")
    }

    /// What went over a network in the last program, which is shown beside the answer and never judged.
    fn wire_log(&mut self) -> WireLog {
        WireLog::default()
    }
}

/// A cookie store under test, for the length of one case.
pub trait Jar {
    /// A response to a request for `uri` arrived with these Set-Cookie field lines.
    ///
    /// # Errors
    /// [`Refusal`]; a rejected cookie is not an error.
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()>;

    /// The cookies that a request for `uri` would carry.
    ///
    /// # Errors
    /// [`Refusal`].
    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent>;

    /// Time passes, in seconds.
    ///
    /// # Errors
    /// [`Refusal`].
    fn advance(&mut self, _secs: i64) -> OperationResult<()> {
        unsupported("clock")
    }

    /// The session is over: the store is written out and read back.
    ///
    /// # Errors
    /// [`Refusal`].
    fn restart(&mut self) -> OperationResult<()> {
        unsupported("restart")
    }

    /// A store of its own with the same cookies.
    ///
    /// # Errors
    /// [`Refusal`].
    fn copy(&self) -> OperationResult<Box<dyn Jar>> {
        unsupported("clone")
    }

    /// A script assigns to `document.cookie`.
    ///
    /// # Errors
    /// [`Refusal`].
    fn script_set(
        &mut self,
        _uri: &Octets,
        _value: &Octets,
        _context: &Context,
    ) -> OperationResult<()> {
        unsupported("script")
    }

    /// A script reads `document.cookie`; empty where there is nothing to see.
    ///
    /// # Errors
    /// [`Refusal`].
    fn script_get(&mut self, _uri: &Octets, _context: &Context) -> OperationResult<Octets> {
        unsupported("script")
    }

    /// Every cookie in the store.
    ///
    /// # Errors
    /// [`Refusal`].
    fn dump(&mut self) -> OperationResult<Vec<StoredCookie>> {
        unsupported("dump")
    }

    /// The configuration changes while the store is in use.
    ///
    /// # Errors
    /// [`Refusal`].
    fn configure(&mut self, _config: &JarConfig) -> OperationResult<()> {
        unsupported("configure")
    }
}

/// Takes one step, and returns what it observes and the label of that, if it observes something.
fn take<'a>(jar: &mut dyn Jar, step: &'a Step) -> OperationResult<Option<(&'a str, Value)>> {
    Ok(match step {
        Step::Receive { uri, set_cookie, context } => {
            jar.receive(uri, set_cookie, context)?;
            None
        }
        Step::Advance { secs } => {
            jar.advance(*secs)?;
            None
        }
        Step::Restart => {
            jar.restart()?;
            None
        }
        Step::ScriptSet { uri, value, context } => {
            jar.script_set(uri, value, context)?;
            None
        }
        Step::Configure { config } => {
            jar.configure(config)?;
            None
        }
        Step::Send { at, uri, context } => Some((at, json!(jar.send(uri, context)?))),
        Step::ScriptGet { at, uri, context } => {
            Some((at, json!({ "value": jar.script_get(uri, context)? })))
        }
        Step::Dump { at } => Some((at, json!({ "cookies": jar.dump()? }))),
    })
}

/// An answer, or why there is none.
pub type OperationResult<T> = Result<T, Refusal>;

/// Why an implementation gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no such operation or ability.
    Unsupported {
        /// The operation or ability that is missing.
        need: String,
    },
    /// It failed in a way its documentation does not call a rejection.
    Error {
        /// Its message.
        message: String,
    },
}

impl Refusal {
    /// An error with this message.
    pub fn error(message: impl std::fmt::Display) -> Self {
        Self::Error { message: message.to_string() }
    }
}

/// The answer of an implementation that lacks an operation or ability.
///
/// # Errors
/// Always: [`Refusal::Unsupported`].
pub fn unsupported<T>(need: &str) -> OperationResult<T> {
    Err(Refusal::Unsupported { need: need.to_owned() })
}

/// The name of an implementation and its capabilities.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImplementationInfo {
    /// The implementation's name, such as `cookie_store`.
    pub name: String,
    /// Its version, as the library or its package reports it.
    pub version: String,
    /// The language it is written in.
    pub language: String,
    /// Where its source or its package is.
    pub source: String,
    /// Operations and abilities: `parse.set-cookie`, `jar`, `clock`, `restart`, `script`, `dump`,
    /// `same-site`, `public-suffix`, `secure` …
    pub can: Vec<String>,
    /// Fields of an answer that cannot be observed.
    pub blind: Vec<String>,
    /// The profile that the library claims to follow: `rfc6265` or `rfc6265bis`.
    pub claims: Option<String>,
    /// Remarks for the reader of its results.
    pub notes: String,
}
