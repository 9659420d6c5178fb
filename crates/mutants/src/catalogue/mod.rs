//! The catalogue: for each area of the specifications one flat table of the mutants in it, and the
//! lists of what gives right answers and still does harm ([`Cost`], [`Misbehavior`]).

mod attributes;
mod broken_rules;
mod cookie_field;
mod costs;
mod date;
mod format;
mod hosts;
mod lifetime;
mod line;
mod misbehaviors;
mod paths;
mod replacing;
mod sending;
mod storing;

use std::fmt;
use std::str::FromStr;

use cookiespec_vectors::Profile;

use crate::mutant::Mutant;
use crate::name::{UnknownName, find, write_kebab_case};

pub use broken_rules::{Place, Rule};
pub use costs::{Cost, Growth};
pub use misbehaviors::Misbehavior;

/// All tables.
const TABLES: &[&[Entry]] = &[
    line::TABLE,
    attributes::TABLE,
    lifetime::TABLE,
    date::TABLE,
    paths::TABLE,
    hosts::TABLE,
    storing::TABLE,
    replacing::TABLE,
    sending::TABLE,
    cookie_field::TABLE,
    format::TABLE,
];

/// A row of a table.
struct Entry {
    mutant: Mutant,
    profiles: &'static [Profile],
    case: &'static str,
    description: &'static str,
}

const fn entry(
    mutant: Mutant,
    profiles: &'static [Profile],
    case: &'static str,
    description: &'static str,
) -> Entry {
    Entry { mutant, profiles, case, description }
}

/// A mutant is wrong under both profiles.
const BOTH: &[Profile] = &Profile::ALL;
/// A mutant is wrong under RFC 6265 only: under 6265bis it breaks no rule, or changes nothing.
const RFC6265: &[Profile] = &[Profile::Rfc6265];
/// A mutant is wrong under 6265bis only.
const RFC6265BIS: &[Profile] = &[Profile::Rfc6265bis];

impl Mutant {
    /// Every mutant, in the order of the algorithms.
    pub const ALL: &[Self] = &{
        let mut all = [Self::TrimMissing; COUNT];
        let mut index = 0;
        while index < COUNT {
            all[index] = ENTRIES[index].mutant;
            index += 1;
        }
        all
    };

    /// What it does wrong in one sentence, and which software does the same where that is known.
    pub const fn description(self) -> &'static str {
        ENTRIES[self as usize].description
    }

    /// The id of the case that is meant to catch it.
    pub const fn case(self) -> &'static str {
        ENTRIES[self as usize].case
    }

    /// The profiles under which it is wrong.
    pub const fn profiles(self) -> &'static [Profile] {
        ENTRIES[self as usize].profiles
    }
}

/// The name in kebab-case.
impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_kebab_case(self, f)
    }
}

impl FromStr for Mutant {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        find(Self::ALL, name)
    }
}

/// How many mutants there are.
const COUNT: usize = {
    let mut count = 0;
    let mut table = 0;
    while table < TABLES.len() {
        count += TABLES[table].len();
        table += 1;
    }
    count
};

/// The row of each mutant, at the index of the mutant. Two rows of one mutant, or none of a mutant
/// that is not the last, do not compile.
static ENTRIES: [&Entry; COUNT] = {
    let mut entries = [&TABLES[0][0]; COUNT];
    let mut has_entry = [false; COUNT];
    let mut table = 0;
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            let entry = &TABLES[table][row];
            let index = entry.mutant as usize;
            assert!(!has_entry[index], "a mutant has two rows");
            has_entry[index] = true;
            entries[index] = entry;
            row += 1;
        }
        table += 1;
    }
    entries
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        for mutant in Mutant::ALL {
            assert_eq!(mutant.to_string().parse(), Ok(*mutant));
        }
        assert_eq!(Mutant::TrimMissing.to_string(), "trim-missing");
        assert_eq!("trim".parse::<Mutant>(), Err(UnknownName));
    }
}
