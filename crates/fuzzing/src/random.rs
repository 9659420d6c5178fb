//! Pseudo-random choices, determined by a seed.

use fastrand::Rng;

/// A generator of choices. The same seed gives the same choices on every machine.
#[derive(Clone, Debug)]
pub(crate) struct Random(Rng);

impl Random {
    /// The generator for one round of a stream. Rounds are independent, so that a run can be
    /// resumed at any of them.
    pub(crate) fn of_round(seed: u64, round: u64) -> Self {
        let mut mix = Rng::with_seed(seed);
        let stream = mix.u64(..);
        Self(Rng::with_seed(stream ^ round.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// A number below `bound`.
    ///
    /// # Panics
    /// `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.usize(..bound)
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.i64(least..=most)
    }

    /// Any octet.
    pub(crate) fn octet(&mut self) -> u8 {
        self.0.u8(..)
    }

    /// `true` with a probability of `percent` in a hundred.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.0.u32(..100) < percent
    }

    /// One of the elements.
    ///
    /// # Panics
    /// There is none.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[self.below(among.len())]
    }

    /// An index into `weights`, with a probability proportional to the weight there.
    pub(crate) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if at < *weight {
                return index;
            }
            at -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_is_determined_by_its_seed_and_its_number() {
        let first = |seed, round| Random::of_round(seed, round).below(1 << 30);
        assert_eq!(first(1, 7), first(1, 7));
        assert_ne!(first(1, 7), first(1, 8));
        assert_ne!(first(1, 7), first(2, 7));
    }

    #[test]
    fn weights_are_respected() {
        let mut random = Random::of_round(3, 0);
        let mut hits = [0; 3];
        for _ in 0..3000 {
            hits[random.weighted(&[1, 0, 2])] += 1;
        }
        assert_eq!(hits[1], 0);
        assert!(hits[2] > hits[0], "{hits:?}");
    }
}
