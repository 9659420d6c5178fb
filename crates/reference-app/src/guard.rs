//! Requests that are refused before they reach the application.

use axum::extract::Request;
use axum::http::header::{COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Refuses requests that another site made the browser send, unless their method is safe (RFC 9110
/// section 9.2.1). Browsers send Sec-Fetch-Site with them, older ones Origin.
pub(crate) async fn foreign(request: Request, next: Next) -> Response {
    if !request.method().is_safe() && is_foreign(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let field = |name: &str| headers.get(name).map(|value| value.as_bytes());
    if let Some(site) = field("sec-fetch-site") {
        return site != b"same-origin" && site != b"none";
    }
    let Some(origin) = field(ORIGIN.as_str()) else { return false };
    let host = field(HOST.as_str()).unwrap_or_default();
    let authority = origin.strip_prefix(b"https://").or(origin.strip_prefix(b"http://"));
    authority != Some(host)
}

/// Refuses more octets of cookies than this application could have set (RFC 6585 section 5).
pub(crate) async fn oversize(request: Request, next: Next) -> Response {
    let octets: usize = request.headers().get_all(COOKIE).iter().map(|value| value.len()).sum();
    if octets > MAX_COOKIE_OCTETS {
        return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    }
    next.run(request).await
}

const MAX_COOKIE_OCTETS: usize = 16 * 1024;
