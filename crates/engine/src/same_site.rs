//! The SameSite attribute and the same-site-flag: 6265bis sections 5.6.7 and 5.7.

use crate::octets::is_word;

/// The same-site-flag of a cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameSite {
    /// No SameSite attribute, or one with an unknown value.
    #[default]
    Default,
    /// Sent cross-site.
    None,
    /// Sent cross-site with top-level navigations by a safe method only.
    Lax,
    /// Never sent cross-site.
    Strict,
}

impl SameSite {
    /// The enforcement an attribute value asks for (section 5.6.7).
    pub const fn from_attribute_value(value: &[u8]) -> Self {
        if is_word(value, b"none") {
            Self::None
        } else if is_word(value, b"strict") {
            Self::Strict
        } else if is_word(value, b"lax") {
            Self::Lax
        } else {
            Self::Default
        }
    }

    /// `Strict`, `Lax`, `None` or `Default`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::None => "None",
            Self::Lax => "Lax",
            Self::Strict => "Strict",
        }
    }
}
