//! The cost and memory oracles on implementations with super-linear cost, unbounded memory or an
//! endless loop, and on harmless ones: all of the former are reported, within a minute of processor
//! time, and none of the latter.
#![cfg(target_os = "linux")]

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use cookiespec_fuzzing::{
    Executor, Finding, Fuzzer, Growth as Growing, InProcess, Kind, Settings, Shim, Subject, replay,
};
use cookiespec_mutants::{Cost, Growth, Misbehavior, MutantImplementation};
use cookiespec_runner::{Limits, Target};
use cookiespec_test_support::BusyLoops;
use cookiespec_vectors::{Implementation, Operation, Profile};

const PROFILE: Profile = Profile::Rfc6265bis;
/// The processor time of the calling thread within which a finding is expected.
const MOST_TIME: Duration = Duration::from_secs(60);
/// The number of rounds within which a finding is expected.
const MOST_ROUNDS: usize = 500;
/// The number of rounds in which a harmless implementation must have no finding.
const ROUNDS_WITHOUT_FINDING: usize = 40;
/// The number of cases in a round.
const CASES: usize = 64;
/// The same if only cost matters.
const FEW_CASES: usize = 4;

#[test]
fn every_growth_is_found_with_its_exponent() {
    for cost in Cost::ALL {
        let exponents = match cost.growth() {
            Growth::Quadratic => 1.6..2.6,
            // Takes minutes without optimisation.
            Growth::Cubic if cfg!(debug_assertions) => continue,
            Growth::Cubic => 2.4..3.5,
            // Code in this process cannot be interrupted; the next test uses a process.
            Growth::Exponential | Growth::Linear | Growth::Linearithmic => continue,
        };
        let name = cost.input(1).name();
        let begun = cpu_time();
        let mut fuzzer = in_process(MutantImplementation::with_cost(*cost, PROFILE), name);
        let finding = search(&mut fuzzer, Kind::Cost, FEW_CASES, MOST_ROUNDS)
            .unwrap_or_else(|| panic!("{cost} is not found"));
        let time = cpu_time() - begun;
        println!("{cost}: {time:.1?}, {:?}", finding.growth);
        // Without optimisation the same work takes far longer.
        assert!(cfg!(debug_assertions) || time < MOST_TIME, "{cost} is found after {time:.1?}");
        let growth = finding.growth.unwrap_or_else(|| panic!("{cost}: no growth"));
        assert!(exponents.contains(&growth.exponent), "{cost}: {growth:?}");
        let doublings = growth.repetitions.last().zip(growth.repetitions.first());
        assert!(doublings.is_some_and(|(last, first)| last / first >= 2), "{cost}: {growth:?}");
    }
}

#[test]
fn what_explodes_is_found_although_it_is_killed() {
    let mut fuzzer = behind_a_shim(&Cost::BackslashesByBacktracking.to_string());
    // The shim's jar is a list, whose quadratic cost is found as well.
    let explodes = |finding: &Finding| finding.growth.as_ref().is_some_and(|it| it.exponent > 4.5);
    let finding = search_for(&mut fuzzer, explodes, FEW_CASES, MOST_ROUNDS).expect("it is found");
    let growth = finding.growth.expect("a growth");
    assert!(growth.unit.as_slice().contains(&b'\\'), "{growth:?}");
}

#[test]
fn linear_cost_is_not_reported() {
    for cost in Cost::ALL {
        if matches!(cost.growth(), Growth::Linear | Growth::Linearithmic) {
            let name = cost.input(1).name();
            let mut fuzzer = in_process(MutantImplementation::with_cost(*cost, PROFILE), name);
            let finding = search(&mut fuzzer, Kind::Cost, FEW_CASES, ROUNDS_WITHOUT_FINDING);
            assert!(finding.is_none(), "{cost}: {:?}", finding.map(|it| it.growth));
        }
    }
}

