//! Mutations of one octet string of an operation.

use cookiespec_vectors::operation::Operation;

use crate::generators::{set_cookie, tokens};
use crate::octet_fields;
use crate::oracles::unambiguous::has_hosts;
use crate::random::Random;

/// Changes one octet string of `mutant`, perhaps with parts of one of `other`.
pub(super) fn mutate_octets(random: &mut Random, mutant: &mut Operation, other: &Operation) {
    let donors = octet_fields::of(other);
    let donor =
        if donors.is_empty() { &[][..] } else { donors[random.below(donors.len())].as_slice() };
    let mut targets = octet_fields::of_mut(mutant);
    if targets.is_empty() {
        return;
    }
    let index = random.below(targets.len());
    let field = &mut *targets[index];
    let mutated = mutated(random, field.as_slice(), donor);
    let before = std::mem::replace(field, mutated.into());
    // A host stays one: how a string is treated that is none is not about cookies.
    if !has_hosts(mutant) {
        *octet_fields::of_mut(mutant)[index] = before;
    }
}

/// The octets with one change.
fn mutated(random: &mut Random, octets: &[u8], donor: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    let (from, to) = token_at(random, &octets);
    match random.below(11) {
        0 | 1 => tokens::insert_hostile(random, &mut octets),
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
        _ => lengthen(random, &mut octets, to),
    }
    octets.truncate(MOST_OCTETS);
    octets
}

/// Inserts octets at `at` to reach a length limit of the specifications.
fn lengthen(random: &mut Random, octets: &mut Vec<u8>, at: usize) {
    let limit = [64, 255, 1024, 4096][random.weighted(&[4, 2, 2, 1])];
    let length = tokens::near(random, limit).saturating_sub(if random.chance(50) {
        octets.len()
    } else {
        0
    });
    octets.splice(at..at, std::iter::repeat_n(b'x', length));
}

/// The bounds of a random token.
fn token_at(random: &mut Random, octets: &[u8]) -> (usize, usize) {
    let bounds = octet_fields::token_bounds(octets);
    if bounds.is_empty() { (0, 0) } else { bounds[random.below(bounds.len())] }
}

/// The longest octet string that a mutation makes.
const MOST_OCTETS: usize = 12_000;
