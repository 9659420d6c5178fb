//! What a test target pays before its first case: cargo-nextest starts one process per case, and a
//! thousand times the parsing of a thousand cases is a quarter of an hour.
//!
//! The test starts itself again under `valgrind --tool=callgrind`, so that the load of the machine
//! plays no part.

use std::error::Error;
use std::process::ExitCode;
use std::{env, hint};

use cookiespec_test_support::callgrind;
use cookiespec_vectors::trials::Trials;
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Octets, OperationResult, Profile, Suite,
};

/// The environment variable that says what to do under callgrind.
const WORK: &str = "COOKIESPEC_STARTUP";

/// Instructions that listing the suite, and running one case of it, may take. Parsing and checking
/// all cases takes more than a hundred times as many.
const MOST: u64 = 12_000_000;

/// Takes every path for a match.
struct Paths;

impl Implementation for Paths {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo { can: vec!["match.path".to_owned()], ..ImplementationInfo::default() }
    }

    fn match_path(&mut self, _: &Octets, _: &Octets) -> OperationResult<bool> {
        Ok(true)
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match env::var(WORK).as_deref() {
        Ok("list") => {
            for case in Suite::embedded()?.cases() {
                hint::black_box(&case.id);
            }
        }
        Ok("one") => {
            let suite = Suite::embedded()?.select(|case| case.id == "path.match.0001");
            return Ok(Trials::new(Profile::Rfc6265, || Paths).suite(suite).run());
        }
        _ if !callgrind::is_there() => println!("startup: there is no valgrind; nothing checked"),
        _ => {
            for work in ["list", "one"] {
                let instructions = callgrind::instructions(WORK, work)?;
                println!("startup: {work} takes {instructions} instructions");
                if instructions > MOST {
                    return Err(format!("{work} may take {MOST} instructions").into());
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
