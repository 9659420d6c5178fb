//! Troubles of the process rather than of its answers: memory that is kept, and loops without end.

use std::fmt;
use std::str::FromStr;

use cookiespec_vectors::Octets;

use crate::fault::{UnknownFault, write_kebab_case};

/// What a process does beside its right answers, for whoever watches processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// Every set-cookie-string is kept for ever, in a buffer far too large for it.
    KeepsEveryInput,
    /// The last hundred are kept.
    KeepsRecentInputs,
    /// A set-cookie-string that ends in a backslash is never answered: an escape without an end.
    LoopsForEver,
}

impl Trouble {
    /// Every trouble.
    pub const ALL: &[Self] = &[Self::KeepsEveryInput, Self::KeepsRecentInputs, Self::LoopsForEver];

    /// Does what must be reported happen? Keeping a little is no harm.
    pub const fn is_harmful(self) -> bool {
        !matches!(self, Self::KeepsRecentInputs)
    }
}

/// The name in kebab-case.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_kebab_case(&format!("{self:?}"), f)
    }
}

impl FromStr for Trouble {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().copied().find(|trouble| trouble.to_string() == name);
        found.ok_or(UnknownFault)
    }
}

/// A trouble, and what it has kept so far.
#[derive(Clone, Debug)]
pub(crate) struct Troubled {
    pub(crate) trouble: Trouble,
    kept: Vec<Vec<u8>>,
}

impl Troubled {
    pub(crate) fn new(trouble: Trouble) -> Self {
        Self { trouble, kept: Vec::new() }
    }

    /// An input came.
    pub(crate) fn meet(&mut self, input: &Octets) {
        match self.trouble {
            Trouble::KeepsEveryInput => self.keep(input),
            Trouble::KeepsRecentInputs => {
                if self.kept.len() >= RECENT {
                    self.kept.remove(0);
                }
                self.keep(input);
            }
            Trouble::LoopsForEver => {
                while input.as_slice().ends_with(b"\\") {
                    std::thread::park();
                }
            }
        }
    }

    fn keep(&mut self, input: &Octets) {
        // Not zero: memory that was never written to is none yet.
        let mut buffer = vec![1; BUFFER];
        let length = input.as_slice().len().min(BUFFER);
        buffer[..length].copy_from_slice(&input.as_slice()[..length]);
        self.kept.push(buffer);
    }
}

/// How many inputs are recent.
const RECENT: usize = 100;
/// How large a buffer is, in octets.
const BUFFER: usize = 64 << 10;
