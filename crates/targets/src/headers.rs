//! `headers::Cookie`, the typed Cookie header.

use cookiespec_vectors::implementation::{Implementation, ImplementationInfo, OperationResult};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::ParseCookie;
use headers::{Cookie, HeaderMapExt};

use crate::http_text::{cookie_fields, pair};
use crate::published::{Published, version};

const PUBLISHED: Published = Published {
    package: "headers",
    version: version!("headers"),
    can: &["parse.cookie"],
    blind: &[],
    claims: Some("rfc6265"),
    notes: "A request with octets outside visible ASCII in its Cookie field has no cookies. \
            Control characters never reach it: the http crate has no such field values.",
};

/// The `headers` crate.
pub(crate) struct Headers;

impl Implementation for Headers {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn parse_cookie(&mut self, request: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        Ok(cookie_fields(&request.cookie)?.typed_get::<Cookie>().map_or_else(Vec::new, |cookies| {
            cookies.iter().map(|(name, value)| pair(name, value)).collect()
        }))
    }
}
