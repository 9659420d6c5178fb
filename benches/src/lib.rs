//! What is measured: the engine beside its peers, and beside what bounds it, on the same octets.
//!
//! Every group asserts the answers of its subjects before it is handed out: nothing is timed that
//! does not do the work. `wall.rs` times the groups with criterion, `ratios/` puts them into
//! proportion, `instructions.rs` counts what the engine takes.

mod cookie_header;
mod date;
mod domain_match;
mod format;
mod group;
mod jar;
mod persist;
mod set_cookie;
mod suite;

use cookiespec_engine::{CookieStore, NoPublicSuffixes};

pub use self::group::{ENGINE, Group, Subject, Work};

/// Everything that needs no large store.
pub fn parsers() -> Vec<Group> {
    [
        set_cookie::groups(),
        cookie_header::groups(),
        date::groups(),
        vec![format::group(), domain_match::group()],
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Insertion, replacement and retrieval in a store of so many cookies.
pub fn jar(cookies: usize) -> Vec<Group> {
    jar::groups(cookies)
}

/// The same in a site of a thousand hosts.
pub fn site() -> Vec<Group> {
    jar::site()
}

/// A store of so many cookies, spread over hosts as in [`jar`].
pub fn filled(cookies: usize) -> CookieStore<NoPublicSuffixes> {
    jar::filled(cookies)
}

/// A `cookie_store` of the same cookies.
pub fn filled_peer(cookies: usize) -> cookie_store::CookieStore {
    jar::filled_peer(cookies)
}

/// The persistent tier.
pub fn persistent_tier() -> Vec<Group> {
    persist::groups()
}

/// A run of the whole suite against the reference engine, in process.
pub fn suite() -> Group {
    suite::group()
}
