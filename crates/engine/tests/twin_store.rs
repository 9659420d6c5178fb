//! Jar programs: after every step the engine's cookie store holds what the naive twin's holds, and
//! both send the same.

mod agree;
mod generate;
mod twin;

use cookiespec_engine::Profile;

use crate::agree::program::run;
use crate::generate::program::{Agent, Program, Step, program};
use crate::generate::world::{self, Suffixes};
use crate::generate::{Octets, holds};

#[test]
fn engine_and_twin_agree_on_programs_under_rfc6265() {
    holds(2_500, &program(Profile::Rfc6265), |program| run(&program));
}

#[test]
fn engine_and_twin_agree_on_programs_under_rfc6265bis() {
    holds(2_500, &program(Profile::Rfc6265bis), |program| run(&program));
}

/// A Path attribute that stands for a default-path longer than an attribute-value may be, alone
/// and after others, which 6265bis section 5.7 step 11 then prefers.
#[test]
fn engine_and_twin_agree_on_default_paths_of_any_length() {
    const LINES: [&str; 4] = [
        "a=1",
        "b=1; Path=rel",
        "c=1; Path=/x; Path=rel",
        "d=1; Path=/x; Path=rel; Path=/y; Path=; Path",
    ];
    for profile in Profile::ALL {
        for length in 1022..1028 {
            let deep: &str = format!("/{}/page", "x".repeat(length)).leak();
            let at = |path| world::Uri { scheme: "https", host: "site.test", path };
            let context = world::Context { same_site: true, top_level: true, safe_method: true };
            let mut steps: Vec<Step> = LINES
                .iter()
                .map(|line| Step::Receive(at(deep), Octets(line.as_bytes().to_vec()), context))
                .collect();
            steps.extend([deep, "/x", "/y"].map(|path| Step::Send(at(path), context)));
            let program = Program { profile, agent: UNBOUNDED, steps };
            run(&program).unwrap_or_else(|error| panic!("{error}\n{program:?}"));
        }
    }
}

const UNBOUNDED: Agent = Agent {
    suffixes: Suffixes::Labels,
    secure_localhost: false,
    strict_hosts: false,
    lax_allowing_unsafe: None,
    per_domain: None,
    total: None,
};
