//! Cookie values that the client can carry but not make: signed (readable) and sealed (secret).
//!
//! Both are bound to the cookie's name, so that a value moved to another cookie is refused. There
//! is no date in them: a client can bring back an older value of the same cookie.

mod seal;
mod sign;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The keys of one application: the newest protects, all of them are accepted.
///
/// To rotate, make the new secret the newest and keep the last one with
/// [`Keys::and_older`] for as long as its values shall be accepted.
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
    /// The newest comes first.
    keys: Vec<Key>,
}

/// What is derived from one secret, so that no key serves two purposes.
#[derive(Clone)]
struct Key {
    sign: [u8; 32],
    seal: [u8; 32],
}

impl Keys {
    /// Keys made from a secret of at least 32 random octets.
    ///
    /// # Errors
    /// [`ShortSecret`] when it is shorter.
    pub fn new(secret: &[u8]) -> Result<Self, ShortSecret> {
        Ok(Self { keys: vec![Key::derive(secret)?] })
    }

    /// Accepts values protected with an older secret, too.
    ///
    /// # Errors
    /// [`ShortSecret`] when it is shorter than 32 octets.
    pub fn and_older(mut self, secret: &[u8]) -> Result<Self, ShortSecret> {
        self.keys.push(Key::derive(secret)?);
        Ok(self)
    }

    /// The newest key.
    fn newest(&self) -> &Key {
        &self.keys[0]
    }

    /// The first result a key gives, newest key first.
    fn first_to<T>(&self, open: impl Fn(&Key) -> Option<T>) -> Option<(T, bool)> {
        self.keys.iter().enumerate().find_map(|(nth, key)| Some((open(key)?, nth > 0)))
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
}

/// HMAC-SHA-256 over the parts, each with its length before it, so that no two lists of parts are
/// the same input.
fn authenticate(key: &[u8], parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
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

/// A protected value that has been found genuine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genuine {
    /// The value.
    pub value: Vec<u8>,
    /// Was it protected with an older key? Then set the cookie again.
    pub outdated: bool,
}

/// A protected value that was not made with any of the keys for this cookie-name.
///
/// There is nothing more to say: where it went wrong would help only who made it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotGenuine;

impl fmt::Display for NotGenuine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value was not made with any of the keys for this cookie-name")
    }
}

impl std::error::Error for NotGenuine {}

/// The secret is too short to make keys of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortSecret {
    /// Its length.
    pub octets: usize,
}

impl fmt::Display for ShortSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { octets } = self;
        write!(f, "the secret has {octets} octets; give at least {MIN_SECRET_OCTETS} random ones")
    }
}

impl std::error::Error for ShortSecret {}

const MIN_SECRET_OCTETS: usize = 32;
