//! The Cookie field as a server reads it (section 4.2).
//!
//! No text gives servers an algorithm. This one undoes what a conforming user agent does when it
//! serialises a cookie-list: pairs are separated by ";", the first "=" ends the name, and what
//! has no "=" is the value of a nameless cookie. Nothing is unquoted, decoded or dropped, so that
//! no cookie can hide its neighbours.

use crate::octets::{find, trim_wsp};

/// A cookie-pair of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair<'a> {
    /// cookie-name; empty for a nameless cookie.
    pub name: &'a [u8],
    /// cookie-value.
    pub value: &'a [u8],
}

/// Splits one Cookie field line into pairs. Nothing is copied and nothing allocated.
///
/// A request with several field lines (RFC 9113 section 8.2.3 has user agents send them) holds
/// the pairs of all of them, in order.
///
/// ```
/// use cookiespec_engine::cookie_header::pairs;
/// let values: Vec<_> = pairs(b"a=1; b=\"2\"; a=3").map(|pair| pair.value).collect();
/// assert_eq!(values, [&b"1"[..], b"\"2\"", b"3"]);
/// ```
pub const fn pairs(cookie_string: &[u8]) -> Pairs<'_> {
    Pairs { rest: Some(cookie_string) }
}

/// The pairs of a Cookie field line; made by [`pairs`].
#[derive(Clone, Debug)]
pub struct Pairs<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Pairs<'a> {
    type Item = Pair<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(rest) = self.rest {
            let part = match find(b';', rest) {
                Some(at) => {
                    self.rest = Some(&rest[at + 1..]);
                    &rest[..at]
                }
                None => {
                    self.rest = None;
                    rest
                }
            };
            let pair = match find(b'=', part) {
                Some(at) => Pair { name: trim_wsp(&part[..at]), value: trim_wsp(&part[at + 1..]) },
                None => Pair { name: &part[..0], value: trim_wsp(part) },
            };
            if !(pair.name.is_empty() && pair.value.is_empty()) {
                return Some(pair);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn split(line: &str) -> Vec<(&str, &str)> {
        let text = |octets| core::str::from_utf8(octets).unwrap();
        pairs(line.as_bytes()).map(|pair| (text(pair.name), text(pair.value))).collect()
    }

    #[test]
    fn a_cookie_string_is_split_back_into_its_pairs() {
        assert_eq!(split("a=1; b=2"), [("a", "1"), ("b", "2")]);
        assert_eq!(split("a=1;b=2"), [("a", "1"), ("b", "2")]);
        assert_eq!(split("a=b=c; d="), [("a", "b=c"), ("d", "")]);
        assert_eq!(split("bare; a=1; =x"), [("", "bare"), ("a", "1"), ("", "x")]);
        assert_eq!(split("a=1; a=2"), [("a", "1"), ("a", "2")]);
    }

    #[test]
    fn a_quote_hides_nothing() {
        assert_eq!(split("a=\"1; b=2; c=3\""), [("a", "\"1"), ("b", "2"), ("c", "3\"")]);
    }

    #[test]
    fn empty_parts_are_no_cookies() {
        assert_eq!(split(""), []);
        assert_eq!(split("; ;=; \t"), []);
    }
}
