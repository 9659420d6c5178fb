//! What the operator can do to other users.

use axum::Extension;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cookiespec_session::{Session, SessionError};
use serde::Deserialize;

use super::app::{Answer, App, Shared};
use super::mutant::Mutant;

const OPERATOR: &str = "alice";

#[derive(Deserialize)]
pub(crate) struct Whom {
    user: String,
}

/// Lets a user not log in any more, and ends the sessions they have.
pub(crate) async fn disable(
    State(app): Shared,
    Extension(session): Extension<Session>,
    Form(Whom { user }): Form<Whom>,
) -> Answer {
    if !is_operator(&app, &session).await? {
        return Ok(forbidden());
    }
    app.disabled().insert(user.clone());
    if app.mutant != Some(Mutant::DisabledStaysLoggedIn) {
        app.sessions.end_all(&user, None).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets a user log in again.
pub(crate) async fn enable(
    State(app): Shared,
    Extension(session): Extension<Session>,
    Form(Whom { user }): Form<Whom>,
) -> Answer {
    if !is_operator(&app, &session).await? {
        return Ok(forbidden());
    }
    app.disabled().remove(&user);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn is_operator(app: &App, session: &Session) -> Result<bool, SessionError> {
    Ok(app.user(session).await?.as_deref() == Some(OPERATOR))
}

fn forbidden() -> Response {
    StatusCode::FORBIDDEN.into_response()
}
