//! The descriptor: a TOML file that declares how an application is used.

pub mod request;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cookiespec_report::shortened;
use serde::Deserialize;

use self::request::{Csrf, Page, PlainPage, RequestTemplate};
use crate::evidence::{NAME, NOTE};
use crate::origin::Origin;
use crate::template;

/// The declarations about an application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// The name of the application in reports.
    pub name: Option<String>,
    /// `http://host:port` or `https://host:port`; with `{port}` if [`Process`] starts it.
    pub origin: String,
    /// Logs `{user}` in with `{password}`.
    pub login: RequestTemplate,
    /// Logs out.
    pub logout: RequestTemplate,
    /// A page that names the user; no match means that nobody is logged in.
    pub whoami: Page,
    /// Test accounts. A second one enables the checks between users.
    pub accounts: Vec<Account>,
    /// A page that does not use the session.
    pub public: Option<PlainPage>,
    /// A page that has nothing to do with sessions at all, such as a static file.
    pub stateless: Option<PlainPage>,
    /// Writes to the session, and then responds with a server error.
    pub error: Option<RequestTemplate>,
    /// Writes to the session, and reads from it.
    pub state: Option<State>,
    /// The token that unsafe requests need.
    pub csrf: Option<Csrf>,
    /// How the application is started and stopped.
    pub process: Option<Process>,
    /// The same application over https.
    pub https: Option<Https>,
    /// Operations that not every application has.
    #[serde(default)]
    pub ops: Operations,
    /// Another instance on the same store.
    pub second: Option<Second>,
    /// A page whose response takes `{seconds}`.
    pub hold: Option<PlainPage>,
    /// The declared properties of the sessions.
    #[serde(default)]
    pub policy: Policy,
    /// The folder of the descriptor, to which commands and files are relative.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Descriptor {
    /// The most octets of a descriptor.
    pub const MAX_OCTETS: usize = 1 << 20;

    /// Reads a descriptor; `folder` is the folder of its file.
    ///
    /// # Errors
    /// [`DescriptorError`] with the line or the key.
    pub fn read(text: &str, folder: &Path) -> Result<Self, DescriptorError> {
        if text.len() > Self::MAX_OCTETS {
            return Err(DescriptorError::TooLong);
        }
        let descriptor = Self { folder: folder.to_owned(), ..toml::from_str(text)? };
        descriptor.check_accounts()?;
        descriptor.check_placeholders()?;
        descriptor.check_origin()?;
        descriptor.check_combined_keys()?;
        Ok(descriptor)
    }

    /// The name in reports: `name`, or the origin.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.origin)
    }

    fn check_accounts(&self) -> Result<(), DescriptorError> {
        if self.accounts.is_empty() {
            return Err(invalid(
                "accounts",
                "the list is empty; write at least one user and password",
            ));
        }
        match &self.accounts[..] {
            [one, other, ..] if one.user == other.user => Err(invalid(
                "accounts",
                "the first two are the same user; the second has to differ",
            )),
            _ => Ok(()),
        }
    }

    /// The programs that a probe runs because the descriptor names them, with their keys.
    pub fn commands(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let second = self.second.as_ref();
        let store = second.and_then(|second| second.store.as_ref());
        let commands = [
            ("process.start", self.process.as_ref().map(|process| &process.start)),
            ("second.start", second.and_then(|second| second.start.as_ref())),
            ("second.store.stop", store.and_then(|store| store.stop.as_ref())),
            ("second.store.start", store.and_then(|store| store.start.as_ref())),
        ];
        commands.into_iter().filter_map(|(key, words)| Some((key, words?.as_slice())))
    }

    /// The same without any program, to probe an application that is running. What needs one is not
    /// checked.
    ///
    /// # Errors
    /// The origin has the placeholder `{port}`, which only a program that is started can have.
    pub fn without_commands(mut self) -> Result<Self, DescriptorError> {
        self.process = None;
        self.check_origin()?;
        let has_own_port = |second: &Second| {
            second.origin.as_ref().is_none_or(|origin| !origin.contains("{port2}"))
        };
        self.second = self.second.filter(has_own_port).map(|second| {
            let store = second.store.map(|store| Store { stop: None, start: None, ..store });
            Second { start: None, store, ..second }
        });
        Ok(self)
    }

    fn check_placeholders(&self) -> Result<(), DescriptorError> {
        for (key, template) in self.templates() {
            if let Some(unknown) = template.unknown_placeholder() {
                return Err(invalid(key, &unknown.to_string()));
            }
            if !template.path.starts_with('/') {
                return Err(invalid(key, "the path has to start with \"/\""));
            }
        }
        Ok(())
    }

    fn check_origin(&self) -> Result<(), DescriptorError> {
        let needs_port = self.origin.contains("{port}");
        match (needs_port, &self.process) {
            (true, None) => {
                let what = "{port} needs a [process] that starts the application on it; for one \
                            that runs already, and with --no-start, write its port";
                Err(invalid("origin", what))
            }
            _ => Origin::parse(&self.origin.replace("{port}", "1"))
                .map(drop)
                .map_err(|error| invalid("origin", &error.to_string())),
        }
    }

    fn check_combined_keys(&self) -> Result<(), DescriptorError> {
        if self.csrf.as_ref().is_some_and(|csrf| csrf.field.is_some() == csrf.header.is_some()) {
            return Err(invalid(
                "csrf",
                "write either `field` or `header`, which carries the token",
            ));
        }
        if self.process.as_ref().is_some_and(|process| process.start.is_empty()) {
            return Err(invalid(
                "process.start",
                "the list is empty; write a command and its arguments",
            ));
        }
        let https = self.https.as_ref();
        if https.is_some_and(|https| https.origin.is_none() && https.headers.is_empty()) {
            let what =
                "write an `origin`, or the `headers` by which a trusted proxy declares https";
            return Err(invalid("https", what));
        }
        Ok(())
    }

    /// All requests of the descriptor with their keys.
    fn templates(&self) -> Vec<(&'static str, RequestTemplate)> {
        let mut all = vec![("login", self.login.clone()), ("logout", self.logout.clone())];
        let mut page = |key, path: &str| all.push((key, RequestTemplate::get(path)));
        page("whoami", &self.whoami.path);
        for (key, plain) in
            [("public", &self.public), ("stateless", &self.stateless), ("hold", &self.hold)]
        {
            if let Some(plain) = plain {
                page(key, &plain.path);
            }
        }
        if let Some(state) = &self.state {
            page("state.get", &state.get.path);
        }
        if let Some(csrf) = &self.csrf {
            page("csrf.page", &csrf.page);
        }
        let mut request = |key, template: Option<&RequestTemplate>| {
            all.extend(template.map(|template| (key, template.clone())));
        };
        request("state.set", self.state.as_ref().map(|state| &state.set));
        request("error", self.error.as_ref());
        request("process.clock", self.process.as_ref().and_then(|it| it.clock.as_ref()));
        request("ops.change_password", self.ops.change_password.as_ref());
        request("ops.step_up", self.ops.step_up.as_ref());
        request("ops.logout_all", self.ops.logout_all.as_ref());
        request("ops.disable_user", self.ops.disable_user.as_ref());
        all
    }
}

