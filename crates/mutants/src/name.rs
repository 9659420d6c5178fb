//! Names in kebab-case, by which mutants, costs and misbehaviors are printed and parsed.

use std::fmt;

/// Writes the name of a variant in kebab-case: `TrimMissing` as `trim-missing`.
pub(crate) fn write_kebab_case(
    variant: &impl fmt::Debug,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut name = String::new();
    for letter in format!("{variant:?}").chars() {
        let starts_word = letter.is_ascii_uppercase() && !name.is_empty();
        name.extend(starts_word.then_some('-'));
        name.push(letter.to_ascii_lowercase());
    }
    f.pad(&name)
}

/// The variant with this name in kebab-case.
pub(crate) fn find<T: Copy + fmt::Display>(all: &[T], name: &str) -> Result<T, UnknownName> {
    all.iter().copied().find(|variant| variant.to_string() == name).ok_or(UnknownName)
}

/// A string that names no mutant, no cost and no misbehavior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownName;

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "no mutant, cost or misbehavior has this name; `mutant_shim` without a name lists them all",
        )
    }
}

impl std::error::Error for UnknownName {}
