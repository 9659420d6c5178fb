//! Sealed values: base64url of a random nonce and the XChaCha20-Poly1305 of the value, with the
//! name as associated data.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::{Genuine, Keys, NotGenuine};
use crate::random::{NoRandom, Random};

impl Keys {
    /// A value that only the keys can make or read, for the cookie of this name. Any octets will
    /// do; the result is made of cookie-octets and says how long the value is.
    ///
    /// # Errors
    /// [`NoRandom`] when there is no nonce to be had.
    ///
    /// # Panics
    /// When the value is longer than 256 GiB, which the cipher cannot take.
    pub fn seal(
        &self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
        random: &impl Random,
    ) -> Result<Vec<u8>, NoRandom> {
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
    /// [`NotGenuine`] when it was not sealed with one of the keys for this name.
    pub fn open(&self, name: impl AsRef<[u8]>, sealed: &[u8]) -> Result<Genuine, NotGenuine> {
        let octets = BASE64_URL_SAFE_NO_PAD.decode(sealed).map_err(|_| NotGenuine)?;
        let (nonce, sealed) = octets.split_first_chunk::<NONCE_OCTETS>().ok_or(NotGenuine)?;
        let (value, outdated) = self
            .first_to(|key| {
                let cipher = XChaCha20Poly1305::new(&key.seal.into());
                let payload = Payload { msg: sealed, aad: name.as_ref() };
                cipher.decrypt(&XNonce::from(*nonce), payload).ok()
            })
            .ok_or(NotGenuine)?;
        Ok(Genuine { value, outdated })
    }
}

const NONCE_OCTETS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn keys() -> Keys {
        Keys::new(&[1; 32]).unwrap()
    }

    #[test]
    fn every_changed_octet_is_refused() {
        let sealed = keys().seal("a", [0, 0xFF, b';'], &OsRandom).unwrap();
        assert_eq!(keys().open("a", &sealed).unwrap().value, [0, 0xFF, b';']);
        assert!(crate::set_cookie("a", &sealed).to_octets().is_ok());
        for at in 0..sealed.len() {
            for octet in 0..=255 {
                let mut forged = sealed.clone();
                forged[at] = octet;
                assert_eq!(keys().open("a", &forged).is_ok(), forged == sealed, "{at} {octet}");
            }
            assert!(keys().open("a", &sealed[..at]).is_err());
        }
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
        assert!(!rotated.open("a", &rotated.seal("a", "x", &OsRandom).unwrap()).unwrap().outdated);
    }
}