fn invalid(key: &'static str, problem: &str) -> DescriptorError {
    DescriptorError::Key { key, problem: problem.to_owned() }
}

/// Why a descriptor is invalid: the line or the key, what is wrong with it, and what to write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptorError {
    /// The text is not TOML, or a key is unknown or missing, or has a value of the wrong type.
    #[error("{}", toml_problem(.0))]
    Toml(#[from] toml::de::Error),
    /// The text is longer than [`Descriptor::MAX_OCTETS`].
    #[error(
        "it is longer than {} octets, and cannot be a descriptor; name another file",
        Descriptor::MAX_OCTETS
    )]
    TooLong,
    /// The value of a key cannot be used.
    #[error("`{key}`: {problem}")]
    Key {
        /// The key.
        key: &'static str,
        /// What is wrong, and what to write.
        problem: String,
    },
}

/// The error with the line that it is about, or without where that line is too long to show.
fn toml_problem(error: &toml::de::Error) -> String {
    let shown = error.to_string();
    if shown.len() <= NOTE {
        return shown;
    }
    let place = shortened(shown.lines().next().unwrap_or_default().to_owned(), NAME);
    format!("{place}: {}", shortened(error.message().to_owned(), NAME))
}

/// A test account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// `{user}`.
    pub user: String,
    /// `{password}`.
    pub password: String,
}

