//! The suite against the reference engine, under both profiles: one trial per case,
//! and every `should` binds.

use std::process::ExitCode;

use cookiespec_vectors::Profile;
use cookiespec_vectors::reference::Reference;
use cookiespec_vectors::trials::Trials;

fn main() -> ExitCode {
    let outcomes = Profile::ALL.map(|profile| {
        println!("\nthe reference engine under {profile}:");
        Trials::new(profile, move || Reference::new(profile)).strict().run()
    });
    outcomes.into_iter().find(|&outcome| outcome != ExitCode::SUCCESS).unwrap_or(ExitCode::SUCCESS)
}
