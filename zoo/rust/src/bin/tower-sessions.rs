//! tower-sessions under axum: `tower-sessions memory` or `tower-sessions sqlite`, which keeps its
//! sessions in the file `sessions.sqlite` of the folder that `STATE_DIR` names.

use std::env;
use std::error::Error;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use cookiespec_zoo::{Key, Login, Pair, User, Value, address, is_first_argument, ttl};
use time::Duration;
use tokio::net::TcpListener;
use tower_sessions::session::Error as SessionError;
use tower_sessions::{Expiry, MemoryStore, Session, SessionManagerLayer, SessionStore};
use tower_sessions_sqlx_store::SqliteStore;
use tower_sessions_sqlx_store::sqlx::SqlitePool;
use tower_sessions_sqlx_store::sqlx::sqlite::SqliteConnectOptions;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if is_first_argument("sqlite") {
        let file = format!("{}/sessions.sqlite", env::var("STATE_DIR")?);
        let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
        let store = SqliteStore::new(SqlitePool::connect_with(options).await?);
        store.migrate().await?;
        serve(store).await
    } else {
        serve(MemoryStore::default()).await
    }
}

async fn serve(store: impl SessionStore + Clone) -> Result<(), Box<dyn Error>> {
    let expiry = Expiry::OnInactivity(Duration::seconds(ttl()));
    let application = Router::new()
        .route("/", get(async || "public"))
        .route("/whoami", get(whoami))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/get", get(read))
        .route("/set", post(write))
        .route("/error", post(fail))
        .layer(SessionManagerLayer::new(store).with_expiry(expiry));
    axum::serve(TcpListener::bind(address()).await?, application).await?;
    Ok(())
}

async fn whoami(session: Session) -> Answer<User> {
    Ok(Json(User { user: session.get("user").await.map_err(failed)? }))
}

async fn login(session: Session, Form(login): Form<Login>) -> Answer<User> {
    if !login.is_right() {
        return Err(StatusCode::FORBIDDEN);
    }
    session.cycle_id().await.map_err(failed)?;
    session.insert("user", &login.user).await.map_err(failed)?;
    Ok(Json(User { user: Some(login.user) }))
}

async fn logout(session: Session) -> Answer<User> {
    session.flush().await.map_err(failed)?;
    Ok(Json(User { user: None }))
}

async fn read(session: Session, Query(Key { key }): Query<Key>) -> Answer<Value> {
    Ok(Json(Value { value: session.get(&state(&key)).await.map_err(failed)? }))
}

async fn write(session: Session, Form(Pair { key, value }): Form<Pair>) -> Answer<Value> {
    session.insert(&state(&key), &value).await.map_err(failed)?;
    Ok(Json(Value { value: Some(value) }))
}

async fn fail(session: Session, Form(Pair { key, value }): Form<Pair>) -> Answer<Value> {
    session.insert(&state(&key), &value).await.map_err(failed)?;
    Err(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The key in the session, which cannot collide with `user`.
fn state(key: &str) -> String {
    format!("state.{key}")
}

type Answer<T> = Result<Json<T>, StatusCode>;

fn failed(_: SessionError) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}
