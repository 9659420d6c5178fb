//! The differential fuzzer on mutants, and on the implementation without a bug, with a few seconds
//! for each. `examples/mutation_score.rs` measures the score of five minutes.

use std::collections::BTreeSet;
use std::iter;

use cookiespec_fuzzing::MutationScore;
use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::{Implementation, Operation, Profile, Suite};

fn score(profile: Profile, mutants: impl Iterator<Item = Option<Mutant>>) -> MutationScore {
    let implementations = mutants.map(|mutant| {
        let implementation: Box<dyn Implementation + Send> =
            Box::new(MutantImplementation::new(mutant, profile));
        (mutant.map_or_else(String::new, |mutant| mutant.to_string()), implementation)
    });
    MutationScore::new(3, profile, implementations)
}

fn mutants_of(profile: Profile) -> impl Iterator<Item = Mutant> {
    Mutant::ALL.iter().copied().filter(move |mutant| mutant.profiles().contains(&profile))
}

#[test]
fn no_divergence_without_a_fault() {
    for profile in Profile::ALL {
        let killed = score(profile, iter::once(None)).round(4000);
        assert!(killed.is_empty(), "{killed:?}");
    }
}

#[test]
fn two_thousand_cases_catch_two_thirds_of_the_faults() {
    let profile = Profile::Rfc6265bis;
    let control = Box::new(MutantImplementation::new(None, profile));
    let mut score = score(profile, mutants_of(profile).map(Some)).with_control(control);
    let count = score.survivors().len();
    let killed = score.round(2000).len();
    assert!(killed * 3 > count * 2, "{killed} of {count}");
}

/// The mutants that the fuzzer cannot kill although the suite does, with the reasons.
const LEFT_OPEN: &[(Mutant, &str)] = &[
    (Mutant::AgeLimitOneSecondMore, "every instant may be a second off"),
    (
        Mutant::FieldEmptyPairsKept,
        "no specification says that a pair without name and value is none",
    ),
    (Mutant::FieldFirstOfNameOnly, "which of two cookies with one name counts is for the server"),
    (Mutant::FieldLastOfNameOnly, "which of two cookies with one name counts is for the server"),
    (Mutant::FieldOneBlankTrimmed, "the grammar has one blank between two pairs"),
    (Mutant::SameSiteKnownToOldProfile, "RFC 6265 says nothing of requests from other sites"),
    (Mutant::SecureSchemeCaseSensitive, "a scheme in capitals is a matter of URL parsers"),
    (
        Mutant::StrictHostsTakeFakeALabels,
        "a host with an invalid A-label is a matter of URL parsers",
    ),
    (Mutant::SuffixOfIpv6Matches, "a host in brackets is a matter of URL parsers"),
    (Mutant::WritesDomainWithDot, "a leading dot means nothing"),
];

#[test]
fn all_but_what_is_left_open_can_be_caught() {
    let suite = Suite::embedded().unwrap_or_else(|error| panic!("{error}"));
    // Long inputs take long; the mutants that need one have a case of their own, which is run
    // first.
    let is_short = |operation: &Operation| format!("{operation:?}").len() < 4000;
    let cases = suite.cases().iter().map(|case| case.operation().clone());
    let everything: Vec<_> = cases.filter(is_short).collect();
    for profile in Profile::ALL {
        // The case that is meant for a mutant kills most of them, and running all cases takes long.
        let survives = |mutant: &Mutant| {
            let meant = suite.find(mutant.case()).map(|case| case.operation().clone());
            score(profile, iter::once(Some(*mutant))).run_inputs(meant.as_slice()).is_empty()
        };
        let mut survived = score(profile, mutants_of(profile).filter(survives).map(Some));
        survived.run_inputs(&everything);
        let open = LEFT_OPEN.iter().filter(|(mutant, _)| mutant.profiles().contains(&profile));
        let open: BTreeSet<_> = open.map(|(mutant, _)| mutant.to_string()).collect();
        assert_eq!(survived.survivors().map(str::to_owned).collect::<BTreeSet<_>>(), open);
    }
}
