//! Passes the version of every dependency to the crate, so that a verdict names what was tested.
//!
//! The lock file is the only place that knows: `VERSION_<package>` is set for each package that
//! `cookiespec-targets` depends on.

use std::path::Path;
use std::{env, fs};

use toml::{Table, Value};

fn main() -> Result<(), String> {
    let lock = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?)
        .join("../../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());

    let text = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let table: Table = text.parse().map_err(|error| format!("{}: {error}", lock.display()))?;
    let packages = list(&table, "package");
    let ours = packages
        .iter()
        .filter_map(Value::as_table)
        .find(|package| string(package, "name") == "cookiespec-targets")
        .ok_or_else(|| format!("{}: no package cookiespec-targets", lock.display()))?;

    for dependency in list(ours, "dependencies").iter().filter_map(Value::as_str) {
        // "name", or "name version" where the lock file holds more than one version.
        let (name, version) = match dependency.split_once(' ') {
            Some(both) => both,
            None => (dependency, only_version(packages, dependency)),
        };
        println!("cargo::rustc-env=VERSION_{name}={version}");
    }
    Ok(())
}

fn only_version<'lock>(packages: &'lock [Value], name: &str) -> &'lock str {
    packages
        .iter()
        .filter_map(Value::as_table)
        .find(|package| string(package, "name") == name)
        .map_or("", |package| string(package, "version"))
}

fn list<'lock>(table: &'lock Table, key: &str) -> &'lock [Value] {
    table.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn string<'lock>(table: &'lock Table, key: &str) -> &'lock str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}
