//! `bench`: how fast targets are, whatever language they are written in.

mod json;
mod text;

use std::num::NonZeroUsize;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use cookiespec_report::{Exit, ShimFailure};
use cookiespec_runner::bench::{self, Benched, Pace};
use cookiespec_runner::{Job, Limits, Target};
use cookiespec_vectors::{Case, Profile};

use crate::format::Format;
use crate::selection::{self, CaseChoice, TargetChoice, Targets};
use crate::usage::UsageError;
use crate::{execution, output};

/// Measure how many cases per second targets do, operation by operation
///
/// Only cases that a target passes are timed. An echo of as many octets is timed in turns with
/// them: what a case takes beyond its echo is the implementation's own time, without the protocol.
#[derive(Debug, Args)]
#[command(
    name = "bench",
    after_help = "Examples:\n  \
    cookiespec bench cookie_store node:tough-cookie\n  \
    cookiespec bench python:http.cookies --area date --samples 25\n  \
    cookiespec bench --all --format json > speed.json\n  \
    cookiespec bench -- ./my-shim\n\n\
    Exit codes: 0 measured, whatever came out; 2 usage; 3 the harness or a shim broke."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    targets: TargetChoice,
    /// The profile to judge by [default: the one the target claims, or rfc6265bis]
    #[arg(long, value_parser = selection::profile())]
    profile: Option<Profile>,
    #[command(flatten)]
    cases: CaseChoice,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// How many samples are taken of each operation
    #[arg(long, value_name = "N", default_value = "9")]
    samples: NonZeroUsize,
    /// How long a sample lasts, in seconds
    #[arg(long, value_name = "SECS", default_value = "0.1", value_parser = execution::seconds)]
    sample: Duration,
    /// How long a target may take for an answer, in seconds
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = execution::seconds)]
    deadline: Duration,
}

/// Measures and prints.
pub(crate) fn bench(arguments: &Arguments) -> Result<Exit> {
    let suite = arguments.cases.suite()?;
    let cases = cases(arguments, arguments.cases.cases(&suite)?)?;
    let targets = Targets::locate()?;
    let (chosen, _) = arguments.targets.choose(&targets)?;
    let limits = Limits { answer: arguments.deadline, ..Limits::default() };
    let pace = Pace { samples: arguments.samples, sample: arguments.sample, limits };

    let bar = execution::bar(chosen.len() * pace.samples_of_all(&cases), "samples");
    let mut measured = Vec::new();
    for target in chosen {
        let job = Job { target, profiles: arguments.profile.into_iter().collect() };
        let outcome = bench::bench(&job, &cases, &pace, &|samples| bar.inc(samples as u64));
        let one = Measurement { target: job.target, outcome };
        if arguments.format == Format::Text {
            bar.suspend(|| output::print(&text::of(&one)))?;
        }
        measured.push(one);
    }
    bar.finish_and_clear();
    if arguments.format == Format::Json {
        output::print(&json::of(&measured))?;
    }
    let is_broken = measured.iter().any(|one| one.outcome.is_err());
    Ok(if is_broken { Exit::Broken } else { Exit::Clean })
}

/// A target and what came of measuring it.
#[derive(Debug)]
struct Measurement {
    target: Target,
    outcome: Result<Benched, ShimFailure>,
}

/// Programs of a stored cookie's life that every store can run.
const TYPICAL_JARS: [&str; 3] = ["jar.domain.0001", "jar.pair.0001", "jar.path.0001"];

/// The chosen cases; of the whole suite those that are typical, because many others are hostile.
fn cases<'a>(arguments: &Arguments, mut cases: Vec<&'a Case>) -> Result<Vec<&'a Case>> {
    if arguments.cases.is_everything() {
        cases.retain(|case| {
            TYPICAL_JARS.contains(&&*case.id) || case.tags.iter().any(|tag| tag == "basic")
        });
    }
    if cases.is_empty() {
        let what = "none of these vectors is tagged \"basic\"; choose some with --only or --area";
        return Err(UsageError(what.to_owned()).into());
    }
    Ok(cases)
}
