//! actix-session: `actix-session cookie` keeps the session in the cookie, `actix-session redis` in
//! the Redis that `REDIS_URL` names.

use std::error::Error;

use actix_session::config::PersistentSession;
use actix_session::storage::{CookieSessionStore, RedisSessionStore, SessionStore};
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::Key as Secret;
use actix_web::cookie::time::Duration;
use actix_web::error::{ErrorForbidden, ErrorInternalServerError};
use actix_web::web::{Form, Json, Query};
use actix_web::{App, HttpServer, get, post};
use cookiespec_zoo::{Key, Login, Pair, User, Value, address, is_first_argument, ttl};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if is_first_argument("redis") {
        let store = RedisSessionStore::new(std::env::var("REDIS_URL")?).await?;
        serve(move || store.clone()).await
    } else {
        serve(CookieSessionStore::default).await
    }
}

async fn serve<S, F>(store: F) -> Result<(), Box<dyn Error>>
where
    S: SessionStore + 'static,
    F: Fn() -> S + Clone + Send + 'static,
{
    let secret = Secret::generate();
    let application = move || {
        let lifecycle = PersistentSession::default().session_ttl(Duration::seconds(ttl()));
        let sessions = SessionMiddleware::builder(store(), secret.clone())
            .session_lifecycle(lifecycle)
            .build();
        let pages = App::new().service(public).service(whoami).service(login).service(logout);
        pages.service(read).service(write).service(fail).wrap(sessions)
    };
    HttpServer::new(application).workers(2).bind(address())?.run().await?;
    Ok(())
}

#[get("/")]
async fn public() -> &'static str {
    "public"
}

#[get("/whoami")]
async fn whoami(session: Session) -> Answer<User> {
    Ok(Json(User { user: session.get("user")? }))
}

#[post("/login")]
async fn login(session: Session, login: Form<Login>) -> Answer<User> {
    if !login.is_right() {
        return Err(ErrorForbidden("no such user, or another password"));
    }
    session.renew();
    session.insert("user", &login.user)?;
    Ok(Json(User { user: Some(login.user.clone()) }))
}

#[post("/logout")]
async fn logout(session: Session) -> Json<User> {
    session.purge();
    Json(User { user: None })
}

#[get("/get")]
async fn read(session: Session, query: Query<Key>) -> Answer<Value> {
    Ok(Json(Value { value: session.get(&state(&query.key))? }))
}

#[post("/set")]
async fn write(session: Session, pair: Form<Pair>) -> Answer<Value> {
    session.insert(state(&pair.key), &pair.value)?;
    Ok(Json(Value { value: Some(pair.value.clone()) }))
}

#[post("/error")]
async fn fail(session: Session, pair: Form<Pair>) -> Answer<Value> {
    session.insert(state(&pair.key), &pair.value)?;
    Err(ErrorInternalServerError("as asked"))
}

/// The key in the session, which cannot collide with `user`.
fn state(key: &str) -> String {
    format!("state.{key}")
}

type Answer<T> = actix_web::Result<Json<T>>;
