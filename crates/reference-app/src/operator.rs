//! What the operator can do to other users.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Form, FromRequestParts, State};
use axum::http::{StatusCode, request};
use axum::response::{IntoResponse, Response};
use cookiespec_session::Session;
use serde::Deserialize;

use crate::app::{Answer, App, Failure, Shared};
use crate::mutant::Mutant;

const OPERATOR: &str = "alice";

#[derive(Deserialize)]
pub struct Whom {
    user: String,
}

/// Lets a user not log in any more, and ends the sessions they have.
pub async fn disable(State(app): Shared, _: Operator, Form(Whom { user }): Form<Whom>) -> Answer {
    app.disabled().insert(user.clone());
    if app.mutant != Some(Mutant::DisabledStaysLoggedIn) {
        app.sessions.end_all(&user, None).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets a user log in again.
pub async fn enable(
    State(app): Shared,
    _: Operator,
    Form(Whom { user }): Form<Whom>,
) -> StatusCode {
    app.disabled().remove(&user);
    StatusCode::NO_CONTENT
}

/// Who is allowed to: the request is the operator's.
pub struct Operator;

impl FromRequestParts<Arc<App>> for Operator {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut request::Parts,
        app: &Arc<App>,
    ) -> Result<Self, Response> {
        let Extension(session) = Extension::<Session>::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let user =
            app.user(&session).await.map_err(|error| Failure::from(error).into_response())?;
        match user.as_deref() {
            Some(OPERATOR) => Ok(Self),
            _ => Err(StatusCode::FORBIDDEN.into_response()),
        }
    }
}
