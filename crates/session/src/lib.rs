#![doc = include_str!("../README.md")]
//!
//! ## Overview
//!
//! | to do this | see |
//! |---|---|
//! | read the cookies of a request | [`Cookies`] |
//! | set or delete one in a response | [`set_cookie()`], [`delete_cookie()`] |
//! | have the client carry a value it cannot forge | [`Keys::sign`], [`Keys::verify`] |
//! | … or cannot even read | [`Keys::seal`], [`Keys::open`] |
//! | keep sessions | [`Sessions`], [`Session`], [`Settings`] |
//! | choose where | [`MemoryStore`]; `EmbeddedStore` (feature `embedded`, on by default); `RedisStore` (feature `redis`) |
//! | choose by environment variable | `open_store` |
//! | give every request a session | `SessionLayer` (feature `tower`) |
//! | write a store | [`Store`]; `conformance::StoreConformance` (feature `conformance`) tests it |

#![forbid(unsafe_code)]

mod clock;
#[cfg(feature = "conformance")]
pub mod conformance;
mod cookies;
mod error;
mod finish;
mod id;
mod protect;
mod random;
mod record;
mod session;
mod sessions;
mod set_cookie;
mod settings;
mod shared;
mod store;
mod stores;
#[cfg(feature = "tower")]
mod tower;
mod values;

pub use cookiespec_engine::SameSite;

pub use self::clock::{Clock, ManualClock, SystemClock, UnixMillis};
pub use self::cookies::{Cookies, RequestCookie};
pub use self::error::SessionError;
pub use self::finish::ResponseChanges;
pub use self::id::{IdHash, SessionId};
pub use self::protect::{BadSignature, Keys, ShortSecret, Verified};
pub use self::random::{OsRandom, Random, RandomError};
pub use self::record::{Corrupt, Record, State};
pub use self::session::Session;
pub use self::sessions::Sessions;
pub use self::set_cookie::{CookieError, ResponseCookie, delete_cookie, set_cookie};
pub use self::settings::{CookieSettings, FailedResponse, Overlap, Settings};
pub use self::store::{
    Created, FIRST_VERSION, Rotated, Rotation, Store, StoreError, Stored, Updated, Version,
};
pub use self::stores::MemoryStore;
#[cfg(feature = "redis")]
pub use self::stores::RedisStore;
#[cfg(feature = "embedded")]
pub use self::stores::{EmbeddedStore, open_store};
#[cfg(feature = "tower")]
pub use self::tower::{SessionLayer, SessionService};
