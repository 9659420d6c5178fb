//! The heap size of a stored cookie, as the benchmark `heap` measures it.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::process::Command;

/// Octets for each stored cookie, by store.
///
/// # Errors
/// The benchmark cannot be run, or the bound it asserts does not hold.
pub(crate) fn measure() -> Result<BTreeMap<String, f64>, Box<dyn Error>> {
    eprintln!("heap");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["bench", "--quiet", "--package", "cookiespec-benches", "--bench", "heap"];
    let output = Command::new(cargo).args(arguments).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let figure = |line: &str| {
        let (store, octets) = line.split_once(' ').ok_or("a line without a figure")?;
        Ok((store.to_owned(), octets.parse()?))
    };
    text.lines().map(figure).collect()
}
