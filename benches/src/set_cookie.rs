//! Parsing a set-cookie-string.

use std::hint::black_box;

use cookie::Cookie;
use cookiespec_engine::{Profile, set_cookie};

use crate::group::{ENGINE, Group, Work};

const SHORT: &str = "sid=31d4d96e407aad42; Path=/; Secure; HttpOnly; SameSite=Lax";

pub(crate) fn groups() -> Vec<Group> {
    assert_eq!((SHORT.len(), long().len()), (60, 1131));
    vec![
        group("set-cookie/short", SHORT.to_owned()),
        group("set-cookie/long", long()),
        group("set-cookie/hostile", hostile()),
    ]
}

/// A long value and every attribute.
fn long() -> String {
    let value = "0123456789abcdefghijklmnopqrstuv".repeat(33);
    format!(
        "s={}; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Max-Age=3600; Domain=site.test; Path=/a; \
         Secure; HttpOnly",
        &value[..1031]
    )
}

/// As many attributes as fit into 4 KiB, all of which must be parsed and none of which has effect.
fn hostile() -> String {
    let attributes = "; Max-Age=x; Expires=1 Foo; expirez=1; Paht=/; SameSit=Lax; =;".repeat(66);
    format!("a=b{attributes}")
}

fn group(name: &str, line: String) -> Group {
    let ours = set_cookie::parse(line.as_bytes(), Profile::Rfc6265bis).expect("a cookie");
    let theirs = Cookie::parse(line.as_str()).expect("a cookie");
    assert_eq!((ours.name, ours.value), (theirs.name().as_bytes(), theirs.value().as_bytes()));
    assert_eq!(
        (ours.secure, ours.http_only),
        (theirs.secure() == Some(true), theirs.http_only() == Some(true))
    );
    assert_eq!(ours.max_age, theirs.max_age().map(|age| age.whole_seconds()));
    assert_eq!(ours.expires, theirs.expires_datetime().map(|time| time.unix_timestamp()));

    let field = format!("Set-Cookie: {line}\r\n\r\n").into_bytes();
    let mut buffer = vec![0; line.len()];
    let [ours, theirs, scanned, copied] = std::array::from_fn(|_| line.clone());
    Group::new(name, Work::Octets(line.len()))
        .with(ENGINE, move || {
            set_cookie::parse(black_box(ours.as_bytes()), Profile::Rfc6265bis).is_ok()
        })
        .with("cookie", move || Cookie::parse(black_box(theirs.as_str())).is_ok())
        .with("httparse", move || {
            let mut headers = [httparse::EMPTY_HEADER; 2];
            httparse::parse_headers(black_box(&field), &mut headers).is_ok()
        })
        .with("memchr", move || memchr::memchr_iter(b';', black_box(scanned.as_bytes())).count())
        .with("memcpy", move || buffer.copy_from_slice(black_box(copied.as_bytes())))
}
