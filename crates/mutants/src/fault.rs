//! What can be known about a fault: its name, what is wrong, where, and the case meant for it.

use std::fmt;
use std::str::FromStr;

use cookiespec_vectors::Profile;

pub(crate) use crate::list::Fault;

/// Makes the enumeration of the faults from the table of them.
macro_rules! faults {
    (=> $($fault:ident, $profiles:ident, $case:literal, $about:literal;)*) => {
        /// A way to be wrong about cookies that a programmer can be proud of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = $about] $fault,)*
        }

        impl Fault {
            /// Every fault, in the order of the algorithms.
            pub const ALL: &[Self] = &[$(Self::$fault),*];

            /// What is wrong, in one sentence, and who did it where that is known.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$fault => $about,)*
                }
            }

            /// The id of the case that is meant for it.
            pub const fn case(self) -> &'static str {
                match self {
                    $(Self::$fault => $case,)*
                }
            }

            /// The profiles under which it is a fault.
            pub const fn profiles(self) -> &'static [cookiespec_vectors::Profile] {
                match self {
                    $(Self::$fault => $crate::fault::$profiles,)*
                }
            }

            pub(crate) const fn camel_case(self) -> &'static str {
                match self {
                    $(Self::$fault => stringify!($fault),)*
                }
            }
        }
    };
}
pub(crate) use faults;

/// A fault under every profile.
pub(crate) const BOTH: &[Profile] = &Profile::ALL;
/// A fault where RFC 6265 is followed.
pub(crate) const OLD: &[Profile] = &[Profile::Rfc6265];
/// A fault where 6265bis is followed.
pub(crate) const BIS: &[Profile] = &[Profile::Rfc6265bis];

/// The name in kebab-case.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_kebab_case(self.camel_case(), f)
    }
}

pub(crate) fn write_kebab_case(camel_case: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut name = String::new();
    for letter in camel_case.chars() {
        let starts_word = letter.is_ascii_uppercase() && !name.is_empty();
        name.extend(starts_word.then_some('-'));
        name.push(letter.to_ascii_lowercase());
    }
    f.pad(&name)
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|fault| fault.to_string() == name).ok_or(UnknownFault)
    }
}

/// A name that is no fault's, no cost's and no trouble's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFault;

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown fault; `wrong_shim` without a name lists them all")
    }
}

impl std::error::Error for UnknownFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        for fault in Fault::ALL {
            assert_eq!(fault.to_string().parse(), Ok(*fault));
        }
        assert_eq!(Fault::TrimMissing.to_string(), "trim-missing");
        assert_eq!("trim".parse::<Fault>(), Err(UnknownFault));
    }
}
