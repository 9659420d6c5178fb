//! The application: what a visitor can do, and how it answers.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Form, FromRequestParts, Query, State};
use axum::http::StatusCode;
use axum::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use axum::http::request;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router, middleware};
use cookiespec_session::{
    Clock, Cookies, ManualClock, Session, SessionError, SessionLayer, Sessions, Settings, Store,
    set_cookie,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faulty_store::{FaultyRandom, FaultyStore};
use crate::mutant::Mutant;
use crate::operator::{disable, enable};
use crate::{faulty_wire, guard};

/// What the application is made of.
pub struct Parts {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub settings: Settings,
    pub mutant: Option<Mutant>,
    /// The same clock, where visitors may move it: for a probe that does not want to wait.
    pub knob: Option<Arc<ManualClock>>,
}

/// What every request needs.
pub struct App {
    pub sessions: Sessions,
    passwords: Mutex<HashMap<String, String>>,
    disabled: Mutex<HashSet<String>>,
    pub mutant: Option<Mutant>,
}

/// The application, ready to be served.
///
/// # Errors
/// [`SessionError::Cookie`] when the settings ask for a cookie that cannot be set.
pub fn router(parts: Parts) -> Result<Router, SessionError> {
    let Parts { mut store, clock, mut settings, mutant, knob } = parts;
    if let Some(mutant) = mutant {
        spoil(&mut settings, mutant);
        store = Arc::new(FaultyStore { inner: store, mutant });
    }
    // Where identifiers are counted, those of the last start are not given again.
    let count = AtomicU64::new(clock.now().unsigned_abs());
    let mut sessions = Sessions::new(store, settings)?.with_clock(clock);
    if let Some(mutant) = mutant {
        sessions = sessions.with_random(Arc::new(FaultyRandom { mutant, count }));
    }
    let passwords = [("alice", "wonderland"), ("bob", "builder")];
    let passwords = passwords.map(|(user, password)| (user.to_owned(), password.to_owned())).into();
    let (passwords, disabled) = (Mutex::new(passwords), Mutex::default());
    let app = App { sessions: sessions.clone(), passwords, disabled, mutant };
    let mut router = Router::new()
        .route("/", get(front_page))
        .route("/whoami", get(whoami))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/logout-everywhere", post(logout_everywhere))
        .route("/password", post(change_password))
        .route("/step-up", post(step_up))
        .route("/users/disable", post(disable))
        .route("/users/enable", post(enable))
        .route("/slow", get(take_time))
        .route("/state", get(read_state).post(write_state))
        .route("/fail", post(write_and_fail))
        .route("/visits", post(count_visit))
        .route("/colour", get(read_colour).post(write_colour));
    if mutant == Some(Mutant::GetLogsOut) {
        router = router.route("/logout", get(logout));
    }
    let clock = knob.map(|clock| Router::new().route("/clock", post(advance)).with_state(clock));
    let mut router = router
        .with_state(Arc::new(app))
        .merge(clock.unwrap_or_default())
        .layer(SessionLayer::new(sessions))
        .layer(middleware::from_fn(guard::oversize));
    if mutant != Some(Mutant::ForeignRequests) {
        router = router.layer(middleware::from_fn(guard::foreign));
    }
    Ok(match mutant {
        Some(mutant) => {
            let wire = Arc::new(faulty_wire::Wire::new(mutant));
            router.layer(middleware::from_fn_with_state(wire, faulty_wire::pass))
        }
        None => router,
    })
}

fn spoil(settings: &mut Settings, mutant: Mutant) {
    let cookie = &mut settings.cookie;
    match mutant {
        Mutant::DefaultName => "sessionid".clone_into(&mut cookie.name),
        Mutant::DomainAttribute => "__Secure-session".clone_into(&mut cookie.name),
        Mutant::NoAbsoluteTimeout => settings.absolute = Duration::from_secs(1 << 30),
        Mutant::NoSecure => {
            "app-session".clone_into(&mut cookie.name);
            cookie.secure = false;
        }
        Mutant::SameSiteNone => cookie.same_site = cookiespec_session::SameSite::None,
        Mutant::NoSameSite => cookie.same_site = cookiespec_session::SameSite::Default,
        Mutant::TimeoutInCookieOnly => cookie.persistent = true,
        _ => {}
    }
}

pub type Shared = State<Arc<App>>;
pub type Answer = Result<Response, Failure>;

/// Why there is no answer: what the session says, as a status.
pub struct Failure(SessionError);

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0.status(), Json(json!({ "error": self.0.to_string() }))).into_response()
    }
}

/// Public, the same for all, without a session.
async fn front_page(State(app): Shared, Extension(session): Extension<Session>) -> Answer {
    if app.mutant == Some(Mutant::EagerSession) {
        session.set("seen", &true).await?;
    }
    Ok("The reference application of cookiespec.\n".into_response())
}

async fn whoami(State(app): Shared, Extension(session): Extension<Session>) -> Answer {
    Ok(Json(json!({ "user": app.user(&session).await? })).into_response())
}

#[derive(Deserialize)]
struct Credentials {
    user: String,
    password: String,
}

async fn login(
    State(app): Shared,
    Extension(session): Extension<Session>,
    Form(credentials): Form<Credentials>,
) -> Answer {
    let Credentials { user, password } = credentials;
    let is_right = app.passwords().get(&user) == Some(&password) && !app.disabled().contains(&user);
    if is_right {
        app.let_in(&session, &user).await?;
        return Ok(Json(json!({ "user": user })).into_response());
    }
    if app.mutant == Some(Mutant::FailedLoginLogsIn) {
        app.let_in(&session, &user).await?;
    }
    Ok((StatusCode::UNAUTHORIZED, Json(json!({ "user": null }))).into_response())
}

