//! Writing a Set-Cookie field.

use std::hint::black_box;

use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use cookiespec_engine::{Profile, SetCookie};

use crate::group::{ENGINE, Group, Work};

pub(crate) fn group() -> Group {
    let ours = SetCookie {
        max_age: Some(3600),
        domain: Some(b"site.example"),
        path: Some(b"/"),
        secure: true,
        http_only: true,
        same_site: cookiespec_engine::SameSite::Lax,
        ..SetCookie::new(b"sid", b"31d4d96e407aad42")
    };
    let theirs = Cookie::build(("sid", "31d4d96e407aad42"))
        .max_age(Duration::seconds(3600))
        .domain("site.example")
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build();
    let line = ours.to_octets(Profile::Rfc6265bis).expect("a set-cookie-string");
    // `cookie` writes the attributes in another order.
    assert_eq!(sorted(&line), sorted(theirs.to_string().as_bytes()));
    let mut buffer = vec![0; line.len()];
    Group::new("format", Work::Octets(buffer.len()))
        .with(ENGINE, move || black_box(&ours).to_octets(Profile::Rfc6265bis))
        .with("cookie", move || black_box(&theirs).to_string())
        .with("memcpy", move || buffer.copy_from_slice(black_box(&line)))
}

fn sorted(line: &[u8]) -> Vec<&[u8]> {
    let mut parts: Vec<&[u8]> =
        line.split(|&octet| octet == b';').map(<[u8]>::trim_ascii).collect();
    parts.sort_unstable();
    parts
}
