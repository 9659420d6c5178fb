//! Cookie values that the client can carry but not make: signed (readable) and sealed (secret).
//!
//! Both are bound to the cookie's name, so that a value moved to another cookie is refused. They
//! hold no date: a client can bring back an older value of the same cookie.
//!
//! A signed value is `<value>.<MAC>`, with HMAC-SHA-256 over name and value. A sealed value is the
//! base64url of a random nonce and the XChaCha20-Poly1305 of the value, with the name as associated
//! data.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

use crate::random::{Random, RandomError};

/// The keys of one application: the newest protects, all of them are accepted.
///
/// To rotate, make the new secret the newest and keep the last one with
/// [`Keys::and_older`] for as long as its values are to be accepted.
///
/// ```
/// use cookiespec_session::{Keys, OsRandom};
/// let old = Keys::new(&[7; 32]).unwrap();
/// let signed = old.sign("basket", "42");
/// let keys = Keys::new(&[8; 32]).unwrap().and_older(&[7; 32]).unwrap();
/// let opened = keys.verify("basket", &signed).unwrap();
/// assert_eq!((opened.value, opened.outdated), (b"42".to_vec(), true));
/// assert!(keys.verify("wishes", &signed).is_err());
///
/// let sealed = keys.seal("basket", "42", &OsRandom).unwrap();
/// assert_eq!(keys.open("basket", &sealed).unwrap().value, b"42");
/// ```
#[derive(Clone)]
pub struct Keys {
    /// Newest first.
    keys: Vec<Key>,
}

/// Two keys derived from one secret, one for each purpose.
#[derive(Clone)]
struct Key {
    sign: [u8; 32],
    seal: [u8; 32],
}

impl Keys {
    /// Keys made from a secret of at least 32 random octets.
    ///
    /// # Errors
    /// [`ShortSecret`] if it is shorter.
    pub fn new(secret: &[u8]) -> Result<Self, ShortSecret> {
        Ok(Self { keys: vec![Key::derive(secret)?] })
    }

    /// Also accepts values protected with an older secret.
    ///
    /// # Errors
    /// [`ShortSecret`] if it is shorter than 32 octets.
    pub fn and_older(mut self, secret: &[u8]) -> Result<Self, ShortSecret> {
        self.keys.push(Key::derive(secret)?);
        Ok(self)
    }

    /// A value that everyone can read and only the keys can make, for the cookie of this name.
    ///
    /// The value is not encoded: it must consist of cookie-octets, as
    /// [`set_cookie`](crate::set_cookie()) checks.
    pub fn sign(&self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Vec<u8> {
        let value = value.as_ref();
        [value, b".", self.newest().signature(name.as_ref(), value).as_bytes()].concat()
    }

    /// The value that [`Keys::sign`] signed.
    ///
    /// # Errors
    /// [`BadSignature`] if it was not signed with one of the keys for this name.
    pub fn verify(&self, name: impl AsRef<[u8]>, signed: &[u8]) -> Result<Verified, BadSignature> {
        let dot = signed.iter().rposition(|&octet| octet == b'.').ok_or(BadSignature)?;
        let (value, signature) = (&signed[..dot], &signed[dot + 1..]);
        let mac = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| BadSignature)?;
        self.first_to(|key| {
            let expected = authenticate(&key.sign, &[name.as_ref(), value]);
            expected.verify_slice(&mac).is_ok().then(|| value.to_vec())
        })
    }

    /// A value that only the keys can make or read, for the cookie of this name. Any octets are
    /// accepted; the result consists of cookie-octets, and its length gives away that of the value.
    ///
    /// # Errors
    /// [`RandomError`] if no nonce can be made.
    ///
    /// # Panics
    /// If the value is longer than 256 GiB, the limit of the cipher.
    pub fn seal(
        &self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
        random: &impl Random,
    ) -> Result<Vec<u8>, RandomError> {
        let mut nonce = [0; NONCE_OCTETS];
        random.fill(&mut nonce)?;
        let cipher = XChaCha20Poly1305::new(&self.newest().seal.into());
        let payload = Payload { msg: value.as_ref(), aad: name.as_ref() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).expect("shorter than 256 GiB");
        Ok(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()).into_bytes())
    }

    /// The value that [`Keys::seal`] sealed.
    ///
    /// # Errors
    /// [`BadSignature`] if it was not sealed with one of the keys for this name.
    pub fn open(&self, name: impl AsRef<[u8]>, sealed: &[u8]) -> Result<Verified, BadSignature> {
        let octets = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| BadSignature)?;
        let (nonce, sealed) = octets.split_first_chunk::<NONCE_OCTETS>().ok_or(BadSignature)?;
        self.first_to(|key| {
            let cipher = XChaCha20Poly1305::new(&key.seal.into());
            let payload = Payload { msg: sealed, aad: name.as_ref() };
            cipher.decrypt(&XNonce::from(*nonce), payload).ok()
        })
    }

    fn newest(&self) -> &Key {
        &self.keys[0]
    }

    /// The value of the first key that opens it, newest key first.
    fn first_to(&self, open: impl Fn(&Key) -> Option<Vec<u8>>) -> Result<Verified, BadSignature> {
        let mut keys = self.keys.iter().enumerate();
        let verified = keys.find_map(|(nth, key)| {
            let value = open(key)?;
            Some(Verified { value, outdated: nth > 0 })
        });
        verified.ok_or(BadSignature)
    }
}