async fn logout(State(app): Shared, Extension(session): Extension<Session>) -> Answer {
    if app.mutant == Some(Mutant::LogoutTakesAll)
        && let Some(user) = session.user().await?
    {
        app.sessions.end_all(&user, None).await?;
    }
    session.logout().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn logout_everywhere(State(app): Shared, Extension(session): Extension<Session>) -> Answer {
    let Some(user) = session.user().await? else { return Ok(unauthorized()) };
    if app.mutant != Some(Mutant::NoEverywhere) {
        app.sessions.end_all(&user, session.id_hash().await?.as_ref()).await?;
    }
    session.logout().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct NewPassword {
    old: String,
    new: String,
}

/// Ends the user's other sessions and rotates this one.
async fn change_password(
    State(app): Shared,
    Extension(session): Extension<Session>,
    Form(passwords): Form<NewPassword>,
) -> Answer {
    let Some(user) = session.user().await? else { return Ok(unauthorized()) };
    let known = app.passwords().get(&*user).cloned();
    if known.as_ref() != Some(&passwords.old) {
        return Ok(unauthorized());
    }
    app.passwords().insert(user.to_string(), passwords.new);
    if app.mutant != Some(Mutant::PasswordChangeKeepsOthers) {
        app.sessions.end_all(&user, session.id_hash().await?.as_ref()).await?;
    }
    session.rotate().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A change of privilege: the identifier changes, the session goes on.
async fn step_up(Extension(session): Extension<Session>) -> Answer {
    session.rotate().await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The session as it is before the content of the request is read, so that nobody has to be heard
/// out who will be refused.
struct Known(Session);

impl FromRequestParts<Arc<App>> for Known {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut request::Parts,
        app: &Arc<App>,
    ) -> Result<Self, Response> {
        let Extension(session) = Extension::<Session>::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        session.user().await.map_err(|error| Failure(error).into_response())?;
        Ok(Self(session))
    }
}

#[derive(Deserialize)]
struct Entry {
    key: String,
    value: Option<String>,
}

async fn read_state(
    State(app): Shared,
    Extension(session): Extension<Session>,
    Query(entry): Query<Entry>,
) -> Answer {
    let Entry { key, value } = entry;
    if let (Some(Mutant::GetWrites), Some(value)) = (app.mutant, value) {
        session.set(&key, &value).await?;
    }
    let value: Option<Value> = session.get(&key).await?;
    Ok(Json(json!({ "value": value })).into_response())
}

async fn write_state(
    State(app): Shared,
    Known(session): Known,
    Form(entry): Form<Entry>,
) -> Answer {
    let mut value = entry.value.unwrap_or_default();
    if app.mutant == Some(Mutant::TruncatesState) {
        value = value.chars().take(1_000).collect();
    }
    session.set(entry.key, &value).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Writes, and then fails as a server.
async fn write_and_fail(
    Extension(session): Extension<Session>,
    Form(entry): Form<Entry>,
) -> Answer {
    session.set(entry.key, &entry.value).await?;
    Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn count_visit(Extension(session): Extension<Session>) -> Answer {
    let visits = session.get("visits").await?.unwrap_or(0_u64) + 1;
    session.set("visits", &visits).await?;
    Ok(Json(json!({ "visits": visits })).into_response())
}

/// A page of a user that takes its time. It keeps nobody else waiting.
async fn take_time(Extension(session): Extension<Session>, Query(span): Query<Span>) -> Answer {
    let user = session.user().await?;
    tokio::time::sleep(Duration::from_secs(span.seconds).min(MOST_TIME)).await;
    Ok(Json(json!({ "user": user.as_deref() })).into_response())
}

/// A cookie without a session: `COOKIES` of the request.
async fn read_colour(headers: HeaderMap) -> Response {
    let field_lines = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes);
    let cookies = Cookies::of(field_lines);
    let colour = cookies.first("colour").map(|cookie| cookie.text_lossy());
    Json(json!({ "colour": colour })).into_response()
}

#[derive(Deserialize)]
struct Colour {
    colour: String,
    max_age: Option<i64>,
}

/// `set_cookie(name, value, max_age=None)` of the response.
async fn write_colour(Form(Colour { colour, max_age }): Form<Colour>) -> Response {
    match set_cookie("colour", &colour).max_age(max_age).path("/").secure().to_octets() {
        Ok(line) => (StatusCode::NO_CONTENT, [(SET_COOKIE, line)]).into_response(),
        Err(error) => {
            let error = json!({ "error": error.to_string() });
            (StatusCode::BAD_REQUEST, Json(error)).into_response()
        }
    }
}

#[derive(Deserialize)]
struct Span {
    seconds: u64,
}

async fn advance(State(clock): State<Arc<ManualClock>>, Form(span): Form<Span>) -> StatusCode {
    clock.advance(Duration::from_secs(span.seconds));
    StatusCode::NO_CONTENT
}

fn unauthorized() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

impl App {
    fn passwords(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.passwords.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The users who cannot log in for the time being.
    pub fn disabled(&self) -> MutexGuard<'_, HashSet<String>> {
        self.disabled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who is logged in. Some mutants say so in the data of the session.
    pub async fn user(&self, session: &Session) -> Result<Option<String>, SessionError> {
        if self.mutant == Some(Mutant::NoRotation)
            && let Some(user) = session.get("logged in").await?
        {
            return Ok(Some(user));
        }
        Ok(session.user().await?.map(|user| user.to_string()))
    }

    async fn let_in(&self, session: &Session, user: &str) -> Result<(), SessionError> {
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

const MOST_TIME: Duration = Duration::from_secs(10);
