//! The parts of a request URI that cookies depend on: scheme, host and path.
//!
//! The URI is taken apart as octets by RFC 3986 appendix B and not normalised: dot segments,
//! percent-encodings and letters stay as the request has them.

use core::fmt;

use memchr::{memchr, memchr3, memmem, memrchr};

/// A request URI, taken apart. Ports, user information, query and fragment play no part in
/// cookies and are dropped (section 8.5: cookies do not isolate by port).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uri<'a> {
    scheme: &'a [u8],
    host: &'a [u8],
    path: &'a [u8],
}

impl<'a> Uri<'a> {
    /// Takes an absolute URI with an authority apart.
    ///
    /// # Errors
    /// [`UriError`] where there is no `scheme://` or no host.
    ///
    /// ```
    /// use cookiespec_engine::uri::Uri;
    /// let uri = Uri::parse(b"https://site.example:8443/a/b?c").unwrap();
    /// assert_eq!((uri.host(), uri.path()), (&b"site.example"[..], &b"/a/b"[..]));
    /// ```
    pub fn parse(uri: &'a [u8]) -> Result<Self, UriError> {
        let colon = memmem::find(uri, b"://").ok_or(UriError::NoScheme)?;
        let (scheme, rest) = (&uri[..colon], &uri[colon + 3..]);
        if scheme.is_empty() {
            return Err(UriError::NoScheme);
        }
        let (authority, rest) =
            rest.split_at(memchr3(b'/', b'?', b'#', rest).unwrap_or(rest.len()));
        let path = &rest[..memchr::memchr2(b'?', b'#', rest).unwrap_or(rest.len())];
        let host = host_of(authority);
        if host.is_empty() {
            return Err(UriError::NoHost);
        }
        Ok(Self { scheme, host, path })
    }

    /// The scheme as written.
    pub const fn scheme(&self) -> &'a [u8] {
        self.scheme
    }

    /// The host as written; an IPv6 literal keeps its brackets.
    pub const fn host(&self) -> &'a [u8] {
        self.host
    }

    /// The path portion as written; empty where the URI has none.
    pub const fn path(&self) -> &'a [u8] {
        self.path
    }

    /// The path of the request sent for this URI: HTTP sends "/" for an empty path.
    pub const fn request_path(&self) -> &'a [u8] {
        if self.path.is_empty() { b"/" } else { self.path }
    }
}

/// `authority = [ userinfo "@" ] host [ ":" port ]`.
fn host_of(authority: &[u8]) -> &[u8] {
    let host_port = memrchr(b'@', authority).map_or(authority, |at| &authority[at + 1..]);
    let literal_end = match host_port.first() {
        Some(b'[') => memchr(b']', host_port).map_or(0, |bracket| bracket + 1),
        _ => 0,
    };
    match memchr(b':', &host_port[literal_end..]) {
        Some(colon) => &host_port[..literal_end + colon],
        None => host_port,
    }
}

/// Why a URI cannot be a request URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriError {
    /// There is no `scheme://` at the start.
    NoScheme,
    /// The authority has no host.
    NoHost,
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoScheme => "the URI does not start with a scheme and \"://\"",
            Self::NoHost => "the URI has no host",
        })
    }
}

impl core::error::Error for UriError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_host_and_path_are_found() {
        let cases: &[(&str, &str, &str, &str)] = &[
            ("http://a.example", "http", "a.example", ""),
            ("https://a.example/", "https", "a.example", "/"),
            ("http://a.example:80/x/y?q=/z#/f", "http", "a.example", "/x/y"),
            ("http://a.example?q", "http", "a.example", ""),
            ("http://user:pw@a.example:1/x", "http", "a.example", "/x"),
            ("http://[::1]:8080/x", "http", "[::1]", "/x"),
            ("http://A.Example/X", "http", "A.Example", "/X"),
        ];
        for &(uri, scheme, host, path) in cases {
            let got = Uri::parse(uri.as_bytes()).unwrap();
            let want = (scheme.as_bytes(), host.as_bytes(), path.as_bytes());
            assert_eq!((got.scheme, got.host, got.path), want, "{uri}");
        }
    }

    #[test]
    fn what_is_no_request_uri_is_refused() {
        assert_eq!(Uri::parse(b"/path"), Err(UriError::NoScheme));
        assert_eq!(Uri::parse(b"://a.example"), Err(UriError::NoScheme));
        assert_eq!(Uri::parse(b"http:///x"), Err(UriError::NoHost));
        assert_eq!(Uri::parse(b"http://:80/"), Err(UriError::NoHost));
        assert_eq!(Uri::parse(b""), Err(UriError::NoScheme));
    }
}
