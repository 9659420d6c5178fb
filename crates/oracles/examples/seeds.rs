//! Writes the seeds of every fuzz target: `seeds <folder>` makes `<folder>/<target>/<nth>`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use cookiespec_oracles::ALL;
use cookiespec_vectors::Suite;

/// The most octets of a seed. The suite has longer lines, whose parts are no others; but a fuzzer
/// makes inputs as long as its longest seed, and is slow with them.
const MOST_OCTETS: usize = 8192;

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: seeds <folder>");
        return ExitCode::from(2);
    };
    match write(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write the seeds below {}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> io::Result<()> {
    let suite = Suite::embedded().map_err(io::Error::other)?;
    for oracle in ALL {
        let folder = folder.join(oracle.name);
        fs::create_dir_all(&folder)?;
        let mut seeds = (oracle.seeds)(&suite);
        seeds.retain(|seed| seed.len() <= MOST_OCTETS);
        seeds.sort();
        seeds.dedup();
        for (nth, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("{nth:04}")), seed)?;
        }
        println!("{}: {} seeds", oracle.name, seeds.len());
    }
    Ok(())
}
