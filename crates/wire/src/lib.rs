//! HTTP/1.1 as octets: every header field goes out exactly as it was given, also where no
//! well-behaved client would send it, and comes back exactly as it was received.
//!
//! There are no cookies, redirects, proxies or encodings here. What a peer can send is bounded in
//! octets and in time ([`Bounds`]), so that no server can keep a client for ever.
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

#![forbid(unsafe_code)]

mod body;
mod client;
mod error;
mod held;
mod request;
mod response;
mod stream;
mod tls;

pub use self::client::{Bounds, Client, Scheme};
pub use self::error::Error;
pub use self::held::Held;
pub use self::request::Request;
pub use self::response::Response;
pub use self::tls::Trust;