/// A finding is confirmed beside four busy loops per processor on an implementation whose cost is
/// quadratic, and on none whose cost is linear.
#[test]
fn a_busy_machine_changes_nothing_about_cost() {
    let cost = Cost::BlanksByCopies;
    let mut fuzzer =
        in_process(MutantImplementation::with_cost(cost, PROFILE), cost.input(1).name());
    let finding = search(&mut fuzzer, Kind::Cost, FEW_CASES, MOST_ROUNDS).expect("it is found");
    let _load = BusyLoops::per_processor(4);
    let again = replay(&finding, &mut subject(Box::new(shim(&cost.to_string()))));
    let growth = again.and_then(|finding| finding.growth).expect("it is confirmed");
    assert!((1.6..2.6).contains(&growth.exponent), "{growth:?}");
    for cost in [Cost::ControlsByTables, Cost::PairsBySorting] {
        let unit = if cost == Cost::PairsBySorting { "a=b; " } else { "x" };
        let prefix = if cost == Cost::PairsBySorting { "" } else { "a=" };
        let growth = finding.growth.clone().map(|growth| Growing {
            unit: unit.into(),
            prefix: prefix.into(),
            suffix: "".into(),
            ..growth
        });
        let linear = Finding { operation: cost.input(100), growth, ..finding.clone() };
        let confirmed = replay(&linear, &mut subject(Box::new(shim(&cost.to_string()))));
        assert!(confirmed.is_none(), "{cost}: {:?}", confirmed.map(|finding| finding.growth));
    }
}

#[test]
fn a_jar_that_is_a_list_is_quadratic_in_its_cookies() {
    let mut fuzzer = in_process(MutantImplementation::new(None, PROFILE), "jar");
    let finding = search(&mut fuzzer, Kind::Cost, FEW_CASES, MOST_ROUNDS).expect("it is found");
    assert_eq!(finding.field, "jar number of cookies");
}

#[test]
fn what_is_never_answered_is_reported_with_a_short_input() {
    let mut fuzzer = behind_a_shim(&Misbehavior::LoopsForEver.to_string());
    let finding = search(&mut fuzzer, Kind::Hang, CASES, MOST_ROUNDS).expect("it is found");
    let Operation::ParseSetCookie(input) = finding.operation else { panic!("{finding:?}") };
    assert!(input.set_cookie.as_slice().ends_with(b"\\"), "{:?}", input.set_cookie);
    assert!(input.set_cookie.as_slice().len() <= 4, "{:?}", input.set_cookie);
}

#[test]
fn memory_is_reported_where_it_is_kept_for_ever() {
    for misbehavior in [Misbehavior::KeepsEveryInput, Misbehavior::KeepsRecentInputs] {
        let rounds = if misbehavior.is_harmful() { MOST_ROUNDS } else { ROUNDS_WITHOUT_FINDING };
        let mut fuzzer = behind_a_shim(&misbehavior.to_string());
        let finding = search(&mut fuzzer, Kind::Memory, CASES, rounds);
        assert_eq!(finding.is_some(), misbehavior.is_harmful(), "{misbehavior}");
    }
}

/// Fuzzes until there is a finding of a kind, at most this number of rounds.
fn search(fuzzer: &mut Fuzzer, kind: Kind, cases: usize, rounds: usize) -> Option<Finding> {
    search_for(fuzzer, |finding| finding.kind == kind, cases, rounds)
}

fn search_for(
    fuzzer: &mut Fuzzer,
    is_wanted: impl Fn(&Finding) -> bool,
    cases: usize,
    rounds: usize,
) -> Option<Finding> {
    for _ in 0..rounds {
        fuzzer.round(cases, &mut |_| {}).expect("a run without a folder does not fail");
        let found = fuzzer.findings().into_iter().find(|finding| is_wanted(finding));
        if found.is_some() {
            return found.cloned();
        }
    }
    None
}

/// A run on one operation of an implementation: without optimisation the others would take most of
/// the time.
fn in_process(implementation: impl Implementation + Send + 'static, operation: &str) -> Fuzzer {
    fuzzer(Box::new(InProcess::new(Box::new(implementation)).restricted_to(operation)))
}

fn behind_a_shim(name: &str) -> Fuzzer {
    fuzzer(Box::new(shim(name)))
}

fn shim(name: &str) -> Shim {
    let target =
        Target::command(OsStr::new(env!("CARGO_BIN_EXE_mutant_shim")), &[OsString::from(name)]);
    let limits = Limits { answer: Duration::from_secs(1), ..Limits::default() };
    Shim::open(target, None, limits).expect("mutant_shim starts")
}

fn fuzzer(executor: Box<dyn Executor + Send>) -> Fuzzer {
    let settings = Settings { seed: 1, measures: true, ..Settings::default() };
    let subjects = vec![subject(executor)];
    Fuzzer::new(subjects, settings, None).expect("a run without a folder does not fail")
}

fn subject(executor: Box<dyn Executor + Send>) -> Subject {
    Subject {
        name: "planted".to_owned(),
        command: None,
        profile: PROFILE,
        executors: vec![executor],
        models: Vec::new(),
    }
}

/// The processor time of this thread.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("processor time is not negative")
}
