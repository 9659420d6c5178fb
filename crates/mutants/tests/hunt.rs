//! The differential fuzzer against what is wrong on purpose, and against what is not. How far it
//! gets in five minutes is what `examples/hunt.rs` shows; here it has a few seconds.

use std::collections::BTreeSet;
use std::iter;

use cookiespec_fuzzing::Hunt;
use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::{Implementation, Operation, Profile, Suite};

fn hunt(profile: Profile, faults: impl Iterator<Item = Option<Mutant>>) -> Hunt {
    let suspects = faults.map(|fault| {
        let suspect: Box<dyn Implementation + Send> =
            Box::new(MutantImplementation::new(fault, profile));
        (fault.map_or_else(String::new, |fault| fault.to_string()), suspect)
    });
    Hunt::new(3, profile, suspects)
}

fn faults(profile: Profile) -> impl Iterator<Item = Mutant> {
    Mutant::ALL.iter().copied().filter(move |fault| fault.profiles().contains(&profile))
}

#[test]
fn nobody_is_accused_without_a_fault() {
    for profile in Profile::ALL {
        let caught = hunt(profile, iter::once(None)).round(4000);
        assert!(caught.is_empty(), "{caught:?}");
    }
}

#[test]
fn two_thousand_cases_catch_two_thirds_of_the_faults() {
    let profile = Profile::Rfc6265bis;
    let control = Box::new(MutantImplementation::new(None, profile));
    let mut hunt = hunt(profile, faults(profile).map(Some)).with_control(control);
    let hunted = hunt.at_large().len();
    let caught = hunt.round(2000).len();
    assert!(caught * 3 > hunted * 2, "{caught} of {hunted}");
}

/// What nobody is accused of, and why, however wrong the suite finds it.
const LEFT_OPEN: &[(Mutant, &str)] = &[
    (Mutant::AgeLimitOneSecondMore, "every instant may be a second off"),
    (Mutant::FieldEmptyPairsKept, "nobody says that a pair without name and value is none"),
    (Mutant::FieldFirstOfNameOnly, "which of two cookies with one name counts is for the server"),
    (Mutant::FieldLastOfNameOnly, "which of two cookies with one name counts is for the server"),
    (Mutant::FieldOneBlankTrimmed, "the grammar has one blank between two pairs"),
    (Mutant::PrefixHostWithDomainAccepted, "the text contradicts itself about an empty Domain"),
    (Mutant::SecureSchemeCaseSensitive, "what becomes of a scheme in capitals is for URL parsers"),
    (Mutant::SuffixOfIpv6Matches, "what is a host in brackets is for URL parsers"),
    (Mutant::WritesDomainWithDot, "a leading dot means nothing"),
];

#[test]
fn all_but_what_is_left_open_can_be_caught() {
    let suite = Suite::embedded().unwrap_or_else(|error| panic!("{error}"));
    // Long inputs take their time, and what they alone can show is meant for them.
    let is_short = |operation: &Operation| format!("{operation:?}").len() < 4000;
    let cases = suite.cases().iter().map(|case| case.operation().clone());
    let everything: Vec<_> = cases.filter(is_short).collect();
    for profile in Profile::ALL {
        // The case that is meant for a fault catches most, and asking all cases takes its time.
        let escapes = |fault: &Mutant| {
            let meant = suite.find(fault.case()).map(|case| case.operation().clone());
            hunt(profile, iter::once(Some(*fault))).confront(meant.as_slice()).is_empty()
        };
        let mut escaped = hunt(profile, faults(profile).filter(escapes).map(Some));
        escaped.confront(&everything);
        let open = LEFT_OPEN.iter().filter(|(fault, _)| fault.profiles().contains(&profile));
        let open: BTreeSet<_> = open.map(|(fault, _)| fault.to_string()).collect();
        assert_eq!(escaped.at_large().map(str::to_owned).collect::<BTreeSet<_>>(), open);
    }
}
