//! Why an application cannot be examined.

use std::fmt;

use cookiespec_report::Escaped;
use cookiespec_wire::Error;

/// What stops an examination: which request, what came back, and what to change.
#[derive(Debug)]
pub struct Trouble {
    /// What was done, such as `POST http://127.0.0.1:8080/login`.
    pub request: String,
    /// What came back instead of what was expected.
    pub got: String,
    /// What to change.
    pub advice: String,
    /// Whose fault it is.
    pub kind: TroubleKind,
}

/// What kind of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The descriptor does not fit the application.
    Descriptor,
    /// There was no answer that could be read.
    NoAnswer,
    /// The connection was closed without an answer, or broke.
    Closed,
    /// As many requests were sent as were allowed.
    Budget,
}

impl Trouble {
    /// The descriptor does not fit.
    pub fn descriptor(
        request: impl Into<String>,
        got: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            request: request.into(),
            got: got.into(),
            advice: advice.into(),
            kind: TroubleKind::Descriptor,
        }
    }

    /// There was no answer to a request.
    pub fn wire(request: String, error: &Error) -> Self {
        let advice = match error {
            Error::Address(..) => "write a host in `origin` that this machine can find",
            Error::Connect(..) => {
                "start the application, or correct `origin`; with [process] the probe starts it"
            }
            Error::Tls(_) => {
                "check the scheme in `origin`; in [https], `ca` names the PEM file with the \
                 authority that issued the certificate"
            }
            Error::Timeout(_) => "find out why it takes so long, or allow more with --timeout",
            Error::TooLong(_) => {
                "name a page that ends: the answer has to be shorter than the probe's limit"
            }
            Error::Malformed(_) => "check that `origin` is the port that speaks HTTP/1.1",
            _ => "look into the log of the application: it gave up the connection",
        };
        let kind = match error {
            Error::Closed(_) | Error::Io(_) => TroubleKind::Closed,
            _ => TroubleKind::NoAnswer,
        };
        Self { request, got: error.to_string(), advice: advice.to_owned(), kind }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request, got, advice, kind: _ } = self;
        write!(f, "{}: {}. {}", Escaped(request), Escaped(got), Escaped(&capitalised(advice)))
    }
}

impl std::error::Error for Trouble {}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect::<String>() + "."
    })
}
