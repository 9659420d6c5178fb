//! Every class of bug that is published repeatedly for cookie libraries is found by its oracle,
//! from an empty corpus, without the suite, within a few thousand cases.

mod planted;

use std::time::Instant;

use cookiespec_fuzzing::{Executor, Fuzzer, InProcess, Kind, ROUND, Settings, Subject};
use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::{Implementation, Profile, Verdict};
use planted::{Failing, Polluted, Reader, Store, Writer};

/// The number of cases within which a class is expected to be found.
const MOST_CASES: u64 = 4_096;

/// Asserts that there is a finding of this kind and difference.
fn assert_found(executor: impl Executor + Send + 'static, kind: Kind, difference: &str) {
    let subject = Subject {
        name: "planted".to_owned(),
        command: None,
        profile: Profile::Rfc6265bis,
        executors: vec![Box::new(executor)],
        models: Vec::new(),
    };
    let settings = Settings { seed: 1, ..Settings::default() };
    let mut fuzzer = Fuzzer::new(vec![subject], settings, None).unwrap();
    while fuzzer.cases() < MOST_CASES {
        fuzzer.round(ROUND, &mut |_| {}).unwrap();
        let is_it = |kind_found, found: &str| kind_found == kind && found.contains(difference);
        if fuzzer.findings().iter().any(|finding| is_it(finding.kind, &finding.difference)) {
            return;
        }
    }
    let found: Vec<_> =
        fuzzer.findings().iter().map(|finding| (finding.kind, &finding.difference)).collect();
    panic!("no {kind:?} \"{difference}\" in {MOST_CASES} cases, only {found:?}");
}

fn in_process(implementation: impl Implementation + Send + 'static) -> InProcess {
    InProcess::new(Box::new(implementation))
}

fn mutant(mutant: Mutant) -> InProcess {
    in_process(Store(MutantImplementation::new(Some(mutant), Profile::Rfc6265bis)))
}

#[test]
fn a_leak_between_hosts() {
    let executor = mutant(Mutant::DomainSuffixWithoutDot);
    assert_found(executor, Kind::Property, "sent to a foreign host");
    assert_found(mutant(Mutant::DomainForeignAccepted), Kind::Property, "sent to a foreign host");
}

#[test]
fn a_leak_across_a_public_suffix() {
    let executor = mutant(Mutant::SuffixListIgnored);
    assert_found(executor, Kind::Property, "sent across a public suffix");
}

#[test]
fn a_leak_from_one_store_to_another() {
    assert_found(in_process(Polluted::new()), Kind::Property, "sent though nobody set it");
}

#[test]
fn an_injection() {
    assert_found(in_process(Writer), Kind::Property, "attribute injected");
    assert_found(in_process(Writer), Kind::Property, "line break written");
    assert_found(in_process(Writer), Kind::Property, "other name written");
}

#[test]
fn a_smuggled_pair() {
    let executor = in_process(Reader(planted::splits_at_blanks));
    assert_found(executor, Kind::Property, "smuggled in");
    let executor = in_process(Reader(planted::quotes_protect));
    assert_found(executor, Kind::Property, "swallows what follows");
}

#[test]
fn a_lost_neighbour() {
    let executor = in_process(Reader(planted::gives_up_at_odd_names));
    assert_found(executor, Kind::Property, "lost to its neighbours");
}

#[test]
fn a_confusion_of_prefixes() {
    for read in [
        planted::decodes_names,
        planted::skips_equals_signs,
        planted::trims_more_than_blanks,
        planted::splits_at_blanks,
    ] {
        assert_found(in_process(Reader(read)), Kind::Property, "prefix taken on");
    }
}

#[test]
fn an_exception() {
    assert_found(in_process(Reader(planted::fails_to_decode)), Kind::Error, "URI malformed");
}

#[test]
fn a_hang_and_a_crash() {
    assert_found(Failing::new(Verdict::Hang), Kind::Hang, "no answer");
    assert_found(Failing::new(Verdict::Crash), Kind::Crash, "as the harness saw it");
}

#[test]
fn a_round_that_ends_early_is_not_counted() {
    let subject = Subject {
        name: "planted".to_owned(),
        command: None,
        profile: Profile::Rfc6265bis,
        executors: vec![Box::new(mutant(Mutant::DomainSuffixWithoutDot))],
        models: Vec::new(),
    };
    let end = Some(Instant::now());
    let settings = Settings { seed: 1, measures: true, end, ..Settings::default() };
    let mut fuzzer = Fuzzer::new(vec![subject], settings, None).unwrap();
    fuzzer.round(ROUND, &mut |event| panic!("{event:?}")).unwrap();
    assert!(fuzzer.is_over());
    assert_eq!((fuzzer.cases(), fuzzer.findings().len()), (0, 0));
}
