//! The benchmarks: the engine, other crates and lower bounds (such as memcpy) on the same input.
//!
//! Every group checks the results of its subjects when it is built, so that nothing is timed that
//! does not do the work. `wall.rs` times the groups with criterion, `ratios/` compares the times,
//! `instructions.rs` counts the engine's instructions.

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

/// All groups that need no large store.
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

/// Insertion, replacement and retrieval in a store of this many cookies.
pub fn jar(cookies: usize) -> Vec<Group> {
    jar::groups(cookies)
}

/// The same in a site of a thousand hosts.
pub fn site() -> Vec<Group> {
    jar::site()
}

/// A store of this many cookies, spread over hosts as in [`jar`].
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

/// A run of the complete suite against the reference engine, in process.
pub fn suite() -> Group {
    suite::group()
}
