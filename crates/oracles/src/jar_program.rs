//! A program of a small closed world, made from the octets: the engine's cookie store holds and
//! sends what the naive twin's does, and nothing that must not be sent.

use arbitrary::{Result, Unstructured};
use cookiespec_engine::Profile;
use cookiespec_vectors::Suite;

use cookiespec_engine_model::agree::program::run;
use cookiespec_engine_model::generate::Octets;
use cookiespec_engine_model::generate::program::{Agent, Program, Step};
use cookiespec_engine_model::generate::world::{
    ATTRIBUTES, Context, HOSTS, PAIRS, PATHS, Suffixes, Uri,
};

/// How many steps a program has at most. The twin is slow, and longer ones find no more.
const MOST_STEPS: usize = 64;

/// Holds it after every step.
pub fn holds(octets: &[u8]) {
    let Ok(program) = program(&mut Unstructured::new(octets)) else { return };
    if let Err(error) = run(&program) {
        panic!("{error}\n{program:?}");
    }
}

/// The suite's programs cannot be had from octets; these are from a generator with a fixed seed.
pub fn seeds(_: &Suite) -> Vec<Vec<u8>> {
    let mut state = 6265_u64;
    let mut octet = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (1..=64).map(|size| (0..size * 16).map(|_| octet()).collect()).collect()
}

fn program(octets: &mut Unstructured<'_>) -> Result<Program> {
    let profile = *octets.choose(&Profile::ALL)?;
    let agent = agent(profile, octets)?;
    let mut steps = Vec::new();
    while steps.len() < MOST_STEPS && !octets.is_empty() {
        steps.push(step(octets)?);
    }
    Ok(Program { profile, agent, steps })
}

fn agent(profile: Profile, octets: &mut Unstructured<'_>) -> Result<Agent> {
    Ok(Agent {
        suffixes: suffixes(octets)?,
        secure_localhost: octets.ratio(1, 3)?,
        // RFC 6265 section 5.1.2 has no literal reading that refuses a host.
        strict_hosts: profile == Profile::Rfc6265bis && octets.ratio(1, 5)?,
        lax_allowing_unsafe: *octets.choose(&[None, None, Some(0), Some(30), Some(60)])?,
        per_domain: *octets.choose(&[None, Some(1), Some(2), Some(3)])?,
        total: *octets.choose(&[None, Some(1), Some(3), Some(5)])?,
    })
}

fn step(octets: &mut Unstructured<'_>) -> Result<Step> {
    Ok(match octets.int_in_range(0..=25)? {
        0..=11 => Step::Receive(uri(octets)?, line(octets)?, context(octets)?),
        12..=17 => Step::Send(uri(octets)?, context(octets)?),
        18..=19 => Step::ScriptSet(uri(octets)?, line(octets)?, context(octets)?),
        20..=21 => Step::ScriptGet(uri(octets)?, context(octets)?),
        22..=23 => Step::Advance(*octets.choose(&[1, 29, 30, 31, 60, 61, 34_560_000])?),
        24 => Step::Restart,
        _ => Step::Suffixes(suffixes(octets)?),
    })
}

fn uri(octets: &mut Unstructured<'_>) -> Result<Uri> {
    Ok(Uri {
        scheme: octets.choose(&["https", "http"])?,
        host: octets.choose(HOSTS)?,
        path: octets.choose(PATHS)?,
    })
}

/// A pair and attributes of the world; now and then an attribute is any octets.
fn line(octets: &mut Unstructured<'_>) -> Result<Octets> {
    let mut line = octets.choose(PAIRS)?.to_vec();
    for _ in 0..octets.int_in_range(0..=4)? {
        line.extend_from_slice(b"; ");
        if octets.ratio(1, 16)? {
            let length = octets.int_in_range(0..=24)?;
            line.extend_from_slice(octets.bytes(length)?);
        } else {
            line.extend_from_slice(octets.choose(ATTRIBUTES)?);
        }
    }
    Ok(Octets(line))
}

fn context(octets: &mut Unstructured<'_>) -> Result<Context> {
    Ok(Context {
        same_site: octets.ratio(2, 3)?,
        top_level: octets.ratio(2, 3)?,
        safe_method: octets.ratio(2, 3)?,
    })
}

fn suffixes(octets: &mut Unstructured<'_>) -> Result<Suffixes> {
    use Suffixes::{Labels, Off, WithCoTest, WithSiteTest};
    octets.choose(&[WithCoTest, Labels, WithSiteTest, Off]).copied()
}
