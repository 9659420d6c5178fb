//! Where a response leads.

use cookiespec_wire::{Request, Response};

use crate::origin::Origin;
use crate::site::Site;

/// What a browser does with a response.
pub(super) enum Next {
    /// It is shown.
    Stay,
    /// It leads elsewhere in the application. Other origins are none of the probe's business.
    Go(Request),
}

/// What a browser does with the response to a request with this method and target.
pub(super) fn next(response: &Response, method: &str, target: &str, site: &Site) -> Next {
    let location = response.first("location").and_then(|it| std::str::from_utf8(it).ok());
    let Some(location) = location.and_then(|location| within(location, target, site)) else {
        return Next::Stay;
    };
    match (response.status, method) {
        (303, "HEAD") | (301..=303 | 307 | 308, "GET" | "HEAD") => {
            Next::Go(Request::new(method, &location))
        }
        (301..=303, _) => Next::Go(Request::new("GET", &location)),
        // Fetch would send the content again; an application that asks for that is not logged in
        // to by one more POST.
        _ => Next::Stay,
    }
}

/// The request-target of a Location, if it stays within the origin.
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
    // What is no request-target would be another request on the wire.
    absolute.bytes().all(|octet| octet.is_ascii_graphic()).then_some(absolute)
}
