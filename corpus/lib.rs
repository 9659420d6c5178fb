//! The cookiespec suite as data: the text of every vector file and of the requirement catalogue.
//!
//! This crate parses nothing. `cookiespec-vectors` loads the cases, checks them and judges answers;
//! a program in another language can read the same files, whose format `docs/vectors.md` of the
//! repository describes.

#![no_std]

/// A file of the corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// The area its content belongs to: the name of the file without its extension.
    pub area: &'static str,
    /// The content: JSON.
    pub text: &'static str,
}

macro_rules! files {
    ($folder:literal: $($area:literal),* $(,)?) => {
        &[$(File { area: $area, text: include_str!(concat!($folder, "/", $area, ".json")) }),*]
    };
}

/// The files of `vectors`, in the order of their areas.
pub const VECTORS: &[File] = files!["vectors":
    "cookie-header",
    "date",
    "domain.match",
    "format",
    "jar.domain",
    "jar.http-only",
    "jar.lifetime",
    "jar.limits",
    "jar.order",
    "jar.pair",
    "jar.path",
    "jar.policy",
    "jar.prefix",
    "jar.public-suffix",
    "jar.same-site",
    "jar.secure",
    "jar.session",
    "jar.size",
    "jar.update",
    "path.default",
    "path.match",
    "published",
    "set-cookie.attributes",
    "set-cookie.lifetime",
    "set-cookie.pair",
    "set-cookie.size",
    "wire.persistence",
    "wire.redirect",
    "wire.request",
    "wire.response",
];

/// The files of `requirements`, in the order of their areas.
pub const REQUIREMENTS: &[File] = files!["requirements":
    "api",
    "attributes",
    "date",
    "domain",
    "eviction",
    "exchange",
    "general",
    "host",
    "parse",
    "path",
    "policy",
    "retrieval",
    "server",
    "store",
];

/// The example of the README.
#[cfg(doctest)]
#[doc = include_str!("README.md")]
struct Readme;
