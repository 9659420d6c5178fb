//! `cookiespec doctor`, and through it every shim of the source tree that can run here.
//!
//! There is one trial for each target: it passes the handshake, echoes 256 octets unchanged and
//! refuses an operation that does not exist. A target whose library is not installed is ignored, and
//! its kind is what installs it.

mod support;

use std::collections::BTreeSet;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use support::{Ran, command, cookiespec};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let ran = cookiespec(&["doctor", "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let examined: Vec<Value> = ecosystems(&report)
        .flat_map(|ecosystem| ecosystem["targets"].as_array().into_iter().flatten().cloned())
        .collect();

    let mut trials: Vec<_> = examined.iter().cloned().map(target).collect();
    let expected = report.clone();
    trials.extend([
        Trial::test("every_target_is_examined", move || every_target_is_examined(&ran, &examined)),
        Trial::test("the_remedy_is_for_what_is_missing", move || remedy(&expected)),
        Trial::test("the_sheet_fits_a_narrow_terminal", fits),
        Trial::test("a_machine_with_nothing_on_it_is_no_error", bare),
        Trial::test("a_wrong_format_is_a_usage_error", usage),
    ]);
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn ecosystems(report: &Value) -> impl Iterator<Item = &Value> {
    report["ecosystems"].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn target(examined: Value) -> Trial {
    let name = format!("shim::{}", text(&examined, "name"));
    let why = text(&examined, "why").to_owned();
    let state = text(&examined, "state").to_owned();
    let is_missing = state == "missing";
    let kind = if is_missing { why.clone() } else { String::new() };
    Trial::test(name, move || {
        check(state == "runs", &why)?;
        check(!text(&examined, "version").is_empty(), "it does not say which version it is of")
    })
    .with_kind(kind)
    .with_ignored_flag(is_missing)
}

fn every_target_is_examined(ran: &Ran, examined: &[Value]) -> Result<(), Failed> {
    check(ran.code == Some(0), &format!("{ran:?}"))?;
    let listed = cookiespec(&["list", "--targets"]).stdout;
    let mut listed: Vec<_> =
        listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let mut names: Vec<_> = examined.iter().map(|one| text(one, "name")).collect();
    listed.sort_unstable();
    names.sort_unstable();
    check(listed == names, &format!("listed {listed:?}, examined {names:?}"))
}

fn remedy(report: &Value) -> Result<(), Failed> {
    // Clients are a group, whatever they run on: each says what installs it.
    let targets =
        ecosystems(report).flat_map(|one| one["targets"].as_array().into_iter().flatten());
    let missing: BTreeSet<_> = targets
        .filter(|one| text(one, "state") == "missing")
        .filter_map(|one| text(one, "why").split("`shims/setup ").nth(1)?.split('`').next())
        .collect();
    let fix = report["fix"].as_str().map(|fix| fix.split_whitespace().skip(1).collect());
    let wanted = if missing.is_empty() { None } else { Some(missing) };
    check(fix == wanted, &format!("{fix:?} is not {wanted:?}"))
}

fn fits() -> Result<(), Failed> {
    let ran = Ran::of(command().arg("doctor").env("COLUMNS", "80"));
    check(ran.code == Some(0), &format!("{ran:?}"))?;
    match ran.stdout.lines().find(|line| line.chars().count() > 80) {
        None => check(ran.stdout.starts_with("built in: "), &ran.stdout),
        Some(line) => Err(format!("does not fit: {line}").into()),
    }
}

fn bare() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let ran = Ran::of(command().arg("doctor").env("PATH", folder.path()).env("COLUMNS", "80"));
    check(ran.code == Some(0), &format!("{ran:?}"))?;
    // Without a PATH there is no Node.js; its shims are nowhere else.
    let message = "node is not on the PATH; install Node.js 20 or newer";
    check(ran.stdout.contains(message), &ran.stdout)
}

fn usage() -> Result<(), Failed> {
    let ran = cookiespec(&["doctor", "--format", "xml"]);
    check(ran.code == Some(2) && ran.stderr.contains("text, json"), &format!("{ran:?}"))
}

fn check(holds: bool, otherwise: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}
