//! Pages that read and write the session's data or another cookie, and the page of the clock.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Form, FromRequestParts, Query, State};
use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use axum::http::{StatusCode, request};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use cookiespec_session::{Cookies, ManualClock, Session, set_cookie};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::mutant::Mutant;
use crate::state::{App, AppState, ErrorResponse, HandlerResult};

/// `GET /`: public, the same for all visitors, without a session.
pub(crate) async fn front_page(
    State(app): AppState,
    Extension(session): Extension<Session>,
) -> HandlerResult {
    if app.mutant == Some(Mutant::EagerSession) {
        session.set("seen", &true).await?;
    }
    Ok("The reference application of cookiespec.\n".into_response())
}

/// The query or form of `/state` and `/fail`.
#[derive(Deserialize)]
pub(crate) struct Entry {
    key: String,
    value: Option<String>,
}

/// `GET /state`: a value of the session.
pub(crate) async fn read_state(
    State(app): AppState,
    Extension(session): Extension<Session>,
    Query(entry): Query<Entry>,
) -> HandlerResult {
    let Entry { key, value } = entry;
    if let (Some(Mutant::GetWrites), Some(value)) = (app.mutant, value) {
        session.set(&key, &value).await?;
    }
    let value: Option<Value> = session.get(&key).await?;
    Ok(Json(json!({ "value": value })).into_response())
}

/// `POST /state`: sets a value of the session.
pub(crate) async fn write_state(
    State(app): AppState,
    Loaded(session): Loaded,
    Form(entry): Form<Entry>,
) -> HandlerResult {
    let mut value = entry.value.unwrap_or_default();
    if app.mutant == Some(Mutant::TruncatesState) {
        value = value.chars().take(1_000).collect();
    }
    session.set(entry.key, &value).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /fail`: sets a value, then answers with a server error.
pub(crate) async fn write_and_fail(
    Extension(session): Extension<Session>,
    Form(entry): Form<Entry>,
) -> HandlerResult {
    session.set(entry.key, &entry.value).await?;
    Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// `POST /visits`: counts the visits of the session.
pub(crate) async fn count_visit(Extension(session): Extension<Session>) -> HandlerResult {
    let visits = session.get("visits").await?.unwrap_or(0_u64) + 1;
    session.set("visits", &visits).await?;
    Ok(Json(json!({ "visits": visits })).into_response())
}

/// `GET /slow`: takes `seconds` (at most [`MOST_TIME`]), without delaying other requests.
pub(crate) async fn take_time(
    Extension(session): Extension<Session>,
    Query(span): Query<Span>,
) -> HandlerResult {
    let user = session.user().await?;
    tokio::time::sleep(Duration::from_secs(span.seconds).min(MOST_TIME)).await;
    Ok(Json(json!({ "user": user.as_deref() })).into_response())
}

/// `GET /colour`: a cookie of the request, without a session.
pub(crate) async fn read_colour(headers: HeaderMap) -> Response {
    let field_lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let cookies = Cookies::of(field_lines);
    let colour = cookies.first("colour").map(|cookie| cookie.text_lossy());
    Json(json!({ "colour": colour })).into_response()
}

/// The form of `POST /colour`.
#[derive(Deserialize)]
pub(crate) struct Colour {
    colour: String,
    max_age: Option<i64>,
}

/// `POST /colour`: sets a cookie in the response, without a session.
pub(crate) async fn write_colour(Form(Colour { colour, max_age }): Form<Colour>) -> Response {
    match set_cookie("colour", &colour).max_age(max_age).path("/").secure().to_octets() {
        Ok(line) => (StatusCode::NO_CONTENT, [(SET_COOKIE, line)]).into_response(),
        Err(error) => {
            let error = json!({ "error": error.to_string() });
            (StatusCode::BAD_REQUEST, Json(error)).into_response()
        }
    }
}

/// The query of `GET /slow` and the form of `POST /clock`.
#[derive(Deserialize)]
pub(crate) struct Span {
    seconds: u64,
}

/// `POST /clock`: advances the clock of the sessions.
pub(crate) async fn advance_clock(
    State(clock): State<Arc<ManualClock>>,
    Form(span): Form<Span>,
) -> StatusCode {
    clock.advance(Duration::from_secs(span.seconds));
    StatusCode::NO_CONTENT
}

/// The session, loaded before the body of the request is read, so that an error of the store is
/// answered without reading it.
pub(crate) struct Loaded(Session);

impl FromRequestParts<Arc<App>> for Loaded {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut request::Parts,
        app: &Arc<App>,
    ) -> Result<Self, Response> {
        let Extension(session) = Extension::<Session>::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        session.user().await.map_err(|error| ErrorResponse::from(error).into_response())?;
        Ok(Self(session))
    }
}

/// The longest time that `/slow` takes.
const MOST_TIME: Duration = Duration::from_secs(10);
