//! The circumstances in which a cookie is received or retrieved.

use crate::uri::Uri;

/// A request, or a document whose script accesses cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// The request-uri.
    pub uri: Uri<'a>,
    /// The other circumstances.
    pub context: Context,
}

impl<'a> Request<'a> {
    /// A same-site top-level request with a safe method over HTTP.
    pub fn new(uri: Uri<'a>) -> Self {
        Self { uri, context: Context::default() }
    }

    /// A script in a same-site document, through a non-HTTP API such as `document.cookie`.
    pub fn script(uri: Uri<'a>) -> Self {
        Self { uri, context: Context { api: Api::NonHttp, ..Context::default() } }
    }
}

/// The properties of a request that 6265bis uses (sections 5.2 and 5.8). The engine has no browsing
/// contexts: the caller computes "same-site".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// Is the request "same-site" (section 5.2)?
    pub same_site: bool,
    /// Does it navigate a top-level traversable?
    pub top_level: bool,
    /// Is its method "safe" (RFC 9110 section 9.2.1)?
    pub safe_method: bool,
    /// Over HTTP, or through a non-HTTP API?
    pub api: Api,
}

impl Default for Context {
    fn default() -> Self {
        Self { same_site: true, top_level: true, safe_method: true, api: Api::Http }
    }
}

/// The kind of API that accesses cookies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Api {
    /// HTTP requests and responses.
    #[default]
    Http,
    /// A "non-HTTP" API.
    NonHttp,
}

/// Is the method "safe" (RFC 9110 section 9.2.1)? Methods are case-sensitive.
pub fn is_safe_method(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"OPTIONS" | b"TRACE")
}
