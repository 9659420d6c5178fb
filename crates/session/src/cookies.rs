//! The cookies of a request, pair by pair.

use std::borrow::Cow;
use std::str::Utf8Error;

use cookiespec_engine::cookie_header::{self, Pair};

/// The cookies of one request, in the order the user agent sent them.
///
/// Every pair is kept as received: nothing is unquoted, decoded or merged, a malformed pair hides
/// none of its neighbours, and a name that was sent twice is listed twice. The order says little
/// about who set a cookie (section 4.2.2), so that choosing among equal names is left to the caller.
///
/// ```
/// use cookiespec_session::Cookies;
/// let cookies = Cookies::of([&b"a=1; b=\"2\"; a=3"[..], b"c=\xff"]);
/// assert_eq!(cookies.first("a").unwrap().octets(), b"1");
/// assert_eq!(cookies.last("a").unwrap().octets(), b"3");
/// assert_eq!(cookies.first("b").unwrap().unquoted(), b"2");
/// assert!(cookies.first("c").unwrap().text().is_err());
/// assert_eq!(cookies.len(), 4);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cookies<'a> {
    pairs: Vec<Pair<'a>>,
}

impl<'a> Cookies<'a> {
    /// The pairs of all Cookie field lines of a request; HTTP/2 and HTTP/3 may bring several
    /// (RFC 9113 section 8.2.3).
    pub fn of(field_lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self { pairs: field_lines.into_iter().flat_map(cookie_header::pairs).collect() }
    }

    /// The first cookie with this name. Names are case-sensitive.
    pub fn first(&self, name: impl AsRef<[u8]>) -> Option<RequestCookie<'a>> {
        self.iter().find(|cookie| cookie.name() == name.as_ref())
    }

    /// The last cookie with this name.
    pub fn last(&self, name: impl AsRef<[u8]>) -> Option<RequestCookie<'a>> {
        self.iter().rev().find(|cookie| cookie.name() == name.as_ref())
    }

    /// Every cookie with this name, in order.
    pub fn all(&self, name: impl AsRef<[u8]>) -> impl Iterator<Item = RequestCookie<'a>> {
        self.iter().filter(move |cookie| cookie.name() == name.as_ref())
    }

    /// Every cookie, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = RequestCookie<'a>> + ExactSizeIterator {
        self.pairs.iter().copied().map(RequestCookie)
    }

    /// The number of cookies.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

/// One cookie of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestCookie<'a>(Pair<'a>);

impl<'a> RequestCookie<'a> {
    /// The cookie-name; empty for a nameless cookie.
    pub const fn name(self) -> &'a [u8] {
        self.0.name
    }

    /// The cookie-value as received.
    pub const fn octets(self) -> &'a [u8] {
        self.0.value
    }

    /// The cookie-value as text.
    ///
    /// # Errors
    /// The value is not UTF-8; the error has the offset of the first bad octet.
    pub const fn text(self) -> Result<&'a str, Utf8Error> {
        std::str::from_utf8(self.0.value)
    }

    /// The cookie-value as text, with U+FFFD in place of what is not UTF-8.
    pub fn text_lossy(self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.0.value)
    }

    /// The cookie-value without the double quotes that the grammar allows around it. A user agent
    /// keeps them; nothing inside is an escape.
    pub const fn unquoted(self) -> &'a [u8] {
        match self.0.value {
            [b'"', inner @ .., b'"'] => inner,
            value => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(cookies: &Cookies<'_>, name: &str) -> Vec<Vec<u8>> {
        cookies.all(name).map(|cookie| cookie.octets().to_vec()).collect()
    }

    #[test]
    fn a_bad_cookie_hides_none_of_its_neighbours() {
        let cookies = Cookies::of([&b"a=1; \"b=2; c=\x00\xff; ;=; =; x; d=\"3; a=4"[..]]);
        assert_eq!(values(&cookies, "a"), [b"1", b"4"]);
        assert_eq!(values(&cookies, "c"), [b"\x00\xff"]);
        assert_eq!(values(&cookies, "d"), [b"\"3"]);
        assert_eq!(values(&cookies, ""), [b"x"]);
        assert_eq!(cookies.len(), 6);
    }

    #[test]
    fn names_are_case_sensitive() {
        let cookies = Cookies::of([&b"SID=1"[..]]);
        assert!(cookies.first("sid").is_none());
        assert!(cookies.first("SID").is_some());
    }

    #[test]
    fn field_lines_are_read_one_after_the_other() {
        let cookies = Cookies::of([&b"a=1"[..], b"a=2; b=3"]);
        assert_eq!(values(&cookies, "a"), [b"1", b"2"]);
        assert_eq!(cookies.last("a").unwrap().octets(), b"2");
        assert!(Cookies::of([]).is_empty());
    }

    #[test]
    fn only_a_pair_of_quotes_is_taken_off() {
        let unquoted = |value: &str| {
            let line = format!("a={value}");
            Cookies::of([line.as_bytes()]).first("a").unwrap().unquoted().to_vec()
        };
        assert_eq!(unquoted("\"x\""), b"x");
        assert_eq!(unquoted("\"x"), b"\"x");
        assert_eq!(unquoted("\""), b"\"");
        assert_eq!(unquoted("\"\""), b"");
    }
}
