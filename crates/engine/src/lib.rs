//! A reference engine for HTTP cookies: the user agent of RFC 6265 and of its successor
//! 6265bis, and the header text of servers.
//!
//! - **Octets in, borrowed out.** Header fields are `&[u8]`; parsing copies and allocates nothing.
//! - **Everything is an argument**: the [`Profile`], the clock (`i64` Unix seconds), the
//!   [`PublicSuffixes`], the [`Policy`] and the [`Context`] of a request. Nothing reads the
//!   environment, so every result can be had again.
//! - **Verdict and diagnosis are two channels.** Each algorithm takes a [`Sink`] that learns which
//!   step of which section decided; `()` costs nothing.
//!
//! | to do this | look at |
//! |---|---|
//! | parse a Set-Cookie field as a user agent | [`set_cookie::parse`] |
//! | keep cookies and send them back | [`CookieStore`] |
//! | keep them on disk | `persist` (feature `std`) |
//! | parse a cookie-date | [`date::parse_cookie_date`] |
//! | compare domains and paths | [`host::Host::domain_match`], [`path::path_match`] |
//! | write a Set-Cookie field as a server | [`SetCookie`] |
//! | check one | [`server::check_set_cookie_string`] |
//! | split a Cookie field as a server | [`cookie_header::pairs`] |
//!
//! # Incomplete support
//!
//! - **U-labels** (HOST-02, HOST-03, HOST-06 to HOST-08). Hosts come as A-labels, as they do in
//!   HTTP; converting them takes IDNA tables, which the engine does not carry. A non-ASCII host
//!   cannot be canonicalised. A label that starts with `xn--` is checked to be Punycode of a
//!   non-ASCII string ([`host::HostRule::Strict`]), not to be allowed by IDNA 2008 (HOST-04).
//! - **"Same-site" requests** (SITE-01 to SITE-06). There are no browsing contexts, documents or
//!   workers here: whether a request is same-site is part of its [`Context`].
//! - **Which responses are looked at** (GEN-06, GEN-07, RETR-01, SRV-25). There are no messages
//!   here: the caller hands over each Set-Cookie field and places the cookie-string.
//! - **Third-party policy and user interface** (POL-01, POL-02, POL-07). [`Acceptance`] offers
//!   all, session-only and none; anything finer is the caller's, by not calling.
//! - **Hosts longer than 255 octets** cannot be canonicalised, although neither text gives a
//!   length: no DNS name is longer, and the bound keeps work per request linear.
//! - **Partitioned** is an unrecognised attribute in both texts and is ignored on receipt.
//! - **A lone "-" as Max-Age** (MAX-03) is undefined in RFC 6265; the attribute is ignored.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

pub mod cookie_header;
pub mod date;
pub mod host;
mod max_age;
mod octets;
pub mod path;
#[cfg(feature = "std")]
pub mod persist;
pub mod policy;
pub mod prefix;
pub mod profile;
mod public_suffix;
mod punycode;
pub mod request;
mod same_site;
pub mod server;
pub mod set_cookie;
pub mod store;
pub mod trace;
pub mod uri;

pub use self::policy::{Acceptance, Limits, Policy};
pub use self::profile::Profile;
pub use self::public_suffix::{NoPublicSuffixes, PublicSuffixes, SuffixRules, is_domain_name};
pub use self::request::{Api, Context, Request};
pub use self::same_site::SameSite;
pub use self::server::SetCookie;
pub use self::set_cookie::{Ignored, ParsedSetCookie};
pub use self::store::{Cookie, CookieStore, Received, SavedCookie};
pub use self::trace::{Event, Sink, Step};
pub use self::uri::Uri;

/// The example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