/// Writing to the session, and reading from it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Stores `{value}` under `{key}`, also for clients that are not logged in.
    pub set: RequestTemplate,
    /// Reads what is stored under `{key}`.
    pub get: Page,
}

/// How the application is started and stopped. `{scratch}` is a folder for its data: empty at
/// first, the same after a restart and for [`Second`], and removed after the probe.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The command and its arguments.
    pub start: Vec<String>,
    /// Environment variables, in addition to those of the probe.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The path that responds when the application is ready; by default that of who-am-i.
    pub ready: Option<String>,
    /// Advances the clock of the application by `{seconds}`. Without it the probe waits.
    pub clock: Option<RequestTemplate>,
}

impl Process {
    /// Whether the application is given the idle timeout, `{ttl}`.
    pub fn mentions_idle(&self) -> bool {
        self.start.iter().chain(self.env.values()).any(|text| template::mentions(text, "ttl"))
    }
}

/// The same application over https.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Https {
    /// `https://host:port`; by default the plain origin, with `headers` in place of a trusted
    /// proxy.
    pub origin: Option<String>,
    /// A PEM file with the authority that issued the certificate.
    pub ca: Option<PathBuf>,
    /// Header fields by which a trusted proxy declares that its own connection is https.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// Operations that not every application has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// Changes the password of the account from `{password}` to `{new_password}`.
    pub change_password: Option<RequestTemplate>,
    /// A change of privilege.
    pub step_up: Option<RequestTemplate>,
    /// Ends every session of the user.
    pub logout_all: Option<RequestTemplate>,
    /// Disables the account `{user}`; sent by the first account.
    pub disable_user: Option<RequestTemplate>,
    /// Enables the account again.
    pub enable_user: Option<RequestTemplate>,
}

/// Another instance on the same store, and the store itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Second {
    /// Its origin, with `{port2}` if `start` starts it.
    pub origin: Option<String>,
    /// The command that starts it.
    pub start: Option<Vec<String>>,
    /// The store of the sessions.
    pub store: Option<Store>,
}

/// The store of the sessions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// A page with the number of sessions in the store.
    pub size: Option<Page>,
    /// The command that stops it.
    pub stop: Option<Vec<String>>,
    /// The command that starts it again.
    pub start: Option<Vec<String>>,
    /// Removes expired sessions.
    pub purge: Option<RequestTemplate>,
}

/// The declared properties of the sessions.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The idle timeout in seconds.
    pub idle: Option<u64>,
    /// The absolute timeout in seconds.
    pub absolute: Option<u64>,
    /// Whether reading resets the idle timeout.
    pub slides_on_read: bool,
    /// The most sessions of one user; 0 for any number.
    pub max_sessions: u64,
    /// Whether sessions survive a restart of the application.
    pub survives_restart: bool,
    /// Whether logout ends the other sessions of the user.
    pub logout_ends_all: bool,
    /// Whether login requests a persistent session.
    pub remember_me: bool,
    /// Whether the session is shared with other hosts of the domain.
    pub shares_domain: bool,
    /// The path of the root of the application.
    pub path: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            idle: None,
            absolute: None,
            slides_on_read: true,
            max_sessions: 0,
            survives_restart: true,
            logout_ends_all: false,
            remember_me: false,
            shares_domain: false,
            path: "/".to_owned(),
        }
    }
}
