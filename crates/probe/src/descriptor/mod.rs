//! The descriptor: what a probe has to be told about an application, as TOML.

mod capture;
mod read;
mod request;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::template;

pub use self::capture::{Capture, Decode, Page};
pub use self::read::DescriptorError;
pub use self::request::RequestTemplate;

/// Everything a probe is told about an application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// What the application is called in reports.
    pub name: Option<String>,
    /// `http://host:port` or `https://host:port`; `{port}` where [`Process`] starts it.
    pub origin: String,
    /// Logs `{user}` in with `{password}`.
    pub login: RequestTemplate,
    /// Logs out.
    pub logout: RequestTemplate,
    /// Tells who is logged in; no match: nobody.
    pub whoami: Page,
    /// Who can log in. The second one unlocks the checks between users.
    pub accounts: Vec<Account>,
    /// A page that does not use the session.
    pub public: Option<PlainPage>,
    /// A page that has nothing to do with sessions at all, such as a static file.
    pub stateless: Option<PlainPage>,
    /// Writes the session and then answers with a server error.
    pub error: Option<RequestTemplate>,
    /// Writes to the session and reads back.
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
    /// A request that can be held open for `{seconds}`.
    pub hold: Option<PlainPage>,
    /// What the application says about itself.
    #[serde(default)]
    pub policy: Policy,
    /// The folder of the descriptor, which commands and files are relative to.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// Somebody who can log in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// `{user}`.
    pub user: String,
    /// `{password}`.
    pub password: String,
}

/// A page that is only asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainPage {
    /// The path with its query.
    pub path: String,
}

/// Writing to the session and reading back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Stores `{value}` under `{key}`; works for anonymous sessions, too.
    pub set: RequestTemplate,
    /// Reads what is stored under `{key}`.
    pub get: Page,
}

/// The token that unsafe requests need. It is fetched anew before each of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Csrf {
    /// The path of a page that has the token.
    pub page: String,
    /// Group 1 is the token.
    pub capture: Capture,
    /// The member of the form, or of the JSON object, that carries it.
    pub field: Option<String>,
    /// The header field that carries it.
    pub header: Option<String>,
}

/// How the application is started and stopped. `{scratch}` is a folder for what it stores: empty at
/// first, the same after a restart and for [`Second`], and removed after the probe.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// The command and its arguments.
    pub start: Vec<String>,
    /// Variables of its environment, besides those of the probe.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The path that answers when the application is ready; that of who-am-i by default.
    pub ready: Option<String>,
    /// Moves the clock of the application on by `{seconds}`. Without it the probe waits.
    pub clock: Option<RequestTemplate>,
}

impl Process {
    /// Whether the idle timeout, `{ttl}`, is handed to the application.
    pub fn mentions_idle(&self) -> bool {
        self.start.iter().chain(self.env.values()).any(|text| template::mentions(text, "ttl"))
    }
}

/// The same application over https.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Https {
    /// `https://host:port`; the plain origin where a trusted proxy is played by `headers`.
    pub origin: Option<String>,
    /// A PEM file with the authority that issued the certificate.
    pub ca: Option<PathBuf>,
    /// Header fields by which a trusted proxy says that it was asked over https.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// Operations that not every application has.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// Gives the account `{new_password}` in place of `{password}`.
    pub change_password: Option<RequestTemplate>,
    /// A change of privilege.
    pub step_up: Option<RequestTemplate>,
    /// Ends every session of the user.
    pub logout_all: Option<RequestTemplate>,
    /// Disables the account `{user}`; sent by the first account.
    pub disable_user: Option<RequestTemplate>,
    /// Undoes that.
    pub enable_user: Option<RequestTemplate>,
}

/// Another instance on the same store, and the store itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Second {
    /// Where it listens; `{port2}` where `start` starts it.
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
    /// Tells how many sessions the store holds.
    pub size: Option<Page>,
    /// The command that stops it.
    pub stop: Option<Vec<String>>,
    /// The command that starts it again.
    pub start: Option<Vec<String>>,
    /// Removes what has expired.
    pub purge: Option<RequestTemplate>,
}

/// What the application says about itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// The idle timeout in seconds.
    pub idle: Option<u64>,
    /// The absolute timeout in seconds.
    pub absolute: Option<u64>,
    /// Does reading reset the idle clock?
    pub slides_on_read: bool,
    /// How many sessions a user may have; 0: any number.
    pub max_sessions: u64,
    /// Do sessions survive a restart of the application?
    pub survives_restart: bool,
    /// Does logout end the other sessions of the user?
    pub logout_ends_all: bool,
    /// Does login ask for a persistent session?
    pub remember_me: bool,
    /// Is the session shared with other hosts of the domain?
    pub shares_domain: bool,
    /// The root of the application.
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
