//! Programs that run against a cookie store, and what they observe.

use serde::{Deserialize, Serialize};

use crate::octets::Octets;

/// `jar`: one hermetic case with a fresh store and a clock of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JarProgram {
    /// Where the clock starts, in Unix seconds.
    pub now: i64,
    /// The configuration of the store.
    #[serde(default, skip_serializing_if = "JarConfig::is_default")]
    pub config: JarConfig,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// How a cookie store is to be configured. `None` is the target's own default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JarConfig {
    /// Public suffixes: absent, the target's own; `null`, no rejection; a list, those rules and
    /// the implicit `*`.
    #[serde(default, skip_serializing_if = "Suffixes::is_own")]
    pub public_suffixes: Suffixes,
    /// Whether http connections to localhost are secure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure_localhost: Option<bool>,
    /// The number of cookies kept for one domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_per_domain: Option<usize>,
    /// The number of cookies kept in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_total: Option<usize>,
    /// The age in seconds up to which a cookie without SameSite is sent on a cross-site top-level
    /// request with an unsafe method ("Lax-allowing-unsafe"). Zero switches it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lax_allowing_unsafe: Option<i64>,
    /// Refuse hosts with labels outside the literal text of 6265bis section 5.1.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strict_hosts: Option<bool>,
    /// Which cookies the user accepts: `all`, `session-only` or `none`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cookies: Option<Acceptance>,
}

impl JarConfig {
    /// Whether nothing is configured.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The user's choice of which cookies to accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Acceptance {
    /// Every cookie the rules let in.
    All,
    /// Every cookie, but none outlives the session.
    SessionOnly,
    /// No cookie is stored and none is sent.
    None,
}

/// The public suffixes of a store.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Suffixes {
    /// The list of the target.
    #[default]
    Own,
    /// No domain is rejected for being a public suffix.
    NoRejection,
    /// These rules (in the list's own format: `co.uk`, `*.ck`, `!www.ck`) and the implicit `*`.
    Rules(Vec<String>),
}

impl Suffixes {
    /// Whether the target uses its own list.
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Own)
    }
}

impl Serialize for Suffixes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Own | Self::NoRejection => serializer.serialize_none(),
            Self::Rules(rules) => rules.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Suffixes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<Vec<String>>::deserialize(deserializer)? {
            None => Self::NoRejection,
            Some(rules) => Self::Rules(rules),
        })
    }
}

/// One step of a jar program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Step {
    /// A response arrived, with one string per Set-Cookie field line.
    Receive {
        /// The request URI it answers.
        uri: Octets,
        /// The set-cookie-strings, in order.
        set_cookie: Vec<Octets>,
        /// The circumstances of the request.
        #[serde(default, skip_serializing_if = "Context::is_default")]
        context: Context,
    },
    /// Observes the cookies that a request would carry, as [`Sent`], under `at`.
    Send {
        /// The label of the observation.
        at: String,
        /// The request URI.
        uri: Octets,
        /// The circumstances of the request.
        #[serde(default, skip_serializing_if = "Context::is_default")]
        context: Context,
    },
    /// Time passes.
    Advance {
        /// For so many seconds.
        secs: i64,
    },
    /// The session is over: the store is written out and read back.
    Restart,
    /// `document.cookie = value`.
    ScriptSet {
        /// The document's URI.
        uri: Octets,
        /// What is assigned.
        value: Octets,
        /// The circumstances of the document.
        #[serde(default, skip_serializing_if = "Context::is_default")]
        context: Context,
    },
    /// `document.cookie`. Observes `{value}` under `at`.
    ScriptGet {
        /// The label of the observation.
        at: String,
        /// The document's URI.
        uri: Octets,
        /// The circumstances of the document.
        #[serde(default, skip_serializing_if = "Context::is_default")]
        context: Context,
    },
    /// What is in the store? Observes `{cookies}` under `at`.
    Dump {
        /// The label of the observation.
        at: String,
    },
    /// The configuration changes while the store is in use, such as a new Public Suffix List.
    Configure {
        /// The new configuration. It replaces the old one completely.
        config: JarConfig,
    },
}

impl Step {
    /// The label under which the step observes something, if it does.
    pub fn label(&self) -> Option<&str> {
        match self {
            Self::Send { at, .. } | Self::ScriptGet { at, .. } | Self::Dump { at } => Some(at),
            _ => None,
        }
    }
}

/// The circumstances of a request, or of the document a script runs in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Context {
    /// Whether the request is same-site.
    pub same_site: bool,
    /// Whether it is a top-level navigation.
    pub top_level: bool,
    /// The request method.
    pub method: String,
    /// HTTP, or a non-HTTP API.
    pub api: Api,
}

impl Context {
    /// Whether these are the defaults: a same-site top-level GET over HTTP.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Context {
    fn default() -> Self {
        Self { same_site: true, top_level: true, method: "GET".to_owned(), api: Api::Http }
    }
}

/// The interface by which cookies are accessed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// HTTP itself.
    #[default]
    Http,
    /// A non-HTTP API, such as `document.cookie`.
    Script,
}

/// What a request would carry: the observation of a `send` step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// The Cookie field value; `None` where there would be no Cookie field.
    pub header: Option<Octets>,
    /// The cookies one by one, if the target reports them separately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cookies: Option<Vec<(Octets, Octets)>>,
}

/// One stored cookie: an element of a `dump` observation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StoredCookie {
    /// cookie-name.
    pub name: Octets,
    /// cookie-value.
    pub value: Octets,
    /// The cookie's domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Octets>,
    /// host-only-flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_only: Option<bool>,
    /// The cookie's path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Octets>,
    /// expiry-time in Unix seconds; `None` for a cookie that ends with the session.
    #[serde(default)]
    pub expires: Option<i64>,
    /// creation-time in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creation: Option<i64>,
    /// last-access-time in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_access: Option<i64>,
    /// secure-only-flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure: Option<bool>,
    /// http-only-flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_only: Option<bool>,
    /// same-site-flag: `Strict`, `Lax`, `None` or `Default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_site: Option<Octets>,
}
