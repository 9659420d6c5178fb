//! New inputs from old ones: on tokens and steps rather than on bits.

use cookiespec_engine::Uri;
use cookiespec_vectors::operation::{FormatSetCookie, JarProgram, Operation, Step};

use super::grammar::{self, jar, set_cookie, world};
use super::random::Random;
use super::repertoire::Capabilities;
use super::{slots, tokens};

/// A variation of an operation. `other` is one to take parts from.
pub(crate) fn mutate(
    random: &mut Random,
    repertoire: &Capabilities,
    operation: &Operation,
    other: &Operation,
) -> Operation {
    let mut mutant = operation.clone();
    for _ in 0..1 + random.weighted(&[6, 3, 1]) {
        if random.chance(35) {
            mutate_structure(random, repertoire, &mut mutant, other);
        } else {
            mutate_octets(random, &mut mutant, other);
        }
    }
    if let Operation::Jar(program) = &mut mutant {
        jar::relabel(program);
    }
    mutant
}

fn mutate_octets(random: &mut Random, mutant: &mut Operation, other: &Operation) {
    let donors = slots::of(other);
    let donor =
        if donors.is_empty() { &[][..] } else { donors[random.below(donors.len())].as_slice() };
    let mut targets = slots::of_mut(mutant);
    if targets.is_empty() {
        return;
    }
    let index = random.below(targets.len());
    let slot = &mut *targets[index];
    let mutated = mutated(random, slot.as_slice(), donor);
    // What was a URI stays one: what is none is no question about cookies.
    if Uri::parse(slot.as_slice()).is_err() || Uri::parse(&mutated).is_ok() {
        *slot = mutated.into();
    }
}

/// The octets with one thing changed.
fn mutated(random: &mut Random, octets: &[u8], donor: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    let (from, to) = token_at(random, &octets);
    match random.below(11) {
        0 | 1 => set_cookie::insert_hostile(random, &mut octets),
        2 => drop(octets.drain(from..to)),
        3 => {
            let token = octets[from..to].to_vec();
            let at = random.below(octets.len() + 1);
            octets.splice(at..at, token);
        }
        4 => drop(octets.splice(from..to, tokens::hostile(random).iter().copied())),
        5 => {
            let (donor_from, donor_to) = token_at(random, donor);
            octets.splice(from..to, donor[donor_from..donor_to].iter().copied());
        }
        6 => {
            let flipped = tokens::with_case_flipped(random, &octets[from..to]);
            octets.splice(from..to, flipped);
        }
        7 if !octets.is_empty() => {
            let at = random.below(octets.len());
            octets[at] = if random.chance(50) { random.octet() } else { octets[at] ^ 0x20 };
        }
        8 => {
            octets.extend_from_slice(b"; ");
            octets.extend(set_cookie::attribute(random, "site.example"));
        }
        9 => {
            let cut = random.below(octets.len() + 1);
            let donor_cut = random.below(donor.len() + 1);
            octets.truncate(cut);
            octets.extend_from_slice(&donor[donor_cut..]);
        }
        _ => stretch(random, &mut octets, to),
    }
    octets.truncate(MOST_OCTETS);
    octets
}

/// Lengths at the limits of the specifications.
fn stretch(random: &mut Random, octets: &mut Vec<u8>, at: usize) {
    let limit = [64, 255, 1024, 4096][random.weighted(&[4, 2, 2, 1])];
    let length = tokens::near(random, limit).saturating_sub(if random.chance(50) {
        octets.len()
    } else {
        0
    });
    octets.splice(at..at, std::iter::repeat_n(b'x', length));
}

/// The bounds of a token: a run of letters and digits, or one other octet.
fn token_at(random: &mut Random, octets: &[u8]) -> (usize, usize) {
    let bounds = bounds(octets);
    if bounds.is_empty() { (0, 0) } else { bounds[random.below(bounds.len())] }
}

/// The bounds of all tokens.
pub(crate) fn bounds(octets: &[u8]) -> Vec<(usize, usize)> {
    let mut bounds: Vec<(usize, usize)> = Vec::new();
    let is_word = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet >= 0x80;
    for (at, &octet) in octets.iter().enumerate() {
        match bounds.last_mut() {
            Some((_, end)) if *end == at && is_word(octet) && is_word(octets[at - 1]) => *end += 1,
            _ => bounds.push((at, at + 1)),
        }
    }
    bounds
}

fn mutate_structure(
    random: &mut Random,
    repertoire: &Capabilities,
    mutant: &mut Operation,
    other: &Operation,
) {
    match mutant {
        Operation::Jar(program) => mutate_program(random, repertoire, program, other),
        Operation::ParseCookie(input) => match random.below(3) {
            0 if input.cookie.len() > 1 => {
                input.cookie.remove(random.below(input.cookie.len()));
            }
            1 if input.cookie.len() < 5 => {
                let donors = slots::of(other);
                let donor = donors.first().map(|&donor| donor.clone()).unwrap_or_default();
                input.cookie.insert(random.below(input.cookie.len() + 1), donor);
            }
            _ => input.cookie.reverse(),
        },
        Operation::ParseSetCookie(input) => {
            let host = world::host(random);
            input.uri = random.chance(50).then(|| world::uri(random, host).into());
            input.now = random.chance(50).then_some(grammar::NOW);
        }
        Operation::FormatSetCookie(cookie) => {
            if let Operation::FormatSetCookie(donor) = other {
                mix(random, cookie, donor);
            }
        }
        _ => {}
    }
}

/// Takes some of the attributes from another cookie.
fn mix(random: &mut Random, cookie: &mut FormatSetCookie, donor: &FormatSetCookie) {
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
    repertoire: &Capabilities,
    program: &mut JarProgram,
    other: &Operation,
) {
    let steps = &mut program.steps;
    let at = random.below(steps.len() + 1);
    match random.below(9) {
        0 if at < steps.len() => drop(steps.remove(at)),
        1 if at < steps.len() => steps.insert(at, steps[at].clone()),
        2 if at + 1 < steps.len() => steps.swap(at, at + 1),
        3 | 4 => steps.insert(at, jar::step(random, repertoire)),
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
        _ => move_step(random, steps, at),
    }
    program.steps.truncate(MOST_STEPS);
}

/// Sends a request of the program to the URI of another one, or changes its scheme.
fn move_step(random: &mut Random, steps: &mut [Step], at: usize) {
    let uris: Vec<_> = steps.iter().filter_map(|step| slots::uri(step).cloned()).collect();
    let Some(step) = steps.get_mut(at) else { return };
    let Some(slot) = uri_mut(step) else { return };
    if random.chance(50) && !uris.is_empty() {
        *slot = uris[random.below(uris.len())].clone();
    } else {
        let text = slot.as_slice();
        let other = match text.strip_prefix(b"https:") {
            Some(rest) => [b"http:", rest].concat(),
            None => [b"https:", text.strip_prefix(b"http:").unwrap_or(text)].concat(),
        };
        *slot = other.into();
    }
}

fn uri_mut(step: &mut Step) -> Option<&mut cookiespec_vectors::Octets> {
    match step {
        Step::Receive { uri, .. } | Step::Send { uri, .. } => Some(uri),
        Step::ScriptSet { uri, .. } | Step::ScriptGet { uri, .. } => Some(uri),
        _ => None,
    }
}

/// The longest octet string that mutation makes.
const MOST_OCTETS: usize = 12_000;
/// The longest program that mutation makes.
const MOST_STEPS: usize = 24;
