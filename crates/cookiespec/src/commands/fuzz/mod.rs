//! `cookiespec fuzz`: differential fuzzing of chosen targets.

mod findings;
mod models;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use cookiespec_fuzzing::{
    Causes, CausesDisplay, Event, Executor, Finding, Folder, Fuzzer, Kind, Quirks, ROUND, Settings,
    Shim, Subject,
};
use cookiespec_report::{Escaped, Exit};
use cookiespec_runner::{Limits, Target};
use cookiespec_vectors::{Level, Profile, Suite};

use crate::selection::{self, TargetChoice, Targets};
use crate::usage::UsageError;
use crate::{execution, output, output_file};

/// Look for bugs of targets beyond the suite, by differential fuzzing
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        cookiespec fuzz python:http.cookies --seconds 60 --seed 1\n  \
        cookiespec fuzz cookie_store node:tough-cookie --cases 100000 --out findings\n  \
        cookiespec fuzz --hide-known --profile rfc6265 -- python3 my_shim.py\n  \
        cookiespec fuzz --replay findings/findings/cookie-error-0123456789abcdef.json\n  \
        cookiespec fuzz --replay found/findings/shim-error-0123456789abcdef.json -- python3 my_shim.py\n\n\
        Exit codes: 0 nothing found, 1 something found, 2 usage, 3 the harness or a shim broke, \
        128 and its number after a signal, with what was found until then."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    targets: TargetChoice,
    /// How long to run, in seconds, the start of the targets among them [default: 60, unless --cases is given]
    #[arg(long, value_name = "N", value_parser = execution::seconds)]
    seconds: Option<Duration>,
    /// How many cases to run
    #[arg(long, value_name = "N")]
    cases: Option<u64>,
    /// The seed that determines the cases
    #[arg(long, value_name = "S", default_value = "1")]
    seed: u64,
    /// The profile to compare with [default: the one each target claims, or rfc6265bis]
    #[arg(long, value_parser = selection::profile())]
    profile: Option<Profile>,
    /// How many processes of each target run at once
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// The part of a run that is divided among machines, such as 2/4
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<u64>,
    /// Keep findings and corpus in this folder, and continue its last run
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Hide the differences that the suite shows as well
    #[arg(long)]
    hide_known: bool,
    /// Also print disagreements of targets on what the specifications leave open
    #[arg(long)]
    disagreements: bool,
    /// Do not measure cost and memory
    #[arg(long)]
    no_measuring: bool,
    /// Execute the input of a finding file again, on its target or on the one that is named
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    replay: Option<PathBuf>,
    /// Run the program that is written in the finding file
    ///
    /// Without this it is only shown: a finding may come from somebody else.
    #[arg(long, requires = "replay", conflicts_with_all = ["names", "command"])]
    run_stored_command: bool,
    /// How long a target may take for an answer, in seconds
    #[arg(long, value_name = "SECS", default_value = "5", value_parser = execution::seconds)]
    deadline: Duration,
}

#[derive(Debug, Subcommand)]
enum Action {
    Promote(findings::PromoteArguments),
    Merge(findings::MergeArguments),
}

/// Runs the fuzzer, or one of the actions on findings.
pub(crate) fn fuzz(arguments: &Arguments) -> Result<Exit> {
    match (&arguments.action, &arguments.replay) {
        (Some(Action::Promote(arguments)), _) => findings::promote(arguments),
        (Some(Action::Merge(arguments)), _) => findings::merge(arguments),
        (None, Some(file)) => {
            let Arguments { targets, run_stored_command, deadline, .. } = arguments;
            findings::replay(file, targets, *run_stored_command, limits(*deadline))
        }
        (None, None) => search(arguments),
    }
}

fn search(arguments: &Arguments) -> Result<Exit> {
    let (mut fuzzer, folder) = begin(arguments)?;
    let (started, before) = (Instant::now(), fuzzer.cases());
    while !fuzzer.is_over() {
        let left = arguments.cases.unwrap_or(u64::MAX).saturating_sub(fuzzer.cases() - before);
        if left == 0 {
            break;
        }
        let round = fuzzer.round(usize::try_from(left).unwrap_or(ROUND), &mut |event| {
            if let Event::Found(finding) = event
                && is_shown(finding, arguments)
                && output::is_watched()
            {
                output::warn(&note(finding));
            }
        });
        round.context("the folder of the run")?;
    }
    let seconds = started.elapsed().as_secs_f64();
    let findings = fuzzer.findings();
    let causes = Causes::of(findings.into_iter().filter(|one| is_shown(one, arguments)));
    let has_some = causes.iter().len() > 0;
    if has_some {
        let files = folder.as_ref();
        output::print(&format!("{}\n", CausesDisplay { causes: &causes, files }))?;
    }
    output::print(&summary(&fuzzer, arguments, fuzzer.cases() - before, seconds))?;
    Ok(match () {
        () if has_some => Exit::Differs,
        () if !fuzzer.malformed().is_empty() => Exit::Broken,
        () => Exit::Clean,
    })
}

fn is_shown(finding: &Finding, arguments: &Arguments) -> bool {
    arguments.disagreements || finding.kind != Kind::Disagreement
}

