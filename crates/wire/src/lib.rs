//! HTTP octet for octet: a client, and a server that is every origin at once.
//!
//! [`Client`] speaks HTTP/1.1 on blocking sockets. It sends every header field exactly as it was
//! given, even where no conforming client would, and returns every field exactly as it was
//! received. It handles no cookies, redirects, proxies or content codings. [`Bounds`] limit a
//! response in octets and in time, so that no server can occupy a client indefinitely.
//!
//! ```no_run
//! use cookiespec_wire::{Bounds, Client, Request, Scheme, Trust};
//!
//! # fn main() -> Result<(), cookiespec_wire::Error> {
//! let client = Client::new(Scheme::Http, "127.0.0.1", 8080, &Trust::System, Bounds::default())?;
//! let mut request = Request::new("GET", "/");
//! request.field("Cookie", b"a=\x01\xFF");
//! assert_eq!(client.send(&request)?.status, 200);
//! # Ok(())
//! # }
//! ```
#![cfg_attr(
    feature = "server",
    doc = "\nThe module [`server`] (feature `server`) is the other side: a proxy on loopback that answers the \
           requests of a user agent to any origin, and keeps what arrived."
)]
#![forbid(unsafe_code)]

mod client;
mod error;
mod scheme;
#[cfg(feature = "server")]
pub mod server;

pub use self::client::connection::Trust;
pub use self::client::exchange::Bounds;
pub use self::client::message::{Request, Response};
pub use self::client::{Client, PendingRequest, resolve};
pub use self::error::Error;
pub use self::scheme::Scheme;
