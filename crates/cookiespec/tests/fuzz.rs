//! `cookiespec fuzz`, through its command line.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use support::{Ran, cookiespec};

/// The findings, without the summary, which has the time taken.
fn findings(ran: &Ran) -> &str {
    ran.stdout.split("\nfound ").next().unwrap()
}

fn finding_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("findings")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_same_seed_gives_the_same_findings() {
    let run = |seed: &str, jobs: &str| {
        let how = ["--cases", "500", "--seed", seed, "--jobs", jobs, "--no-measuring"];
        cookiespec(&[&["fuzz", "cookie"][..], &how].concat())
    };
    let (once, again) = (run("3", "1"), run("3", "2"));
    assert_eq!(once.code, Some(1), "{once:?}");
    assert!(findings(&once).contains("\n  spec   rfc6265"), "{}", once.stdout);
    assert_eq!(findings(&once), findings(&again));
    assert_ne!(findings(&once), findings(&run("4", "1")));
}

#[test]
fn the_reference_engine_has_no_finding() {
    for profile in ["rfc6265", "rfc6265bis"] {
        // Cost and memory depend on the load of the machine, and are not measured.
        let how = ["--profile", profile, "--cases", "1500", "--no-measuring"];
        let ran = cookiespec(&[&["fuzz", "reference"][..], &how].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.stdout);
        assert!(ran.stdout.starts_with("found  nothing\n"), "{}", ran.stdout);
    }
}

#[test]
fn a_run_goes_on_where_it_was_stopped_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let run = |cases: &str| cookiespec(&["fuzz", "basic-cookies", "--cases", cases, "--out", out]);
    assert_eq!(run("512").code, Some(1));
    let first = finding_files(folder.path());
    assert!(!first.is_empty());
    run("256");
    let second = finding_files(folder.path());
    assert!(first.iter().all(|file| second.contains(file)));
    let progress = fs::read_to_string(folder.path().join("progress/1-0.json")).unwrap();
    assert_eq!(progress, r#"{"seed":1,"shard":0,"rounds":3,"cases":768}"#);
}

