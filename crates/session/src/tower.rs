//! Sessions as a `tower` layer, for axum and other users of `http`.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::header::{CACHE_CONTROL, COOKIE, HeaderMap, HeaderValue, RETRY_AFTER, SET_COOKIE, VARY};
use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use crate::cookies::Cookies;
use crate::error::SessionError;
use crate::finish::ResponseChanges;
use crate::sessions::Sessions;

/// Gives every request its [`Session`](crate::Session) as an extension, and adds to its response
/// the cookie, `Vary: Cookie`, and `Cache-Control: no-store` unless the handler set Cache-Control
/// itself.
///
/// The handler's changes are stored before its response is sent. If that fails, the response would
/// be wrong, and one without a body and with [`SessionError::status`] and
/// [`SessionError::retry_after`] is sent instead. A body that is still being streamed can no longer
/// use the session.
#[derive(Clone, Debug)]
pub struct SessionLayer {
    sessions: Sessions,
}

impl SessionLayer {
    /// A layer for these sessions.
    pub const fn new(sessions: Sessions) -> Self {
        Self { sessions }
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService { inner, sessions: self.sessions.clone() }
    }
}

/// A service whose requests have a session; made by [`SessionLayer`].
#[derive(Clone, Debug)]
pub struct SessionService<S> {
    inner: S,
    sessions: Sessions,
}

impl<S, Q, R> Service<Request<Q>> for SessionService<S>
where
    S: Service<Request<Q>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    Q: Send + 'static,
    R: Default + Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Q>) -> Self::Future {
        let field_lines = request.headers().get_all(COOKIE).iter().map(HeaderValue::as_bytes);
        let session = self.sessions.begin(&Cookies::of(field_lines));
        request.extensions_mut().insert(session.clone());
        // The clone has not been polled; the original is ready.
        let clone = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            let mut response = inner.call(request).await?;
            let failed = response.status().is_server_error();
            match session.finish(failed).await {
                Ok(changes) => changes.write(response.headers_mut()),
                Err(error) => {
                    response = Response::default();
                    *response.status_mut() = error.status();
                    if let Some(seconds) = error.retry_after() {
                        response.headers_mut().insert(RETRY_AFTER, seconds.into());
                    }
                    let changes =
                        ResponseChanges { set_cookie: None, varies: true, is_private: true };
                    changes.write(response.headers_mut());
                }
            }
            Ok(response)
        })
    }
}

impl ResponseChanges {
    fn write(&self, headers: &mut HeaderMap) {
        if let Some(set_cookie) = &self.set_cookie {
            let field = HeaderValue::from_bytes(set_cookie).expect("the grammar was checked");
            headers.append(SET_COOKIE, field);
        }
        if self.varies && !names_cookie(headers) {
            headers.append(VARY, HeaderValue::from_static("Cookie"));
        }
        if self.is_private && !headers.contains_key(CACHE_CONTROL) {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}

/// Whether Vary lists Cookie already, or is `*`.
fn names_cookie(headers: &HeaderMap) -> bool {
    headers.get_all(VARY).iter().any(|field| {
        field.as_bytes().split(|&octet| octet == b',').any(|name| {
            let name = name.trim_ascii();
            name == b"*" || name.eq_ignore_ascii_case(b"Cookie")
        })
    })
}

impl SessionError {
    /// The status to answer with: 409 if another request was faster, 413 for too much data, 503 if
    /// the store or the randomness fails, 500 for errors of the application.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Conflict | Self::Ended => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Store(_) | Self::Random(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Cookie(_) | Self::Finished | Self::Value { .. } => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// The seconds after which the request may be repeated, for Retry-After with status 503: a
    /// store that fails usually fails for a short time.
    pub const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Store(_) | Self::Random(_) => Some(1),
            _ => None,
        }
    }
}
