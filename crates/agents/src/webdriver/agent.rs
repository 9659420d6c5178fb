//! A browser as a user agent under test.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use cookiespec_vectors::{ImplementationInfo, ability};
use serde_json::Value;
use tempfile::TempDir;

use super::browser::Browser;
use super::display::VirtualDisplay;
use super::error::BrowserError;
use super::programs::{Display, Programs};
use super::server::Server;
use super::session::{CommandError, Session};
use super::{chromium, firefox, webkit};
use crate::agent::{Agent, AgentError, AgentFacts, Clock, Navigation, Settling};

/// A running browser with a private profile, behind the origins' proxy.
#[derive(Debug)]
pub struct BrowserAgent {
    browser: Browser,
    programs: Programs,
    proxy: SocketAddr,
    page_time: Duration,
    about: ImplementationInfo,
    facts: AgentFacts,
    /// `None` only where a session could not be opened again.
    session: Option<Session>,
    /// The hosts that may have cookies; `None` where that is not known.
    hosts: Option<BTreeSet<String>>,
    server: Server,
    _display: Option<VirtualDisplay>,
    /// The home folder of the browser, with its profile; removed when all above has ended.
    home: TempDir,
}

impl BrowserAgent {
    /// Starts a browser whose every request goes to this proxy. A page that is not loaded after
    /// `page_time` is given up.
    ///
    /// # Errors
    /// [`BrowserError`].
    pub fn start(
        browser: Browser,
        proxy: SocketAddr,
        page_time: Duration,
    ) -> Result<Self, BrowserError> {
        let mut programs = browser.find()?;
        let no_profile = |error| BrowserError::NoProfile { browser, what: error };
        let home = tempfile::Builder::new().prefix("cookiespec-browser-").tempdir();
        let home = home.map_err(|error| no_profile(error.to_string()))?;
        fs::create_dir(profile(&home)).map_err(|error| no_profile(error.to_string()))?;
        if matches!(browser, Browser::Chromium | Browser::ChromiumHeadlessShell) {
            programs.browser = chromium::with_empty_page(&programs.browser, home.path())
                .map_err(|error| no_profile(error.to_string()))?;
        }
        let display = match &programs.display {
            Some(Display::Virtual(program)) => Some(VirtualDisplay::start(program)?),
            Some(Display::OfUser) | None => None,
        };
        let server = Server::start(&programs.server, |command, port| {
            isolate(command, home.path().as_os_str());
            if let Some(display) = &display {
                command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
            }
            match browser {
                Browser::Chromium | Browser::ChromiumHeadlessShell => {
                    chromium::serve(command, port);
                }
                Browser::Firefox => firefox::serve(command, port),
                Browser::WebKit => webkit::serve(command, port),
            }
        })?;
        let mut agent = Self {
            browser,
            programs,
            proxy,
            page_time,
            about: ImplementationInfo::default(),
            facts: facts(browser),
            session: None,
            hosts: Some(BTreeSet::new()),
            server,
            _display: display,
            home,
        };
        agent.about = about(browser, agent.open()?);
        Ok(agent)
    }

    /// Opens a session, which starts the browser.
    fn open(&mut self) -> Result<&Session, BrowserError> {
        let capabilities = self.capabilities();
        match Session::open(self.server.port, capabilities, self.page_time) {
            Ok(session) => Ok(self.session.insert(session)),
            Err(error) => Err(self.not_opened(&error)),
        }
    }

    fn capabilities(&self) -> Value {
        let Self { browser, programs, proxy, home, .. } = self;
        match browser {
            Browser::Chromium | Browser::ChromiumHeadlessShell => {
                chromium::capabilities(programs, *proxy, &profile(home))
            }
            Browser::Firefox => firefox::capabilities(programs, *proxy, &profile(home)),
            Browser::WebKit => webkit::capabilities(programs, *proxy),
        }
    }

    /// Ends the session, so that the browser writes its profile, and opens the next one.
    fn reopen(&mut self) -> Result<(), BrowserError> {
        if let Some(session) = self.session.take() {
            session.close().map_err(|error| self.failed(&error))?;
        }
        self.open().map(|_| ())
    }