/// A finding in one line, for who watches the run.
fn note(finding: &Finding) -> String {
    let Finding { target, kind, operation, .. } = finding;
    let (kind, operation, what) = (kind.name(), operation.name(), finding.statement());
    format!("{}\n", Escaped(&format!("{target}: {kind}: {operation}: {what}")))
}

/// Starts the run and its time, in which targets start, too; gives it and its folder.
fn begin(arguments: &Arguments) -> Result<(Fuzzer, Option<Folder>)> {
    let time = match (arguments.seconds, arguments.cases) {
        (Some(time), _) => Some(time),
        (None, Some(_)) => None,
        (None, None) => Some(Duration::from_secs(60)),
    };
    let end = time.and_then(|time| Instant::now().checked_add(time));
    let targets = Targets::locate()?;
    let (chosen, _) = arguments.targets.choose(&targets)?;
    let mut subjects: Vec<_> =
        chosen.into_iter().map(|target| subject(target, arguments, end)).collect::<Result<_>>()?;
    let suite = Suite::embedded().context("the vectors in the binary")?;
    let known = if arguments.hide_known { learn(&mut subjects, &suite) } else { Quirks::default() };
    let folder = match &arguments.out {
        None => None,
        Some(path) => Some(Folder::open(path).map_err(|error| {
            UsageError(format!("cannot use {}: {error}", output_file::shown(path)))
        })?),
    };
    let settings = Settings {
        seed: arguments.seed,
        shard: arguments.shard.unwrap_or_default(),
        known,
        measures: !arguments.no_measuring,
        end,
    };
    let fuzzer =
        Fuzzer::new(subjects, settings, folder.clone()).context("the folder of the run")?;
    if !fuzzer.can_run() {
        return Err(UsageError(
            "none of the targets has an operation that can be fuzzed".to_owned(),
        )
        .into());
    }
    Ok((fuzzer, folder))
}

/// A target with its processes.
fn subject(target: Target, arguments: &Arguments, end: Option<Instant>) -> Result<Subject> {
    let limits = Limits { end, ..limits(arguments.deadline) };
    let open = |profile| {
        Shim::open(target.clone(), profile, limits)
            .map_err(|failure| anyhow::anyhow!("{}: {}", Escaped(&target.selector()), failure.what))
    };
    let first = open(arguments.profile)?;
    let name = target.reported_name(first.about()).to_owned();
    let claimed = first.about().claims.as_deref().and_then(|claimed| claimed.parse().ok());
    let profile = arguments.profile.or(claimed).unwrap_or(Profile::Rfc6265bis);
    let mut executors: Vec<Box<dyn Executor + Send>> = vec![Box::new(first)];
    for _ in 1..arguments.jobs {
        executors.push(Box::new(open(arguments.profile)?));
    }
    let command = target.command_words();
    let models = models::models(profile);
    Ok(Subject { name, command, profile, executors, models })
}

/// The differences that the suite shows.
fn learn(subjects: &mut [Subject], suite: &Suite) -> Quirks {
    let mut known = Quirks::default();
    let cases: Vec<_> = suite.cases().iter().collect();
    for subject in subjects {
        known.learn(subject, &cases);
    }
    known
}

fn limits(deadline: Duration) -> Limits {
    Limits { answer: deadline, ..Limits::default() }
}

/// The numbers of findings by kind, of cases and of malformed answers.
fn summary(fuzzer: &Fuzzer, arguments: &Arguments, cases: u64, seconds: f64) -> String {
    let findings = fuzzer.findings();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for finding in &findings {
        let what = match (finding.kind, finding.level) {
            (Kind::Divergence, level @ (Level::Must | Level::Should)) => {
                format!("{} ({level})", Kind::Divergence.name())
            }
            (kind, _) => kind.name().to_owned(),
        };
        match counts.iter_mut().find(|(known, _)| *known == what) {
            Some((_, count)) => *count += 1,
            None => counts.push((what, 1)),
        }
    }
    let counts: Vec<_> =
        counts.into_iter().map(|(what, count)| format!("{count} {what}")).collect();
    let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
    let mut text = format!(
        "found  {counts}\ncases  {cases} in {seconds:.1} s ({:.0} a second), seed {}, corpus {}\n",
        cases as f64 / seconds.max(0.001),
        arguments.seed,
        fuzzer.corpus_size()
    );
    for (target, count) in fuzzer.malformed() {
        text.push_str(&format!(
            "broken {}: {count} answers did not have the form of the protocol\n",
            Escaped(target)
        ));
    }
    if arguments.out.is_none() && !findings.is_empty() {
        text.push_str("With --out DIR, findings become files that --replay and promote take.\n");
    }
    text
}

/// Reads "K/N", with K from 1 to N, as K - 1.
fn shard(text: &str) -> Result<u64> {
    let parts = text
        .split_once('/')
        .and_then(|(k, n)| Some((k.parse::<u64>().ok()?, n.parse::<u64>().ok()?)));
    match parts {
        Some((k, n)) if (1..=n).contains(&k) => Ok(k - 1),
        _ => bail!("write the part and the number of parts, such as 2/4"),
    }
}
