//! Puts a wrong implementation behind the shim protocol: `wrong_shim FAULT [--profile PROFILE]`.

use std::env;
use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use cookiespec_mutants::{Cost, Fault, Trouble, make, make_costly, make_troubled};
use cookiespec_vectors::{Profile, serve};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wrong_shim: {error}");
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
        _ => return Err("usage: wrong_shim FAULT [--profile rfc6265|rfc6265bis]".into()),
    };
    let mut implementation = match (name, name.parse::<Cost>(), name.parse::<Trouble>()) {
        ("none", ..) => make(None, profile),
        (_, Ok(cost), _) => make_costly(cost, profile),
        (_, _, Ok(trouble)) => make_troubled(trouble, profile),
        (name, ..) => make(Some(name.parse::<Fault>()?), profile),
    };
    let output = BufWriter::new(io::stdout().lock());
    serve(&mut implementation, "rust-wrong/1", io::stdin().lock(), output)?;
    Ok(())
}

/// Every fault with the profiles under which it is one, the case meant for it, and what is wrong;
/// then every cost with its growth,
/// and every trouble.
fn list() -> Result<(), Box<dyn Error>> {
    let mut output = BufWriter::new(io::stdout().lock());
    for fault in Fault::ALL {
        let profiles: Vec<&str> = fault.profiles().iter().map(|profile| profile.name()).collect();
        let (profiles, case) = (profiles.join(","), fault.case());
        writeln!(output, "{fault:<45} {profiles:<18} {case:<26} {}", fault.about())?;
    }
    for cost in Cost::ALL {
        writeln!(output, "{cost:<45} {:?}", cost.growth())?;
    }
    for trouble in Trouble::ALL {
        writeln!(output, "{trouble}")?;
    }
    Ok(())
}
