//! A check: what it decides, on whose authority, and what it needs.

mod source;

use crate::bench::Bench;
use crate::descriptor::Descriptor;
use crate::verdict::Checked;

pub use self::source::{Level, Source, Text, a4, a5, cs, cve, dj, nist, own, rfc, wstg};

/// One statement about an application and how it is decided.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// `SM-001`.
    pub id: &'static str,
    /// The statement that must hold.
    pub title: &'static str,
    /// Who demands it.
    pub sources: &'static [Source],
    /// What the descriptor has to say.
    pub needs: &'static [Need],
    /// Decides it.
    pub run: fn(&Bench) -> Checked,
}

/// Something that not every descriptor says.
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
    /// The key of the descriptor that fills it.
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

    /// Does the descriptor fill it?
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
