//! Instructions as callgrind counts them: the machine's load plays no part.
//!
//! A program that counts starts itself again under `valgrind --tool=callgrind`, with an environment
//! variable that selects the work.

use std::error::Error;
use std::process::{Command, Stdio};
use std::{env, fs};

/// Whether valgrind is installed.
pub fn is_there() -> bool {
    Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_ok()
}

/// The instructions that this program takes when `variable` is `work`.
///
/// # Errors
/// Valgrind cannot be started, the program fails, or callgrind writes no total.
pub fn instructions(variable: &str, work: &str) -> Result<u64, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let counts = folder.path().join("callgrind.out");
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .arg(env::current_exe()?)
        .env(variable, work)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let counts = fs::read_to_string(counts)?;
    let total = counts.lines().find_map(|line| line.strip_prefix("totals: "));
    Ok(total.ok_or("callgrind wrote no totals")?.trim().parse()?)
}
