//! Published Rust cookie crates as implementations under test, in process.
//!
//! One module per crate: a thin layer over the crate's public interface, which neither depends on
//! the cases nor judges or corrects an answer. Where an interface cannot express an input (octets
//! that are not text, a `Max-Age` below zero), the answer is "unsupported" and names what is missing.
//! A panic of a crate under test is not caught here.
//!
//! ```
//! use cookiespec_vectors::operation::ParseCookie;
//!
//! for entry in cookiespec_targets::all() {
//!     let mut target = (entry.make)();
//!     if target.about().can.iter().any(|can| can == "parse.cookie") {
//!         let request = ParseCookie { cookie: vec!["lang=en".into()] };
//!         assert_eq!(target.parse_cookie(&request), Ok(vec![("lang".into(), "en".into())]));
//!     }
//! }
//! ```

mod actix_web;
mod axum_extra;
mod basic_cookies;
mod biscotti;
mod cookie;
mod cookie_monster;
mod cookie_store;
mod headers;
mod http_text;
mod published;
mod requested_cookie;
mod reqwest;
mod ureq;

use std::fmt;

use cookiespec_vectors::implementation::Implementation;

/// An implementation that can be made by name.
pub struct Entry {
    /// The name it is chosen and reported by.
    pub name: &'static str,
    /// Makes a fresh one.
    pub make: fn() -> Box<dyn Implementation>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Every implementation of this crate, in the order of the names.
pub fn all() -> &'static [Entry] {
    &[
        Entry { name: "actix-web", make: || Box::new(actix_web::ActixWeb) },
        Entry { name: "axum-extra", make: || Box::new(axum_extra::AxumExtra) },
        Entry { name: "basic-cookies", make: || Box::new(basic_cookies::BasicCookies) },
        Entry { name: "biscotti", make: || Box::new(biscotti::Biscotti::default()) },
        Entry { name: "cookie", make: || Box::new(cookie::CookieCrate) },
        Entry { name: "cookie-monster", make: || Box::new(cookie_monster::CookieMonster) },
        Entry {
            name: "cookie_store",
            make: || Box::new(cookie_store::CookieStoreCrate::without_list()),
        },
        Entry {
            name: "cookie_store+psl",
            make: || Box::new(cookie_store::CookieStoreCrate::with_list()),
        },
        Entry { name: "headers", make: || Box::new(headers::Headers) },
        Entry { name: "reqwest", make: || Box::new(reqwest::Reqwest) },
        Entry { name: "ureq", make: || Box::new(ureq::Ureq) },
    ]
}
