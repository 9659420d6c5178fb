//! Errors that keep an application, or a check of it, from being probed.

use std::io;

use cookiespec_report::{Escaped, shortened};
use cookiespec_wire::Error;

use crate::descriptor::DescriptorError;
use crate::evidence::{NAME, NOTE};

/// A request or another step that failed: what was tried, what happened instead, and what to
/// change.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}. {}.", Escaped(.request), Escaped(.got), Escaped(&capitalized(.advice)))]
pub struct ProbeError {
    /// What was tried, such as `POST http://127.0.0.1:8080/login`.
    pub request: String,
    /// What happened instead of what was expected.
    pub got: String,
    /// What to change.
    pub advice: String,
    /// Where the cause lies.
    pub kind: ErrorKind,
}

/// The cause of a [`ProbeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The descriptor does not match the application.
    Descriptor,
    /// There was no valid response.
    NoResponse,
    /// The connection was closed without a response, or failed.
    Closed,
    /// The request budget is exhausted, or the probe was interrupted.
    Budget,
}

impl ProbeError {
    /// The descriptor does not match the application.
    pub fn descriptor(
        request: impl Into<String>,
        got: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            request: request.into(),
            got: got.into(),
            advice: advice.into(),
            kind: ErrorKind::Descriptor,
        }
    }

    /// A request had no response.
    pub fn wire(request: String, error: &Error) -> Self {
        let advice = match error {
            Error::Address(..) => "write a host in `origin` that this machine can resolve",
            Error::Connect(..) => {
                "start the application, or correct `origin`; with [process] the probe starts it"
            }
            Error::Tls(_) => {
                "check the scheme in `origin`; in [https], `ca` names the PEM file with the \
                 authority that issued the certificate"
            }
            Error::Timeout(_) => "find out why it takes so long, or allow more with --timeout",
            Error::TooLong(_) => {
                "name a page that ends: the response has to be shorter than the probe's limit"
            }
            Error::Malformed(_) => "check that `origin` is the port that speaks HTTP/1.1",
            _ => "look into the log of the application, which closed the connection",
        };
        let kind = match error {
            Error::Closed(_) | Error::Io(_) => ErrorKind::Closed,
            _ => ErrorKind::NoResponse,
        };
        Self { request, got: error.to_string(), advice: advice.to_owned(), kind }
    }

    /// There is no thread for requests that have to be sent at the same time.
    pub(crate) fn no_thread(error: &io::Error) -> Self {
        Self {
            request: "sending requests at the same time".to_owned(),
            got: format!("no thread can be started: {error}"),
            advice: "end other programs, or raise the limit on processes (ulimit -u)".to_owned(),
            kind: ErrorKind::NoResponse,
        }
    }

    /// The error with a screen's worth of each part.
    pub(crate) fn shortened(self) -> Self {
        let Self { request, got, advice, kind } = self;
        let [request, got, advice] = [request, got, advice].map(|part| shortened(part, NOTE));
        Self { request, got, advice, kind }
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// Why no check could be run.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An option is invalid.
    #[error("{0}")]
    Usage(String),
    /// The descriptor is invalid.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// This host is not this machine, and is not in the list of allowed hosts.
    #[error(
        "{host} is not this machine: a probe sends thousands of requests, many of them hostile. \
         If you are allowed to send them there, add --allow-host {host}",
        host = .0.escape_debug()
    )]
    Refused(String),
    /// The application could not be started or reached, or nobody could log in.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The browser that is to be compared with the engine failed.
    #[error("{0}")]
    Browser(String),
}

impl SetupError {
    /// The error with a screen's worth of each part.
    pub(crate) fn shortened(self) -> Self {
        match self {
            Self::Probe(error) => Self::Probe(error.shortened()),
            Self::Descriptor(DescriptorError::Key { key, problem }) => {
                Self::Descriptor(DescriptorError::Key { key, problem: shortened(problem, NOTE) })
            }
            Self::Refused(host) => Self::Refused(shortened(host, NAME)),
            Self::Usage(what) => Self::Usage(shortened(what, NOTE)),
            Self::Browser(what) => Self::Browser(shortened(what, NOTE)),
            other => other,
        }
    }

    /// Whether the mistake is in the options or in the descriptor, and not in the application.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Usage(_) | Self::Descriptor(_) | Self::Refused(_) => true,
            Self::Probe(error) => error.kind == ErrorKind::Descriptor,
            Self::Browser(_) => false,
        }
    }
}
