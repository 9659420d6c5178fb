//! A check as data: the statement, the texts that require it, and what it needs.

use std::fmt;

use crate::descriptor::Descriptor;

/// A statement about an application. [`checks::table`](crate::checks::table) has the function that
/// decides it.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// The identifier, such as `SM-001`.
    pub id: &'static str,
    /// The statement that must hold.
    pub title: &'static str,
    /// The texts that require it.
    pub sources: &'static [Source],
    /// What the descriptor has to declare.
    pub needs: &'static [Need],
}

/// A key that a check needs and a descriptor may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A second account.
    SecondAccount,
    /// `public`.
    Public,
    /// `error`.
    Error,
    /// `state`.
    State,
    /// `csrf`.
    Csrf,
    /// `[process]`.
    Process,
    /// `[https]`, or an origin that is https.
    Https,
    /// `ops.change_password`.
    ChangePassword,
    /// `ops.step_up`.
    StepUp,
    /// `ops.logout_all`.
    LogoutAll,
    /// `ops.disable_user`, and `ops.enable_user` to undo it.
    DisableUser,
    /// `[second]`.
    Second,
    /// `second.store.size`.
    StoreSize,
    /// `second.store.stop` and `second.store.start`.
    StoreStop,
    /// `[hold]`.
    Hold,
    /// `policy.idle`.
    Idle,
    /// `policy.absolute`.
    Absolute,
}

impl Need {
    /// The key of the descriptor, as it is shown to users.
    pub const fn key(self) -> &'static str {
        match self {
            Self::SecondAccount => "a second entry in `accounts`",
            Self::Public => "`public`",
            Self::Error => "`error`",
            Self::State => "`state`",
            Self::Csrf => "`csrf`",
            Self::Process => "`[process]`",
            Self::Https => "`[https]`",
            Self::ChangePassword => "`ops.change_password`",
            Self::StepUp => "`ops.step_up`",
            Self::LogoutAll => "`ops.logout_all`",
            Self::DisableUser => "`ops.disable_user` and `ops.enable_user`",
            Self::Second => "`[second]`",
            Self::StoreSize => "`second.store.size`",
            Self::StoreStop => "`second.store.stop` and `second.store.start`",
            Self::Hold => "`[hold]`",
            Self::Idle => "`policy.idle`",
            Self::Absolute => "`policy.absolute`",
        }
    }

    /// Whether the descriptor has the key.
    pub fn is_met(self, descriptor: &Descriptor) -> bool {
        let store = descriptor.second.as_ref().and_then(|second| second.store.as_ref());
        match self {
            Self::SecondAccount => descriptor.accounts.len() > 1,
            Self::Public => descriptor.public.is_some(),
            Self::Error => descriptor.error.is_some(),
            Self::State => descriptor.state.is_some(),
            Self::Csrf => descriptor.csrf.is_some(),
            Self::Process => descriptor.process.is_some(),
            Self::Https => descriptor.https.is_some() || descriptor.origin.starts_with("https://"),
            Self::ChangePassword => descriptor.ops.change_password.is_some(),
            Self::StepUp => descriptor.ops.step_up.is_some(),
            Self::LogoutAll => descriptor.ops.logout_all.is_some(),
            Self::DisableUser => {
                descriptor.ops.disable_user.is_some() && descriptor.ops.enable_user.is_some()
            }
            Self::Second => descriptor.second.is_some(),
            Self::StoreSize => store.is_some_and(|store| store.size.is_some()),
            Self::StoreStop => {
                store.is_some_and(|store| store.stop.is_some() && store.start.is_some())
            }
            Self::Hold => descriptor.hold.is_some(),
            Self::Idle => descriptor.policy.idle.is_some(),
            Self::Absolute => descriptor.policy.absolute.is_some(),
        }
    }
}

/// A requirement: the text, the section in it, and its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The text.
    pub text: Text,
    /// The section or the number of the requirement.
    pub place: &'static str,
    /// The level of the requirement.
    pub level: Level,
}

/// A text that has requirements.
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
    /// A published vulnerability that the rule would have found.
    Cve,
    /// No text: a rule of this project.
    Own,
}

/// The level of a requirement.
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
    /// Recommended.
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

/// A published vulnerability.
pub const fn cve(place: &'static str) -> Source {
    Source { text: Text::Cve, place, level: Level::Recommended }
}

/// A rule of this project.
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
