//! Generated cookie-dates (section 5.1.1).

use proptest::prelude::*;

use super::{any_case, any_octet, damaged, one_of};

/// A cookie-date. About a third of them parse.
pub fn cookie_date() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => damaged(four_parts()),
        2 => damaged(some_tokens()),
        1 => one_of(FORMATS),
        1 => prop::collection::vec(any_octet(), 0..30),
    ]
}

const FORMATS: &[&[u8]] = &[
    b"Wed, 09 Jun 2021 10:18:14 GMT",
    b"Wednesday, 09-Jun-21 10:18:14 GMT",
    b"Wed Jun  9 10:18:14 2021",
    b"Wed Jun 09 2021 10:18:14 GMT+0200 (CEST)",
    b"2021-06-09T10:18:14Z",
    b"Thu, 01 Jan 1970 00:00:00 GMT",
    b"Fri, 31 Dec 9999 23:59:59 GMT",
];

/// Day, month, year and time in any order, and now and then something else between them.
fn four_parts() -> impl Strategy<Value = Vec<u8>> {
    let parts = (day(), month(), year(), time(), prop::option::weighted(0.3, junk()));
    let shuffled = parts
        .prop_map(|(day, month, year, time, junk)| {
            [day, month, year, time].into_iter().chain(junk).collect::<Vec<_>>()
        })
        .prop_shuffle();
    delimited(shuffled)
}

/// Tokens as they come.
fn some_tokens() -> impl Strategy<Value = Vec<u8>> {
    delimited(prop::collection::vec(prop_oneof![day(), month(), year(), time(), junk()], 0..8))
}

fn delimited(tokens: impl Strategy<Value = Vec<Vec<u8>>>) -> impl Strategy<Value = Vec<u8>> {
    let delimiter = one_of(&[b" ", b"-", b", ", b"\t", b"/", b"  ", b".", b"@", b"`", b"~", b"_"]);
    (tokens, prop::collection::vec(delimiter, 9)).prop_map(|(tokens, delimiters)| {
        let pairs = tokens.iter().zip(&delimiters);
        pairs.flat_map(|(token, delimiter)| [token.as_slice(), delimiter].concat()).collect()
    })
}

/// Digits, then a tail that may follow them or may not.
fn number(value: std::ops::Range<u32>, widths: &'static [usize]) -> impl Strategy<Value = Vec<u8>> {
    let tail = prop_oneof![
        5 => Just(vec![]),
        1 => one_of(&[b"th", b":", b":9", b"x1", b"\x80", b"\x00"]),
    ];
    (value, prop::sample::select(widths), tail)
        .prop_map(|(value, width, tail)| [format!("{value:0width$}").into_bytes(), tail].concat())
}

fn day() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => number(1..32, &[1, 2]), 1 => number(0..40, &[1, 2, 3])]
}

fn year() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => number(1900..2100, &[4]),
        2 => number(0..100, &[2, 3, 4]),
        1 => number(1590..1612, &[4]),
        1 => number(0..20_000, &[1]),
    ]
}

fn month() -> impl Strategy<Value = Vec<u8>> {
    let names = prop::sample::select(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
            .as_slice(),
    );
    let tail = prop_oneof![3 => Just(vec![]), 1 => one_of(&[b"uary", b"9", b":", b"\xff"])];
    prop_oneof![
        9 => (names.prop_flat_map(any_case), tail).prop_map(|(name, tail)| [name, tail].concat()),
        1 => one_of(&[b"ju", b"jum", b"xjan", b"m\xe4r"]),
    ]
}

fn time() -> impl Strategy<Value = Vec<u8>> {
    let field = |most| prop_oneof![9 => number_only(0..most), 1 => number_only(0..100)];
    let tail = prop_oneof![
        5 => Just(vec![]),
        1 => one_of(&[b"pm", b":", b":99", b"0", b"Z", b"\x80"]),
    ];
    let colon = || prop_oneof![19 => Just(vec![b':']), 1 => one_of(&[b"", b"::", b".", b"x:"])];
    (field(24), colon(), field(60), colon(), field(60), tail)
        .prop_map(|(hour, a, minute, b, second, tail)| [hour, a, minute, b, second, tail].concat())
}

fn number_only(value: std::ops::Range<u32>) -> impl Strategy<Value = Vec<u8>> {
    (value, prop::sample::select([1_usize, 2, 2, 3].as_slice()))
        .prop_map(|(value, width)| format!("{value:0width$}").into_bytes())
}

fn junk() -> impl Strategy<Value = Vec<u8>> {
    one_of(&[b"Wed", b"GMT", b"+0100", b"PST", b"10:18", b"(CEST)", b"am", b":", b"::", b"1:2:3:4"])
}
