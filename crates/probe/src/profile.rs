//! Profiles: which texts an application is held to.

use std::fmt;
use std::str::FromStr;

use crate::check::{Check, Level, Text};

/// Whose demands count. What no text of a profile demands is told all the same, and fails nothing.
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
    /// Is the check demanded?
    pub fn demands(self, check: &Check) -> bool {
        let up_to = |text: Text, most: Level| {
            check.sources.iter().any(|source| source.text == text && source.level <= most)
        };
        match self {
            Self::All => true,
            Self::Asvs4(level) => up_to(Text::Asvs4, level),
            Self::Asvs5(level) => up_to(Text::Asvs5, level),
            Self::NistAal(_) => up_to(Text::Nist, Level::Shall),
        }
    }
}

/// The longest a session may last, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Without activity; `None` where nothing is said.
    pub idle: Option<u64>,
    /// In all.
    pub absolute: u64,
}

impl Profile {
    /// How long a session may last (NIST SP 800-63B-4 sections 2.1.3, 2.2.3 and 2.3.3); `None`
    /// where the text leaves it to the application.
    pub fn limits(self) -> Option<Limits> {
        const HOUR: u64 = 3_600;
        match self {
            Self::NistAal(1) => Some(Limits { idle: None, absolute: 30 * 24 * HOUR }),
            Self::NistAal(2) => Some(Limits { idle: Some(HOUR), absolute: 24 * HOUR }),
            Self::NistAal(_) => Some(Limits { idle: Some(HOUR / 4), absolute: 12 * HOUR }),
            _ => None,
        }
    }
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
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::KNOWN.into_iter().find(|profile| profile.to_string() == name).ok_or_else(|| {
            let names = Self::KNOWN.map(|profile| profile.to_string()).join(", ");
            format!("a profile is one of {names}")
        })
    }
}

impl Profile {
    /// Every profile there is.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks;

    #[test]
    fn profiles_are_read_as_they_are_written() {
        for profile in Profile::KNOWN {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        assert!(
            "asvs-6".parse::<Profile>().unwrap_err().contains("asvs-5-l2, asvs-5-l3, nist-aal1")
        );
    }

    #[test]
    fn higher_assurance_means_shorter_sessions() {
        let [one, two, three] = [1, 2, 3].map(|level| Profile::NistAal(level).limits().unwrap());
        assert!(one.absolute > two.absolute && two.absolute > three.absolute);
        assert_eq!((one.idle, two.idle, three.idle), (None, Some(3_600), Some(900)));
        assert_eq!(Profile::All.limits(), None);
    }

    #[test]
    fn texts_clash_where_they_do() {
        let is_demanded = |name: &str, id: &str| {
            let check = checks::all().find(|check| check.id == id).unwrap();
            name.parse::<Profile>().unwrap().demands(check)
        };
        // 128 bits are asked for by ASVS 5 alone, 64 by the older texts.
        assert!(is_demanded("asvs-5", "SM-002") && !is_demanded("asvs-4-l3", "SM-002"));
        assert!(is_demanded("asvs-4", "SM-003") && is_demanded("nist-aal1", "SM-003"));
        assert!(!is_demanded("asvs-5", "SM-019") && is_demanded("asvs-5-l2", "SM-019"));
        assert!(!is_demanded("nist-aal3", "SM-016") && is_demanded("all", "SM-016"));
    }
}
