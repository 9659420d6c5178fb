//! Mutators: new inputs from kept ones, by changing tokens and steps rather than bits.

mod exchange;
mod octets;

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{FormatSetCookie, JarProgram, Operation, Step};

use self::octets::mutate_octets;
use crate::capabilities::Capabilities;
use crate::corpus::Corpus;
use crate::generators::closed_world::NOW;
use crate::generators::{self, closed_world, jar};
use crate::octet_fields;
use crate::random::Random;

/// The next input: a mutation of a kept one, or a newly generated one.
pub(crate) fn next_input(
    random: &mut Random,
    capabilities: &Capabilities,
    corpus: &Corpus,
) -> Operation {
    let mutated = random.chance(MUTATED_PERCENT).then(|| {
        let operation = corpus.pick(random)?;
        let donor = corpus.donor(random, operation)?;
        Some(mutate(random, capabilities, operation, donor))
    });
    mutated.flatten().unwrap_or_else(|| generators::operation(random, capabilities))
}

/// A mutation of an operation. `donor` is another one to take parts from.
fn mutate(
    random: &mut Random,
    capabilities: &Capabilities,
    operation: &Operation,
    donor: &Operation,
) -> Operation {
    let mut mutant = operation.clone();
    if let Operation::Exchange(program) = &mut mutant {
        exchange::mutate(random, capabilities, program, donor);
        return mutant;
    }
    for _ in 0..1 + random.weighted(&[6, 3, 1]) {
        if random.chance(35) {
            mutate_structure(random, capabilities, &mut mutant, donor);
        } else {
            mutate_octets(random, &mut mutant, donor);
        }
    }
    if let Operation::Jar(program) = &mut mutant {
        jar::relabel(program);
    }
    mutant
}

fn mutate_structure(
    random: &mut Random,
    capabilities: &Capabilities,
    mutant: &mut Operation,
    other: &Operation,
) {
    match mutant {
        Operation::Jar(program) => mutate_program(random, capabilities, program, other),
        Operation::ParseCookie(input) => match random.below(3) {
            0 if input.cookie.len() > 1 => {
                input.cookie.remove(random.below(input.cookie.len()));
            }
            1 if input.cookie.len() < 5 => {
                let donors = octet_fields::of(other);
                let donor = donors.first().map(|&donor| donor.clone()).unwrap_or_default();
                input.cookie.insert(random.below(input.cookie.len() + 1), donor);
            }
            _ => input.cookie.reverse(),
        },
        Operation::ParseSetCookie(input) => {
            let host = closed_world::host(random);
            input.uri = random.chance(50).then(|| closed_world::uri(random, host).into());
            input.now = random.chance(50).then_some(NOW);
        }
        Operation::FormatSetCookie(cookie) => {
            if let Operation::FormatSetCookie(donor) = other {
                copy_attribute(random, cookie, donor);
            }
        }
        _ => {}
    }
}

/// Takes an attribute from another cookie.
fn copy_attribute(random: &mut Random, cookie: &mut FormatSetCookie, donor: &FormatSetCookie) {
    match random.below(6) {
        0 => cookie.max_age = donor.max_age,
        1 => cookie.expires = donor.expires,
        2 => cookie.domain.clone_from(&donor.domain),
        3 => cookie.path.clone_from(&donor.path),
        4 => (cookie.secure, cookie.http_only) = (donor.secure, donor.http_only),
        _ => cookie.same_site.clone_from(&donor.same_site),
    }
}

fn mutate_program(
    random: &mut Random,
    capabilities: &Capabilities,
    program: &mut JarProgram,
    other: &Operation,
) {
    let steps = &mut program.steps;
    let at = random.below(steps.len() + 1);
    match random.below(9) {
        0 if at < steps.len() => drop(steps.remove(at)),
        1 if at < steps.len() => steps.insert(at, steps[at].clone()),
        2 if at + 1 < steps.len() => steps.swap(at, at + 1),
        3 | 4 => steps.insert(at, jar::step(random, capabilities)),
        5 => {
            if let Operation::Jar(donor) = other {
                steps.truncate(at);
                steps.extend_from_slice(&donor.steps[random.below(donor.steps.len() + 1)..]);
            }
        }
        6 => {
            if let Operation::Jar(donor) = other {
                program.config.clone_from(&donor.config);
            }
        }
        _ => change_uri(random, steps, at),
    }
    program.steps.truncate(MOST_STEPS);
}

/// Replaces the URI of a step by that of another step, or changes its scheme.
fn change_uri(random: &mut Random, steps: &mut [Step], at: usize) {
    let uris: Vec<_> = steps.iter().filter_map(|step| octet_fields::uri(step).cloned()).collect();
    let Some(step) = steps.get_mut(at) else { return };
    let Some(uri) = uri_mut(step) else { return };
    if random.chance(50) && !uris.is_empty() {
        *uri = uris[random.below(uris.len())].clone();
    } else {
        let text = uri.as_slice();
        let other = match text.strip_prefix(b"https:") {
            Some(rest) => [b"http:", rest].concat(),
            None => [b"https:", text.strip_prefix(b"http:").unwrap_or(text)].concat(),
        };
        *uri = other.into();
    }
}

fn uri_mut(step: &mut Step) -> Option<&mut Octets> {
    match step {
        Step::Receive { uri, .. } | Step::Send { uri, .. } => Some(uri),
        Step::ScriptSet { uri, .. } | Step::ScriptGet { uri, .. } => Some(uri),
        _ => None,
    }
}

/// The percentage of inputs that are mutations of kept ones.
const MUTATED_PERCENT: u32 = 65;
/// The longest program that a mutation makes, in steps.
const MOST_STEPS: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::unambiguous::tests::assert_same_host;

    #[test]
    fn every_host_is_the_same_host_by_rfc_3986_and_by_the_url_standard() {
        let capabilities = Capabilities::all();
        let mut random = Random::of_round(3, 0);
        let mut pool: Vec<_> =
            (0..POOL).map(|_| generators::operation(&mut random, &capabilities)).collect();
        pool.iter().for_each(assert_same_hosts);
        for _ in 0..MUTATIONS {
            // Mutants of mutants, many generations of them.
            let (at, donor) = (random.below(POOL), random.below(POOL));
            let mutant = match random.chance(90) {
                true => mutate(&mut random, &capabilities, &pool[at], &pool[donor]),
                false => generators::operation(&mut random, &capabilities),
            };
            assert_same_hosts(&mutant);
            pool[at] = mutant;
        }
    }

    fn assert_same_hosts(operation: &Operation) {
        for uri in octet_fields::uris(operation) {
            assert_same_host(uri.as_slice());
        }
        if let Operation::MatchDomain(input) = operation {
            assert_same_host(&[b"https://", input.host.as_slice(), b"/"].concat());
        }
    }

    const POOL: usize = 500;
    const MUTATIONS: usize = 20_000;
}
