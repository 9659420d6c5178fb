//! Who demands what.

use std::fmt;

/// A text that demands something, the place in it, and how firmly it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The text.
    pub text: Text,
    /// The place in it.
    pub place: &'static str,
    /// How firmly.
    pub level: Level,
}

/// A text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// OWASP ASVS 4.0.3.
    Asvs4,
    /// OWASP ASVS 5.0.0.
    Asvs5,
    /// NIST SP 800-63B-4.
    Nist,
    /// The OWASP Web Security Testing Guide.
    Wstg,
    /// The OWASP Session Management Cheat Sheet.
    CheatSheet,
    /// draft-ietf-httpbis-rfc6265bis.
    Rfc6265bis,
    /// The documentation of Django.
    Django,
    /// A published defect that the rule would have caught.
    Cve,
    /// No authority: our own rule.
    Own,
}

/// How firmly a text demands something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// ASVS level 1.
    L1,
    /// ASVS level 2.
    L2,
    /// ASVS level 3.
    L3,
    /// SHALL or MUST.
    Shall,
    /// SHOULD.
    Should,
    /// It is recommended.
    Recommended,
}

impl Level {
    const fn asvs(level: u8) -> Self {
        match level {
            1 => Self::L1,
            2 => Self::L2,
            _ => Self::L3,
        }
    }
}

/// ASVS 4.0.3, with its level.
pub const fn a4(place: &'static str, level: u8) -> Source {
    Source { text: Text::Asvs4, place, level: Level::asvs(level) }
}

/// ASVS 5.0.0, with its level.
pub const fn a5(place: &'static str, level: u8) -> Source {
    Source { text: Text::Asvs5, place, level: Level::asvs(level) }
}

/// NIST SP 800-63B-4.
pub const fn nist(place: &'static str, level: Level) -> Source {
    Source { text: Text::Nist, place, level }
}

/// The Web Security Testing Guide.
pub const fn wstg(place: &'static str) -> Source {
    Source { text: Text::Wstg, place, level: Level::Recommended }
}

/// The Session Management Cheat Sheet.
pub const fn cs() -> Source {
    Source { text: Text::CheatSheet, place: "", level: Level::Recommended }
}

/// 6265bis.
pub const fn rfc(place: &'static str, level: Level) -> Source {
    Source { text: Text::Rfc6265bis, place, level }
}

/// Django's documentation.
pub const fn dj() -> Source {
    Source { text: Text::Django, place: "", level: Level::Recommended }
}

/// A published defect.
pub const fn cve(place: &'static str) -> Source {
    Source { text: Text::Cve, place, level: Level::Recommended }
}

/// Our own rule.
pub const fn own() -> Source {
    Source { text: Text::Own, place: "", level: Level::Recommended }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, place, level } = self;
        match text {
            Text::Asvs4 => write!(f, "ASVS 4.0.3 {place} {level}"),
            Text::Asvs5 => write!(f, "ASVS 5.0.0 {place} {level}"),
            Text::Nist => write!(f, "NIST SP 800-63B-4 section {place} {level}"),
            Text::Wstg => write!(f, "WSTG-SESS-{place}"),
            Text::CheatSheet => f.write_str("OWASP Session Management Cheat Sheet"),
            Text::Rfc6265bis => write!(f, "6265bis section {place} {level}"),
            Text::Django => f.write_str("Django documentation"),
            Text::Cve => write!(f, "CVE-{place}"),
            Text::Own => f.write_str("own rule"),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::L1 => "L1",
            Self::L2 => "L2",
            Self::L3 => "L3",
            Self::Shall => "SHALL",
            Self::Should => "SHOULD",
            Self::Recommended => "recommended",
        })
    }
}
