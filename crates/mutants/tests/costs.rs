//! The costly implementations answer correctly, and their cost grows as declared.

use cookiespec_mutants::{Cost, Growth, MutantImplementation};
use cookiespec_vectors::{Implementation, Operation, Profile, Suite, ask};

#[test]
fn what_costs_too_much_is_right() {
    let suite = Suite::embedded().unwrap_or_else(|error| panic!("{error}"));
    for profile in Profile::ALL {
        for case in suite.cases().iter().filter(|case| is_short(case.operation())) {
            let right = ask(&mut MutantImplementation::new(None, profile), case.operation());
            for cost in Cost::ALL {
                let answer =
                    ask(&mut MutantImplementation::with_cost(*cost, profile), case.operation());
                assert_eq!(answer, right, "{cost} under {profile}: {}", case.id);
            }
        }
    }
}

/// Whether the operation is short enough for every costly implementation; some never end on long
/// ones.
fn is_short(operation: &Operation) -> bool {
    format!("{operation:?}").len() < LONG
}

/// The length of the debug form from which on an operation is long.
const LONG: usize = 1_000;

#[test]
fn costs_grow_as_they_say() {
    for cost in Cost::ALL {
        let right = growth(&mut MutantImplementation::new(None, Profile::Rfc6265), *cost);
        assert!(right < 2.5, "without {cost}: twice the input takes {right:.2} times as much");
        let costly = growth(&mut MutantImplementation::with_cost(*cost, Profile::Rfc6265), *cost);
        let expected = match cost.growth() {
            Growth::Linear => 1.8..2.1,
            Growth::Linearithmic => 2.1..2.5,
            Growth::Quadratic => 3.5..4.5,
            Growth::Cubic => 7.0..9.0,
            Growth::Exponential => 100.0..1000.0,
        };
        assert!(
            expected.contains(&costly),
            "{cost}: twice the input takes {costly:.2} times as much"
        );
    }
}

#[test]
fn a_cost_has_a_name_and_a_price() {
    for cost in Cost::ALL {
        assert_eq!(cost.to_string().parse(), Ok(*cost));
        let [_, large] = sizes(*cost);
        let right = allocated(&mut MutantImplementation::new(None, Profile::Rfc6265), *cost, large);
        let costly =
            allocated(&mut MutantImplementation::with_cost(*cost, Profile::Rfc6265), *cost, large);
        assert!(costly > 5 * right, "{cost}: {costly} octets allocated, and {right} without it");
    }
}

/// Two lengths of an input in octets, the second twice the first.
fn sizes(cost: Cost) -> [usize; 2] {
    match cost.growth() {
        Growth::Linear | Growth::Linearithmic | Growth::Quadratic => [8_000, 16_000],
        Growth::Cubic => [200, 400],
        Growth::Exponential => [12, 24],
    }
}

/// The ratio of the octets allocated for twice the input.
fn growth(implementation: &mut dyn Implementation, cost: Cost) -> f64 {
    let [small, large] = sizes(cost).map(|octets| allocated(implementation, cost, octets));
    large as f64 / small as f64
}

/// The octets allocated for an input, which do not depend on the machine as time would.
fn allocated(implementation: &mut dyn Implementation, cost: Cost, octets: usize) -> u64 {
    let operation = cost.input(octets);
    allocation_counter::measure(|| drop(ask(implementation, &operation))).bytes_total
}
