//! Host and port, as they stand in a URI, a Host field and the target of CONNECT.

use std::fmt;

/// A host in lower case, and a port if one was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) host: String,
    pub(super) port: Option<u16>,
}

impl Authority {
    /// Reads `[userinfo@]host[:port]` (RFC 3986 section 3.2). Hosts that no registry would accept
    /// are accepted, because user agents request them; nothing is resolved.
    pub(super) fn parse(octets: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(octets).ok()?;
        let (_, text) = text.rsplit_once('@').unwrap_or(("", text));
        let literal_end = if text.starts_with('[') { text.find(']')? + 1 } else { 0 };
        let (host, port) = match text[literal_end..].split_once(':') {
            None => (text, ""),
            Some((host, port)) => (&text[..literal_end + host.len()], port),
        };
        let is_host = !host.is_empty()
            && !host
                .contains(|it: char| it.is_control() || it.is_whitespace() || "/?#\\".contains(it));
        if !is_host || !port.bytes().all(|octet| octet.is_ascii_digit()) {
            return None;
        }
        let port = if port.is_empty() { None } else { Some(port.parse().ok()?) };
        Some(Self { host: host.to_ascii_lowercase(), port })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_taken_apart() {
        for (text, host, port) in [
            ("A.Test", "a.test", None),
            ("a.test:8080", "a.test", Some(8080)),
            ("a.test:", "a.test", None),
            ("user:secret@a.test:1", "a.test", Some(1)),
            ("[::1]", "[::1]", None),
            ("[::1]:443", "[::1]", Some(443)),
            ("127.0.5.9:80", "127.0.5.9", Some(80)),
            ("under_score.test.", "under_score.test.", None),
        ] {
            let found = Authority::parse(text.as_bytes());
            assert_eq!(found, Some(Authority { host: host.into(), port }), "{text}");
        }
    }

    #[test]
    fn what_names_no_host_is_refused() {
        for text in ["", ":80", "a b", "a\0", "a:x", "a:65536", "a:+1", "[::1", "a/b", "a:1:2"] {
            assert_eq!(Authority::parse(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(Authority::parse(b"\xff"), None);
    }
}
