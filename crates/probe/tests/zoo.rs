//! Probes the applications of `zoo/`. Those that are not installed are skipped with a message.
//!
//! The pair of Djangos is probed by default. All of them take minutes:
//!
//! ```sh
//! cargo test -p cookiespec-probe --test zoo -- --ignored --nocapture
//! ```

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use cookiespec_probe::checks::table;
use cookiespec_probe::{Descriptor, Options, ProbeRun};

/// What a column of the matrix needs: files under `zoo/`, or programs on the PATH.
const ZOO: &[(&str, &[&str])] = &[
    ("actix-session", &["rust/target/debug/actix-session"]),
    ("actix-session-redis", &["rust/target/debug/actix-session", "redis-server"]),
    ("axum-login", &["rust/target/debug/axum-login"]),
    ("django", &[PYTHON]),
    ("django-5.2.13", &[PYTHON, "../shims/python/.django-5.2.13/requirements.txt"]),
    ("django-cache", &[PYTHON]),
    ("django-save-every-request", &[PYTHON]),
    ("django-signed-cookies", &[PYTHON]),
    ("express", &["node", EXPRESS]),
    ("express-redis", &["node", EXPRESS, "redis-server"]),
    ("flask", &[PYTHON]),
    ("flask-session", &[PYTHON]),
    ("jetty", &["java", "../shims/java/.lib/jetty-ee10-servlet-12.1.14.jar"]),
    ("php", &["php"]),
    ("rack-cookie", &["puma"]),
    ("rack-pool", &["puma"]),
    ("scs", &["go/.bin/scs"]),
    ("starlette", &[PYTHON]),
    ("tower-sessions", &["rust/target/debug/tower-sessions"]),
    ("tower-sessions-sqlite", &["rust/target/debug/tower-sessions"]),
];

/// Written by `shims/setup python` when everything else is there.
const PYTHON: &str = "../shims/python/.venv/requirements.txt";
const EXPRESS: &str = "../shims/node/node_modules/express-session";

/// The checks whose outcome is not the same in every run: those that overlap requests find a defect
/// at some rate, and those that wait depend on the load of the machine.
const UNSTABLE: [&str; 19] = [
    "SM-065", "SM-066", "SM-067", "SM-068", "SM-069", "SM-070", "SM-072", "SM-073", "SM-074",
    "SM-076", "SM-088", "SM-089", "SM-090", "SM-091", "SM-092", "SM-093", "SM-094", "SM-095",
    "SM-099",
];

#[test]
fn every_descriptor_of_the_zoo_is_in_the_list() {
    let mut found: Vec<_> = fs::read_dir(zoo())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        // It has a test of its own, with all of its mutants.
        .filter(|name| name != "reference_app")
        .collect();
    found.sort();
    let listed: Vec<_> = ZOO.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, listed);
    for name in listed {
        read(name);
    }
}

#[test]
fn a_known_vulnerability_is_found_and_its_repair_is_not() {
    let names = ["django-5.2.13", "django-save-every-request"];
    if names.iter().any(|name| is_missing(name)) {
        return;
    }
    // Most of the time is the application's: its password hashes are slow on purpose.
    let [before, after] = thread::scope(|scope| {
        names
            .map(|name| scope.spawn(move || verdicts(&probe(name))))
            .map(|probe| probe.join().unwrap())
    });
    assert_eq!(before["SM-101"], "FAIL", "CVE-2026-35192");
    assert_eq!(after["SM-101"], "PASS");
    let differ: Vec<_> = before.iter().filter(|(id, verdict)| after[*id] != **verdict).collect();
    assert_eq!(differ.len(), 1, "they differ in nothing else: {differ:?}");
}

#[test]
#[ignore = "it takes minutes: cargo test -p cookiespec-probe --test zoo -- --ignored"]
fn each_engine_is_judged_as_it_was() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    for (name, _) in ZOO {
        if !is_missing(name) {
            insta::assert_snapshot!(format!("zoo__{name}"), summary(&probe(name)));
        }
    }
}

/// Whether something is not installed. What it is, is printed.
fn is_missing(name: &str) -> bool {
    let (_, needs) = ZOO.iter().find(|(known, _)| *known == name).unwrap();
    let missing = needs.iter().find(|need| !is_installed(need));
    if let Some(missing) = missing {
        eprintln!("{name}: skipped, {missing} is missing; docs/zoo.md says how to install it");
    }
    missing.is_some()
}

fn is_installed(need: &str) -> bool {
    if need.contains('/') {
        return zoo().join(need).exists();
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders).any(|folder| folder.join(need).exists())
}

fn probe(name: &str) -> ProbeRun {
    let stable = table::all().map(|check| check.id).filter(|id| !UNSTABLE.contains(id));
    let mut options = Options { only: stable.map(str::to_owned).collect(), ..Options::default() };
    // Enough to distinguish constants from chance, also on a busy machine.
    options.sample.count = 100;
    cookiespec_probe::probe(read(name), &options, None, &|_| {})
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn read(name: &str) -> Descriptor {
    let text = fs::read_to_string(zoo().join(format!("{name}.toml"))).unwrap();
    Descriptor::read(&text, &zoo()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn verdicts(run: &ProbeRun) -> BTreeMap<&'static str, &'static str> {
    let results = run.results.iter();
    results.map(|result| (result.check.id, result.name())).collect()
}

/// The checks by their verdicts.
fn summary(run: &ProbeRun) -> String {
    let mut summary = format!("{}\n", run.name);
    for word in ["FAIL", "BROKEN", "FACT", "N/A", "PASS"] {
        let results = run.results.iter().filter(|result| result.name() == word);
        let ids: Vec<_> = results.map(|result| result.check.id.trim_start_matches("SM-")).collect();
        if !ids.is_empty() {
            writeln!(summary, "{word:6} {}", ids.join(" ")).unwrap();
        }
    }
    summary
}

fn zoo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../zoo")
}
