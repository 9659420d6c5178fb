//! Octets as the types that the crates take: `&str`, `HeaderValue`, `Url`.
//!
//! What a type cannot hold never reaches the crate, so there is no answer of the crate: the result is
//! "unsupported", with the need named `octets` or `uri`.

use cookiespec_vectors::implementation::{OperationResult, unsupported};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{Api, Context};
use http::header::{COOKIE, HeaderMap, HeaderValue};
use url::Url;

/// The octets as UTF-8 text.
pub(crate) fn text(octets: &Octets) -> OperationResult<&str> {
    octets.to_str().map_or_else(|| unsupported("octets"), Ok)
}

/// The octets as a field value, which has no control characters but HTAB.
pub(crate) fn field_value(octets: &Octets) -> OperationResult<HeaderValue> {
    HeaderValue::from_bytes(octets.as_slice()).or_else(|_| unsupported("octets"))
}

/// The header section of a request with these Cookie field lines.
pub(crate) fn cookie_fields(lines: &[Octets]) -> OperationResult<HeaderMap> {
    lines.iter().map(|line| Ok((COOKIE, field_value(line)?))).collect()
}

/// The octets as an absolute URL.
pub(crate) fn url(octets: &Octets) -> OperationResult<Url> {
    Url::parse(text(octets)?).or_else(|_| unsupported("uri"))
}

/// Accepts a same-site request over HTTP only: a store whose interface takes a URL and no more does
/// not distinguish other requests.
pub(crate) fn only_same_site_http(context: &Context) -> OperationResult<()> {
    match context {
        Context { api: Api::Script, .. } => unsupported("script"),
        Context { same_site: false, .. } => unsupported("same-site"),
        _ => Ok(()),
    }
}

/// A name and a value as they are reported.
pub(crate) fn pair(name: &str, value: &str) -> (Octets, Octets) {
    (name.into(), value.into())
}