    fn session(&self) -> Result<&Session, BrowserError> {
        let ended = || BrowserError::Ended {
            browser: self.browser,
            what: "its session could not be opened again".to_owned(),
        };
        self.session.as_ref().ok_or_else(ended)
    }

    /// Why a session could not be opened.
    fn not_opened(&mut self, error: &CommandError) -> BrowserError {
        let browser = self.browser;
        let CommandError::Answered { message, .. } = error else { return self.failed(error) };
        let what = one_line(message);
        // chromedriver: "This version of ChromeDriver only supports Chrome version 155".
        // geckodriver: "Expected browser … firefox, minimum version …".
        if message.contains("only supports Chrome version") || message.contains("minimum version") {
            return BrowserError::Versions { browser, server: browser.server_name(), what };
        }
        BrowserError::NoSession { browser, what }
    }

    /// Why a command has no result that is not about a page.
    fn failed(&mut self, error: &CommandError) -> BrowserError {
        let browser = self.browser;
        let what = one_line(&error.to_string());
        match error {
            CommandError::Answered { .. } if is_end(&what) => BrowserError::Ended { browser, what },
            CommandError::Answered { .. } | CommandError::Malformed { .. } => {
                BrowserError::Other { browser, what }
            }
            CommandError::Transport(_) => {
                let what = self
                    .server
                    .end()
                    .map_or(what, |end| format!("its {} ended with {end}", browser.server_name()));
                BrowserError::Ended { browser, what }
            }
        }
    }

    /// Why a page was not loaded.
    fn not_loaded(&mut self, uri: &str, error: &CommandError) -> BrowserError {
        let browser = self.browser;
        let uri = uri.to_owned();
        let CommandError::Answered { error: code, message } = error else {
            return self.failed(error);
        };
        let reason = network_error(message);
        match (&**code, reason) {
            ("timeout", _) => BrowserError::NeverLoaded { browser, uri, time: self.page_time },
            ("insecure certificate", _) => BrowserError::Certificate { browser, uri },
            (_, Some(reason)) if reason.starts_with("ERR_CERT_") || reason == "nssBadCert" => {
                BrowserError::Certificate { browser, uri }
            }
            (_, Some("ERR_PROXY_CONNECTION_FAILED" | "proxyConnectFailure")) => {
                BrowserError::Proxy { browser }
            }
            (_, Some(reason)) => BrowserError::Refused { browser, what: reason.to_owned() },
            _ => self.failed(error),
        }
    }
}

impl Agent for BrowserAgent {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn facts(&self) -> &AgentFacts {
        &self.facts
    }

    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError> {
        if navigation.method != "GET" {
            return Err(AgentError::lacks("method"));
        }
        if !navigation.fields.is_empty() {
            return Err(AgentError::lacks("fields"));
        }
        self.hosts = match (self.hosts.take(), &navigation.hosts) {
            (Some(before), Some(more)) => Some(&before | more),
            _ => None,
        };
        let uri = &navigation.uri;
        let session = self.session()?;
        match session.navigate(uri).and_then(|()| session.shows_error_page()) {
            Ok(false) => Ok(()),
            Ok(true) => {
                let what = "it shows an error page instead".to_owned();
                Err(BrowserError::Refused { browser: self.browser, what }.into())
            }
            Err(error) => Err(self.not_loaded(uri, &error).into()),
        }
    }

    fn clear(&mut self) -> Result<(), AgentError> {
        let session = self.session()?;
        let cleared = match self.browser {
            Browser::Chromium | Browser::ChromiumHeadlessShell => {
                chromium::clear(session).map(|()| true)
            }
            Browser::Firefox => firefox::clear(session).map(|()| true),
            // Whatever keeps the session from doing it, the next one begins without cookies.
            Browser::WebKit => Ok(webkit::clear(session, self.hosts.as_ref()).unwrap_or(false)),
        };
        self.hosts = Some(BTreeSet::new());
        match cleared {
            Ok(true) => Ok(()),
            Ok(false) => Ok(self.reopen()?),
            Err(error) => Err(self.failed(&error).into()),
        }
    }

