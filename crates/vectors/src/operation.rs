//! The operations of the shim protocol: what a target can be asked.
//!
//! Every type here is the `in` or the `ok` member of a message; `docs/protocol.md` is the text.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::octets::Octets;

/// One question to a target: the `op` and `in` members of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", content = "in")]
pub enum Operation {
    /// Parse one set-cookie-string.
    #[serde(rename = "parse.set-cookie")]
    ParseSetCookie(ParseSetCookie),
    /// Split the Cookie field lines of a request, as a server does.
    #[serde(rename = "parse.cookie")]
    ParseCookie(ParseCookie),
    /// Parse a cookie-date.
    #[serde(rename = "parse.date")]
    ParseDate(ParseDate),
    /// Does a host domain-match a domain?
    #[serde(rename = "match.domain")]
    MatchDomain(MatchDomain),
    /// Does a request path path-match a cookie path?
    #[serde(rename = "match.path")]
    MatchPath(MatchPath),
    /// The default-path of a request URI.
    #[serde(rename = "default.path")]
    DefaultPath(DefaultPath),
    /// Write a Set-Cookie field value, as a server does.
    #[serde(rename = "format.set-cookie")]
    FormatSetCookie(FormatSetCookie),
    /// Run a whole program against a fresh cookie store.
    #[serde(rename = "jar")]
    Jar(JarProgram),
}

impl Operation {
    /// The names of the operations, as in the `op` member of a request.
    pub const NAMES: [&'static str; 8] = [
        "parse.set-cookie",
        "parse.cookie",
        "parse.date",
        "match.domain",
        "match.path",
        "default.path",
        "format.set-cookie",
        "jar",
    ];

    /// The `op` member of the request.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ParseSetCookie(_) => "parse.set-cookie",
            Self::ParseCookie(_) => "parse.cookie",
            Self::ParseDate(_) => "parse.date",
            Self::MatchDomain(_) => "match.domain",
            Self::MatchPath(_) => "match.path",
            Self::DefaultPath(_) => "default.path",
            Self::FormatSetCookie(_) => "format.set-cookie",
            Self::Jar(_) => "jar",
        }
    }

    /// The `in` member of the request.
    pub fn input(&self) -> Value {
        let mut request = serde_json::to_value(self).unwrap_or_default();
        request.get_mut("in").map(Value::take).unwrap_or_default()
    }
}

/// `parse.set-cookie`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParseSetCookie {
    /// The set-cookie-string.
    pub set_cookie: Octets,
    /// Where the response came from, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<Octets>,
    /// The time of arrival, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<i64>,
}

/// What a parser made of a set-cookie-string. A field the header did not set is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParsedCookie {
    /// cookie-name.
    pub name: Octets,
    /// cookie-value.
    pub value: Octets,
    /// The Domain attribute, as the parser reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Octets>,
    /// The Path attribute, as the parser reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Octets>,
    /// The Expires attribute, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    /// The Max-Age attribute, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i64>,
    /// Secure was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure: Option<bool>,
    /// HttpOnly was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_only: Option<bool>,
    /// The SameSite attribute: `Strict`, `Lax` or `None`, or what the parser reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_site: Option<Octets>,
    /// Partitioned was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partitioned: Option<bool>,
}

/// `parse.cookie`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParseCookie {
    /// The Cookie field lines of one request, in order.
    pub cookie: Vec<Octets>,
}

/// `parse.date`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParseDate {
    /// The cookie-date.
    pub date: Octets,
}

/// `match.domain`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchDomain {
    /// The host of a request.
    pub host: Octets,
    /// A cookie's domain, without a leading dot.
    pub domain: Octets,
}

/// `match.path`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MatchPath {
    /// The path of a request.
    pub path: Octets,
    /// A cookie's path.
    pub cookie_path: Octets,
}

/// `default.path`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DefaultPath {
    /// A request URI.
    pub uri: Octets,
}

/// `format.set-cookie`. A field that is `None` is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FormatSetCookie {
    /// cookie-name.
    pub name: Octets,
    /// cookie-value.
    pub value: Octets,
    /// Max-Age in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i64>,
    /// Expires in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    /// Domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Octets>,
    /// Path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Octets>,
    /// Secure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secure: Option<bool>,
    /// HttpOnly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_only: Option<bool>,
    /// SameSite: `Strict`, `Lax` or `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_site: Option<Octets>,
    /// Partitioned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partitioned: Option<bool>,
}

/// `jar`: one hermetic case with a fresh store and a clock of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JarProgram {
    /// Where the clock starts, in Unix seconds.
    pub now: i64,
    /// What the store is asked to be.
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
    /// Are http connections to localhost secure?
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
    /// Is the target left as it is?
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
    /// Whatever the target does when it is not told.
    #[default]
    Own,
    /// No domain is rejected for being a public suffix.
    NoRejection,
    /// These rules (in the list's own format: `co.uk`, `*.ck`, `!www.ck`) and the implicit `*`.
    Rules(Vec<String>),
}

impl Suffixes {
    /// Is the target left to its own list?
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
    /// What would a request carry? Observes [`Sent`] under `at`.
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
    /// The configuration changes while the store is in use: a new Public Suffix List, say.
    Configure {
        /// The new configuration, whole.
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
    /// Is the request same-site?
    pub same_site: bool,
    /// Is it a top-level navigation?
    pub top_level: bool,
    /// The request method.
    pub method: String,
    /// HTTP, or a non-HTTP API.
    pub api: Api,
}

impl Context {
    /// Are these the defaults: a same-site top-level GET over HTTP?
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Context {
    fn default() -> Self {
        Self { same_site: true, top_level: true, method: "GET".to_owned(), api: Api::Http }
    }
}

/// Who handles the cookies.
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
    /// The cookies one by one, where the target knows them apart.
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
