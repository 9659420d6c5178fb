//! The sources of the shims, so that a binary can carry them wherever it runs.
//!
//! `cookiespec-runner` finds and starts them; this crate only holds their text and the place of the
//! checkout they were read from.

use std::path::PathBuf;

/// Every embedded file: its path inside the folder of shims, with `/` as separator, and its text.
pub const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The folder this crate was built in. While it exists, the shims in it are the ones to run, because
/// package managers put libraries beside them (`.venv`, `node_modules`).
pub const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// The folder whose shims are the ones to run, while it exists: [`FOLDER`].
#[cfg(not(feature = "injection"))]
pub fn folder() -> PathBuf {
    PathBuf::from(FOLDER)
}

/// The folder whose shims are the ones to run, while it exists: the one that the variable
/// `COOKIESPEC_SHIMS` of the environment names, or else [`FOLDER`].
#[cfg(feature = "injection")]
pub fn folder() -> PathBuf {
    std::env::var_os("COOKIESPEC_SHIMS").map_or_else(|| PathBuf::from(FOLDER), PathBuf::from)
}
