//! Cookie-names and cookie-values, some with a mistake. Some names only resemble one with a prefix
//! such as `__Host-`: the prefix is encoded, misspelt, or behind an octet that a parser may skip.

use super::tokens::{self, insert_hostile};
use crate::random::Random;

const NAMES: &[&str] = &["a", "b", "sid", "SID", "a.b", "A"];
const NAMES_WITH_RULES: &[&str] = &[
    "__Host-a",
    "__Secure-a",
    "__host-a",
    "__SECURE-a",
    "__Host-",
    "__Host",
    "__Hosta",
    "__Http-a",
    "__Host-Http-a",
    "_Host-a",
    "x__Host-a",
    "__proto__",
    "constructor",
    "$Version",
    "$a",
    "Path",
    "Domain",
    "expires",
    "Secure",
    "10",
    "0",
    "\"a\"",
    "a%41",
];
const PREFIXED_NAMES: &[&str] = &["__Host-a", "__Secure-a", "__Host-sid", "__Http-a"];

/// Octets that some language treats as white space.
const BLANKS: &[&[u8]] = &[
    b" ",
    b"\t",
    b"\x0b",
    b"\x0c",
    b"\x1f",
    b"\x85",
    b"\xa0",
    b"\xc2\xa0",
    b"\xe2\x80\x80",
    b"\xef\xbb\xbf",
];

/// A cookie-name.
pub(crate) fn cookie_name(random: &mut Random) -> Vec<u8> {
    let mut name = match random.weighted(&[70, 20, 2, 5]) {
        0 => random.pick(NAMES).as_bytes().to_vec(),
        1 => random.pick(NAMES_WITH_RULES).as_bytes().to_vec(),
        3 => return disguised_name(random),
        _ => Vec::new(),
    };
    if random.chance(10) {
        insert_hostile(random, &mut name);
    }
    name
}

/// A name without a prefix, or one that has it only after decoding, case folding or trimming.
fn disguised_name(random: &mut Random) -> Vec<u8> {
    let mut name = random.pick(PREFIXED_NAMES).as_bytes().to_vec();
    match random.weighted(&[4, 4, 3, 5, 1]) {
        0 => encode_one(random, &mut name),
        1 => {
            let at = random.below(name.len());
            name.splice(at..=at, stand_in(random).iter().copied());
        }
        // A parser that maps one stand-in to an underscore maps several.
        2 => {
            let (first, second) = (stand_in(random), stand_in(random));
            name.splice(1..2, second.iter().copied());
            name.splice(0..1, first.iter().copied());
        }
        3 => drop(name.splice(0..0, skipped_octets(random))),
        _ => name = tokens::with_case_flipped(random, &name),
    }
    name
}

fn encode_one(random: &mut Random, name: &mut Vec<u8>) {
    let at = random.below(name.len());
    let octet = name[at];
    let encoded = match random.weighted(&[5, 3, 2]) {
        0 => format!("%{octet:02X}"),
        1 => format!("%{octet:02x}"),
        _ => format!("\\{octet:03o}"),
    };
    name.splice(at..=at, encoded.into_bytes());
}

/// Octets that some parser maps to an underscore or a hyphen.
fn stand_in(random: &mut Random) -> &'static [u8] {
    let octets: [&[u8]; 8] = [b"_", b".", b" ", b"[", b"+", b"-", b"%20", b"\xc2\xad"];
    random.pick::<[u8]>(&octets)
}

/// Octets in front of a name that a parser may skip, or take for the end of what is before.
fn skipped_octets(random: &mut Random) -> Vec<u8> {
    match random.weighted(&[4, 4, 2]) {
        0 => b"=".to_vec(),
        1 => random.pick(BLANKS).to_vec(),
        _ => tokens::hostile(random).to_vec(),
    }
}

/// A cookie-value.
pub(crate) fn cookie_value(random: &mut Random, value: &str) -> Vec<u8> {
    let mut value = match random.weighted(&[70, 4, 8, 5, 5]) {
        0 => value.as_bytes().to_vec(),
        1 => Vec::new(),
        2 => format!("\"{value}\"").into_bytes(),
        3 => format!("{value}{value}").into_bytes(),
        _ => random
            .pick(&[
                "a=b",
                "%41%3B",
                "a+b",
                "j:{\"a\":1}",
                "a b",
                "__Host-a=1",
                "__Secure-b",
                "\"a\\\"b\"",
                "\"a\\073b\"",
            ])
            .as_bytes()
            .to_vec(),
    };
    while random.chance(18) {
        insert_hostile(random, &mut value);
    }
    value
}
