//! Lists the shims of the source tree, so that the binary can carry them wherever it runs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let shims = Path::new(&required("CARGO_MANIFEST_DIR")).join("../../shims");
    println!("cargo::rerun-if-changed={}", shims.display());

    let mut files = Vec::new();
    collect(&shims, &mut files)?;
    files.sort();

    let mut list = String::from("&[\n");
    for file in files {
        let inside = file.strip_prefix(&shims).map_err(io::Error::other)?;
        writeln!(list, "    ({inside:?}, include_str!({file:?})),").map_err(io::Error::other)?;
    }
    list.push_str("]\n");
    fs::write(Path::new(&required("OUT_DIR")).join("shims.rs"), list)
}

fn required(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("cargo sets {variable} for build scripts"))
}

/// The sources under `folder`; what package managers put there is not ours to carry.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !matches!(&*name, "node_modules" | "__pycache__" | ".venv") {
                collect(&path, files)?;
            }
        } else if matches!(
            path.extension().and_then(|extension| extension.to_str()),
            Some("py" | "mjs" | "toml")
        ) {
            files.push(path);
        }
    }
    Ok(())
}
