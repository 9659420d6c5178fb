//! Where a request of a walk goes, as it is recognised when it arrives.

use cookiespec_vectors::{Octets, OperationResult, unsupported};

/// The parts of a URI that a request shows on the wire, and the URI as an agent is given it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// As the case has it, without a fragment.
    pub uri: String,
    /// Whether the scheme is https.
    pub secure: bool,
    /// In lower case; an IPv6 address keeps its brackets.
    pub host: String,
    /// As written, or the default of the scheme.
    pub port: u16,
    /// Path and query as written; `/` stands for an empty path.
    pub target: String,
}

impl Location {
    /// The location of a URI of a case.
    ///
    /// # Errors
    /// Unsupported: no request of HTTP can be for this URI, or clients differ in what they make of
    /// it before cookies are concerned.
    pub fn of(uri: &Octets) -> OperationResult<Self> {
        let visible = uri.as_slice().iter().all(|octet| matches!(octet, 0x21..=0x7E));
        let text = uri.to_isomorphic();
        if !visible || text.contains(['"', '<', '>', '\\', '^', '`', '{', '|', '}']) {
            return unsupported("http: a URI with octets that RFC 3986 does not allow");
        }
        let text = text.split('#').next().unwrap_or_default();
        let Some((scheme, rest)) = text.split_once("://") else {
            return unsupported("http: a URI without an authority");
        };
        let secure = match &*scheme.to_ascii_lowercase() {
            "http" => false,
            "https" => true,
            scheme => return unsupported(&format!("http: the scheme {scheme}")),
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return unsupported("http: user information in a URI");
        }
        let (host, port) = match authority.rfind(':') {
            Some(colon) if !authority[colon..].contains(']') => {
                (&authority[..colon], &authority[colon + 1..])
            }
            _ => (authority, ""),
        };
        if host.is_empty() {
            return unsupported("http: a URI without a host");
        }
        let port = match port {
            "" if secure => 443,
            "" => 80,
            port => match port.parse() {
                Ok(port) if port > 0 => port,
                _ => return unsupported("http: a port that is no number from 1 to 65535"),
            },
        };
        Ok(Self {
            uri: text.to_owned(),
            secure,
            host: host.to_ascii_lowercase(),
            port,
            target: if target.starts_with('/') { target.into() } else { format!("/{target}") },
        })
    }

    /// Another path at the same origin.
    pub fn with_target(&self, target: &str) -> Self {
        Self { target: target.to_owned(), ..self.clone() }.with_plain_uri()
    }

    /// The same path at another host, on the default port of the scheme.
    pub fn with_host(&self, host: &str) -> Self {
        let port = if self.secure { 443 } else { 80 };
        Self { host: host.to_owned(), port, ..self.clone() }.with_plain_uri()
    }

    /// Whether both have the same scheme and host, so that they are surely of one site.
    pub fn is_same_host(&self, other: &Self) -> bool {
        (self.secure, &self.host) == (other.secure, &other.host)
    }

    fn with_plain_uri(self) -> Self {
        let Self { secure, host, port, target, .. } = &self;
        let scheme = if *secure { "https" } else { "http" };
        Self { uri: format!("{scheme}://{host}:{port}{target}"), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_request_shows_of_a_uri() {
        for (uri, secure, host, port, target) in [
            ("http://a.test", false, "a.test", 80, "/"),
            ("HTTPS://A.Test:8443/x/../%41?q=1#f", true, "a.test", 8443, "/x/../%41?q=1"),
            ("http://a.test?q", false, "a.test", 80, "/?q"),
            ("https://[::1]/", true, "[::1]", 443, "/"),
            ("http://[::1]:81/", false, "[::1]", 81, "/"),
            ("http://a.test.:/", false, "a.test.", 80, "/"),
        ] {
            let location = Location::of(&uri.into()).unwrap();
            let Location { secure: s, host: h, port: p, target: t, .. } = location;
            assert_eq!((s, &*h, p, &*t), (secure, host, port, target), "{uri}");
        }
    }

    #[test]
    fn what_no_request_can_be_for_is_named() {
        for (uri, need) in [
            ("ftp://a.test/", "http: the scheme ftp"),
            ("http:/a", "http: a URI without an authority"),
            ("http:///a", "http: a URI without a host"),
            ("http://u@a.test/", "http: user information in a URI"),
            ("http://a.test:0/", "http: a port that is no number from 1 to 65535"),
            ("http://a.test/ ", "http: a URI with octets that RFC 3986 does not allow"),
            ("http://a.test/\u{e9}", "http: a URI with octets that RFC 3986 does not allow"),
        ] {
            assert_eq!(Location::of(&uri.into()), unsupported(need));
        }
    }
}
