//! What a cookie tells about its user, in the clear or under a coding.

use std::fmt;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::browser::Browser;

/// A cookie that tells something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Disclosure {
    /// The cookie.
    name: Vec<u8>,
    /// What it tells, in lower case.
    told: String,
    /// What has to be undone to read it, in order.
    codings: Vec<&'static str>,
}

impl fmt::Display for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, told, codings } = self;
        write!(f, "the cookie {} holds \"{}\"", name.escape_ascii(), told.escape_debug())?;
        if codings.is_empty() {
            return f.write_str(" in the clear");
        }
        write!(f, " under {}", codings.join(" and "))
    }
}

/// What the cookies of a browser tell of these texts, which are in lower case.
pub(super) fn disclosed(browser: &Browser, known: &[String]) -> Vec<Disclosure> {
    let known: Vec<_> = known.iter().filter(|text| text.len() >= TELLING).collect();
    let mut all = Vec::new();
    for cookie in browser.jar() {
        for (codings, octets) in readings(&cookie.value) {
            let text = octets.to_ascii_lowercase();
            let is_in = |told: &&&String| text.windows(told.len()).any(|at| at == told.as_bytes());
            all.extend(known.iter().filter(is_in).map(|told| Disclosure {
                name: cookie.name.clone(),
                told: (**told).clone(),
                codings: codings.clone(),
            }));
        }
    }
    all
}

type Reading = (Vec<&'static str>, Vec<u8>);

/// The value itself, and what it may be a coding of.
fn readings(value: &[u8]) -> Vec<Reading> {
    let mut readings = vec![(Vec::new(), value.to_vec())];
    let mut newest = 0;
    for _ in 0..DEPTH {
        let from = newest;
        newest = readings.len();
        for at in from..newest {
            let (codings, octets) = readings[at].clone();
            for (coding, decoded) in decoded(&octets) {
                let codings = [&codings[..], &[coding]].concat();
                readings.push((codings, decoded));
            }
        }
    }
    readings
}

fn decoded(octets: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let unquoted = unquoted(octets);
    if unquoted != octets {
        all.push(("percent-encoding", unquoted));
    }
    if let Some(inflated) = inflated(octets) {
        all.push(("zlib", inflated));
    }
    // The parts of a token: header, content and signature, or the like. "-" is a letter of one of
    // the alphabets, and a separator to others.
    let parts = |separators: &'static [u8]| octets.split(|octet| separators.contains(octet));
    for part in parts(b".:|!$\" ,;").chain(parts(b".:|!$\" ,;-")) {
        let base64 = [&STANDARD, &URL_SAFE].map(|engine| ("base64", engine.decode(part).ok()));
        for (coding, decoded) in [("hexadecimal", hexadecimal(part))].into_iter().chain(base64) {
            all.extend(decoded.filter(|it| it.len() >= TELLING).map(|it| (coding, it)));
        }
    }
    all.dedup();
    all
}

fn unquoted(octets: &[u8]) -> Vec<u8> {
    let mut rest = octets;
    let mut plain = Vec::with_capacity(octets.len());
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| first == b'%').and_then(hexadecimal);
        match digits {
            Some(octet) => {
                plain.extend(octet);
                rest = &after[2..];
            }
            None => {
                plain.push(first);
                rest = after;
            }
        }
    }
    plain
}

fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |octet: u8| char::from(octet).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    pairs.collect()
}

fn inflated(octets: &[u8]) -> Option<Vec<u8>> {
    // Every zlib stream of usual settings starts so (RFC 1950 section 2.2).
    let is_zlib = octets.first() == Some(&0x78);
    let inflated = is_zlib
        .then(|| miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(octets, LARGEST_TEXT));
    inflated?.ok()
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);

/// Shorter texts are found everywhere by chance.
const TELLING: usize = 3;
/// How many codings may lie on top of each other.
const DEPTH: usize = 3;
const LARGEST_TEXT: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn codings(value: &[u8], told: &[u8]) -> Option<Vec<&'static str>> {
        let mut readings = readings(value).into_iter();
        let is_in = |octets: &[u8]| octets.windows(told.len()).any(|at| at == told);
        readings.find(|(_, octets)| is_in(octets)).map(|(codings, _)| codings)
    }

    #[test]
    fn names_are_found_under_the_usual_codings() {
        assert_eq!(codings(b"user:alice", b"alice"), Some(vec![]));
        assert_eq!(codings(b"%61lice", b"alice"), Some(vec!["percent-encoding"]));
        assert_eq!(codings(b"616c696365", b"alice"), Some(vec!["hexadecimal"]));
        assert_eq!(codings(b"e30.eyJ1IjoiYWxpY2UifQ.c2ln", b"alice"), Some(vec!["base64"]));
        assert_eq!(
            codings(b"s%3AYWxpY2U%3D.x", b"alice"),
            Some(vec!["percent-encoding", "base64"])
        );
        assert_eq!(codings(b"AAAAAAAAAAAAAAAAAAAAAA", b"alice"), None);
    }

    #[test]
    fn compressed_text_is_found() {
        let compressed = miniz_oxide::deflate::compress_to_vec_zlib(b"user=alice&user=alice", 6);
        let cookie = format!(".{}", URL_SAFE.encode(compressed));
        assert_eq!(codings(cookie.as_bytes(), b"alice"), Some(vec!["base64", "zlib"]));
    }
}
