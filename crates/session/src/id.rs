//! Session identifiers: the secret that a cookie carries, and the hash that a store keeps.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::random::{Random, RandomError};

/// A session identifier: 192 random bits, written as 32 cookie-octets of base64url.
///
/// Each identifier has one spelling, so that no changed octet goes unnoticed. It is a secret, which
/// `Debug` does not show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SessionId([u8; OCTETS]);

impl SessionId {
    /// A new identifier.
    ///
    /// # Errors
    /// [`RandomError`] if the source fails.
    pub fn random(random: &dyn Random) -> Result<Self, RandomError> {
        let mut octets = [0; OCTETS];
        random.fill(&mut octets)?;
        Ok(Self(octets))
    }

    /// Parses a cookie-value, whether or not there is such a session.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut octets = [0; OCTETS];
        if text.len() != TEXT_OCTETS {
            return None;
        }
        BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut octets).ok()?;
        Some(Self(octets))
    }

    /// The cookie-value.
    pub fn to_text(self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The hash under which stores keep the session.
    pub fn hash(self) -> IdHash {
        IdHash(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(..)")
    }
}

/// The SHA-256 of a session identifier: finds the session, but cannot be used to take it over.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdHash([u8; 32]);

impl IdHash {
    /// The hash with these octets, as read from a store.
    pub const fn from_octets(octets: [u8; 32]) -> Self {
        Self(octets)
    }

    /// Its octets.
    pub const fn as_octets(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for IdHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdHash(")?;
        for octet in &self.0[..4] {
            write!(f, "{octet:02x}")?;
        }
        f.write_str("..)")
    }
}

const OCTETS: usize = 24;
const TEXT_OCTETS: usize = 32;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn identifiers_differ_and_are_read_back() {
        let mut seen = HashSet::new();
        for _ in 0..1_000 {
            let id = SessionId::random(&OsRandom).unwrap();
            assert_eq!(SessionId::parse(id.to_text().as_bytes()), Some(id));
            assert!(seen.insert(id.to_text()));
        }
    }

    #[test]
    fn there_is_one_spelling() {
        let text = SessionId([0xA5; OCTETS]).to_text().into_bytes();
        let mut parsed = HashSet::new();
        for at in 0..text.len() {
            for octet in 0..=255 {
                let mut other = text.clone();
                other[at] = octet;
                if let Some(id) = SessionId::parse(&other) {
                    assert_eq!(id.to_text().as_bytes(), other);
                    parsed.insert(other);
                }
            }
        }
        assert_eq!(parsed.len(), 32 * 63 + 1);
        assert_eq!(SessionId::parse(b""), None);
        assert_eq!(SessionId::parse(&[&text[..], b"="].concat()), None);
        assert_eq!(SessionId::parse(&text[1..]), None);
    }

    #[test]
    fn debug_output_keeps_the_secret() {
        let id = SessionId([0xA5; OCTETS]);
        assert!(!format!("{id:?}").contains(&id.to_text()[..4]));
        assert_ne!(id.hash().as_octets()[..OCTETS], id.0);
    }
}
