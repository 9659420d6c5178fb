//! Generated set-cookie-strings (sections 5.2 and 5.6).

use proptest::prelude::*;

use super::cookie_date::cookie_date;
use super::{any_case, any_octet, damaged, one_of};

/// A set-cookie-string, by the grammar with parts that are wrong on purpose, or no such thing.
pub fn set_cookie_string() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => damaged(pair_and_attributes()),
        1 => prop::collection::vec(any_octet(), 0..40),
        1 => prop::collection::vec(prop::sample::select(b"=; \ta".as_slice()), 0..12),
    ]
}

fn pair_and_attributes() -> impl Strategy<Value = Vec<u8>> {
    let separator = one_of(&[b"; ", b"; ", b";", b" ; ", b";\t", b";;", b"; ;", b"\x0b;"]);
    let attributes = prop::collection::vec((separator, attribute()), 0..7);
    (pair(), attributes).prop_map(|(pair, attributes)| {
        let attributes = attributes.into_iter().map(|(separator, av)| [separator, av].concat());
        std::iter::once(pair).chain(attributes).collect::<Vec<_>>().concat()
    })
}

fn pair() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![
        6 => one_of(&[b"sid", b"a", b"a b", b" a\t", b"__Host-a", b"\"a\"", b"n\xc3\xa4me"]),
        1 => Just(vec![]),
        1 => (1..6_usize).prop_map(|n| vec![b'n'; n]),
    ];
    let value = prop_oneof![
        8 => one_of(&[
            b"1", b"", b"\"1\"", b" 1 ", b"a=b", b"a,b", b"%3B", b"__Secure-x", b"\xe2\x82\xac",
            b"=",
        ]),
        1 => (4088..4100_usize).prop_map(|n| vec![b'v'; n]),
    ];
    (name, equals(), value).prop_map(|(name, equals, value)| [name, equals, value].concat())
}

/// "=", for the most part.
fn equals() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        12 => Just(vec![b'=']),
        2 => one_of(&[b" = ", b"\t=", b"= "]),
        1 => one_of(&[b"", b"=="]),
    ]
}

fn attribute() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => av("Expires", cookie_date().boxed()),
        2 => av("Max-Age", max_age().boxed()),
        2 => av("Domain", domain().boxed()),
        2 => av("Path", path().boxed()),
        2 => av("SameSite", same_site().boxed()),
        1 => av("Secure", one_of(&[b"", b"false"]).boxed()),
        1 => av("HttpOnly", one_of(&[b"", b"0"]).boxed()),
        1 => any_case("Secure"),
        1 => any_case("HttpOnly"),
        1 => one_of(&[
            b"Partitioned", b"", b"=", b"Path", b"Domain", b"Max-Age", b"Sec ure", b"Pa\x00th=/",
        ]),
    ]
}

fn av(name: &'static str, value: BoxedStrategy<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    (any_case(name), equals(), value)
        .prop_map(|(name, equals, value)| [name, equals, value].concat())
}

fn max_age() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => (-2_i64..34_560_003).prop_map(|seconds| seconds.to_string().into_bytes()),
        2 => (34_559_998_i64..34_560_003).prop_map(|seconds| seconds.to_string().into_bytes()),
        2 => one_of(&[
            b"", b"-", b"+1", b"--1", b"1.5", b"1e3", b"00060", b"-0", b"\"60\"", b"6 0",
        ]),
        2 => one_of(&[
            b"9223372036854775807", b"9223372036854775808", b"-9223372036854775809",
            b"99999999999999999999999999999999999999999",
        ]),
    ]
}

fn domain() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => one_of(&[
            b"site.example", b".site.example", b"..site.example", b"SITE.Example", b"", b".",
            b"site.example.", b"127.0.0.1", b"[::1]", b"s\xc3\xaf.example", b"\"site.example\"",
        ]),
        1 => long(b'd'),
    ]
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => one_of(&[
            b"/", b"/a", b"/a/", b"", b"rel", b"//", b"/\xe9", b"/%2F", b"\"/\"", b"/a?b",
        ]),
        1 => long(b'/'),
    ]
}

fn same_site() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => prop::sample::select(["Strict", "Lax", "None"].as_slice()).prop_flat_map(any_case),
        1 => one_of(&[b"", b"bogus", b"Strict,Lax", b"\"Lax\"", b"Default"]),
    ]
}

/// A value about as long as an attribute-value may be.
fn long(octet: u8) -> impl Strategy<Value = Vec<u8>> {
    (1022..1028_usize).prop_map(move |n| vec![octet; n])
}
