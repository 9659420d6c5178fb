//! The description of a published crate: version, operations and abilities.

use cookiespec_vectors::implementation::ImplementationInfo;

/// The version of a direct dependency, as the manifest demands it.
macro_rules! version {
    ($package:literal) => {
        env!(concat!("VERSION_", $package))
    };
}
pub(crate) use version;

/// A crate on crates.io, as [`ImplementationInfo`] in constants.
pub(crate) struct Published {
    /// The name of the package.
    pub(crate) package: &'static str,
    /// Its version; see [`version!`].
    pub(crate) version: &'static str,
    /// Operations and abilities.
    pub(crate) can: &'static [&'static str],
    /// Fields that cannot be observed.
    pub(crate) blind: &'static [&'static str],
    /// The profile its documentation names, if it names one.
    pub(crate) claims: Option<&'static str>,
    /// Remarks for readers of its results.
    pub(crate) notes: &'static str,
}

impl Published {
    /// The same as owned values.
    pub(crate) fn about(&self) -> ImplementationInfo {
        let owned = |words: &[&str]| words.iter().copied().map(str::to_owned).collect();
        ImplementationInfo {
            name: self.package.to_owned(),
            version: self.version.to_owned(),
            language: "rust".to_owned(),
            source: format!("https://crates.io/crates/{}", self.package),
            can: owned(self.can),
            blind: owned(self.blind),
            claims: self.claims.map(str::to_owned),
            notes: self.notes.to_owned(),
        }
    }
}
