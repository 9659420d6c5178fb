//! The state that the handlers share, and how a session error becomes a response.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use cookiespec_session::{Session, SessionError, Sessions};
use serde_json::{Value, json};

use crate::mutant::Mutant;

/// The state of the application.
pub(crate) struct App {
    pub(crate) sessions: Sessions,
    passwords: Mutex<HashMap<String, String>>,
    disabled: Mutex<HashSet<String>>,
    pub(crate) mutant: Option<Mutant>,
}

/// Extracts the state of the application.
pub(crate) type AppState = State<Arc<App>>;

/// The result of a handler.
pub(crate) type HandlerResult = Result<Response, ErrorResponse>;

impl App {
    /// The application with its two accounts.
    pub(crate) fn new(sessions: Sessions, mutant: Option<Mutant>) -> Self {
        let passwords = [("alice", "wonderland"), ("bob", "builder")]
            .map(|(user, password)| (user.to_owned(), password.to_owned()));
        Self {
            sessions,
            passwords: Mutex::new(passwords.into()),
            disabled: Mutex::default(),
            mutant,
        }
    }

    /// The password of each user.
    pub(crate) fn passwords(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.passwords.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The users who cannot log in at present.
    pub(crate) fn disabled(&self) -> MutexGuard<'_, HashSet<String>> {
        self.disabled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The user who is logged in. A mutant keeps it in the data of the session.
    pub(crate) async fn user(&self, session: &Session) -> Result<Option<String>, SessionError> {
        if self.mutant == Some(Mutant::NoRotation)
            && let Some(user) = session.get("logged in").await?
        {
            return Ok(Some(user));
        }
        Ok(session.user().await?.map(|user| user.to_string()))
    }

    /// Logs a user in, as the mutant does it.
    pub(crate) async fn log_in(&self, session: &Session, user: &str) -> Result<(), SessionError> {
        match self.mutant {
            Some(Mutant::NoRotation) => session.set("logged in", user).await,
            Some(Mutant::NoRotationForSameUser)
                if session.user().await?.as_deref() == Some(user) =>
            {
                Ok(())
            }
            Some(Mutant::DataFollowsUser) => {
                let kept: Option<Value> = session.get("secret").await?;
                session.login(user).await?;
                if let Some(kept) = kept {
                    session.set("secret", &kept).await?;
                }
                Ok(())
            }
            _ => session.login(user).await,
        }
    }
}

/// A session error as a response: its status, Retry-After and, as JSON, its message.
pub(crate) struct ErrorResponse(SessionError);

impl From<SessionError> for ErrorResponse {
    fn from(error: SessionError) -> Self {
        Self(error)
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let text = Json(json!({ "error": self.0.to_string() }));
        let mut response = (self.0.status(), text).into_response();
        if let Some(seconds) = self.0.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
