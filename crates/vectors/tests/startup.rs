//! The instructions a test target takes before its first case. cargo-nextest starts a process per
//! case, so that loading must not parse the complete suite.
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

/// The environment variable that selects what to count.
const WORK: &str = "COOKIESPEC_STARTUP";

/// The limit for listing the suite, and for running one case of it. They take two and three million
/// instructions; parsing and checking all cases takes several hundred million.
const MOST: u64 = 12_000_000;

/// Every path matches.
struct Paths;

impl Implementation for Paths {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo { can: vec!["match.path".to_owned()], ..ImplementationInfo::default() }
    }

    fn match_path(&mut self, _: &Octets, _: &Octets) -> OperationResult<bool> {
        Ok(true)
    }
}

#[expect(clippy::disallowed_methods, reason = "the environment selects what to count")]
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
