//! Cookie-dates: the engine and the naive twin read the same ones as the same times.

use cookiespec_engine::date::parse_cookie_date;
use cookiespec_engine_model::generate::cookie_date::cookie_date;
use cookiespec_engine_model::generate::{Octets, holds};
use cookiespec_engine_model::twin;
use proptest::prelude::*;

#[test]
fn engine_and_twin_agree_on_cookie_dates() {
    holds(6_000, &cookie_date().prop_map(Octets), |date| {
        prop_assert_eq!(parse_cookie_date(&date.0).ok(), twin::date::parse(&date.0));
        Ok(())
    });
}

/// Every day of a leap century and of the years around the limits, at the last second.
#[test]
fn engine_and_twin_agree_on_every_day() {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    for year in (1598..1610).chain(1895..2005).chain(9990..10_000) {
        for month in MONTHS {
            for day in 0..=32 {
                let date = format!("{day} {month} {year:04} 23:59:59");
                let engine = parse_cookie_date(date.as_bytes()).ok();
                assert_eq!(engine, twin::date::parse(date.as_bytes()), "{date}");
            }
        }
    }
}

/// Every octet between two parts, and every number of two digits as a part of the time.
#[test]
fn engine_and_twin_agree_on_every_octet_and_every_time() {
    let between =
        (0..=u8::MAX).map(|octet| [b"9 jun 2021".as_slice(), &[octet], b"10:18:14"].concat());
    let times = (0..100).flat_map(|number| {
        [format!("{number}:0:0"), format!("0:{number}:0"), format!("0:0:{number}")]
            .map(|time| format!("9 jun 2021 {time}").into_bytes())
    });
    for date in between.chain(times) {
        let engine = parse_cookie_date(&date).ok();
        assert_eq!(engine, twin::date::parse(&date), "{}", date.escape_ascii());
    }
}

/// The twin itself, where the text alone decides.
#[test]
fn the_twin_reads_what_the_text_says() {
    let cases: [(&[u8], Option<i64>); 9] = [
        (b"Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
        (b"06 Nov 94 08:49:37", Some(784_111_777)),
        (b"Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        (b"1 Jan 1601 00:00:00", Some(-11_644_473_600)),
        (b"31 Dec 1600 23:59:59", None),
        (b"29 Feb 2023 00:00:00", None),
        (b"2021-06-09 10:18:14", None),
        (b"10:18:14 11:00:00 Jun 2021", Some(1_623_406_694)),
        (b"", None),
    ];
    for (date, want) in cases {
        assert_eq!(twin::date::parse(date), want, "{}", date.escape_ascii());
    }
}
