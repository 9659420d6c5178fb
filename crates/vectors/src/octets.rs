//! Octets of a header field as they travel in JSON: one code point U+0000..U+00FF per octet.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A string of octets that is written to JSON isomorphically: octet `0xE9` is the code point
/// U+00E9, whatever encoding the octets were meant in.
///
/// A JSON string with a code point above U+00FF is not a string of octets and is refused.
///
/// Whatever a parser returns can be converted. Text becomes the octets of its UTF-8 encoding.
///
/// ```
/// use std::borrow::Cow;
///
/// use cookiespec_vectors::Octets;
///
/// let octets = Octets::from("sid");
/// assert_eq!(octets, String::from("sid").into());
/// assert_eq!(octets, (&String::from("sid")).into());
/// assert_eq!(octets, Cow::Borrowed("sid").into());
/// assert_eq!(octets, b"sid".into());
/// assert_eq!(octets, (&b"sid"[..]).into());
/// assert_eq!(octets, vec![b's', b'i', b'd'].into());
/// assert_eq!(octets, (&vec![b's', b'i', b'd']).into());
/// assert_eq!(octets, Cow::Borrowed(&b"sid"[..]).into());
/// assert_eq!(Octets::from("\u{e9}").as_slice(), b"\xc3\xa9");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Octets(Vec<u8>);

impl Octets {
    /// Reads an isomorphic string.
    ///
    /// # Errors
    /// The first code point above U+00FF and its position, counted in code points.
    pub fn from_isomorphic(text: &str) -> Result<Self, NotAnOctet> {
        text.chars()
            .enumerate()
            .map(|(at, code_point)| {
                u8::try_from(u32::from(code_point)).map_err(|_| NotAnOctet { at, code_point })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The isomorphic string: one code point per octet.
    pub fn to_isomorphic(&self) -> String {
        match std::str::from_utf8(&self.0) {
            Ok(text) if text.is_ascii() => text.to_owned(),
            _ => self.0.iter().map(|&octet| char::from(octet)).collect(),
        }
    }

    /// The octets themselves.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// The octets, as a vector.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }

    /// The octets as text, where they are UTF-8; what an implementation that takes `&str` sees.
    pub fn to_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

/// A code point that stands for no octet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnOctet {
    /// Position in code points from the start of the string.
    pub at: usize,
    /// The code point found there.
    pub code_point: char,
}

impl fmt::Display for NotAnOctet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "code point U+{:04X} at position {} is not an octet; write octets as U+0000..U+00FF",
            u32::from(self.code_point),
            self.at
        )
    }
}

impl std::error::Error for NotAnOctet {}

/// Shown between double quotes, with everything that is not printable ASCII escaped as `\xNN`.
impl fmt::Display for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Vec<u8>> for Octets {
    fn from(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

impl From<&Vec<u8>> for Octets {
    fn from(octets: &Vec<u8>) -> Self {
        Self(octets.clone())
    }
}

impl From<&[u8]> for Octets {
    fn from(octets: &[u8]) -> Self {
        Self(octets.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Octets {
    fn from(octets: &[u8; N]) -> Self {
        Self(octets.to_vec())
    }
}

impl From<Cow<'_, [u8]>> for Octets {
    fn from(octets: Cow<'_, [u8]>) -> Self {
        Self(octets.into_owned())
    }
}

/// The octets of the text's UTF-8 encoding.
impl From<String> for Octets {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

/// The octets of the text's UTF-8 encoding.
impl From<&String> for Octets {
    fn from(text: &String) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

/// The octets of the text's UTF-8 encoding.
impl From<&str> for Octets {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

/// The octets of the text's UTF-8 encoding.
impl From<Cow<'_, str>> for Octets {
    fn from(text: Cow<'_, str>) -> Self {
        Self(text.into_owned().into_bytes())
    }
}

impl Serialize for Octets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_isomorphic())
    }
}

impl<'de> Deserialize<'de> for Octets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_isomorphic(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_256_octets_survive_json() {
        let octets = Octets::from((0..=255).collect::<Vec<u8>>());
        let json = serde_json::to_string(&octets).unwrap();
        assert_eq!(serde_json::from_str::<Octets>(&json).unwrap(), octets);
    }

    #[test]
    fn a_code_point_above_ff_is_refused_with_its_position() {
        let error = serde_json::from_str::<Octets>("\"ab\u{100}\"").unwrap_err();
        assert!(error.to_string().contains("U+0100 at position 2"), "{error}");
    }

    #[test]
    fn unprintable_octets_are_shown_escaped() {
        assert_eq!(Octets::from(&b"a\x1b[1m\xe9\"\n"[..]).to_string(), r#""a\x1b[1m\xe9\"\n""#);
    }
}
