//! Cookie names that only resemble one with a prefix such as `__Host-`: the prefix is encoded,
//! misspelt, or behind an octet that a parser may skip.

use super::tokens;
use crate::random::Random;

const NAMES: &[&str] = &["__Host-a", "__Secure-a", "__Host-sid", "__Http-a"];

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

/// A name without a prefix, or one that has it only after decoding, case folding or trimming.
pub(crate) fn prefixed_name(random: &mut Random) -> Vec<u8> {
    let mut name = random.pick(NAMES).as_bytes().to_vec();
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
