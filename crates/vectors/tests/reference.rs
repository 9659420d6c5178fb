//! The suite against the reference engine, under both profiles: one trial per case.

use std::process::ExitCode;

use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::{Profile, trials};

fn main() -> ExitCode {
    let outcomes = Profile::ALL.map(|profile| {
        println!("\nthe reference engine under {profile}:");
        trials::run(profile, move || Reference::new(profile))
    });
    outcomes.into_iter().find(|&outcome| outcome != ExitCode::SUCCESS).unwrap_or(ExitCode::SUCCESS)
}
