//! RFC 6265 section 5.2 and 6265bis section 5.6: the Set-Cookie header field.

use super::{date, path};

/// 400 days in seconds: the cookie-age-limit that 6265bis section 5.5 recommends.
pub const COOKIE_AGE_LIMIT: i64 = 34_560_000;

/// The earliest time that can be represented.
pub const EARLIEST: i64 = i64::MIN;

/// The latest time that can be represented.
pub const LATEST: i64 = i64::MAX;

/// What a user agent receives: name, value and the cookie-attribute-list.
#[derive(Clone, Debug, PartialEq)]
pub struct Received<'a> {
    /// cookie-name.
    pub cookie_name: &'a [u8],
    /// cookie-value.
    pub cookie_value: &'a [u8],
    /// cookie-attribute-list.
    pub cookie_attribute_list: Vec<Attribute>,
}

/// One attribute of the cookie-attribute-list. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    /// The expiry-time, in Unix seconds.
    Expires(i64),
    /// The expiry-time, in Unix seconds: the time of reception and the delta-seconds.
    MaxAge(i64),
    /// The cookie-domain.
    Domain(Vec<u8>),
    /// The cookie-path.
    Path(Vec<u8>),
    /// Secure; its value is empty.
    Secure,
    /// HttpOnly; its value is empty.
    HttpOnly,
    /// The enforcement of 6265bis.
    SameSite(Enforcement),
}

/// The enforcement of a same-site-flag (6265bis section 5.6.7).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Enforcement {
    /// No valid SameSite attribute.
    Default,
    /// "None".
    None,
    /// "Strict".
    Strict,
    /// "Lax".
    Lax,
}

/// RFC 6265 section 5.2. `None`: the set-cookie-string is ignored entirely.
pub fn parse_rfc6265<'a>(
    set_cookie_string: &'a [u8],
    uri_path: &[u8],
    now: i64,
) -> Option<Received<'a>> {
    // 1
    let (name_value_pair, unparsed_attributes) = before_and_from(set_cookie_string, b';');
    // 2, 3
    let (name, value) = around(name_value_pair, b'=')?;
    // 4
    let (name, value) = (without_outer_wsp(name), without_outer_wsp(value));
    // 5
    if name.is_empty() {
        return None;
    }
    // 6, and the attributes
    let attributes = attributes_rfc6265(unparsed_attributes, uri_path, now);
    Some(Received { cookie_name: name, cookie_value: value, cookie_attribute_list: attributes })
}

/// 6265bis section 5.6. `None`: the set-cookie-string is ignored entirely.
pub fn parse_rfc6265bis<'a>(
    set_cookie_string: &'a [u8],
    uri_path: &[u8],
    now: i64,
) -> Option<Received<'a>> {
    // 1
    // Without a branch for every octet, each of which a fuzzer would count.
    let is_found = |found: bool, &octet: &u8| found | is_ctl_but_not_htab(octet);
    if set_cookie_string.iter().fold(false, is_found) {
        return None;
    }
    // 2
    let (name_value_pair, unparsed_attributes) = before_and_from(set_cookie_string, b';');
    // 3
    let (name, value) = around(name_value_pair, b'=').unwrap_or((b"", name_value_pair));
    // 4
    let (name, value) = (without_outer_wsp(name), without_outer_wsp(value));
    // 5
    if name.len() + value.len() > 4096 {
        return None;
    }
    // 6, and the attributes
    let attributes = attributes_rfc6265bis(unparsed_attributes, uri_path, now);
    Some(Received { cookie_name: name, cookie_value: value, cookie_attribute_list: attributes })
}

/// RFC 6265 section 5.2, the second algorithm.
fn attributes_rfc6265(mut unparsed: &[u8], uri_path: &[u8], now: i64) -> Vec<Attribute> {
    let mut list = vec![];
    // 1
    while !unparsed.is_empty() {
        // 2
        unparsed = &unparsed[1..];
        // 3
        let cookie_av;
        (cookie_av, unparsed) = before_and_from(unparsed, b';');
        // 4
        let (name, value) = around(cookie_av, b'=').unwrap_or((cookie_av, b""));
        // 5
        let (name, value) = (without_outer_wsp(name), without_outer_wsp(value));
        // 6
        match name.to_ascii_lowercase().as_slice() {
            b"expires" => list.extend(expires_rfc6265(value)),
            b"max-age" => list.extend(max_age_rfc6265(value, now)),
            b"domain" => list.extend(domain_rfc6265(value)),
            b"path" => list.push(path_attribute(value, uri_path)),
            // 5.2.5
            b"secure" => list.push(Attribute::Secure),
            // 5.2.6
            b"httponly" => list.push(Attribute::HttpOnly),
            _ => {}
        }
        // 7: back to 1
    }
    list
}

/// 6265bis section 5.6, the second algorithm.
fn attributes_rfc6265bis(mut unparsed: &[u8], uri_path: &[u8], now: i64) -> Vec<Attribute> {
    let mut list = vec![];
    // 1
    while !unparsed.is_empty() {
        // 2
        unparsed = &unparsed[1..];
        // 3
        let cookie_av;
        (cookie_av, unparsed) = before_and_from(unparsed, b';');
        // 4
        let (name, value) = around(cookie_av, b'=').unwrap_or((cookie_av, b""));
        // 5
        let (name, value) = (without_outer_wsp(name), without_outer_wsp(value));
        // 6
        if value.len() > 1024 {
            continue;
        }
        // 7
        match name.to_ascii_lowercase().as_slice() {
            b"expires" => list.extend(expires_rfc6265bis(value, now)),
            b"max-age" => list.extend(max_age_rfc6265bis(value, now)),
            b"domain" => list.push(domain_rfc6265bis(value)),
            b"path" => list.push(path_attribute(value, uri_path)),
            // 5.6.5
            b"secure" => list.push(Attribute::Secure),
            // 5.6.6
            b"httponly" => list.push(Attribute::HttpOnly),
            b"samesite" => list.push(same_site_rfc6265bis(value)),
            _ => {}
        }
        // 8: back to 1
    }
    list
}

