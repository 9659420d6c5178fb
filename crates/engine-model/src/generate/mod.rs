//! Inputs for the property tests: well-formed for the most part, wrong on purpose for the rest.

pub mod cookie_date;
pub mod program;
pub mod set_cookie;
pub mod world;

use std::fmt;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner, contextualize_config};

/// Octets that a failing test shows escaped.
#[derive(Clone, PartialEq)]
pub struct Octets(pub Vec<u8>);

impl fmt::Debug for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// Holds a property for so many generated inputs, or panics with the smallest for which it does
/// not hold. The environment variables of proptest have the last word.
pub fn holds<S: Strategy>(cases: u32, inputs: &S, property: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: fmt::Debug,
{
    let config = contextualize_config(Config {
        cases,
        rng_seed: RngSeed::Fixed(6265),
        failure_persistence: None,
        ..Config::default()
    });
    let seed = config.rng_seed;
    if let Err(error) = TestRunner::new(config).run(inputs, property) {
        panic!("{error}\nPROPTEST_RNG_SEED={seed} repeats this");
    }
}

/// One of several octet strings.
pub fn one_of(choices: &'static [&'static [u8]]) -> impl Strategy<Value = Vec<u8>> + Clone {
    prop::sample::select(choices).prop_map(<[u8]>::to_vec)
}

/// A text with each letter in either case.
pub fn any_case(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<bool>(), text.len()).prop_map(move |upper| {
        let fold = |(octet, upper): (u8, bool)| {
            if upper { octet.to_ascii_uppercase() } else { octet.to_ascii_lowercase() }
        };
        text.bytes().zip(upper).map(fold).collect()
    })
}

/// The octets with a few of them replaced, removed, or joined by others.
pub fn damaged(octets: impl Strategy<Value = Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let one = (any::<prop::sample::Index>(), any_octet(), 0..3_u8);
    let damage = prop_oneof![
        2 => Just(vec![]),
        1 => prop::collection::vec(one, 1..3),
    ];
    (octets, damage).prop_map(|(mut octets, damage)| {
        for (index, octet, kind) in damage {
            let at = index.index(octets.len() + 1);
            match kind {
                0 => octets.insert(at, octet),
                1 if at < octets.len() => octets[at] = octet,
                2 if at < octets.len() => drop(octets.remove(at)),
                _ => octets.push(octet),
            }
        }
        octets
    })
}

/// Any octet, but more often one at which an algorithm turns.
pub fn any_octet() -> impl Strategy<Value = u8> {
    prop_oneof![
        2 => prop::sample::select(b"=;,: \t\"-./aA09\x00\x08\n\r\x1f\x7f\x80\xa0\xff".as_slice()),
        1 => any::<u8>(),
    ]
}
