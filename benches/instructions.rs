//! The instruction gate: compares the instructions of the hot paths, as callgrind counts them, with
//! the accepted counts in `instructions.toml`. More than 3 % above one of them fails.
//!
//! `cargo bench -p cookiespec-benches --bench instructions` checks;
//! `COOKIESPEC_INSTRUCTIONS=update` in front of it accepts what it counts.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use cookiespec_benches::{ENGINE, Group, jar, parsers};
use cookiespec_test_support::callgrind;

/// Environment variable with the path and the number of runs of the measured process.
const WORK: &str = "COOKIESPEC_INSTRUCTIONS_WORK";
const UPDATE: &str = "COOKIESPEC_INSTRUCTIONS";

/// The difference between the counts for two numbers of runs excludes everything that happens once.
const FEW: u64 = 100;
const MANY: u64 = 1_100;

/// Accepted excess, per thousand.
const TOLERANCE: u64 = 30;

const HOT_PATHS: &[&str] = &[
    "set-cookie/short",
    "set-cookie/long",
    "set-cookie/hostile",
    "cookie/1",
    "cookie/10",
    "cookie/50",
    "date/imf",
    "date/asctime",
    "format",
    "domain-match",
    "retrieve/100",
    "replace/100",
    "insert-remove/100",
];

fn main() -> ExitCode {
    if let Ok(work) = env::var(WORK) {
        run(&work);
        return ExitCode::SUCCESS;
    }
    match check() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the instructions cannot be counted: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(work: &str) {
    let (path, runs) = work.split_once(' ').expect("a path and a number of runs");
    let mut group = hot_path(path).expect("a hot path");
    let engine = group.subject(ENGINE).expect("the engine takes part");
    engine.run(runs.parse().expect("a number of runs"));
}

fn hot_path(name: &str) -> Option<Group> {
    let groups = if name.ends_with("/100") { jar(100) } else { parsers() };
    groups.into_iter().find(|group| group.name == name)
}

/// Whether every hot path is within its accepted count.
fn check() -> Result<bool, Box<dyn Error>> {
    if !callgrind::is_there() {
        println!("skipped: valgrind, which counts the instructions, is not installed");
        return Ok(true);
    }
    let compiler = compiler()?;
    if env::var(UPDATE).is_ok_and(|value| value == "update") {
        fs::write(file(), accepted_text(&compiler)?)?;
        println!("accepted: {}", file().display());
        return Ok(true);
    }
    let accepted: Accepted = read()?;
    if accepted.compiler != compiler {
        println!("skipped: the counts are of {}, this is {compiler}", accepted.compiler);
        return Ok(true);
    }
    let mut within = true;
    for path in HOT_PATHS {
        let Some(&accepted) = accepted.counts.get(*path) else {
            return Err(format!("{path} has no accepted count; {UPDATE}=update makes one").into());
        };
        let count = count(path)?;
        let per_thousand = count as i128 * 1000 / i128::from(accepted.max(1)) - 1000;
        let verdict = if per_thousand > i128::from(TOLERANCE) { "TOO MANY" } else { "ok" };
        within &= verdict == "ok";
        println!("{path:<20} {count:>8} of {accepted:>8}  {per_thousand:>+5} ‰  {verdict}");
    }
    if !within {
        println!(
            "if the change justifies it, {UPDATE}=update accepts the counts; give the reason in the commit"
        );
    }
    Ok(within)
}

/// The instructions of one run.
fn count(path: &str) -> Result<u64, Box<dyn Error>> {
    let of = |runs: u64| callgrind::instructions(WORK, &format!("{path} {runs}"));
    Ok(of(MANY)?.saturating_sub(of(FEW)?) / (MANY - FEW))
}

/// The accepted counts.
struct Accepted {
    /// The compiler that the counts are valid for.
    compiler: String,
    counts: BTreeMap<String, u64>,
}

fn read() -> Result<Accepted, Box<dyn Error>> {
    let table: toml::Table = fs::read_to_string(file())?.parse()?;
    let text = |name: &str| table.get(name).and_then(toml::Value::as_str).map(str::to_owned);
    let counts = table.get("counts").and_then(toml::Value::as_table).ok_or("no [counts]")?;
    let counts = counts
        .iter()
        .filter_map(|(path, count)| Some((path.clone(), u64::try_from(count.as_integer()?).ok()?)));
    Ok(Accepted { compiler: text("compiler").ok_or("no compiler")?, counts: counts.collect() })
}

fn accepted_text(compiler: &str) -> Result<String, Box<dyn Error>> {
    let mut text = format!(
        "# Instructions of one run of each hot path, as callgrind counts them. More than 3 % above\n\
         # one of them fails the gate; `{UPDATE}=update` in front of\n\
         # `cargo bench -p cookiespec-benches --bench instructions` accepts new ones.\n\
         compiler = \"{compiler}\"\n\n[counts]\n"
    );
    for path in HOT_PATHS {
        writeln!(text, "\"{path}\" = {}", count(path)?)?;
    }
    Ok(text)
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.toml")
}

/// Version and host of the compiler.
fn compiler() -> Result<String, Box<dyn Error>> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let release = field("release: ").ok_or("rustc names no release")?;
    Ok(format!("rustc {release} {}", field("host: ").ok_or("rustc names no host")?))
}