    fn restart(&mut self) -> Result<(), AgentError> {
        if !self.facts.restart {
            return Err(AgentError::lacks(ability::RESTART));
        }
        Ok(self.reopen()?)
    }
}

impl Drop for BrowserAgent {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            // The browser ends with its server in any case; so it does not have to be killed.
            let _ = session.close();
        }
    }
}

/// The profile in the home folder of a browser.
fn profile(home: &TempDir) -> PathBuf {
    home.path().join("profile")
}

/// Keeps the user's settings away from a browser, and its files away from the user.
fn isolate(command: &mut Command, home: &OsStr) {
    command.env("HOME", home);
    for variable in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env_remove(variable);
    }
    // WebKit waits for ever for a session when a proxy is named here.
    for variable in ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(variable).env_remove(variable.to_uppercase());
    }
}

fn facts(browser: Browser) -> AgentFacts {
    AgentFacts {
        // Every browser follows 20.
        redirects: 18,
        clock: match browser {
            Browser::Chromium | Browser::ChromiumHeadlessShell | Browser::Firefox => {
                Clock::DateField
            }
            Browser::WebKit => Clock::Own,
        },
        public_suffixes: true,
        scripts: true,
        cross_site: true,
        // Under automation WebKitGTK keeps its cookies in memory only.
        restart: browser != Browser::WebKit,
        settling: Settling::Pages(SETTLING_TIME),
        ..AgentFacts::default()
    }
}

fn about(browser: Browser, session: &Session) -> ImplementationInfo {
    let (language, source) = match browser {
        Browser::Chromium | Browser::ChromiumHeadlessShell => ("C++", "https://www.chromium.org/"),
        Browser::Firefox => ("C++", "https://www.firefox.com/"),
        Browser::WebKit => ("C++", "https://webkitgtk.org/"),
    };
    ImplementationInfo {
        name: browser.title().to_owned(),
        version: session.capability("browserVersion").to_owned(),
        language: language.to_owned(),
        source: source.to_owned(),
        notes: "Cookies of third parties are neither blocked nor kept apart.".to_owned(),
        ..ImplementationInfo::default()
    }
}

/// The browser's name for a failure of the network: `ERR_INVALID_HTTP_RESPONSE` of Chromium's
/// `net::ERR_INVALID_HTTP_RESPONSE`, `netReset` of Firefox's `about:neterror?e=netReset&…`.
fn network_error(message: &str) -> Option<&str> {
    let after = |mark: &str| message.split_once(mark).map(|(_, rest)| rest);
    let rest = after("net::")
        .or_else(|| after("about:neterror?e="))
        .or_else(|| after("about:certerror?e="))?;
    let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
    Some(&rest[..end.unwrap_or(rest.len())])
}

/// Whether the words of an error mean that the browser is not running any more.
fn is_end(what: &str) -> bool {
    ["invalid session id", "no such window", "disconnected", "not reachable", "crashed"]
        .iter()
        .any(|words| what.contains(words))
}

/// The beginning of a message as one line; it may go on with what the server knows of itself.
fn one_line(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = lines.take_while(|line| !line.starts_with("(Session info"));
    told.take(MOST_LINES).collect::<Vec<_>>().join(", ").escape_debug().to_string()
}

const MOST_LINES: usize = 3;
/// How long a page may take to make the requests that it leads to.
const SETTLING_TIME: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_network_have_the_name_that_the_browser_gives_them() {
        for (message, name) in [
            (
                "unknown error: net::ERR_INVALID_HTTP_RESPONSE\n  (Session info: chrome=156)",
                Some("ERR_INVALID_HTTP_RESPONSE"),
            ),
            (
                "Reached error page: about:neterror?e=netReset&u=http%3A//a.test/&c=UTF-8",
                Some("netReset"),
            ),
            ("Reached error page: about:certerror?e=nssBadCert", Some("nssBadCert")),
            ("no such thing", None),
        ] {
            assert_eq!(network_error(message), name);
        }
    }
}
