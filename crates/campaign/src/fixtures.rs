//! What several kinds start from.

use std::env;
use std::path::PathBuf;

/// A vector file with four cases. On the second one the bad shims misbehave.
pub(crate) const FAULT: &str = include_str!("../vectors/fault.json");

/// The shim that misbehaves, which is built beside this program; a test is one folder below.
pub(crate) fn bad_shim() -> Option<PathBuf> {
    let this = env::current_exe().ok()?;
    let folders = this.ancestors().skip(1).take(2);
    let name = format!("campaign-shim{}", env::consts::EXE_SUFFIX);
    folders.map(|folder| folder.join(&name)).find(|file| file.is_file())
}
