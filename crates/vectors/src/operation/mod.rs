//! The operations of the shim protocol.
//!
//! Every type here is the `in` or the `ok` member of a message; `docs/protocol.md` is the text.

mod exchange;
mod jar;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::exchange::{
    Arrived, ExchangeProgram, ExchangeStep, Hop, HttpVersion, Interim, Navigate,
};
pub use self::jar::{
    Acceptance, Api, Context, JarConfig, JarProgram, Sent, Step, StoredCookie, Suffixes,
};
use crate::octets::Octets;

/// An operation and its input: the `op` and `in` members of a request.
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
    /// Whether a host domain-matches a domain.
    #[serde(rename = "match.domain")]
    MatchDomain(MatchDomain),
    /// Whether a request path path-matches a cookie path.
    #[serde(rename = "match.path")]
    MatchPath(MatchPath),
    /// The default-path of a request URI.
    #[serde(rename = "default.path")]
    DefaultPath(DefaultPath),
    /// Write a Set-Cookie field value, as a server does.
    #[serde(rename = "format.set-cookie")]
    FormatSetCookie(FormatSetCookie),
    /// Run a program against a fresh cookie store.
    #[serde(rename = "jar")]
    Jar(JarProgram),
    /// Take an HTTP client through whole requests and responses.
    #[serde(rename = "exchange")]
    Exchange(ExchangeProgram),
}

/// The operations of the shims of user agents, as in the `op` member of a request. No case asks for one
/// of them: they are what a program of steps becomes for a user agent that is known by its requests alone.
pub const AGENT_OPERATIONS: [&str; 7] = [
    "agent.start",
    "agent.clear",
    "agent.restart",
    "agent.save",
    "agent.load",
    "agent.clone",
    "navigate",
];

impl Operation {
    /// The names of the operations, as in the `op` member of a request.
    pub const NAMES: [&'static str; 9] = [
        "parse.set-cookie",
        "parse.cookie",
        "parse.date",
        "match.domain",
        "match.path",
        "default.path",
        "format.set-cookie",
        "jar",
        "exchange",
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
            Self::Exchange(_) => "exchange",
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
    /// The URI that the response came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<Octets>,
    /// The time of arrival, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<i64>,
}

/// The result of parsing a set-cookie-string. A field the header did not set is `None`.
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

/// `format.set-cookie`. A field that is `None` is not to be written.
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
