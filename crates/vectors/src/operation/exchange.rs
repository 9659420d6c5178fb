//! Programs of whole requests and responses, and what of the requests arrives.

use serde::{Deserialize, Serialize};

use crate::octets::Octets;

/// `exchange`: one case of an HTTP client that begins with an empty store, at the real time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExchangeProgram {
    /// What happens, in order.
    pub steps: Vec<ExchangeStep>,
}

impl ExchangeProgram {
    /// The navigations, in order.
    pub fn navigations(&self) -> impl Iterator<Item = &Navigate> {
        self.steps.iter().filter_map(|step| match step {
            ExchangeStep::Navigate(navigate) => Some(navigate),
            _ => None,
        })
    }

    /// The requests that are expected, in order.
    pub fn hops(&self) -> impl Iterator<Item = &Hop> {
        self.navigations().flat_map(|navigate| &navigate.hops)
    }
}

/// One step of an exchange program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum ExchangeStep {
    /// The client requests a URI, and follows redirects.
    Navigate(Navigate),
    /// The session ends, and the next one begins with the same profile.
    Restart,
    /// The client writes its store to the file of the case, by its own means.
    Save,
    /// A new session of the client reads that file, and has nothing else.
    Load,
    /// The client, or its store, is copied by its own means. The copy is used from here on.
    Clone,
}

/// A request that the client makes because its caller wants it, and the redirects that follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Navigate {
    /// The URI that the caller gives.
    pub uri: Octets,
    /// The request method that the caller gives.
    #[serde(default = "get", skip_serializing_if = "is_get")]
    pub method: String,
    /// Header fields that the caller gives by the client's option for header fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(Octets, Octets)>,
    /// Cookies that the caller gives for this request, by the client's option for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<(Octets, Octets)>,
    /// The requests that are expected to arrive, and their responses.
    pub hops: Vec<Hop>,
}

impl Navigate {
    /// The hops, each with the URI that is expected to be requested: the first one's is that of the
    /// navigation unless it has its own. A later hop without one is left out, which no case has.
    pub fn requests(&self) -> impl Iterator<Item = (&Octets, &Hop)> {
        self.hops.iter().enumerate().filter_map(|(index, hop)| {
            let uri = hop.uri.as_ref().or((index == 0).then_some(&self.uri));
            uri.map(|uri| (uri, hop))
        })
    }
}

/// A request that is expected to arrive, and its response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    /// The label under which the request is observed, as [`Arrived`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The URI of the request. `None` in the first hop: that of the navigation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<Octets>,
    /// The method of the request; `None` for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The status code of the response.
    #[serde(default = "ok", skip_serializing_if = "is_ok")]
    pub status: u16,
    /// The field lines of the response, octet for octet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(Octets, Octets)>,
    /// Responses before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interim: Vec<Interim>,
    /// The field lines after its content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<(Octets, Octets)>,
    /// Its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Octets>,
}

impl Default for Hop {
    /// Any request, answered with 200 and nothing else.
    fn default() -> Self {
        Self {
            at: None,
            uri: None,
            method: None,
            status: ok(),
            fields: Vec::new(),
            interim: Vec::new(),
            trailers: Vec::new(),
            body: None,
        }
    }
}

/// An interim response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interim {
    /// Its status code, from 100 to 199.
    pub status: u16,
    /// Its field lines, octet for octet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(Octets, Octets)>,
}

/// A request as it arrived: the observation of a [`Hop`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// Its method.
    pub method: String,
    /// The values of its Cookie field lines, in their order.
    pub cookie: Vec<Octets>,
    /// The values of its Authorization field lines, in their order.
    pub authorization: Vec<Octets>,
    /// The version of HTTP it came in.
    pub version: HttpVersion,
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpVersion {
    /// HTTP/1.0.
    #[serde(rename = "1.0")]
    Http10,
    /// HTTP/1.1.
    #[serde(rename = "1.1")]
    Http11,
    /// HTTP/2.
    #[serde(rename = "2")]
    Http2,
}

fn get() -> String {
    "GET".to_owned()
}

fn is_get(method: &str) -> bool {
    method == "GET"
}

const fn ok() -> u16 {
    200
}

// serde gives a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_ok(status: &u16) -> bool {
    *status == ok()
}
