//! axum-login, on tower-sessions in memory.

use std::convert::Infallible;
use std::error::Error;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use axum_login::tower_sessions::{Expiry, MemoryStore, Session, SessionManagerLayer};
use axum_login::{AuthManagerLayerBuilder, AuthSession, AuthUser, AuthnBackend};
use cookiespec_zoo::{Key, Login, Pair, User, Value, address, password, ttl};
use time::Duration;
use tokio::net::TcpListener;

#[derive(Clone, Debug)]
struct Account {
    name: String,
    password: &'static str,
}

impl AuthUser for Account {
    type Id = String;

    fn id(&self) -> String {
        self.name.clone()
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.password.as_bytes()
    }
}

#[derive(Clone)]
struct Backend;

impl AuthnBackend for Backend {
    type User = Account;
    type Credentials = Login;
    type Error = Infallible;

    async fn authenticate(&self, login: Login) -> Result<Option<Account>, Infallible> {
        if login.is_right() { self.get_user(&login.user).await } else { Ok(None) }
    }

    async fn get_user(&self, name: &String) -> Result<Option<Account>, Infallible> {
        Ok(password(name).map(|password| Account { name: name.clone(), password }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let expiry = Expiry::OnInactivity(Duration::seconds(ttl()));
    let sessions = SessionManagerLayer::new(MemoryStore::default()).with_expiry(expiry);
    let application = Router::new()
        .route("/", get(async || "public"))
        .route("/whoami", get(whoami))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/get", get(read))
        .route("/set", post(write))
        .route("/error", post(fail))
        .layer(AuthManagerLayerBuilder::new(Backend, sessions).build());
    axum::serve(TcpListener::bind(address()).await?, application).await?;
    Ok(())
}

async fn whoami(auth: AuthSession<Backend>) -> Json<User> {
    Json(User { user: auth.user.map(|user| user.name) })
}

async fn login(mut auth: AuthSession<Backend>, Form(login): Form<Login>) -> Answer<User> {
    let user = auth.authenticate(login).await.map_err(failed)?.ok_or(StatusCode::FORBIDDEN)?;
    auth.login(&user).await.map_err(failed)?;
    Ok(Json(User { user: Some(user.name) }))
}

async fn logout(mut auth: AuthSession<Backend>) -> Answer<User> {
    auth.logout().await.map_err(failed)?;
    Ok(Json(User { user: None }))
}

async fn read(session: Session, Query(Key { key }): Query<Key>) -> Answer<Value> {
    Ok(Json(Value { value: session.get(&key).await.map_err(failed)? }))
}

async fn write(session: Session, Form(Pair { key, value }): Form<Pair>) -> Answer<Value> {
    session.insert(&key, &value).await.map_err(failed)?;
    Ok(Json(Value { value: Some(value) }))
}

async fn fail(session: Session, Form(Pair { key, value }): Form<Pair>) -> Answer<Value> {
    session.insert(&key, &value).await.map_err(failed)?;
    Err(StatusCode::INTERNAL_SERVER_ERROR)
}

type Answer<T> = Result<Json<T>, StatusCode>;

fn failed(_: impl Error) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}
