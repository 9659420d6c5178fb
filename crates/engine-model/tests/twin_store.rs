//! Jar programs: after every step the engine's cookie store holds what the naive twin's holds, and
//! both send the same.

use cookiespec_engine::Profile;
use cookiespec_engine_model::agree::program::run;
use cookiespec_engine_model::generate::program::{Agent, Program, Step, program};
use cookiespec_engine_model::generate::world::{self, Suffixes};
use cookiespec_engine_model::generate::{Octets, holds};

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

/// More cookies of one host than are looked at one by one: they come, are replaced, deleted and
/// evicted, and expire.
#[test]
fn engine_and_twin_agree_on_hosts_with_many_cookies() {
    const NAMES: u32 = 90;
    let context = world::Context { same_site: true, top_level: true, safe_method: true };
    for (profile, per_domain) in
        Profile::ALL.into_iter().flat_map(|profile| [(profile, None), (profile, Some(60))])
    {
        let mut number = 7_u32;
        let mut below = |most: u32| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (number >> 16) % most
        };
        let mut steps = Vec::new();
        for _ in 0..500 {
            let (name, path) = (below(NAMES), below(3));
            let lifetime = match below(8) {
                0 => "; Max-Age=0",
                1 => "; Max-Age=20",
                2 => "; Max-Age=300",
                _ => "",
            };
            let line = format!("n{name}=v; Path=/{path}{lifetime}");
            let at = |path| world::Uri { scheme: "https", host: "site.test", path };
            steps.push(Step::Receive(at("/"), Octets(line.into_bytes()), context));
            match below(12) {
                0 => steps.push(Step::Send(at("/1"), context)),
                1 => steps.push(Step::Advance(10)),
                _ => {}
            }
        }
        let program = Program { profile, agent: Agent { per_domain, ..UNBOUNDED }, steps };
        run(&program).unwrap_or_else(|error| panic!("{error}\n{program:?}"));
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
