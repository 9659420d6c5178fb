//! Why a browser cannot be driven: each failure is one sentence that says what to do.

use std::time::Duration;

use thiserror::Error;

use super::browser::Browser;
use crate::agent::AgentError;

/// Why a browser cannot be driven.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BrowserError {
    /// The browser is not installed.
    #[error("{} is not installed; run `shims/setup {}`", browser.title(), browser.setup())]
    NoBrowser {
        /// Which.
        browser: Browser,
    },
    /// The program that speaks WebDriver for it is not installed.
    #[error("{server}, which drives {}, is not on the PATH; run `shims/setup {}`", browser.title(), browser.setup())]
    NoServer {
        /// Which browser.
        browser: Browser,
        /// The program that is missing.
        server: &'static str,
    },
    /// The browser needs a display and there is none.
    #[error("{} needs a display, and Xvfb is not on the PATH; run `shims/setup {}`", browser.title(), browser.setup())]
    NoDisplay {
        /// Which.
        browser: Browser,
    },
    /// No folder for the profile of a browser can be made.
    #[error("{} has no folder for its profile ({what}); make room in the folder for temporary files", browser.title())]
    NoProfile {
        /// Which browser.
        browser: Browser,
        /// What the operating system says.
        what: String,
    },
    /// A program cannot be started, or ends before it is ready.
    #[error("{program} did not start: {what}; run it by hand to see why")]
    NotStarted {
        /// The program.
        program: String,
        /// What went wrong.
        what: String,
    },
    /// Every port that the system offered was taken by another program before the server had it.
    #[error(
        "{server} found {tries} ports in use one after the other; try again when fewer programs are starting"
    )]
    PortInUse {
        /// The program.
        server: String,
        /// How often another port was tried.
        tries: usize,
    },
    /// Browser and WebDriver server are of versions that do not fit.
    #[error("{} and {server} are of versions that do not fit ({what}); install both from the same source", browser.title())]
    Versions {
        /// Which browser.
        browser: Browser,
        /// Its WebDriver server.
        server: &'static str,
        /// What the server says.
        what: String,
    },
    /// The browser would not start.
    #[error("{} did not start: {what}; see whether it starts by hand", browser.title())]
    NoSession {
        /// Which.
        browser: Browser,
        /// What the server says.
        what: String,
    },
    /// The certificate of an origin was refused.
    #[error("{} refused the certificate of {uri}, though it was told to accept it; remove policies that forbid that", browser.title())]
    Certificate {
        /// Which browser.
        browser: Browser,
        /// What was requested.
        uri: String,
    },
    /// The proxy before the origins cannot be reached.
    #[error("{} cannot reach the origins at their proxy on the loopback interface; let the firewall pass connections on it", browser.title())]
    Proxy {
        /// Which browser.
        browser: Browser,
    },
    /// A page was not loaded in time.
    #[error("{uri} was not loaded by {} within {} s; try again when the machine is less busy", browser.title(), time.as_secs())]
    NeverLoaded {
        /// Which browser.
        browser: Browser,
        /// What was requested.
        uri: String,
        /// How long was waited.
        time: Duration,
    },
    /// The browser refused a response, or did not make the request, for a reason of HTTP.
    #[error("{} refused the response: {what}", browser.title())]
    Refused {
        /// Which browser.
        browser: Browser,
        /// Its name for the reason.
        what: String,
    },
    /// The browser or its WebDriver server is not running any more.
    #[error("{} ended: {what}", browser.title())]
    Ended {
        /// Which.
        browser: Browser,
        /// What is known of it.
        what: String,
    },
    /// The WebDriver server answered with another error.
    #[error("{} failed: {what}", browser.title())]
    Other {
        /// Which browser.
        browser: Browser,
        /// What the server says.
        what: String,
    },
}

impl From<BrowserError> for AgentError {
    fn from(error: BrowserError) -> Self {
        match error {
            BrowserError::Refused { what, .. } => Self::Refused { message: what },
            BrowserError::Ended { what, .. } => Self::Ended { message: what },
            other => Self::Failed { message: other.to_string() },
        }
    }
}

/// The last line of what a program wrote, so that a sentence can end with it.
pub(super) fn last_line(output: &[u8]) -> String {
    let mut lines = output.split(|&octet| octet == b'\n' || octet == b'\r');
    let last = lines.rfind(|line| !line.trim_ascii().is_empty());
    let shown = last.unwrap_or(b"it wrote nothing").trim_ascii();
    let end = shown.len().min(LONGEST_LINE);
    shown[..end].escape_ascii().to_string()
}

const LONGEST_LINE: usize = 300;
