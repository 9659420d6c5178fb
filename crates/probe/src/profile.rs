//! Profiles: the texts whose requirements decide the exit code.

use std::fmt;
use std::str::FromStr;

use crate::check::{Check, Level, Text};

/// The text whose requirements an application has to meet. Checks that the text does not require
/// are run and reported as well, but do not fail the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Every statement.
    #[default]
    All,
    /// OWASP ASVS 4.0.3 up to a level.
    Asvs4(Level),
    /// OWASP ASVS 5.0.0 up to a level.
    Asvs5(Level),
    /// NIST SP 800-63B-4 at an authenticator assurance level: 1, 2 or 3.
    NistAal(u8),
}

impl Profile {
    /// Whether the text requires the check.
    pub fn requires(self, check: &Check) -> bool {
        let up_to = |text: Text, highest: Level| {
            check.sources.iter().any(|source| source.text == text && source.level <= highest)
        };
        match self {
            Self::All => true,
            Self::Asvs4(level) => up_to(Text::Asvs4, level),
            Self::Asvs5(level) => up_to(Text::Asvs5, level),
            Self::NistAal(_) => up_to(Text::Nist, Level::Shall),
        }
    }

    /// How long a session may last (NIST SP 800-63B-4 sections 2.1.3, 2.2.3 and 2.3.3); `None` if
    /// the text leaves it to the application.
    pub fn limits(self) -> Option<Limits> {
        const HOUR: u64 = 3_600;
        match self {
            Self::NistAal(1) => Some(Limits { idle: None, absolute: 30 * 24 * HOUR }),
            Self::NistAal(2) => Some(Limits { idle: Some(HOUR), absolute: 24 * HOUR }),
            Self::NistAal(_) => Some(Limits { idle: Some(HOUR / 4), absolute: 12 * HOUR }),
            _ => None,
        }
    }

    /// All profiles.
    pub const KNOWN: [Self; 10] = [
        Self::All,
        Self::Asvs4(Level::L1),
        Self::Asvs4(Level::L2),
        Self::Asvs4(Level::L3),
        Self::Asvs5(Level::L1),
        Self::Asvs5(Level::L2),
        Self::Asvs5(Level::L3),
        Self::NistAal(1),
        Self::NistAal(2),
        Self::NistAal(3),
    ];
}

/// The longest that a session may last, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Without activity; `None` if the text has no such limit.
    pub idle: Option<u64>,
    /// From login, whatever the activity.
    pub absolute: u64,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asvs = |f: &mut fmt::Formatter<'_>, version, level: &Level| match level {
            Level::L1 => write!(f, "asvs-{version}"),
            level => write!(f, "asvs-{version}-{}", level.to_string().to_lowercase()),
        };
        match self {
            Self::All => f.write_str("all"),
            Self::Asvs4(level) => asvs(f, 4, level),
            Self::Asvs5(level) => asvs(f, 5, level),
            Self::NistAal(level) => write!(f, "nist-aal{level}"),
        }
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        let mut known = Self::KNOWN.into_iter();
        known.find(|profile| profile.to_string() == name).ok_or(UnknownProfile)
    }
}

/// The text is not the name of a [`Profile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a profile is one of {}", Profile::KNOWN.map(|profile| profile.to_string()).join(", "))]
pub struct UnknownProfile;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_read_as_they_are_written() {
        for profile in Profile::KNOWN {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        let error = "asvs-6".parse::<Profile>().unwrap_err().to_string();
        assert!(error.contains("asvs-5-l2, asvs-5-l3, nist-aal1"));
    }

    #[test]
    fn higher_assurance_means_shorter_sessions() {
        let [one, two, three] = [1, 2, 3].map(|level| Profile::NistAal(level).limits().unwrap());
        assert!(one.absolute > two.absolute && two.absolute > three.absolute);
        assert_eq!((one.idle, two.idle, three.idle), (None, Some(3_600), Some(900)));
        assert_eq!(Profile::All.limits(), None);
    }
}
