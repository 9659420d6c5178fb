//! Heads of requests in HTTP/1.1, of which no octet is lost.
//!
//! `httparse` refuses control octets in values and cuts off the white space around them, and a user
//! agent that sends them is what is looked for here.

use std::ops::Range;

use crate::scheme::Scheme;
use crate::server::authority::Authority;
use crate::server::http1::refusal::Refusal;
use crate::server::message::HttpVersion;

/// A head.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) target: Target,
    pub(super) version: HttpVersion,
    pub(super) fields: Vec<(String, Vec<u8>)>,
    pub(super) octets: Vec<u8>,
}

/// The forms of a request-target (RFC 9112 section 3.2).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Path and query, or `*`.
    Origin(String),
    /// A URI, as proxies get it: its origin, and path and query.
    Absolute(Scheme, Authority, String),
    /// What CONNECT opens a tunnel to.
    Tunnel(Authority),
}

/// Where the head ends that begins with these octets, if they hold all of it. The first `known`
/// octets were looked at before.
pub(super) fn end(octets: &[u8], known: usize) -> Option<usize> {
    // The end of a line before the empty line may be among those.
    let mut from = known.saturating_sub(2);
    while let Some(at) = octets[from..].iter().position(|octet| *octet == b'\n') {
        let next = from + at + 1;
        match octets[next..] {
            [b'\n', ..] => return Some(next + 1),
            [b'\r', b'\n', ..] => return Some(next + 2),
            _ => from = next,
        }
    }
    None
}

impl Head {
    /// Reads a head with the empty line that ends it.
    pub(super) fn parse(octets: Vec<u8>) -> Result<Self, Refusal> {
        let mut lines = lines(&octets);
        let line = lines.next().map_or(&[][..], |line| &octets[line]);
        let malformed = |what: &str| Refusal::bad_request(what, line);
        let first = line.iter().position(|octet| *octet == b' ');
        let last = line.iter().rposition(|octet| *octet == b' ');
        let (Some(first), Some(last)) = (first, last) else {
            return Err(malformed("no request line"));
        };
        let (method, version) = (&line[..first], &line[last + 1..]);
        // What is between is the target, also if a client left a space in it.
        let target = line.get(first + 1..last).ok_or_else(|| malformed("no request-target"))?;
        if method.is_empty() || !method.iter().copied().all(is_token) {
            return Err(malformed("no method"));
        }
        let version = match version {
            b"HTTP/1.1" => HttpVersion::Http11,
            b"HTTP/1.0" => HttpVersion::Http10,
            _ => return Err(Refusal::new(505, "not HTTP/1.1", line)),
        };
        let method = String::from_utf8_lossy(method).into_owned();
        let target =
            Target::parse(&method, target).ok_or_else(|| malformed("no request-target"))?;
        let fields = fields(&octets, lines)?;
        Ok(Self { method, target, version, fields, octets })
    }

    /// The values of all field lines of this name.
    pub(super) fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let fields = self.fields.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        fields.map(|(_, value)| &value[..])
    }

    /// Whether a comma-separated list has this element, without regard to case.
    pub(super) fn lists(&self, name: &str, element: &str) -> bool {
        let elements = self.values(name).flat_map(|value| value.split(|octet| *octet == b','));
        elements.map(<[u8]>::trim_ascii).any(|it| it.eq_ignore_ascii_case(element.as_bytes()))
    }
}

impl Target {
    fn parse(method: &str, octets: &[u8]) -> Option<Self> {
        let text = |octets| String::from_utf8_lossy(octets).into_owned();
        if method == "CONNECT" {
            return Some(Self::Tunnel(Authority::parse(octets)?));
        }
        if octets.starts_with(b"/") || octets == b"*" {
            return Some(Self::Origin(text(octets)));
        }
        let colon = octets.iter().position(|octet| *octet == b':')?;
        let scheme = match &octets[..colon] {
            it if it.eq_ignore_ascii_case(b"http") => Scheme::Http,
            it if it.eq_ignore_ascii_case(b"https") => Scheme::Https,
            _ => return None,
        };
        let rest = octets[colon + 1..].strip_prefix(b"//")?;
        let end = rest.iter().position(|octet| b"/?#".contains(octet)).unwrap_or(rest.len());
        let authority = Authority::parse(&rest[..end])?;
        let path = text(&rest[end..]);
        let path = if path.starts_with('/') { path } else { format!("/{path}") };
        Some(Self::Absolute(scheme, authority, path))
    }
}

/// The lines, each without the line break that ends it, up to the empty one.
fn lines(octets: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = octets[from..].iter().position(|octet| *octet == b'\n')?;
        let (start, end) = (from, from + at);
        from = end + 1;
        let end = if octets[start..end].ends_with(b"\r") { end - 1 } else { end };
        (start < end).then_some(start..end)
    })
}