/// RFC 6265 section 5.2.1. No date that parses is beyond what can be represented.
fn expires_rfc6265(attribute_value: &[u8]) -> Option<Attribute> {
    let expiry_time = date::parse(attribute_value)?;
    Some(Attribute::Expires(expiry_time))
}

/// 6265bis section 5.6.1.
fn expires_rfc6265bis(attribute_value: &[u8], now: i64) -> Option<Attribute> {
    // 1, 2
    let mut expiry_time = date::parse(attribute_value)?;
    // 3
    let cookie_age_limit = now.saturating_add(COOKIE_AGE_LIMIT);
    // 4
    if expiry_time > cookie_age_limit {
        expiry_time = cookie_age_limit;
    }
    // 5: no date that parses is too early.
    // 6
    Some(Attribute::Expires(expiry_time))
}

/// RFC 6265 section 5.2.2. An empty value has no first character that would do, and "-" is no
/// integer: both are ignored.
fn max_age_rfc6265(attribute_value: &[u8], now: i64) -> Option<Attribute> {
    let first = *attribute_value.first()?;
    if !first.is_ascii_digit() && first != b'-' {
        return None;
    }
    if attribute_value[1..].iter().any(|octet| !octet.is_ascii_digit()) {
        return None;
    }
    if attribute_value == b"-" {
        return None;
    }
    let delta_seconds = integer(attribute_value);
    let expiry_time = if delta_seconds <= 0 { EARLIEST } else { now.saturating_add(delta_seconds) };
    Some(Attribute::MaxAge(expiry_time))
}

/// 6265bis section 5.6.2.
fn max_age_rfc6265bis(attribute_value: &[u8], now: i64) -> Option<Attribute> {
    // 1, 2
    match attribute_value {
        [] => return None,
        [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..] => {}
        _ => return None,
    }
    // 3
    if attribute_value[1..].iter().any(|octet| !octet.is_ascii_digit()) {
        return None;
    }
    // 4
    let delta_seconds = integer(attribute_value);
    // 5, 6
    let delta_seconds = delta_seconds.min(COOKIE_AGE_LIMIT);
    // 7
    let expiry_time = if delta_seconds <= 0 { EARLIEST } else { now.saturating_add(delta_seconds) };
    // 8
    Some(Attribute::MaxAge(expiry_time))
}

/// Digits after an optional "-" as an integer in base 10, or the nearest that can be represented.
fn integer(text: &[u8]) -> i64 {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        digits => (1, digits),
    };
    digits.iter().fold(0_i64, |number, digit| {
        number.saturating_mul(10).saturating_add(sign * i64::from(digit - b'0'))
    })
}

/// RFC 6265 section 5.2.3.
fn domain_rfc6265(attribute_value: &[u8]) -> Option<Attribute> {
    // Undefined; "SHOULD ignore".
    if attribute_value.is_empty() {
        return None;
    }
    let cookie_domain = attribute_value.strip_prefix(b".").unwrap_or(attribute_value);
    Some(Attribute::Domain(cookie_domain.to_ascii_lowercase()))
}

/// 6265bis section 5.6.3.
fn domain_rfc6265bis(attribute_value: &[u8]) -> Attribute {
    // 1, 2
    let cookie_domain = attribute_value.strip_prefix(b".").unwrap_or(attribute_value);
    // 3, 4
    Attribute::Domain(cookie_domain.to_ascii_lowercase())
}

/// RFC 6265 section 5.2.4, 6265bis section 5.6.4.
fn path_attribute(attribute_value: &[u8], uri_path: &[u8]) -> Attribute {
    let cookie_path = if attribute_value.is_empty() || attribute_value[0] != b'/' {
        path::default_path(uri_path)
    } else {
        attribute_value.to_vec()
    };
    Attribute::Path(cookie_path)
}

/// 6265bis section 5.6.7.
fn same_site_rfc6265bis(attribute_value: &[u8]) -> Attribute {
    // 1
    let mut enforcement = Enforcement::Default;
    // 2
    if attribute_value.eq_ignore_ascii_case(b"None") {
        enforcement = Enforcement::None;
    }
    // 3
    if attribute_value.eq_ignore_ascii_case(b"Strict") {
        enforcement = Enforcement::Strict;
    }
    // 4
    if attribute_value.eq_ignore_ascii_case(b"Lax") {
        enforcement = Enforcement::Lax;
    }
    // 5
    Attribute::SameSite(enforcement)
}

/// %x00-08 / %x0A-1F / %x7F
pub fn is_ctl_but_not_htab(octet: u8) -> bool {
    octet <= 0x08 || (0x0A..=0x1F).contains(&octet) || octet == 0x7F
}

/// What stands before the first `separator`, and the remainder with the separator.
fn before_and_from(string: &[u8], separator: u8) -> (&[u8], &[u8]) {
    string.split_at(string.iter().position(|&octet| octet == separator).unwrap_or(string.len()))
}

/// What stands before and after the first `separator`; `None` without one.
fn around(string: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let (before, from) = before_and_from(string, separator);
    Some((before, from.get(1..)?))
}

/// WSP = SP / HTAB
fn without_outer_wsp(mut string: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = string {
        string = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = string {
        string = rest;
    }
    string
}
