//! Lists the sources of the shims, so that the crate can embed them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Sources that an interpreter runs as they are, and manifests. What has to be built first is not
/// carried along.
const CARRIED: [&str; 9] =
    [".mjs", ".php", ".pl", ".pm", ".py", ".rb", ".sh", ".toml", "package.json"];
/// Where package managers put what they install, besides hidden folders.
const INSTALLED: [&str; 3] = ["__pycache__", "node_modules", "vendor"];

fn main() -> io::Result<()> {
    let folder = PathBuf::from(required("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for ecosystem in ecosystems(&folder)? {
        collect(&ecosystem, &mut files)?;
    }
    files.sort();

    let mut list = String::from("&[\n");
    for file in files {
        // A folder would be watched with all that is installed in it. A new shim shows in a
        // manifest, a new module in what imports it, a new ecosystem in the table of the README.
        println!("cargo::rerun-if-changed={}", file.display());
        let inside = file.strip_prefix(&folder).map_err(io::Error::other)?;
        writeln!(list, "    ({inside:?}, include_str!({file:?})),").map_err(io::Error::other)?;
    }
    println!("cargo::rerun-if-changed={}", folder.join("README.md").display());
    list.push_str("]\n");
    fs::write(Path::new(&required("OUT_DIR")).join("sources.rs"), list)
}

fn required(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("cargo sets {variable} for build scripts"))
}

/// The folders of the ecosystems: those with a manifest, or with a setup script of their own.
fn ecosystems(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.join("targets.toml").is_file() || path.join("setup").is_file() {
            folders.push(path);
        }
    }
    Ok(folders)
}

/// The sources under `folder`; what package managers put there is not ours to carry.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && !INSTALLED.contains(&&*name) {
                collect(&path, files)?;
            }
        } else if CARRIED.iter().any(|end| name.ends_with(end)) {
            files.push(path);
        }
    }
    Ok(())
}
