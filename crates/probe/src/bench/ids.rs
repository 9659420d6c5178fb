//! Many identifiers, made one after the other.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::Bench;
use crate::browser::{Browser, Pairs};
use crate::transcript::Exchange;
use crate::trouble::Trouble;

/// How many identifiers are collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSize {
    /// The most identifiers.
    pub count: usize,
    /// The most time it may take; an application with a slow password hash gives fewer.
    pub time: Duration,
}

impl Default for SampleSize {
    /// A thousand, or eight seconds.
    fn default() -> Self {
        Self { count: 1_000, time: Duration::from_secs(8) }
    }
}

/// Identifiers of sessions, in the order in which they were made.
#[derive(Clone, Debug)]
pub struct Ids {
    /// The identifiers.
    pub values: Vec<Vec<u8>>,
    exchanges: Vec<Exchange>,
}

impl Bench {
    /// Identifiers of as many logins as [`SampleSize`] allows, and a few at least. They are
    /// collected once; later checks get the same.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn ids(&self) -> Result<Ids, Trouble> {
        let mut kept = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ids) = &*kept {
            let mut transcript =
                self.shared.transcript.lock().unwrap_or_else(PoisonError::into_inner);
            ids.exchanges.iter().cloned().for_each(|exchange| transcript.push(exchange));
            return Ok(ids.clone());
        }
        let start = Instant::now();
        let mut values = Vec::new();
        while values.len() < self.size.count
            && (values.len() < FEWEST || start.elapsed() < self.size.time)
        {
            values.push(self.id(&self.logged_in(0)?));
        }
        let exchanges = {
            let mut transcript =
                self.shared.transcript.lock().unwrap_or_else(PoisonError::into_inner);
            let (exchanges, _) = transcript.take();
            exchanges.iter().cloned().for_each(|exchange| transcript.push(exchange));
            exchanges
        };
        let ids = Ids { values, exchanges };
        *kept = Some(ids.clone());
        Ok(ids)
    }
}

impl Bench {
    /// The session cookies of a browser with values that were never issued: as long, and made of
    /// the same symbols in the same places.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn made_up(&self, browser: &Browser) -> Result<Pairs, Trouble> {
        let ids = self.ids()?.values;
        let issued = self.session(browser);
        let mut pairs = issued.clone();
        for (at, octet) in pairs.iter_mut().flat_map(|(_, value)| value).enumerate() {
            let symbols: Vec<_> = ids.iter().filter_map(|id| id.get(at).copied()).collect();
            *octet = fastrand::choice(symbols).unwrap_or(*octet);
        }
        if pairs == issued {
            // Where every identifier is the same, no other can be made after their pattern.
            pairs.iter_mut().flat_map(|(_, value)| value).for_each(|octet| {
                *octet = u8::try_from(fastrand::alphanumeric()).unwrap_or(b'x');
            });
        }
        Ok(pairs)
    }
}

impl Ids {
    /// What is known of every position of an identifier, counted in octets.
    pub fn positions(&self) -> Vec<Position> {
        let shortest = self.values.iter().map(Vec::len).min().unwrap_or(0);
        let columns: Vec<Vec<u8>> =
            (0..shortest).map(|at| self.values.iter().map(|value| value[at]).collect()).collect();
        let varying = columns.iter().filter(|column| is_varying(column));
        let alphabet: HashSet<u8> = varying.flatten().copied().collect();
        columns.iter().map(|column| Position::new(column, alphabet.len())).collect()
    }
}

/// One position of an identifier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// The most bits it can carry, by the symbols that stand there.
    pub bits: f64,
    /// How often it is the same as in the identifier before, in standard deviations above chance.
    pub inertia: f64,
}

impl Position {
    fn new(column: &[u8], alphabet: usize) -> Self {
        let count = column.len() as f64;
        let seen: HashSet<u8> = column.iter().copied().collect();
        let (alphabet, symbols) = (alphabet as f64, seen.len() as f64);
        // Of an alphabet, so many symbols show up by chance in so many draws.
        let expected = alphabet * (1.0 - (1.0 - 1.0 / alphabet).powf(count));
        let is_whole = symbols > 1.0 && symbols >= 0.7 * expected;
        let bits = if is_whole { alphabet.log2() } else { symbols.log2() };
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

/// The fewest identifiers that anything can be said of.
const FEWEST: usize = 40;

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
