//! The mutation score of the differential fuzzer: how many mutants it kills without the vectors,
//! and how fast.
//!
//! ```sh
//! cargo run --release -p cookiespec-mutants --example mutation_score -- --seconds 300 --seed 1
//! ```
//!
//! `--cases N` stops after so many cases, and `--only A,B` looks at these mutants alone, which shows in a
//! short time what those need that survive.

use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cookiespec_fuzzing::{KilledMutant, MutationScore, ROUND};
use cookiespec_mutants::{Mutant, MutantImplementation};
use cookiespec_vectors::{Implementation, Profile};

/// The least mutation score, in percent.
const LEAST_SCORE: usize = 90;

fn main() -> ExitCode {
    let option = |name: &str| env::args().skip_while(|word| word != name).nth(1);
    let only = option("--only");
    let option =
        |name: &str, default| option(name).and_then(|word| word.parse().ok()).unwrap_or(default);
    let time = Duration::from_secs(option("--seconds", 300));
    let most = option("--cases", u64::MAX);
    let seed = option("--seed", 1);
    let started = Instant::now();
    let (mut killed, mut cases) = (0, 0);
    let is_asked_for = |mutant: &Mutant| {
        let name = mutant.to_string();
        only.as_ref().is_none_or(|only| only.split(',').any(|one| one == name))
    };
    let mut scores = Profile::ALL.map(|profile| (profile, mutants(seed, profile, is_asked_for)));
    let mutants = scores.iter().map(|(_, score)| score.survivors().len()).sum::<usize>();
    let has_time = |cases| started.elapsed() < time && cases < most;
    while has_time(cases) && scores.iter().any(|(_, score)| score.survivors().len() > 0) {
        for (profile, score) in &mut scores {
            for KilledMutant { name, divergence, operation } in score.round(ROUND) {
                killed += 1;
                let seconds = started.elapsed().as_secs_f64();
                println!("{seconds:7.1} s  {profile}  {name}: {divergence}");
                println!("           {operation:?}");
            }
            cases += ROUND as u64;
        }
    }
    for (profile, score) in &scores {
        score.survivors().for_each(|name| println!("survived under {profile}: {name}"));
    }
    let dropped = scores.iter().map(|(_, score)| score.dropped()).sum::<usize>();
    println!("{dropped} cases were dropped, on which the unmutated control diverges");
    let seconds = started.elapsed().as_secs_f64();
    println!("killed {killed} of {mutants} with {cases} cases in {seconds:.1} s, seed {seed}");
    if killed * 100 >= mutants * LEAST_SCORE { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Every mutant of a profile that is asked for.
fn mutants(seed: u64, profile: Profile, is_asked_for: impl Fn(&Mutant) -> bool) -> MutationScore {
    let mutants = Mutant::ALL.iter().filter(|mutant| mutant.profiles().contains(&profile));
    let mutants = mutants.filter(|mutant| is_asked_for(mutant));
    let implementations = mutants.map(|mutant| {
        let implementation: Box<dyn Implementation + Send> =
            Box::new(MutantImplementation::new(Some(*mutant), profile));
        (mutant.to_string(), implementation)
    });
    MutationScore::new(seed, profile, implementations)
        .with_control(Box::new(MutantImplementation::new(None, profile)))
}
