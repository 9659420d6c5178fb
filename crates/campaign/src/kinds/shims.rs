//! Shims that misbehave: whatever one writes, a run ends with a documented exit code, in bounded time
//! and memory, and no report has anything in it that its reader obeys.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cookiespec_test_support::bad_shims::KINDS;
use cookiespec_test_support::hostile_shim::{LINE_END, PLACES, TEXTS};
use tempfile::TempDir;

use crate::bounds::{Bounds, inert_file};
use crate::fixtures::{self, FAULT};
use crate::options::Options;
use crate::program::Ran;
use crate::report::{Report, Trial};

/// Of a sample, one of so many trials is run.
const STRIDE: usize = 37;

/// The reports that every trial makes beside the text on stdout.
const REPORTS: [&str; 8] = [
    "text=report.txt",
    "json=report.json",
    "junit=report.xml",
    "markdown=report.md",
    "sarif=report.sarif",
    "badge=report.svg",
    "html=report.html",
    "events=report.ndjson",
];

/// The longest Markdown report: more is refused as the summary of a step.
const MAX_MARKDOWN: u64 = 1 << 20;

/// The longest report of any kind, in octets: what is kept of a flood is far below it.
const MAX_REPORT: u64 = 64 << 20;

/// How long a command may take with a flood, which is hundreds of megabytes of JSON.
const FLOOD_TIME: Duration = Duration::from_secs(240);

/// What is run on a shim beside `run`. `SHIM` stands for the shim and its arguments.
const COMMANDS: &[&[&str]] = &[
    &["run", "--vectors", "vectors", "--repeat", "2", "--profile", "rfc6265,rfc6265bis", "SHIM"],
    &["bless", "--vectors", "vectors", "--baseline", "known.toml", "--repeat", "1", "SHIM"],
    &["run", "--vectors", "vectors", "--baseline", "known.toml", "SHIM"],
    &["explain", "--vectors", "vectors", "fault.0001", "SHIM"],
    &["explain", "--vectors", "vectors", "fault.0001", "--format", "json", "SHIM"],
    &["try", "a=b", "SHIM"],
    &["try", "a=b", "--format", "json", "SHIM"],
    &["diff", "reference", "--vectors", "vectors", "SHIM"],
    &["fuzz", "--cases", "60", "--no-measuring", "--out", "found", "SHIM"],
    &["bench", "--vectors", "vectors", "--only", "fault.0001", "SHIM"],
    &["shim", "check", "SHIM"],
];

/// Runs the trials: every bad shim and every hostile text in every place, with every report; a flood
/// of answers to the whole suite; and, for some texts, every command.
pub(super) fn run(options: &Options) -> Report {
    let Some(shim) = fixtures::bad_shim() else {
        return Report::default().leaving_out(["the shim is not beside this program".to_owned()]);
    };
    let mut trials = Vec::new();
    let mut add = |name: String, trial: fn(&Context) -> Result<(), String>, words: Vec<String>| {
        let context = Context { program: options.program.clone(), shim: shim.clone(), words };
        trials.push(Trial { name, run: Box::new(move || trial(&context)) });
    };
    for (kind, _) in KINDS.iter().filter(|(kind, _)| *kind != "flood") {
        let words = vec![(*kind).to_owned(), "mark".to_owned()];
        add((*kind).to_owned(), reports, words);
    }
    for place in PLACES {
        for (text, _) in TEXTS {
            let words = ["hostile", place, text].map(str::to_owned).to_vec();
            add(format!("{text} in {place}"), reports, words.clone());
            if *text == "everything" {
                add(format!("{text} in {place}, every command"), commands, words);
            }
        }
    }
    for what in ["text", "lists", "controls", "members", "depth", "addition"] {
        let words = ["flood", what].map(str::to_owned).to_vec();
        add(format!("a flood of {what}"), flood_of_area, words);
    }
    for place in ["error", "stderr-and-crash", "cookie-name"] {
        for text in ["long", "controls", "distinct"] {
            let words = ["hostile", place, text].map(str::to_owned).to_vec();
            add(format!("a flood of {text} in {place}"), flood_of_area, words);
        }
    }
    let words = ["flood", "text"].map(str::to_owned).to_vec();
    add("a flood of text, the whole suite".to_owned(), flood_of_suite, words);
    Report::of_independent(options, STRIDE, trials)
}

/// What a trial is run with.
struct Context {
    program: PathBuf,
    shim: PathBuf,
    /// The arguments of the shim.
    words: Vec<String>,
}

impl Context {
    /// Runs the program in a folder, with the shim in the place of `SHIM`.
    fn run(&self, folder: &Path, arguments: &[&str], bounds: Bounds) -> Result<Ran, String> {
        let mut command = Command::new(&self.program);
        command.current_dir(folder);
        for argument in arguments {
            match *argument {
                // `shim check` takes the shim as it stands.
                "SHIM" => {
                    command.arg("--").arg(&self.shim).args(&self.words);
                }
                argument => {
                    command.arg(argument);
                }
            }
        }
        let ran = bounds.run(&mut command).map_err(|error| error.to_string())?;
        let within = |what: String| format!("{}: {what}", arguments.join(" "));
        bounds.check(&ran).map_err(within)?;
        // The lines of stderr stay lines.
        let is_line = self.words.get(1).is_some_and(|place| place.starts_with("stderr"));
        let output = [&*ran.stdout, &*ran.stderr].concat();
        if !is_line && String::from_utf8_lossy(&output).contains(&LINE_END.join("\n")) {
            return Err(within("a line feed of the shim is a line feed of the output".to_owned()));
        }
        Ok(ran)
    }
}

