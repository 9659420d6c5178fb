//! Statistics over many identifiers.

use std::collections::HashSet;

use crate::transcript::Exchange;

/// The identifiers of sessions, in the order in which they were issued.
#[derive(Clone, Debug)]
pub struct Ids {
    /// The identifiers.
    pub values: Vec<Vec<u8>>,
    /// The first and the last requests of the logins.
    pub(super) exchanges: Vec<Exchange>,
}

impl Ids {
    /// The statistics of each octet position.
    pub fn positions(&self) -> Vec<Position> {
        let shortest = self.values.iter().map(Vec::len).min().unwrap_or(0);
        let columns: Vec<Vec<u8>> =
            (0..shortest).map(|at| self.values.iter().map(|value| value[at]).collect()).collect();
        let varying = columns.iter().filter(|column| is_varying(column));
        let alphabet: HashSet<u8> = varying.flatten().copied().collect();
        columns.iter().map(|column| Position::new(column, alphabet.len())).collect()
    }
}

/// The statistics of one octet position of an identifier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// The most bits that the position can carry, by the symbols that occur there.
    pub bits: f64,
    /// How often the symbol is that of the identifier before, in standard deviations above chance.
    pub inertia: f64,
}

impl Position {
    fn new(column: &[u8], alphabet: usize) -> Self {
        let count = column.len() as f64;
        let seen: HashSet<u8> = column.iter().copied().collect();
        let (alphabet, symbols) = (alphabet as f64, seen.len() as f64);
        // The expected number of different symbols in `count` draws from the alphabet.
        let expected = alphabet * (1.0 - (1.0 - 1.0 / alphabet).powf(count));
        let is_complete = symbols > 1.0 && symbols >= 0.7 * expected;
        let bits = if is_complete { alphabet.log2() } else { symbols.log2() };
        Self { bits, inertia: inertia(column, &seen) }
    }
}

fn inertia(column: &[u8], seen: &HashSet<u8>) -> f64 {
    let count = column.len() as f64;
    let share = |symbol: &u8| {
        let times = column.iter().filter(|octet| *octet == symbol).count() as f64;
        (times / count).powi(2)
    };
    let chance: f64 = seen.iter().map(share).sum();
    let pairs = count - 1.0;
    let same = column.windows(2).filter(|pair| pair[0] == pair[1]).count() as f64;
    let deviation = (pairs * chance * (1.0 - chance)).sqrt();
    if deviation > 0.0 { (same - pairs * chance) / deviation } else { 0.0 }
}

fn is_varying(column: &[u8]) -> bool {
    column.windows(2).any(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(values: Vec<String>) -> Ids {
        let values = values.into_iter().map(String::into_bytes).collect();
        Ids { values, exchanges: Vec::new() }
    }

    fn bits(ids: &Ids) -> f64 {
        ids.positions().iter().map(|position| position.bits).sum()
    }

    #[test]
    fn random_hexadecimal_digits_carry_four_bits_each() {
        let mut random = fastrand::Rng::with_seed(7);
        let random = ids((0..500).map(|_| format!("{:032x}", random.u128(..))).collect());
        assert!((bits(&random) - 128.0).abs() < 0.01);
        assert!(random.positions().iter().all(|position| position.inertia < 5.0));
    }

    #[test]
    fn a_count_carries_few_bits_and_moves_slowly() {
        let counted = ids((0..500).map(|count| format!("id{count:020}")).collect());
        assert!(bits(&counted) < 15.0);
        let slow = counted.positions().iter().filter(|it| it.inertia > 10.0).count();
        assert_eq!(slow, 2);
    }
}
