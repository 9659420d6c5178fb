//! Mutants of the HTTP messages: a middleware that changes requests and responses.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, COOKIE, HOST, HeaderMap, HeaderValue, LOCATION, SET_COOKIE, VARY,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::mutant::Mutant;

/// The state of the middleware.
pub(crate) struct Wire {
    mutant: Mutant,
    /// The body that [`Mutant::SharedCache`] serves to everyone.
    answer: Mutex<Option<Bytes>>,
}

impl Wire {
    pub(crate) fn new(mutant: Mutant) -> Self {
        Self { mutant, answer: Mutex::default() }
    }
}

/// The middleware.
pub(crate) async fn pass(
    State(wire): State<Arc<Wire>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mutant = wire.mutant;
    let host = request.headers().get(HOST).cloned();
    let path = request.uri().path().to_owned();
    match mutant {
        Mutant::AnyCaseName => fold_name(request.headers_mut()),
        Mutant::IdFromQuery => take_from_query(&mut request),
        Mutant::PanicsOnOctets if has_octets(request.headers()) => {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        _ => {}
    }
    let mut response = next.run(request).await;
    if mutant == Mutant::EndedIsAnError && response.status() == StatusCode::CONFLICT {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    }
    if mutant == Mutant::SharedCache && path == "/whoami" {
        return wire.cached(response).await;
    }
    change_headers(mutant, response.headers_mut(), host.as_ref());
    response
}

impl Wire {
    async fn cached(&self, response: Response) -> Response {
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 16).await.unwrap_or_default();
        let mut answer = self.answer.lock().expect("no panic while it is locked");
        // Keep the first answer about a user who is logged in.
        if !body.windows(4).any(|part| part == b"null") && answer.is_none() {
            *answer = Some(body.clone());
        }
        let body = answer.clone().unwrap_or(body);
        Response::from_parts(head, Body::from(body))
    }
}

/// Accepts the session cookie under its name in any case.
fn fold_name(headers: &mut HeaderMap) {
    let Some(cookie) = headers.get(COOKIE).and_then(|cookie| cookie.to_str().ok()) else { return };
    let (name, value) = cookie.split_once('=').unwrap_or_default();
    if name.eq_ignore_ascii_case(NAME)
        && let Ok(folded) = HeaderValue::from_str(&format!("{NAME}={value}"))
    {
        headers.insert(COOKIE, folded);
    }
}

/// Accepts an identifier in the query.
fn take_from_query(request: &mut Request) {
    let query = request.uri().query().unwrap_or_default();
    let id = query.split('&').find_map(|pair| pair.strip_prefix("session="));
    let field = id.and_then(|id| HeaderValue::from_str(&format!("{NAME}={id}")).ok());
    if let Some(field) = field {
        request.headers_mut().insert(COOKIE, field);
    }
}

/// Whether a Cookie field is not printable ASCII.
fn has_octets(headers: &HeaderMap) -> bool {
    headers.get_all(COOKIE).iter().any(|cookie| cookie.to_str().is_err())
}

fn change_headers(mutant: Mutant, headers: &mut HeaderMap, host: Option<&HeaderValue>) {
    match mutant {
        Mutant::MissingVary => {
            headers.remove(VARY);
            headers.remove(CACHE_CONTROL);
        }
        Mutant::Cacheable => {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        }
        _ => {}
    }
    let lines: Vec<String> = headers
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok().map(str::to_owned))
        .collect();
    headers.remove(SET_COOKIE);
    for line in lines {
        let is_removal = line.contains("=; Expires=Thu, 01 Jan 1970");
        for line in change_cookie(mutant, &line, is_removal, host) {
            if let Ok(field) = HeaderValue::from_str(&line) {
                headers.append(SET_COOKIE, field);
            }
        }
        if mutant == Mutant::IdInUrl && !is_removal {
            let id = line.split([';', '=']).nth(1).unwrap_or_default();
            if let Ok(field) = HeaderValue::from_str(&format!("/?session={id}")) {
                headers.insert(LOCATION, field);
            }
        }
    }
}

/// The Set-Cookie fields that the mutant sends instead of one.
fn change_cookie(
    mutant: Mutant,
    line: &str,
    is_removal: bool,
    host: Option<&HeaderValue>,
) -> Vec<String> {
    let changed = match mutant {
        Mutant::NoHttpOnly => line.replace("; HttpOnly", ""),
        Mutant::NoRemoval if is_removal => return Vec::new(),
        Mutant::RemovalWithoutSecure if is_removal => line.replace("; Secure", ""),
        Mutant::RemovalElsewhere if is_removal => line.replace("Path=/", "Path=/account"),
        Mutant::ObsoleteDate if is_removal => {
            line.replace("Thu, 01 Jan 1970", "Thursday, 01-Jan-70")
        }
        Mutant::SetsTwice if !is_removal => return vec![line.to_owned(), line.to_owned()],
        Mutant::CookieForYears if !is_removal => format!("{line}; Max-Age=315360000"),
        Mutant::DomainAttribute => {
            let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
            format!("{line}; Domain={}", host.split(':').next().unwrap_or_default())
        }
        Mutant::UserInCookie if !is_removal => {
            return vec![line.to_owned(), "hello=YWxpY2U; Path=/; Secure; HttpOnly".to_owned()];
        }
        _ => line.to_owned(),
    };
    vec![changed]
}

const NAME: &str = "__Host-session";