impl Key {
    fn derive(secret: &[u8]) -> Result<Self, ShortSecret> {
        if secret.len() < MIN_SECRET_OCTETS {
            return Err(ShortSecret { octets: secret.len() });
        }
        let derive = |label| authenticate(secret, &[label]).finalize().into_bytes().into();
        Ok(Self { sign: derive(b"cookiespec sign 1"), seal: derive(b"cookiespec seal 1") })
    }

    fn signature(&self, name: &[u8], value: &[u8]) -> String {
        let mac = authenticate(&self.sign, &[name, value]);
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

/// HMAC-SHA-256 over the parts, each preceded by its length, so that no two lists of parts are the
/// same input.
fn authenticate(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac =
        <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

/// A protected value that was made with one of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The value.
    pub value: Vec<u8>,
    /// Whether it was protected with an older key. If so, set the cookie again.
    pub outdated: bool,
}

/// A protected value that was not made with any of the keys for this cookie-name.
///
/// It carries no detail: where the check failed would help only a forger.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the value was not made with any of the keys for this cookie-name")]
pub struct BadSignature;

/// The secret is too short to derive keys from.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the secret has {octets} octets; give at least {MIN_SECRET_OCTETS} random ones")]
pub struct ShortSecret {
    /// Its length.
    pub octets: usize,
}

const MIN_SECRET_OCTETS: usize = 32;
const NONCE_OCTETS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn keys() -> Keys {
        Keys::new(&[1; 32]).unwrap()
    }

    /// Changes each octet to every other one, and cuts the value at each octet.
    fn assert_only_accepts(protected: &[u8], accepts: impl Fn(&[u8]) -> bool) {
        for at in 0..protected.len() {
            for octet in 0..=255 {
                let mut changed = protected.to_vec();
                changed[at] = octet;
                assert_eq!(accepts(&changed), changed == protected, "{at} {octet}");
            }
            assert!(!accepts(&protected[..at]));
        }
    }

    mod signed {
        use super::*;

        #[test]
        fn every_changed_octet_is_refused() {
            let signed = keys().sign("a", "value.with.dots");
            assert_eq!(keys().verify("a", &signed).unwrap().value, b"value.with.dots");
            assert_only_accepts(&signed, |changed| keys().verify("a", changed).is_ok());
        }

        #[test]
        fn name_and_value_do_not_run_into_each_other() {
            let signed = keys().sign("ab", "c");
            let signature = &signed[1..];
            assert!(keys().verify("a", &[b"bc", signature].concat()).is_err());
            assert!(keys().verify("ab", &[b"c=", signature].concat()).is_err());
        }

        #[test]
        fn a_dropped_key_verifies_nothing() {
            let signed = keys().sign("a", "1");
            assert!(Keys::new(&[2; 32]).unwrap().verify("a", &signed).is_err());
        }
    }

    mod sealed {
        use super::*;

        #[test]
        fn every_changed_octet_is_refused() {
            let sealed = keys().seal("a", [0, 0xFF, b';'], &OsRandom).unwrap();
            assert_eq!(keys().open("a", &sealed).unwrap().value, [0, 0xFF, b';']);
            assert!(crate::set_cookie("a", &sealed).to_octets().is_ok());
            assert_only_accepts(&sealed, |changed| keys().open("a", changed).is_ok());
        }

        #[test]
        fn a_sealed_value_says_nothing_and_opens_under_its_name_only() {
            let once = keys().seal("a", "secret", &OsRandom).unwrap();
            let again = keys().seal("a", "secret", &OsRandom).unwrap();
            assert_ne!(once, again);
            assert!(keys().open("b", &once).is_err());
            assert!(keys().verify("a", &once).is_err());
            let rotated = Keys::new(&[2; 32]).unwrap().and_older(&[1; 32]).unwrap();
            assert!(rotated.open("a", &once).unwrap().outdated);
            let newest = rotated.seal("a", "x", &OsRandom).unwrap();
            assert!(!rotated.open("a", &newest).unwrap().outdated);
        }
    }
}
