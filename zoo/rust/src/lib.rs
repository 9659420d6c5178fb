//! What the applications in Rust share; nothing of it concerns sessions.

use std::env;
use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// The form of `POST /login`.
#[derive(Clone, Deserialize)]
pub struct Login {
    pub user: String,
    pub password: String,
}

impl Login {
    /// Whether the user exists and has this password.
    pub fn is_right(&self) -> bool {
        password(&self.user).is_some_and(|password| password == self.password)
    }
}

/// The password of a user.
pub fn password(user: &str) -> Option<&'static str> {
    match user {
        "alice" => Some("wonderland"),
        "bob" => Some("builder"),
        _ => None,
    }
}

/// The form of `POST /set` and `POST /error`.
#[derive(Deserialize)]
pub struct Pair {
    pub key: String,
    pub value: String,
}

/// The query of `GET /get`.
#[derive(Deserialize)]
pub struct Key {
    pub key: String,
}

/// The answer of `GET /whoami` and `POST /login`.
#[derive(Serialize)]
pub struct User {
    pub user: Option<String>,
}

/// The answer of `GET /get` and `POST /set`.
#[derive(Serialize)]
pub struct Value {
    pub value: Option<String>,
}

/// Where to listen: the port that `PORT` names, on loopback.
pub fn address() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, number("PORT").unwrap_or(0)).into()
}

/// The idle timeout in seconds that `SESSION_TTL` names; half an hour without it.
pub fn ttl() -> i64 {
    number("SESSION_TTL").unwrap_or(1_800)
}

/// Whether the first argument of the command line is this one.
pub fn is_first_argument(argument: &str) -> bool {
    env::args().nth(1).is_some_and(|first| first == argument)
}

fn number<N: std::str::FromStr>(variable: &str) -> Option<N> {
    env::var(variable).ok()?.parse().ok()
}
