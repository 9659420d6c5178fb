//! `bench`: how fast targets are, in whatever language they are written.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use cookiespec_report::{Escaped, Exit, ShimFailure, ascii_json};
use cookiespec_runner::bench::{self, BenchResult, OperationSpeed, Pace, Speed, Timing};
use cookiespec_runner::{Job, Limits, Target};
use cookiespec_vectors::{Case, ImplementationInfo, Profile};
use serde_json::{Value, json};

use crate::format::Format;
use crate::selection::{self, CaseChoice, TargetChoice, Targets};
use crate::usage::UsageError;
use crate::{execution, interruption, output};

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
    Exit codes: 0 measured, whatever the result; 2 usage; 3 the harness or a shim broke."
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
        interruption::check()?;
        let one = Measurement { target: job.target, outcome };
        if arguments.format == Format::Text {
            bar.suspend(|| output::print(&text(&one)))?;
        }
        measured.push(one);
    }
    bar.finish_and_clear();
    if arguments.format == Format::Json {
        output::print(&json(&measured))?;
    }
    let is_broken = measured.iter().any(|one| one.outcome.is_err());
    Ok(if is_broken { Exit::Broken } else { Exit::Clean })
}

/// A target, and its speed.
#[derive(Debug)]
struct Measurement {
    target: Target,
    outcome: Result<BenchResult, ShimFailure>,
}

impl Measurement {
    /// The name of the target; of a command, what it calls itself, if it could be measured.
    fn name(&self) -> String {
        let about = self.outcome.as_ref().map(|result| result.handshake.about());
        match &about {
            Ok(about) => self.target.reported_name(about).to_owned(),
            Err(_) => self.target.name.clone(),
        }
    }
}

/// Jar programs that every store can run.
const TYPICAL_JARS: [&str; 3] = ["jar.domain.0001", "jar.pair.0001", "jar.path.0001"];

/// The chosen cases; of the complete suite those that are typical, because many others are hostile.
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

/// The speed of a target as text: a line for every operation.
fn text(measured: &Measurement) -> String {
    let mut text = format!("{}: ", Escaped(&measured.name()));
    match &measured.outcome {
        Ok(BenchResult { handshake, profile, operations }) => {
            let about = handshake.about();
            let (name, version) = (Escaped(&about.name), Escaped(&about.version));
            let _ = writeln!(text, "{name} {version}, judged under {profile}");
            let _ = writeln!(
                text,
                "  {:<18}{:>9}{:>12}{:>22}{:>22}",
                "operation", "cases", "cases/s", "own time", "protocol"
            );
            for one in operations {
                let is_supported = about.can.iter().any(|can| can == one.operation);
                let figures = if is_supported { figures(one) } else { "  unsupported".to_owned() };
                let _ = writeln!(text, "  {:<18}{figures}", one.operation);
            }
        }
        Err(failure) => {
            let _ = writeln!(text, "{}: {}", failure.verdict, Escaped(&failure.what));
        }
    }
    text.push('\n');
    text
}

fn figures(measured: &OperationSpeed) -> String {
    let left_out = measured.left_out.len();
    let Some(Speed { cases, total, protocol, own }) = measured.speed else {
        return format!("{:>9}  passes none of them", format!("0 of {left_out}"));
    };
    format!(
        "{:>9}{:>12.0}{:>22}{:>22}",
        format!("{cases} of {}", cases + left_out),
        total.per_second(),
        // A time below the noise is not shown.
        if own.median > own.spread() { microseconds(own) } else { "within the noise".to_owned() },
        microseconds(protocol)
    )
}

/// Microseconds, and half the distance between the quartiles.
fn microseconds(timing: Timing) -> String {
    format!("{:.2} ± {:.2} µs", timing.median / 1e3, timing.spread() / 1e3)
}

/// The speed of all targets as one JSON document. Times are in nanoseconds, each a median with the
/// quartiles around it.
fn json(measured: &[Measurement]) -> String {
    let targets: Vec<_> = measured.iter().map(target).collect();
    let document = json!({ "format": "cookiespec-bench/1", "targets": targets });
    ascii_json(&format!("{document:#}\n"))
}

fn target(measured: &Measurement) -> Value {
    let Measurement { target, outcome } = measured;
    let mut value = json!({ "name": measured.name(), "ecosystem": target.ecosystem });
    match outcome {
        Ok(BenchResult { handshake, profile, operations }) => {
            let ImplementationInfo { name, version, language, .. } = handshake.about();
            let implementation = json!({ "name": name, "version": version, "language": language });
            value["implementation"] = implementation;
            value["profile"] = json!(profile.name());
            value["operations"] = operations.iter().map(operation).collect();
        }
        Err(failure) => {
            let (verdict, what) = (failure.verdict.name(), &failure.what);
            value["error"] = json!({ "verdict": verdict, "what": what });
        }
    }
    value
}

fn operation(measured: &OperationSpeed) -> Value {
    let mut value = json!({ "operation": measured.operation, "left_out": measured.left_out });
    if let Some(Speed { cases, total, protocol, own }) = measured.speed {
        value["cases"] = json!(cases);
        value["cases_per_second"] = json!(total.per_second());
        for (name, timing) in [("whole", total), ("protocol", protocol), ("own", own)] {
            value[name] = nanoseconds(timing);
        }
    }
    value
}

fn nanoseconds(timing: Timing) -> Value {
    json!({ "low": timing.low, "median": timing.median, "high": timing.high })
}
