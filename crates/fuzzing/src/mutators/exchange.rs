//! Exchange programs from kept ones: whole steps are moved, left out, repeated, or taken from another
//! program. What a redirect leads to stays what its Location says.

use cookiespec_vectors::operation::{ExchangeProgram, Operation};

use crate::capabilities::Capabilities;
use crate::generators::exchange;
use crate::random::Random;

/// Changes a program. `donor` is another input to take steps from.
pub(super) fn mutate(
    random: &mut Random,
    capabilities: &Capabilities,
    program: &mut ExchangeProgram,
    donor: &Operation,
) {
    for _ in 0..1 + random.weighted(&[6, 3, 1]) {
        mutate_steps(random, capabilities, program, donor);
    }
    program.steps.truncate(MOST_STEPS);
    exchange::finish(random, program);
}

fn mutate_steps(
    random: &mut Random,
    capabilities: &Capabilities,
    program: &mut ExchangeProgram,
    donor: &Operation,
) {
    let steps = &mut program.steps;
    let at = random.below(steps.len() + 1);
    match random.below(7) {
        0 if at < steps.len() && steps.len() > 1 => drop(steps.remove(at)),
        1 if at < steps.len() => steps.insert(at, steps[at].clone()),
        2 if at + 1 < steps.len() => steps.swap(at, at + 1),
        3 => {
            if let Some(step) = exchange::between(random, capabilities) {
                steps.insert(at, step);
            }
        }
        4 | 5 => {
            if let Operation::Exchange(donor) = donor
                && !donor.steps.is_empty()
            {
                steps.insert(at, donor.steps[random.below(donor.steps.len())].clone());
            }
        }
        _ => steps.insert(at, exchange::navigation(random, capabilities)),
    }
}

/// The longest program that a mutation makes, in steps.
const MOST_STEPS: usize = 8;
