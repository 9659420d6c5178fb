//! The server side of HTTP cookies: what a request brings, what a response sets, and sessions.
//!
//! | to do this | look at |
//! |---|---|
//! | read the cookies of a request | [`Cookies`] |
//! | set or delete one in a response | [`set_cookie()`], [`delete_cookie()`] |
//! | have the client carry a value it cannot forge | [`Keys::sign`], [`Keys::verify`] |
//! | … or cannot even read | [`Keys::seal`], [`Keys::open`] |

#![forbid(unsafe_code)]

mod cookies;
mod protect;
mod random;
mod set_cookie;

pub use cookiespec_engine::SameSite;

pub use self::cookies::{Cookies, RequestCookie};
pub use self::protect::{Genuine, Keys, NotGenuine, ShortSecret};
pub use self::random::{NoRandom, OsRandom, Random};
pub use self::set_cookie::{CookieError, ResponseCookie, delete_cookie, set_cookie};
