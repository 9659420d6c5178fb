//! Parsing a cookie-date, in the three forms of HTTP.

use std::hint::black_box;
use std::time::{Duration, UNIX_EPOCH};

use cookiespec_engine::date::parse_cookie_date;

use crate::group::{ENGINE, Group, Work};

pub(crate) fn groups() -> Vec<Group> {
    vec![
        group("date/imf", "Sun, 06 Nov 1994 08:49:37 GMT"),
        group("date/rfc850", "Sunday, 06-Nov-94 08:49:37 GMT"),
        group("date/asctime", "Sun Nov  6 08:49:37 1994"),
    ]
}

fn group(name: &str, date: &'static str) -> Group {
    let instant = 784_111_777;
    assert_eq!(parse_cookie_date(date.as_bytes()), Ok(instant));
    let instant = UNIX_EPOCH + Duration::from_secs(instant.unsigned_abs());
    assert_eq!(httpdate::parse_http_date(date).ok(), Some(instant));
    let mut buffer = vec![0; date.len()];
    Group::new(name, Work::Octets(date.len()))
        .with(ENGINE, move || parse_cookie_date(black_box(date.as_bytes())))
        .with("httpdate", move || httpdate::parse_http_date(black_box(date)).ok())
        .with("memcpy", move || buffer.copy_from_slice(black_box(date.as_bytes())))
}
