//! Serves a mutant over the shim protocol: `mutant_shim NAME [--profile PROFILE]`.

use std::env;
use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use cookiespec_mutants::{Cost, Misbehavior, Mutant, MutantImplementation};
use cookiespec_vectors::{Profile, serve};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mutant_shim: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (name, profile) = match arguments[..] {
        [] => return list(),
        [name] => (name, Profile::Rfc6265bis),
        [name, "--profile", profile] | ["--profile", profile, name] => (name, profile.parse()?),
        _ => return Err("usage: mutant_shim NAME [--profile rfc6265|rfc6265bis]".into()),
    };
    let mut implementation = if name == "none" {
        MutantImplementation::new(None, profile)
    } else if let Ok(cost) = name.parse::<Cost>() {
        MutantImplementation::with_cost(cost, profile)
    } else if let Ok(misbehavior) = name.parse::<Misbehavior>() {
        MutantImplementation::with_misbehavior(misbehavior, profile)
    } else {
        MutantImplementation::new(Some(name.parse::<Mutant>()?), profile)
    };
    let output = BufWriter::new(io::stdout().lock());
    serve(&mut implementation, "rust-mutants/1", io::stdin().lock(), output)?;
    Ok(())
}

/// Prints the catalogue: every mutant with its profiles, its case and its description; then every
/// cost with its growth, and every misbehavior.
fn list() -> Result<(), Box<dyn Error>> {
    let mut output = BufWriter::new(io::stdout().lock());
    for mutant in Mutant::ALL {
        let profiles: Vec<&str> = mutant.profiles().iter().map(|profile| profile.name()).collect();
        let (profiles, case) = (profiles.join(","), mutant.case());
        writeln!(output, "{mutant:<45} {profiles:<18} {case:<26} {}", mutant.description())?;
    }
    for cost in Cost::ALL {
        writeln!(output, "{cost:<45} {:?}", cost.growth())?;
    }
    for misbehavior in Misbehavior::ALL {
        writeln!(output, "{misbehavior}")?;
    }
    Ok(())
}
