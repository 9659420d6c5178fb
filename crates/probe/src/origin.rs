//! Origins: scheme, host and port of an application.

use std::fmt;

use cookiespec_wire::Scheme;

/// Scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The scheme.
    pub scheme: Scheme,
    /// The host; an IPv6 literal keeps its brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// The text is not an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an origin is http:// or https:// and a host, with an optional port and without a path, as in \
     http://127.0.0.1:8080"
)]
pub struct OriginError;

impl Origin {
    /// Reads `scheme://host[:port]`.
    ///
    /// # Errors
    /// [`OriginError`].
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let (scheme, rest) = text.split_once("://").ok_or(OriginError)?;
        let (scheme, default_port) = match scheme {
            "http" => (Scheme::Http, 80),
            "https" => (Scheme::Https, 443),
            _ => return Err(OriginError),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let literal_end = rest.find(']').map_or(0, |at| at + 1);
        let (host, port) = match rest[literal_end..].split_once(':') {
            Some((host, port)) => {
                let port = port.parse().map_err(|_| OriginError)?;
                (&rest[..literal_end + host.len()], port)
            }
            None => (rest, default_port),
        };
        let is_host = |octet: u8| octet.is_ascii_alphanumeric() || b"-._[]:".contains(&octet);
        if host.is_empty() || !host.bytes().all(is_host) {
            return Err(OriginError);
        }
        Ok(Self { scheme, host: host.to_ascii_lowercase(), port })
    }

    /// The name of the scheme.
    pub const fn scheme(&self) -> &'static str {
        match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme(), self.host)?;
        match (self.scheme, self.port) {
            (Scheme::Http, 80) | (Scheme::Https, 443) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_and_written() {
        for text in ["http://127.0.0.1:8080", "https://app.example", "http://[::1]:81"] {
            assert_eq!(Origin::parse(text).unwrap().to_string(), text);
        }
        for text in ["127.0.0.1", "ftp://a", "http://", "http://a/b", "http://a:x", "http://a b"] {
            assert_eq!(Origin::parse(text), Err(OriginError), "{text}");
        }
    }
}
