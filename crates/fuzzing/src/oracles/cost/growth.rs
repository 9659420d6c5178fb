//! The measured growth of processor time with the length of an input.

use cookiespec_vectors::Octets;
use serde::{Deserialize, Serialize};

/// How processor time grows with the length of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Growth {
    /// The exponent: 1 is linear, 2 quadratic.
    pub exponent: f64,
    /// What is repeated. A "#" in it may stand for the number of the repetition.
    pub unit: Octets,
    /// The octets before the repetitions.
    pub prefix: Octets,
    /// The octets after the repetitions.
    pub suffix: Octets,
    /// The numbers of repetitions that were measured.
    pub repetitions: Vec<usize>,
    /// The processor time of each, in microseconds.
    pub micros: Vec<u64>,
}

impl Growth {
    /// The growth in words that do not depend on the noise of a measurement. They are part of
    /// finding ids.
    pub(crate) fn describe(&self) -> String {
        match self.exponent {
            exponent if exponent < EXPLOSIVE => format!("grows by the power of {exponent:.0}"),
            _ => format!("grows by a power of more than {EXPLOSIVE:.0}, or exponentially"),
        }
    }
}

/// Exponents from here on are not distinguished from exponential growth.
const EXPLOSIVE: f64 = 4.5;
