//! The grammar of cookie-pairs, as predicates.

use cookiespec_engine::Profile;
use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_vectors::{Level, Octets};

/// A name and a value.
pub(crate) type Pair = (Octets, Octets);

/// `token` of RFC 9110.
pub(crate) fn is_token(octets: &[u8]) -> bool {
    let is_tchar = |octet: &u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(octet);
    !octets.is_empty() && octets.iter().all(is_tchar)
}

/// `cookie-octet` of section 4.1.1.
pub(crate) fn is_cookie_octet(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"\",;\\".contains(&octet)
}

/// Whether there is an octet that no field value may contain, and that a recipient may reject (RFC
/// 9110 section 5.5): NUL, CR or LF.
pub(crate) fn has_forbidden_octet(octets: &[u8]) -> bool {
    octets.iter().any(|octet| b"\0\r\n".contains(octet))
}

/// The octets without SP and HTAB at both ends.
pub(crate) fn without_blanks(octets: &[u8]) -> &[u8] {
    let is_blank = |octet: &u8| b" \t".contains(octet);
    let from = octets.iter().position(|octet| !is_blank(octet)).unwrap_or(octets.len());
    let to = octets.iter().rposition(|octet| !is_blank(octet)).map_or(from, |last| last + 1);
    &octets[from..to]
}

/// Whether a set-cookie-string follows the grammar of section 4.1.1. The engine's check for 6265bis
/// also refuses what user agents ignore for its length, which that for RFC 6265 does not.
pub(crate) fn follows_grammar(line: &[u8], profile: Profile) -> bool {
    check_set_cookie_string(line, profile).is_ok()
        || check_set_cookie_string(line, Profile::Rfc6265).is_ok()
}

/// How binding the grammar of section 4.1.1 is for servers: they "SHOULD NOT send" what does not
/// follow it in RFC 6265, and "MUST NOT send" it in 6265bis.
pub(crate) const fn level_of_grammar(profile: Profile) -> Level {
    match profile {
        Profile::Rfc6265 => Level::Should,
        Profile::Rfc6265bis => Level::Must,
    }
}

/// Splits a pair at its first "=", if it has one.
pub(crate) fn split_pair(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = pair.iter().position(|octet| *octet == b'=')?;
    Some((&pair[..at], &pair[at + 1..]))
}

/// The cookie-string of the cookie that a set-cookie-string sets, whether it is ignored or not.
pub(crate) fn cookie_string_of(line: &[u8]) -> Vec<u8> {
    let pair = line.split(|octet| *octet == b';').next().unwrap_or_default();
    match split_pair(pair) {
        Some((name, value)) if without_blanks(name).is_empty() => without_blanks(value).to_vec(),
        Some((name, value)) => [without_blanks(name), without_blanks(value)].join(&b"="[..]),
        None => without_blanks(pair).to_vec(),
    }
}

/// The name of a cookie in a cookie-string; all of it if it has no name.
pub(crate) fn name_of(cookie: &[u8]) -> &[u8] {
    cookie.split(|octet| *octet == b'=').next().unwrap_or_default()
}

/// Whether the value of an attribute is a minus sign alone, which RFC 6265 does not define for
/// Max-Age.
pub(super) fn has_lone_minus(line: &[u8]) -> bool {
    line.split(|octet| *octet == b';').skip(1).any(|attribute| {
        let value = attribute.splitn(2, |octet| *octet == b'=').nth(1).unwrap_or_default();
        value.iter().filter(|octet| !b" \t".contains(octet)).eq([&b'-'])
    })
}
