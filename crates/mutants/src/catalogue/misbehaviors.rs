//! Right answers from a process that misbehaves: memory that is kept, and loops without end.

use std::fmt;
use std::str::FromStr;

use crate::name::{UnknownName, find, write_kebab_case};

/// What a process does beside giving right answers. It is there for oracles that watch processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Misbehavior {
    /// Every set-cookie-string is kept for ever, in a buffer far too large for it.
    KeepsEveryInput,
    /// The last hundred set-cookie-strings are kept, as by a bounded cache.
    KeepsRecentInputs,
    /// A set-cookie-string that ends in a backslash is never answered: an escape without an end.
    LoopsForEver,
}

impl Misbehavior {
    /// Every misbehavior.
    pub const ALL: &[Self] = &[Self::KeepsEveryInput, Self::KeepsRecentInputs, Self::LoopsForEver];

    /// Whether an oracle must report it. A bounded cache does no harm.
    pub const fn is_harmful(self) -> bool {
        !matches!(self, Self::KeepsRecentInputs)
    }
}

/// The name in kebab-case.
impl fmt::Display for Misbehavior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_kebab_case(self, f)
    }
}

impl FromStr for Misbehavior {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        find(Self::ALL, name)
    }
}
