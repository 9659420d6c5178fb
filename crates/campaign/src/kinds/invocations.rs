//! Command lines that are malformed: each is refused or run, and nothing in it reaches the terminal.

use std::ffi::OsString;
use std::process::Command;
use std::time::Duration;

use crate::bounds::Bounds;
use crate::options::Options;
use crate::report::{Report, Trial};

/// Of a sample, one of so many trials is run.
const STRIDE: usize = 61;

/// The commands, as far as they stand before the malformed word.
const COMMANDS: &[&[&str]] = &[
    &["--only", "no.such.case"],
    &["run", "reference", "--only", "no.such.case"],
    &["run", "--only", "date.0001", "--", "./no-such-program"],
    &["bless", "no-such-target"],
    &["report"],
    &["compare"],
    &["compare", "no-such-file"],
    &["try", "--targets", "no-such-target"],
    &["explain", "--target", "no-such-target"],
    &["diff", "no-such-target"],
    &["fuzz", "no-such-target"],
    &["fuzz", "--replay"],
    &["fuzz", "promote", "--area", "jar"],
    &["fuzz", "merge", "--out", "merged"],
    &["show"],
    &["list", "--only", "no.such.case"],
    &["probe"],
    &["probe", "init"],
    &["bench", "no-such-target"],
    &["shim"],
    &["shim", "new", "python"],
    &["shim", "check"],
    &["coverage", "--fail-under"],
    &["vectors", "lint", "--vectors"],
    &["vectors", "new", "jar.path"],
    &["vectors", "cross-check", "--import"],
    &["completions"],
    &["man", "--dir"],
];

/// Words, and what is wrong with each.
fn words() -> Vec<(String, OsString)> {
    let named = [
        ("an option that does not exist", "--no-such-option".to_owned()),
        ("an option with an escape sequence", "--x\u{1b}[31m\u{1b}[2J".to_owned()),
        ("all control characters", ('\u{1}'..='\u{1f}').chain('\u{7f}'..='\u{9f}').collect()),
        ("characters that reorder", "a\u{202e}b\u{2066}\u{feff}".to_owned()),
        ("a command of GitHub", "::error::x".to_owned()),
        ("a command of GitHub on a line of its own", "x\n::error file=a::b".to_owned()),
        ("a command of Azure", "##vso[task.complete]x".to_owned()),
        ("a command of TeamCity", "##teamcity[message text='x']".to_owned()),
        ("100,000 letters", "x".repeat(100_000)),
        ("100,000 escape characters", "\u{1b}".repeat(100_000)),
        ("nothing", String::new()),
        ("a line feed", "\n".to_owned()),
    ];
    let mut words: Vec<_> =
        named.into_iter().map(|(name, word)| (name.to_owned(), OsString::from(word))).collect();
    #[cfg(unix)]
    words.push((
        "octets that are not UTF-8".to_owned(),
        std::os::unix::ffi::OsStringExt::from_vec(b"\xff\xfe\x1b[31m".to_vec()),
    ));
    let options = [
        "--format",
        "--format=",
        "--format=pdf",
        "--format=text,text",
        "--format=json=",
        "--format=json=/",
        "--format=html=/no/such/folder/x",
        "--format=json=a,html=./a",
        "--deadline=-1",
        "--deadline=0",
        "--deadline=NaN",
        "--deadline=1e400",
        "--jobs=0",
        "--jobs=99999999999999999999",
        "--only=[",
        "--only={a,",
        "--area=\u{1b}",
        "--profile=rfc9999",
        "--profile=",
        "--section=x",
        "--vectors=/no/such/folder",
        "--vectors=/dev/null",
        "--seed=-1",
        "--seconds=inf",
        "--cases=x",
        "--out=/dev/null/x",
        "--baseline=/",
        "--today=2026-13-45",
        "--repeat=0",
        "--shard=0/0",
        "--rate=0",
        "--max-time=-5",
    ];
    words.extend(options.map(|word| (word.escape_debug().to_string(), word.into())));
    words
}

/// Runs every command with every word.
pub(super) fn run(options: &Options) -> Report {
    let words = words();
    let mut trials = Vec::new();
    for command in COMMANDS {
        for (name, word) in &words {
            trials.push(Trial {
                name: format!("{}: {name}", command.join(" ")),
                run: Box::new(move || invoked(options, command, word)),
            });
        }
    }
    Report::of_independent(options, STRIDE, trials)
}

fn invoked(options: &Options, command: &[&str], word: &OsString) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let bounds = Bounds { time: Duration::from_secs(30), output: 1 << 20, ..Bounds::default() };
    let mut program = Command::new(&options.program);
    // What stands after `--` belongs to another program.
    let (before, after) = match command.iter().position(|it| *it == "--") {
        Some(at) => command.split_at(at),
        None => (command, &[][..]),
    };
    program.current_dir(folder.path()).args(before).arg(word).args(after);
    let ran = bounds.run(&mut program).map_err(|error| error.to_string())?;
    bounds.check(&ran)?;
    let complaint = ran.complaint();
    if ran.code() == Some(2) && complaint.trim().is_empty() {
        return Err("it is refused without a reason".to_owned());
    }
    if complaint.len() > 20_000 {
        return Err(format!("the reason has {} octets", complaint.len()));
    }
    Ok(())
}
