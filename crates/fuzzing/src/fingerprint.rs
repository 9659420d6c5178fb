//! A 64-bit hash that is the same in every release and on every platform.
//!
//! Finding ids and the random stream of a shard are made of it, so neither the function nor the
//! encoding may change. The function is SipHash-1-3 with a zero key. The encoding is prefix-free:
//!
//! | value | octets |
//! |---|---|
//! | number | eight, little-endian |
//! | text | its UTF-8, then `0xff` |
//! | list | its length as a number, then its elements |

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// A hash under construction: values are added in order, then [`Fingerprint::finish`] gives it.
#[derive(Clone, Debug)]
pub(crate) struct Fingerprint(SipHasher13);

impl Fingerprint {
    /// The fingerprint of nothing so far.
    pub(crate) fn new() -> Self {
        Self(SipHasher13::new())
    }

    /// Adds a number.
    pub(crate) fn number(mut self, number: u64) -> Self {
        self.0.write(&number.to_le_bytes());
        self
    }

    /// Adds a text.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.write(text.as_bytes());
        self.0.write(&[0xff]);
        self
    }

    /// Adds a list, each element by `add`.
    pub(crate) fn list<T>(
        self,
        elements: impl ExactSizeIterator<Item = T>,
        add: impl FnMut(Self, T) -> Self,
    ) -> Self {
        let with_length = self.number(elements.len() as u64);
        elements.fold(with_length, add)
    }

    /// The hash of everything added.
    pub(crate) fn finish(self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_specified() {
        assert_eq!(Fingerprint::new().finish(), 0xd1fb_a762_150c_532c);
        let mixed = Fingerprint::new()
            .number(7)
            .text("a")
            .list([1_u64, 2].iter(), |hash, one| hash.number(*one));
        assert_eq!(mixed.finish(), 0x286d_ff0f_c53c_49dc);
    }

    #[test]
    fn adjacent_texts_do_not_run_together() {
        let of = |one: &str, other: &str| Fingerprint::new().text(one).text(other).finish();
        assert_ne!(of("ab", "c"), of("a", "bc"));
    }
}
