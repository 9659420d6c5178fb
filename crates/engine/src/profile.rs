//! Which specification decides.

use core::fmt;
use core::str::FromStr;

/// A text to be followed. Everything the two texts do not share is switched by this value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// RFC 6265 (April 2011) with its verified errata.
    Rfc6265,
    /// draft-ietf-httpbis-rfc6265bis-22, the successor.
    Rfc6265bis,
}

impl Profile {
    /// Every profile, oldest first.
    pub const ALL: [Self; 2] = [Self::Rfc6265, Self::Rfc6265bis];

    /// The name used in vectors, on the command line and in [`FromStr`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc6265 => "rfc6265",
            Self::Rfc6265bis => "rfc6265bis",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|profile| profile.name() == name).ok_or(UnknownProfile)
    }
}

/// A name that is no profile's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown profile; the profiles are rfc6265 and rfc6265bis")
    }
}

impl core::error::Error for UnknownProfile {}
