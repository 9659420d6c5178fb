//! Verdicts and the levels of checks. `docs/verdicts.md` is the text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How binding a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// An absolute requirement of the specification.
    Must,
    /// A recommendation.
    Should,
    /// An option the specification grants.
    May,
    /// Nothing is required; what the target does is recorded.
    Observe,
}

impl Level {
    /// Every level, most binding first.
    pub const ALL: [Self; 4] = [Self::Must, Self::Should, Self::May, Self::Observe];

    /// The name used in vectors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::May => "may",
            Self::Observe => "observe",
        }
    }

    /// The verdict on a check of this level that was not met.
    pub const fn verdict_when_missed(self) -> Verdict {
        match self {
            Self::Must => Verdict::Fail,
            Self::Should => Verdict::Weak,
            Self::May | Self::Observe => Verdict::Info,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The verdict on a check or a case. Ordered from the best to the worst; the verdict on a case is
/// the worst of its checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The case has no expectation for the chosen profile.
    NotApplicable,
    /// As expected.
    Pass,
    /// A `may` or `observe` check turned out differently. Not a fault.
    Info,
    /// The target lacks the operation or an ability, or is blind to a field that is checked.
    Unsupported,
    /// Something between harness and target, such as an HTTP client library, prevented the case.
    Blocked,
    /// A `should` was missed.
    Weak,
    /// Several runs of the case gave different verdicts.
    Flaky,
    /// The target refused an operation that it lists among its capabilities.
    Refused,
    /// A `must` was missed.
    Fail,
    /// The target failed in a way it does not document as a rejection.
    Error,
    /// No answer within the deadline.
    Hang,
    /// The target died.
    Crash,
    /// The case was not run, because the run of the target was aborted. No result of the target.
    NotRun,
    /// The shim broke the protocol. No result of the target.
    Broken,
}

impl Verdict {
    /// Every verdict, best first.
    pub const ALL: [Self; 14] = [
        Self::NotApplicable,
        Self::Pass,
        Self::Info,
        Self::Unsupported,
        Self::Blocked,
        Self::Weak,
        Self::Flaky,
        Self::Refused,
        Self::Fail,
        Self::Error,
        Self::Hang,
        Self::Crash,
        Self::NotRun,
        Self::Broken,
    ];

    /// The name used in reports and baselines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "n/a",
            Self::Pass => "pass",
            Self::Info => "info",
            Self::Unsupported => "unsupported",
            Self::Blocked => "blocked",
            Self::Weak => "weak",
            Self::Flaky => "flaky",
            Self::Refused => "refused",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Hang => "hang",
            Self::Crash => "crash",
            Self::NotRun => "notrun",
            Self::Broken => "broken",
        }
    }

    /// One character for a matrix of cases and targets. Lower case and punctuation are harmless,
    /// upper case is a failure.
    pub const fn letter(self) -> char {
        match self {
            Self::NotApplicable => '-',
            Self::Pass => '.',
            Self::Info => 'i',
            Self::Unsupported => 'u',
            Self::Blocked => 'b',
            Self::Weak => 'w',
            Self::Flaky => 'Y',
            Self::Refused => 'R',
            Self::Fail => 'F',
            Self::Error => 'E',
            Self::Hang => 'H',
            Self::Crash => 'C',
            Self::NotRun => '?',
            Self::Broken => '!',
        }
    }

    /// Whether this is a failure of the target.
    pub const fn is_failure(self) -> bool {
        matches!(
            self,
            Self::Flaky | Self::Refused | Self::Fail | Self::Error | Self::Hang | Self::Crash
        )
    }

    /// Whether harness or shim failed, so that there is no result of the target.
    pub const fn is_harness_fault(self) -> bool {
        matches!(self, Self::NotRun | Self::Broken)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name).ok_or(UnknownVerdict)
    }
}

impl Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Verdict {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A name that is no verdict's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVerdict;

impl fmt::Display for UnknownVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown verdict; the verdicts are ")?;
        for (at, verdict) in Verdict::ALL.iter().enumerate() {
            write!(f, "{}{verdict}", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownVerdict {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_in_order_and_names_and_letters_are_distinct() {
        assert!(Verdict::ALL.is_sorted_by(|a, b| a < b));
        for (at, verdict) in Verdict::ALL.iter().enumerate() {
            assert_eq!(verdict.name().parse(), Ok(*verdict));
            assert!(Verdict::ALL[..at].iter().all(|other| other.letter() != verdict.letter()));
            assert_eq!(verdict.letter().is_ascii_uppercase(), verdict.is_failure());
        }
        assert_eq!("passed".parse::<Verdict>(), Err(UnknownVerdict));
    }

    #[test]
    fn a_missed_check_weighs_by_its_level() {
        let verdicts = Level::ALL.map(Level::verdict_when_missed);
        assert_eq!(verdicts, [Verdict::Fail, Verdict::Weak, Verdict::Info, Verdict::Info]);
        assert!(!Verdict::Weak.is_failure());
    }
}
