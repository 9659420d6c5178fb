//! Signed values: `<value>.<MAC>`, HMAC-SHA-256 over name and value.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::Mac;

use super::{Genuine, Key, Keys, NotGenuine, authenticate};

impl Keys {
    /// A value that everyone can read and only the keys can make, for the cookie of this name.
    ///
    /// The value is not encoded: it must be made of cookie-octets, as
    /// [`set_cookie`](crate::set_cookie()) will check.
    pub fn sign(&self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Vec<u8> {
        let value = value.as_ref();
        [value, b".", self.newest().signature(name.as_ref(), value).as_bytes()].concat()
    }

    /// The value that [`Keys::sign`] signed.
    ///
    /// # Errors
    /// [`NotGenuine`] when it was not signed with one of the keys for this name.
    pub fn verify(&self, name: impl AsRef<[u8]>, signed: &[u8]) -> Result<Genuine, NotGenuine> {
        let dot = signed.iter().rposition(|&octet| octet == b'.').ok_or(NotGenuine)?;
        let (value, signature) = (&signed[..dot], &signed[dot + 1..]);
        let mac = BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| NotGenuine)?;
        let (value, outdated) = self
            .first_to(|key| {
                let expected = authenticate(&key.sign, &[name.as_ref(), value]);
                expected.verify_slice(&mac).is_ok().then(|| value.to_vec())
            })
            .ok_or(NotGenuine)?;
        Ok(Genuine { value, outdated })
    }
}

impl Key {
    fn signature(&self, name: &[u8], value: &[u8]) -> String {
        let mac = authenticate(&self.sign, &[name, value]);
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(&[1; 32]).unwrap()
    }

    #[test]
    fn every_changed_octet_is_refused() {
        let signed = keys().sign("a", "value.with.dots");
        assert_eq!(keys().verify("a", &signed).unwrap().value, b"value.with.dots");
        for at in 0..signed.len() {
            for octet in 0..=255 {
                let mut forged = signed.clone();
                forged[at] = octet;
                assert_eq!(keys().verify("a", &forged).is_ok(), forged == signed, "{at} {octet}");
            }
            assert!(keys().verify("a", &signed[..at]).is_err());
        }
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
