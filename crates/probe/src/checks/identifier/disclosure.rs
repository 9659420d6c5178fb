//! Finds personal data in cookies, also if it is encoded.

use std::fmt;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode;

use crate::browser::Browser;

/// A cookie that contains personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Disclosure {
    /// The name of the cookie.
    name: Vec<u8>,
    /// The text it contains, in lower case.
    text: String,
    /// The encodings to undo, in order.
    codings: Vec<&'static str>,
}

impl fmt::Display for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, text, codings } = self;
        write!(f, "the cookie {} holds \"{}\"", name.escape_ascii(), text.escape_debug())?;
        if codings.is_empty() {
            return f.write_str(" in plain text");
        }
        write!(f, " encoded as {}", codings.join(" and "))
    }
}

/// The cookies of a browser that contain one of these texts, which are in lower case.
pub(super) fn disclosed(browser: &Browser, known: &[String]) -> Vec<Disclosure> {
    let known: Vec<_> = known.iter().filter(|text| text.len() >= DISTINCTIVE).collect();
    let mut all = Vec::new();
    for cookie in browser.jar() {
        for (codings, octets) in decodings(&cookie.value) {
            let octets = octets.to_ascii_lowercase();
            let is_in =
                |text: &&&String| octets.windows(text.len()).any(|at| at == text.as_bytes());
            all.extend(known.iter().filter(is_in).map(|text| Disclosure {
                name: cookie.name.clone(),
                text: (**text).clone(),
                codings: codings.clone(),
            }));
        }
    }
    all
}

/// The encodings that were undone, and the octets.
type Decoded = (Vec<&'static str>, Vec<u8>);

/// The value itself, and everything it may be an encoding of.
fn decodings(value: &[u8]) -> Vec<Decoded> {
    let mut decodings = vec![(Vec::new(), value.to_vec())];
    let mut newest = 0;
    for _ in 0..DEPTH {
        let from = newest;
        newest = decodings.len();
        for at in from..newest {
            let (codings, octets) = decodings[at].clone();
            for (coding, decoded) in decoded(&octets) {
                let codings = [&codings[..], &[coding]].concat();
                decodings.push((codings, decoded));
            }
        }
    }
    decodings
}

fn decoded(octets: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let unquoted: Vec<u8> = percent_decode(octets).collect();
    if unquoted != octets {
        all.push(("percent-encoding", unquoted));
    }
    if let Some(inflated) = inflated(octets) {
        all.push(("zlib", inflated));
    }
    // The parts of a token, such as header, content and signature. "-" is a digit of base64url, and
    // a separator in other formats.
    let parts = |separators: &'static [u8]| octets.split(|octet| separators.contains(octet));
    for part in parts(b".:|!$\" ,;").chain(parts(b".:|!$\" ,;-")) {
        let base64 = [&STANDARD, &URL_SAFE].map(|engine| ("base64", engine.decode(part).ok()));
        for (coding, decoded) in [("hexadecimal", hexadecimal(part))].into_iter().chain(base64) {
            all.extend(decoded.filter(|it| it.len() >= DISTINCTIVE).map(|it| (coding, it)));
        }
    }
    all.dedup();
    all
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
    // zlib streams with the default window start with this octet (RFC 1950 section 2.2).
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

/// The length from which texts do not occur by chance.
const DISTINCTIVE: usize = 3;
/// The most encodings around each other.
const DEPTH: usize = 3;
const LARGEST_TEXT: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn codings(value: &[u8], text: &[u8]) -> Option<Vec<&'static str>> {
        let mut decodings = decodings(value).into_iter();
        let is_in = |octets: &[u8]| octets.windows(text.len()).any(|at| at == text);
        decodings.find(|(_, octets)| is_in(octets)).map(|(codings, _)| codings)
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
