//! Accounts: login, logout, passwords, and what the operator can do to other users.

use std::sync::Arc;

use axum::extract::{Form, FromRequestParts, State};
use axum::http::{StatusCode, request};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use cookiespec_session::Session;
use serde::Deserialize;
use serde_json::json;

use crate::mutant::Mutant;
use crate::state::{App, AppState, ErrorResponse, HandlerResult};

/// `GET /whoami`: the user who is logged in, or null.
pub(crate) async fn whoami(
    State(app): AppState,
    Extension(session): Extension<Session>,
) -> HandlerResult {
    Ok(Json(json!({ "user": app.user(&session).await? })).into_response())
}

/// The form of `POST /login`.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    user: String,
    password: String,
}

/// `POST /login`.
pub(crate) async fn login(
    State(app): AppState,
    Extension(session): Extension<Session>,
    Form(credentials): Form<Credentials>,
) -> HandlerResult {
    let Credentials { user, password } = credentials;
    let is_right = app.passwords().get(&user) == Some(&password) && !app.disabled().contains(&user);
    if is_right {
        app.log_in(&session, &user).await?;
        return Ok(Json(json!({ "user": user })).into_response());
    }
    if app.mutant == Some(Mutant::FailedLoginLogsIn) {
        app.log_in(&session, &user).await?;
    }
    Ok((StatusCode::UNAUTHORIZED, Json(json!({ "user": null }))).into_response())
}

/// `POST /logout`: ends this session.
pub(crate) async fn logout(
    State(app): AppState,
    Extension(session): Extension<Session>,
) -> HandlerResult {
    if app.mutant == Some(Mutant::LogoutTakesAll)
        && let Some(user) = session.user().await?
    {
        app.sessions.end_all(&user, None).await?;
    }
    session.logout().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /logout-everywhere`: ends every session of the user.
pub(crate) async fn logout_everywhere(
    State(app): AppState,
    Extension(session): Extension<Session>,
) -> HandlerResult {
    let Some(user) = session.user().await? else { return Ok(unauthorized()) };
    if app.mutant != Some(Mutant::NoEverywhere) {
        app.sessions.end_all(&user, session.id_hash().await?.as_ref()).await?;
    }
    session.logout().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The form of `POST /password`.
#[derive(Deserialize)]
pub(crate) struct NewPassword {
    old: String,
    new: String,
}

/// `POST /password`: changes the password, ends the user's other sessions and rotates this one.
pub(crate) async fn change_password(
    State(app): AppState,
    Extension(session): Extension<Session>,
    Form(passwords): Form<NewPassword>,
) -> HandlerResult {
    let Some(user) = session.user().await? else { return Ok(unauthorized()) };
    let current = app.passwords().get(&*user).cloned();
    if current.as_ref() != Some(&passwords.old) {
        return Ok(unauthorized());
    }
    app.passwords().insert(user.to_string(), passwords.new);
    if app.mutant != Some(Mutant::PasswordChangeKeepsOthers) {
        app.sessions.end_all(&user, session.id_hash().await?.as_ref()).await?;
    }
    session.rotate().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /step-up`: a change of privilege; the session continues under another identifier.
pub(crate) async fn step_up(Extension(session): Extension<Session>) -> HandlerResult {
    session.rotate().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn unauthorized() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

/// The form of `POST /users/disable` and `POST /users/enable`.
#[derive(Deserialize)]
pub(crate) struct Account {
    user: String,
}

/// `POST /users/disable`: bars a user from logging in, and ends the user's sessions.
pub(crate) async fn disable(
    State(app): AppState,
    _: Operator,
    Form(Account { user }): Form<Account>,
) -> HandlerResult {
    app.disabled().insert(user.clone());
    if app.mutant != Some(Mutant::DisabledStaysLoggedIn) {
        app.sessions.end_all(&user, None).await?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /users/enable`: lets a user log in again.
pub(crate) async fn enable(
    State(app): AppState,
    _: Operator,
    Form(Account { user }): Form<Account>,
) -> StatusCode {
    app.disabled().remove(&user);
    StatusCode::NO_CONTENT
}

/// Extracted only from requests of the operator; others get 403.
pub(crate) struct Operator;

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
            app.user(&session).await.map_err(|error| ErrorResponse::from(error).into_response())?;
        match user.as_deref() {
            Some(OPERATOR) => Ok(Self),
            _ => Err(StatusCode::FORBIDDEN.into_response()),
        }
    }
}

/// The user who may disable others.
const OPERATOR: &str = "alice";
