//! Runs campaigns: `campaign --all`, or `campaign NAME [--sample] [--only TRIAL]`.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use cookiespec_campaign::{Kind, Options};

/// Run cookiespec in hostile circumstances, by the hundred; exit code 1 if something breaks
#[derive(Debug, Parser)]
struct Arguments {
    /// The kinds of circumstances
    #[arg(value_name = "KIND", required_unless_present = "all", value_parser = kind)]
    kinds: Vec<&'static Kind>,
    /// All kinds
    #[arg(long, conflicts_with = "kinds")]
    all: bool,
    /// Only a sample of each, in a few seconds
    #[arg(long)]
    sample: bool,
    /// Only this trial
    #[arg(long, value_name = "TRIAL", conflicts_with_all = ["all", "sample"])]
    only: Option<String>,
    /// The cookiespec to try [default: the one that was built with this program]
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let this = env::current_exe();
    let Some(helpers) = this.ok().and_then(|this| Some(this.parent()?.to_owned())) else {
        eprintln!("it is not known where this program is, beside which the others are");
        return ExitCode::from(2);
    };
    let beside = || helpers.join("program").with_extension(env::consts::EXE_EXTENSION);
    let program = arguments.program.unwrap_or_else(beside);
    if !program.is_file() {
        eprintln!("{} is not there; name the program to try with --program", program.display());
        return ExitCode::from(2);
    }
    let Arguments { sample, only, .. } = arguments;
    let options = Options { program, helpers, sample, only };
    let kinds = if arguments.all { Kind::ALL.iter().collect() } else { arguments.kinds };
    let (mut tried, mut broken) = (0, 0);
    let start = Instant::now();
    for kind in &kinds {
        let begin = Instant::now();
        let report = (kind.run)(&options);
        print!("{}", report.text(kind.name));
        if let Some((trial, took)) = &report.longest {
            let (all, longest) = (begin.elapsed().as_secs(), took.as_secs_f64());
            println!("  {all} s, of which \"{trial}\" took {longest:.1} s");
        }
        tried += report.tried;
        broken += report.broken.len();
    }
    if kinds.len() > 1 {
        let seconds = start.elapsed().as_secs();
        println!("{} kinds in {seconds} s: {tried} tried, {broken} broken", kinds.len());
    }
    if tried == 0 {
        eprintln!("no trial was run; `--only` takes the name of one");
        return ExitCode::from(2);
    }
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn kind(name: &str) -> Result<&'static Kind, String> {
    Kind::named(name).ok_or_else(|| {
        let kinds = Kind::ALL.iter().map(|kind| format!("\n  {:<12} {}", kind.name, kind.about));
        format!("the kinds are:{}", kinds.collect::<String>())
    })
}
