//! How many of the faults the differential fuzzer finds, and how fast, without the vectors.
//!
//! ```sh
//! cargo run --release -p cookiespec-mutants --example hunt -- --seconds 300 --seed 1
//! ```

use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cookiespec_fuzzing::{Caught, Hunt, ROUND};
use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::{Implementation, Profile};

/// So many of a hundred faults must be found.
const ENOUGH: usize = 90;

fn main() -> ExitCode {
    let option = |name: &str, default: u64| {
        let mut words = env::args().skip_while(|word| word != name);
        words.nth(1).and_then(|word| word.parse().ok()).unwrap_or(default)
    };
    let time = Duration::from_secs(option("--seconds", 300));
    let most = option("--cases", u64::MAX);
    let seed = option("--seed", 1);
    let started = Instant::now();
    let (mut caught, mut cases) = (0, 0);
    let mut hunts = Profile::ALL.map(|profile| (profile, hunt(seed, profile)));
    let hunted = hunts.iter().map(|(_, hunt)| hunt.at_large().len()).sum::<usize>();
    let is_on = |cases| started.elapsed() < time && cases < most;
    while is_on(cases) && hunts.iter().any(|(_, hunt)| hunt.at_large().len() > 0) {
        for (profile, hunt) in &mut hunts {
            for Caught { name, what, operation } in hunt.round(ROUND) {
                caught += 1;
                let seconds = started.elapsed().as_secs_f64();
                println!("{seconds:7.1} s  {profile}  {name}: {what}\n           {operation:?}");
            }
            cases += ROUND as u64;
        }
    }
    for (profile, hunt) in &hunts {
        hunt.at_large().for_each(|name| println!("at large under {profile}: {name}"));
    }
    let left_out = hunts.iter().map(|(_, hunt)| hunt.left_out()).sum::<usize>();
    println!("{left_out} cases accuse whoever has no fault, and were left out");
    let seconds = started.elapsed().as_secs_f64();
    println!("caught {caught} of {hunted} with {cases} cases in {seconds:.1} s, seed {seed}");
    if caught * 100 >= hunted * ENOUGH { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every fault of a profile.
fn hunt(seed: u64, profile: Profile) -> Hunt {
    let faults = Mutant::ALL.iter().copied().filter(|fault| fault.profiles().contains(&profile));
    let suspects = faults.map(|fault| {
        let suspect: Box<dyn Implementation + Send> =
            Box::new(MutantImplementation::new(Some(fault), profile));
        (fault.to_string(), suspect)
    });
    Hunt::new(seed, profile, suspects)
        .with_control(Box::new(MutantImplementation::new(None, profile)))
}
