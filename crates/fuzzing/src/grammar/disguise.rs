//! Names that are not what somebody may take them for: a prefix that is encoded, misspelt, or
//! hidden behind an octet that gets lost.

use super::super::random::Random;
use super::super::tokens;

const NAMES: &[&str] = &["__Host-a", "__Secure-a", "__Host-sid", "__Http-a"];

/// What some language takes for white space.
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

/// A name that has no prefix, or has it only after decoding, folding or trimming it.
pub(crate) fn prefixed_name(random: &mut Random) -> Vec<u8> {
    let mut name = random.pick(NAMES).as_bytes().to_vec();
    match random.weighted(&[4, 4, 3, 5, 1]) {
        0 => encode_one(random, &mut name),
        1 => {
            let at = random.below(name.len());
            name.splice(at..=at, stand_in(random).iter().copied());
        }
        // What replaces one underscore may replace them all.
        2 => {
            let (first, second) = (stand_in(random), stand_in(random));
            name.splice(1..2, second.iter().copied());
            name.splice(0..1, first.iter().copied());
        }
        3 => drop(name.splice(0..0, lost_octet(random))),
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

/// What some parser makes an underscore of, or a hyphen.
fn stand_in(random: &mut Random) -> &'static [u8] {
    let octets: [&[u8]; 8] = [b"_", b".", b" ", b"[", b"+", b"-", b"%20", b"\xc2\xad"];
    random.pick::<[u8]>(&octets)
}

/// What may be skipped in front of a name, or end something that stands before it.
fn lost_octet(random: &mut Random) -> Vec<u8> {
    match random.weighted(&[4, 4, 2]) {
        0 => b"=".to_vec(),
        1 => random.pick(BLANKS).to_vec(),
        _ => tokens::hostile(random).to_vec(),
    }
}