/// All reports of a run of a few cases.
fn reports(context: &Context) -> Result<(), String> {
    let folder = folder()?;
    let all = REPORTS.join(",");
    let limits = ["--deadline", "0.5", "--startup", "2"];
    let arguments =
        [&["run", "--vectors", "vectors", "--format", &all], &limits[..], &["SHIM"]].concat();
    let ran = context.run(folder.path(), &arguments, Bounds::default())?;
    check_reports(folder.path(), &ran)?;
    let formats = REPORTS.map(|report| report.split_once('=').map_or(report, |(kind, _)| kind));
    // What was kept can be read again, and every report be made of it.
    for format in formats {
        let arguments = ["report", "report.ndjson", "--format", format];
        let again = context.run(folder.path(), &arguments, Bounds::default())?;
        if again.code() != Some(0) {
            return Err(format!("report --format {format}: {}", again.last_words()));
        }
    }
    Ok(())
}

/// Every command.
fn commands(context: &Context) -> Result<(), String> {
    let folder = folder()?;
    for arguments in COMMANDS {
        let ran = context.run(folder.path(), arguments, Bounds::default())?;
        let is_compared = arguments.contains(&"--baseline");
        if ran.code() == Some(2) && !is_compared {
            return Err(format!("{}: not run: {}", arguments.join(" "), ran.last_words()));
        }
    }
    let baseline = folder.path().join("known.toml");
    if baseline.exists() {
        inert_file(&baseline)?;
    }
    let found = folder.path().join("found/findings");
    // There is none if the answers are right.
    let findings = fs::read_dir(&found).into_iter().flatten().flatten();
    for finding in findings.take(3) {
        let file = finding.path().display().to_string();
        context.run(folder.path(), &["fuzz", "--replay", &file, "SHIM"], Bounds::default())?;
        context.run(folder.path(), &["fuzz", "--replay", &file], Bounds::default())?;
        context.run(
            folder.path(),
            &["fuzz", "promote", &file, "--area", "jar"],
            Bounds::default(),
        )?;
    }
    Ok(())
}

/// A flood on the whole suite, with all reports.
fn flood_of_suite(context: &Context) -> Result<(), String> {
    flood(context, "*", Bounds { time: FLOOD_TIME, ..Bounds::default() })
}

/// A flood on an area of the suite. What would be kept of it is less by as much as the bound is.
fn flood_of_area(context: &Context) -> Result<(), String> {
    let bounds = Bounds { memory: 150_000_000, time: FLOOD_TIME, ..Bounds::default() };
    flood(context, "set-cookie.pair.*", bounds)
}

fn flood(context: &Context, cases: &str, bounds: Bounds) -> Result<(), String> {
    let folder = folder()?;
    let all = REPORTS.join(",");
    let profiles = ["--profile", "rfc6265,rfc6265bis"];
    let arguments =
        [&["run", "--format", &all, "--only", cases], &profiles[..], &["SHIM"]].concat();
    let ran = context.run(folder.path(), &arguments, bounds)?;
    check_reports(folder.path(), &ran)?;
    context.run(folder.path(), &["report", "report.ndjson"], bounds).map(drop)
}

/// The reports are there, complete, inert, and no longer than their readers take.
fn check_reports(folder: &Path, ran: &Ran) -> Result<(), String> {
    let exit = ran.code().unwrap_or(-1);
    for report in REPORTS {
        let (kind, name) = report.split_once('=').unwrap_or((report, report));
        let file = folder.join(name);
        if !file.is_file() {
            return Err(format!("{name} is not there; exit code {exit}: {}", ran.last_words()));
        }
        inert_file(&file)?;
        let length = fs::metadata(&file).map_err(|error| error.to_string())?.len();
        if length >= if kind == "markdown" { MAX_MARKDOWN } else { MAX_REPORT } {
            return Err(format!("{name} has {length} octets"));
        }
        let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let end = match kind {
            "text" => format!("exit code {exit}\n"),
            "markdown" => format!("\nEnd of the report, exit code {exit}.\n"),
            "json" => "\"end\": true\n}\n".to_owned(),
            "events" => format!("\"exit\":{exit}}}\n"),
            "junit" => "</testsuites>\n".to_owned(),
            "badge" => "</svg>\n".to_owned(),
            "html" => "</html>".to_owned(),
            _ => "}\n".to_owned(),
        };
        if !text.trim_end().ends_with(end.trim_end()) {
            let rest: String = text.chars().rev().take(60).collect();
            let rest: String = rest.chars().rev().collect();
            return Err(format!("{name} ends with {rest:?}"));
        }
    }
    Ok(())
}

/// A folder with a few cases.
fn folder() -> Result<TempDir, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let vectors = folder.path().join("vectors");
    fs::create_dir(&vectors)
        .and_then(|()| fs::write(vectors.join("fault.json"), FAULT))
        .map_err(|error| error.to_string())?;
    Ok(folder)
}