fn fields(
    octets: &[u8],
    lines: impl Iterator<Item = Range<usize>>,
) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for line in lines {
        let shown = &octets[line.clone()];
        if shown.starts_with(b" ") || shown.starts_with(b"\t") {
            // A folded line (RFC 9112 section 5.2) belongs to the value before it.
            let Some((_, value)) = found.last_mut() else {
                return Err(Refusal::bad_request("a folded line without a field", shown));
            };
            value.end = line.end;
            continue;
        }
        let colon = shown.iter().position(|octet| *octet == b':');
        let colon = colon.filter(|at| *at > 0 && shown[..*at].iter().copied().all(is_token));
        let Some(colon) = colon else {
            return Err(Refusal::bad_request("no field line", shown));
        };
        found.push((line.start..line.start + colon, line.start + colon + 1..line.end));
    }
    let field = |(name, value): (Range<usize>, Range<usize>)| {
        let name = String::from_utf8_lossy(&octets[name]).into_owned();
        (name, without_white_space(&octets[value]).to_vec())
    };
    Ok(found.into_iter().map(field).collect())
}

/// A value without the optional white space around it (RFC 9110 section 5.6.3).
fn without_white_space(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// Whether an octet may stand in a token (RFC 9110 section 5.6.2).
fn is_token(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Head, Refusal> {
        Head::parse(text.as_bytes().to_vec())
    }

    fn authority(text: &str) -> Authority {
        Authority::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_end_of_a_head_is_found_in_pieces() {
        for head in ["GET / HTTP/1.1\r\nA: b\r\n\r\n", "GET / HTTP/1.1\nA: b\n\n"] {
            let octets = [head.as_bytes(), b"rest"].concat();
            for known in 0..head.len() {
                assert_eq!(end(&octets[..known], 0), None, "{known}");
                assert_eq!(end(&octets, known), Some(head.len()), "{known}");
            }
        }
    }

    #[test]
    fn every_octet_of_a_value_is_kept() {
        let head =
            b"GET / HTTP/1.1\r\nCookie: \t a=\x00\x01\x7f\xff\r b \t\r\ncookie:c\r\nEmpty:\r\n\r\n";
        let head = Head::parse(head.to_vec()).unwrap();
        let cookies: Vec<_> = head.values("COOKIE").collect();
        assert_eq!(cookies, [&b"a=\x00\x01\x7f\xff\r b"[..], b"c"]);
        assert_eq!(head.fields[1].0, "cookie", "names keep their case");
        assert_eq!(head.fields[2], ("Empty".into(), vec![]));
    }

    #[test]
    fn a_folded_line_keeps_its_line_break() {
        let head = parse("GET / HTTP/1.1\r\nCookie: a=1;\r\n\tb=2\r\nX: y\r\n\r\n").unwrap();
        assert_eq!(head.fields[0].1, b"a=1;\r\n\tb=2");
        assert_eq!(head.fields[1].1, b"y");
    }

    #[test]
    fn targets_have_their_forms() {
        let target = |line: &str| parse(&format!("{line} HTTP/1.1\r\n\r\n")).unwrap().target;
        assert_eq!(target("GET /a?b"), Target::Origin("/a?b".into()));
        assert_eq!(target("GET /a b"), Target::Origin("/a b".into()));
        assert_eq!(target("OPTIONS *"), Target::Origin("*".into()));
        for (line, scheme, host, path) in [
            ("GET http://A.test:8080/x?y", Scheme::Http, "a.test:8080", "/x?y"),
            ("GET HTTPS://a.test", Scheme::Https, "a.test", "/"),
            ("GET http://u:p@a.test?q", Scheme::Http, "a.test", "/?q"),
        ] {
            assert_eq!(target(line), Target::Absolute(scheme, authority(host), path.into()));
        }
        assert_eq!(target("CONNECT a.test:443"), Target::Tunnel(authority("a.test:443")));
    }

    #[test]
    fn what_is_no_head_is_refused_with_its_octets_escaped() {
        for (text, status) in [
            ("\r\n", 400),
            ("GET\r\n\r\n", 400),
            ("GET HTTP/1.1\r\n\r\n", 400),
            (" / HTTP/1.1\r\n\r\n", 400),
            ("G(T / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/2.0\r\n\r\n", 505),
            ("GET ftp://a/ HTTP/1.1\r\n\r\n", 400),
            ("GET a.test HTTP/1.1\r\n\r\n", 400),
            ("CONNECT /x HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\n folded\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nCookie : x\r\n\r\n", 400),
        ] {
            assert_eq!(parse(text).unwrap_err().status, status, "{text:?}");
        }
        let refusal = parse("GET / HTTP/1.1\r\nno\u{1b}colon\r\n\r\n").unwrap_err();
        assert_eq!(refusal.what, "no field line: \"no\\x1bcolon\"");
    }
}