#[test]
fn a_finding_is_replayed_promoted_and_merged() {
    let folder = tempfile::tempdir().unwrap();
    let (one, all) = (folder.path().join("one"), folder.path().join("all"));
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    cookiespec(&["fuzz", "basic-cookies", "--cases", "300", "--out", &text(&one)]);
    let file = finding_files(&one).remove(0);

    let replayed = cookiespec(&["fuzz", "--replay", &text(&file)]);
    assert_eq!(replayed.code, Some(1), "{replayed:?}");
    assert!(replayed.stdout.ends_with("Reproduced.\n"), "{}", replayed.stdout);

    // Another target is named by its own name.
    let other = ["fuzz", "--replay", &text(&file), "--", env!("CARGO_BIN_EXE_cookiespec"), "shim"];
    let replayed = cookiespec(&[&other[..], &["basic-cookies"]].concat());
    assert_eq!(replayed.code, Some(1), "{replayed:?}");
    let own = cookiespec(&[&other[..], &["reference"]].concat());
    assert_eq!(own.code, Some(0), "{own:?}");

    // A target without the bug does not reproduce the finding.
    let mended = fs::read_to_string(&file).unwrap().replace("basic-cookies", "reference");
    let other = folder.path().join("mended.json");
    fs::write(&other, mended).unwrap();
    let replayed = cookiespec(&["fuzz", "--replay", &text(&other)]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");

    let promoted = cookiespec(&["fuzz", "promote", &text(&file), "--area", "cookie-header"]);
    let case: serde_json::Value = serde_json::from_str(&promoted.stdout).unwrap();
    assert_eq!(case["kind"], "parse.cookie");
    assert_eq!(case["id"], "cookie-header.NNNN");
    assert_eq!(case["observed"][1]["target"], "basic-cookies");

    let merged = cookiespec(&["fuzz", "merge", &text(&one), &text(&one), "--out", &text(&all)]);
    assert_eq!(merged.code, Some(0), "{merged:?}");
    assert_eq!(finding_files(&one).len(), finding_files(&all).len());
}

#[test]
fn the_program_in_a_finding_is_shown_and_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    cookiespec(&[
        "fuzz",
        "basic-cookies",
        "--cases",
        "300",
        "--no-measuring",
        "--out",
        &text(folder.path()),
    ]);
    let file = finding_files(folder.path()).remove(0);
    let mut finding: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    let ran = folder.path().join("ran");
    let hostile = folder.path().join("##vso[a]\u{1b}[2J\n::error::");
    finding["command"] = json!(["touch", &text(&ran), &text(&hostile)]);
    fs::write(&file, finding.to_string()).unwrap();

    let replayed = cookiespec(&["fuzz", "--replay", &text(&file)]);
    assert_eq!(replayed.code, Some(2), "{replayed:?}");
    assert!(!ran.exists());
    assert!(replayed.stderr.contains("-- touch "), "{}", replayed.stderr);
    assert!(replayed.stderr.contains("--run-stored-command"), "{}", replayed.stderr);
    assert!(!replayed.stderr.contains('\u{1b}'), "{}", replayed.stderr);
    assert!(!replayed.stderr.contains("##vso["), "{}", replayed.stderr);
    assert!(!replayed.stderr.contains("\n::error"), "{}", replayed.stderr);

    // What is named on the command line is run, and nothing else.
    let replayed = cookiespec(&["fuzz", "--replay", &text(&file), "basic-cookies"]);
    assert_eq!(replayed.code, Some(1), "{replayed:?}");
    assert!(!ran.exists());

    let replayed = cookiespec(&["fuzz", "--replay", &text(&file), "--run-stored-command"]);
    assert!(replayed.stderr.starts_with("running -- touch "), "{}", replayed.stderr);
    assert!(ran.exists());
}

#[test]
fn what_the_suite_shows_already_can_be_hidden() {
    let run = |more: &[&str]| {
        let how = ["fuzz", "cookie", "--cases", "500", "--no-measuring"];
        cookiespec(&[&how[..], more].concat())
    };
    let count = |ran: &Ran| ran.stdout.matches("\n  spec   ").count();
    let (everything, new) = (run(&[]), run(&["--hide-known"]));
    assert_eq!(everything.code, Some(1), "{everything:?}");
    assert!(count(&new) < count(&everything), "{}\n{}", everything.stdout, new.stdout);
}

/// The findings of `docs/trophies.md`, for the versions that are installed.
#[test]
fn every_trophy_is_still_so() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
    let (mut replayed, mut skipped) = (0, 0);
    for file in finding_files(&corpus) {
        let ran = cookiespec(&["fuzz", "--replay", file.to_str().unwrap()]);
        let is_other = ran.stdout.contains("Not reproduced. The version here is ");
        let is_absent = ran.stderr.contains(" cannot run here: ");
        match ran.code {
            Some(1) => replayed += 1,
            Some(2) if is_absent => skipped += 1,
            Some(0) if is_other => skipped += 1,
            _ => panic!("{}: {ran:?}", file.display()),
        }
    }
    println!("{replayed} reproduced; {skipped} are of targets or versions that are not here");
}

#[test]
fn what_cannot_be_done_as_typed_is_a_usage_error() {
    for (arguments, message) in [
        (&["fuzz"][..], "name a target"),
        (&["fuzz", "cookie", "--shard", "5/4"], "such as 2/4"),
        (&["fuzz", "--replay", "no-such-file.json"], "no-such-file.json"),
        (&["fuzz", "merge", "no-such-folder", "--out", "x"], "no folder"),
        (&["fuzz", "promote", "fuzz.rs", "--area", "x"], "not a finding"),
    ] {
        let ran = cookiespec(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
    let _ = fs::remove_dir_all(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/x"));
}
