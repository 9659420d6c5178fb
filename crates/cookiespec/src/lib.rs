//! The command line, as a library so that a program of its own can be made of it: its interface is
//! that of the program.

mod baseline;
mod commands;
mod event_file;
mod execution;
mod format;
mod interruption;
mod output;
mod output_file;
mod selection;
mod trace;
mod usage;

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use cookiespec_report::Exit;

use crate::commands::{
    bench, bless, compare, completions, coverage, diff, doctor, explain, fuzz, list, man, origins,
    probe, report, run, shim, show, survey, try_, vectors,
};
use crate::usage::UsageError;

/// Conformance tests for everything that parses, writes, stores or trusts an HTTP cookie
///
/// Without a command: the survey. It runs every case of the suite on every target found on this
/// machine, prints how far each follows which specification, and writes an HTML report.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
        cookiespec                                 survey everything that can run here\n  \
        cookiespec run cookie_store                gate one target; exit code 1 if a case fails\n  \
        cookiespec run --only 'jar.*' -- ./my-shim gate a program of your own\n  \
        cookiespec try 'a=b; Max-Age=0'            the answer of every target to one header\n  \
        cookiespec explain ID --target cookie      why a target failed a case\n  \
        cookiespec diff cookie biscotti            where two targets differ\n  \
        cookiespec show jar.lifetime.0001          a case and what is expected of it\n  \
        cookiespec probe app.toml                  check the sessions of a web application\n  \
        cookiespec origins                         the suite in a browser of your own\n  \
        cookiespec bench cookie python:werkzeug    how fast they are, operation by operation\n  \
        cookiespec list --targets                  what can be run\n  \
        cookiespec doctor                          what is installed, and what installs the rest\n\n\
        Exit codes: 0 as expected, 1 a case failed, 2 usage or nothing selected, 3 the harness or \
        a shim broke, 128 and its number after a signal."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    survey: survey::Arguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Arguments),
    Bless(bless::Arguments),
    Report(report::Arguments),
    Compare(compare::Arguments),
    Try(try_::Arguments),
    Explain(explain::Arguments),
    Diff(diff::Arguments),
    Fuzz(Box<fuzz::Arguments>),
    Show(show::Arguments),
    List(list::Arguments),
    Probe(probe::Arguments),
    Origins(origins::Arguments),
    Bench(bench::Arguments),
    Doctor(doctor::Arguments),
    Shim(shim::Arguments),
    Coverage(coverage::Arguments),
    Vectors(vectors::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    /// End the children of a cookiespec that was killed; cookiespec starts this itself
    #[command(hide = true)]
    Watch {
        /// What marks the children
        tag: String,
    },
}

impl Command {
    /// Whether it starts other programs, which have to be ended with it.
    fn starts_programs(&self) -> bool {
        match self {
            Self::Shim(arguments) => arguments.starts_programs(),
            Self::Run(_)
            | Self::Bless(_)
            | Self::Try(_)
            | Self::Explain(_)
            | Self::Diff(_)
            | Self::Fuzz(_)
            | Self::List(_)
            | Self::Probe(_)
            | Self::Bench(_)
            | Self::Doctor(_) => true,
            Self::Report(_)
            | Self::Compare(_)
            | Self::Show(_)
            | Self::Coverage(_)
            | Self::Vectors(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Origins(_)
            | Self::Watch { .. } => false,
        }
    }
}

/// Runs the program with the arguments of this process. The exit code is one of those that `--help`
/// lists.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    if let Some(Command::Watch { tag }) = &cli.command {
        cookiespec_process::watch(tag);
        return ExitCode::SUCCESS;
    }
    let starts_programs = cli.command.as_ref().is_none_or(Command::starts_programs);
    let result = interruption::prepare(starts_programs).and_then(|()| run_command(&cli));
    ExitCode::from(interruption::exit(exit(result)) as u8)
}

fn run_command(cli: &Cli) -> Result<Exit> {
    match &cli.command {
        None => survey::survey(&cli.survey),
        Some(Command::Run(arguments)) => run::run(arguments),
        Some(Command::Bless(arguments)) => bless::bless(arguments),
        Some(Command::Report(arguments)) => report::report(arguments),
        Some(Command::Compare(arguments)) => compare::compare(arguments),
        Some(Command::Try(arguments)) => try_::try_(arguments),
        Some(Command::Explain(arguments)) => explain::explain(arguments),
        Some(Command::Diff(arguments)) => diff::diff(arguments),
        Some(Command::Fuzz(arguments)) => fuzz::fuzz(arguments),
        Some(Command::Show(arguments)) => show::show(arguments),
        Some(Command::List(arguments)) => list::list(arguments),
        Some(Command::Probe(arguments)) => probe::probe(arguments),
        Some(Command::Origins(arguments)) => origins::origins(arguments),
        Some(Command::Bench(arguments)) => bench::bench(arguments),
        Some(Command::Doctor(arguments)) => doctor::doctor(arguments),
        Some(Command::Shim(arguments)) => shim::shim(arguments),
        Some(Command::Coverage(arguments)) => coverage::coverage(arguments),
        Some(Command::Vectors(arguments)) => vectors::vectors(arguments),
        Some(Command::Completions(arguments)) => {
            completions::completions(arguments, Cli::command())
        }
        Some(Command::Man(arguments)) => man::man(arguments, Cli::command()),
        Some(Command::Watch { .. }) => Ok(Exit::Clean),
    }
}

/// Prints the help that was asked for, or what is wrong with the command line.
fn refuse(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        output::warn(&cut(&error.render().to_string()));
        return ExitCode::from(Exit::Usage as u8);
    }
    // That nobody reads it is no error.
    let _ = error.print();
    ExitCode::SUCCESS
}

/// The exit code, after writing an error to stderr.
fn exit(result: Result<Exit>) -> Exit {
    match result {
        Ok(exit) => exit,
        Err(error) => {
            output::warn(&format!("{}\n", cut(&format!("error: {error:#}"))));
            if error.is::<UsageError>() { Exit::Usage } else { Exit::Broken }
        }
    }
}

/// An error of at most two screens: of a longer one the start and how much was left out. A file or a
/// command line may be wrong in thousands of places.
fn cut(error: &str) -> String {
    match error.char_indices().nth(MAX_ERROR) {
        None => error.to_owned(),
        Some((at, _)) => format!("{} … ({} octets in all)\n", &error[..at], error.len()),
    }
}

/// The longest error that is shown, in characters.
const MAX_ERROR: usize = 4_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_error_is_cut() {
        assert_eq!(cut("short"), "short");
        let long = cut(&"ä".repeat(1 << 20));
        assert!(long.len() < 3 * MAX_ERROR, "{}", long.len());
        assert!(long.ends_with(" … (2097152 octets in all)\n"));
    }
}
