//! Netscape's `cookies.txt`: seven fields between tabs.

use std::borrow::ToOwned;
use std::string::ToString;
use std::vec::Vec;

use super::Line;
use crate::same_site::SameSite;
use crate::store::SavedCookie;

pub(super) const HEADER: &str = "# Netscape HTTP Cookie File\n";

/// Marks an HttpOnly cookie; other lines that start with "#" are comments.
const HTTP_ONLY: &[u8] = b"#HttpOnly_";

/// The format has no creation-time: the time of the load stands in for it.
pub(super) fn parse(line: &[u8], now: i64) -> Line {
    let http_only = line.strip_prefix(HTTP_ONLY);
    if line.iter().all(u8::is_ascii_whitespace) || (http_only.is_none() && line.starts_with(b"#")) {
        return Line::Nothing;
    }
    let fields: Vec<&[u8]> = http_only.unwrap_or(line).splitn(7, |&octet| octet == b'\t').collect();
    let &[domain, _, path, secure, expires, name, value] = fields.as_slice() else {
        return Line::Bad(std::format!("{} of 7 fields between tabs", fields.len()));
    };
    let Some(expires) = core::str::from_utf8(expires).ok().and_then(|text| text.parse().ok())
    else {
        return Line::Bad("the fifth field is no time in Unix seconds".to_owned());
    };
    let (host_only, domain) = match domain.strip_prefix(b".") {
        Some(domain) => (false, domain),
        None => (true, domain),
    };
    Line::Cookie(SavedCookie {
        name: name.to_owned(),
        value: value.to_owned(),
        domain: domain.to_owned(),
        path: path.to_owned(),
        // Zero marks the cookies of a session in files of other programs.
        expiry: (expires != 0).then_some(expires),
        creation: now,
        last_access: now,
        host_only,
        secure_only: secure.eq_ignore_ascii_case(b"TRUE"),
        http_only: http_only.is_some(),
        same_site: SameSite::Default,
    })
}

pub(super) fn write(cookie: &SavedCookie) -> Option<Vec<u8>> {
    let flag = |set| if set { &b"TRUE"[..] } else { b"FALSE" };
    let expiry = cookie.expiry?.to_string();
    let fields: [&[u8]; 7] = [
        &cookie.domain,
        flag(!cookie.host_only),
        &cookie.path,
        flag(cookie.secure_only),
        expiry.as_bytes(),
        &cookie.name,
        &cookie.value,
    ];
    let breaks_line = |octet: &u8| matches!(octet, b'\n' | b'\r' | 0);
    let breaks_field = |octet: &u8| *octet == b'\t' || breaks_line(octet);
    let (value, others) = fields.split_last()?;
    if value.iter().any(breaks_line) || others.iter().any(|field| field.iter().any(breaks_field)) {
        return None;
    }
    let mut line = Vec::new();
    if cookie.http_only {
        line.extend_from_slice(HTTP_ONLY);
    }
    if !cookie.host_only {
        line.push(b'.');
    }
    line.extend_from_slice(&fields.join(&b'\t'));
    Some(line)
}
