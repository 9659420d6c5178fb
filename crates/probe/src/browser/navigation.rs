//! The responses of a navigation, and where redirects lead.

use cookiespec_engine::Received;
use cookiespec_engine::set_cookie::Ignored;
use cookiespec_wire::{Request, Response};

use crate::origin::Origin;
use crate::site::Site;

/// The responses of one navigation.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The responses in order, redirects first. Never empty.
    pub hops: Vec<Hop>,
}

/// One request of a navigation and its response.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The request-target.
    pub target: String,
    /// The response.
    pub response: Response,
    /// The Set-Cookie fields of the response, and how the browser handled each. Empty for a replay
    /// client.
    pub received: Vec<(Vec<u8>, Result<Received, Ignored>)>,
}

impl Reply {
    /// The last response.
    pub fn last(&self) -> &Response {
        // The first request has a response.
        &self.hops[self.hops.len() - 1].response
    }

    /// The status of the last response.
    pub fn status(&self) -> u16 {
        self.last().status
    }

    /// The content of the last response as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.last().body).into_owned()
    }

    /// All responses.
    pub fn responses(&self) -> impl Iterator<Item = &Response> {
        self.hops.iter().map(|hop| &hop.response)
    }

    /// All Set-Cookie fields of all responses.
    pub fn set_cookies(&self) -> impl Iterator<Item = &[u8]> {
        self.responses().flat_map(|response| response.all("set-cookie"))
    }
}

/// What a browser does with a response.
pub(super) enum Next {
    /// Show it.
    Stay,
    /// Follow a redirect within the origin. Redirects to other origins are not followed.
    Follow(Request),
}

/// What a browser does with the response to a request with this method and target.
pub(super) fn next(response: &Response, method: &str, target: &str, site: &Site) -> Next {
    let location = response.first("location").and_then(|it| std::str::from_utf8(it).ok());
    let Some(location) = location.and_then(|location| within(location, target, site)) else {
        return Next::Stay;
    };
    match (response.status, method) {
        (303, "HEAD") | (301..=303 | 307 | 308, "GET" | "HEAD") => {
            Next::Follow(Request::new(method, &location))
        }
        (301..=303, _) => Next::Follow(Request::new("GET", &location)),
        // Fetch would repeat the request with its content, which does not help to log in.
        _ => Next::Stay,
    }
}

/// The request-target of a Location within the origin.
fn within(location: &str, target: &str, site: &Site) -> Option<String> {
    let location = location.split('#').next().unwrap_or_default();
    if let Some((scheme, rest)) = location.split_once("://") {
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let there = Origin::parse(&format!("{scheme}://{authority}")).ok()?;
        let here = Origin::parse(&site.own_origin()).ok()?;
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        return (there == here).then_some(path);
    }
    if location.starts_with("//") {
        return None;
    }
    let path = target.split('?').next().unwrap_or_default();
    let absolute = if location.starts_with('/') {
        location.to_owned()
    } else if location.starts_with('?') {
        format!("{path}{location}")
    } else {
        let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        format!("{folder}{location}")
    };
    // Octets that cannot occur in a request-target would change the request on the wire.
    absolute.bytes().all(|octet| octet.is_ascii_graphic()).then_some(absolute)
}
