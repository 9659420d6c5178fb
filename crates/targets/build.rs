//! Passes the version of every crate under test to this crate, so that a verdict names what was
//! tested.
//!
//! The manifest requires each of them in exactly one version; `VERSION_<package>` is set to it.

use std::path::Path;
use std::{env, fs};

use toml::{Table, Value};

fn main() -> Result<(), String> {
    let manifest = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?)
        .join("Cargo.toml");
    println!("cargo::rerun-if-changed={}", manifest.display());

    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", manifest.display());
    let text = fs::read_to_string(&manifest).map_err(|error| at(&error))?;
    let table: Table = text.parse().map_err(|error| at(&error))?;
    let dependencies = table.get("dependencies").and_then(Value::as_table);
    for (name, dependency) in dependencies.into_iter().flatten() {
        // "=1.2.3", or a table with such a `version`.
        let version = dependency.as_str().or_else(|| dependency.get("version")?.as_str());
        if let Some(exact) = version.and_then(|version| version.strip_prefix('=')) {
            println!("cargo::rustc-env=VERSION_{name}={exact}");
        }
    }
    Ok(())
}
