//! What authors of vectors use: `coverage` and `vectors`.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::cookiespec;

/// The vectors of this repository, seen from the folder the tests run in.
const CORPUS: &str = "../../../corpus/vectors";

#[test]
fn the_suite_covers_every_testable_statement_that_binds() {
    let ran = cookiespec(&["coverage", "--fail-under", "must=100,should=95"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("rfc6265: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("\nrfc6265bis: "), "{}", ran.stdout);
}

#[test]
fn a_suite_that_covers_too_little_is_exit_code_1() {
    let ran = cookiespec(&[
        "coverage",
        "--vectors",
        "vectors",
        "--profile",
        "rfc6265",
        "--fail-under",
        "must=99",
        "--format",
        "json",
    ]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    let complaint = "testable must statements are covered, fewer than 99 %\n";
    assert!(ran.stderr.starts_with("rfc6265: ") && ran.stderr.ends_with(complaint));
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let must = &json["profiles"][0]["must"];
    assert!(must["covered"].as_u64() < must["testable"].as_u64(), "{must}");
}

#[test]
fn a_threshold_that_is_none_is_a_usage_error() {
    for (threshold, complaint) in [
        ("must", "such as must=100"),
        ("must=101", "between 0 and 100"),
        ("observe=1", "the levels are must, should and may"),
    ] {
        let ran = cookiespec(&["coverage", "--fail-under", threshold]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.contains(complaint), "{}", ran.stderr);
    }
}

#[test]
fn the_lint_is_content_with_the_suite_and_not_with_a_broken_one() {
    let ran = cookiespec(&["vectors", "lint", "--vectors", CORPUS]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let ran = cookiespec(&["vectors", "lint", "--vectors", "../../suite-tools/tests/broken"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("error[load] broken.json: broken.0001: secret: "));
    let ran = cookiespec(&["vectors", "lint"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(ran.stderr.contains("name the directory with --vectors"), "{}", ran.stderr);
}

#[test]
fn a_new_case_is_blessed_and_then_never_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    let new = || cookiespec(&["vectors", "new", "my.area", "parse.date", "--vectors", place]);
    let ran = new();
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("fill in my.area.0001"), "{}", ran.stdout);

    let lint = |bless: &[&str]| {
        let arguments = [&["vectors", "lint", "--vectors", place], bless].concat();
        cookiespec(&arguments)
    };
    let ran = lint(&[]);
    assert!(ran.stdout.contains("warning[locked]"), "{}", ran.stdout);
    assert_eq!(lint(&["--bless"]).code, Some(0));
    let ran = cookiespec(&["run", "reference", "--vectors", place]);
    assert_eq!(ran.code, Some(0), "a new case demands nothing: {}", ran.stdout);

    fs::remove_file(folder.path().join("my.area.json")).unwrap();
    assert!(new().stdout.contains("my.area.0002"), "an id was given again");
    let ran = lint(&[]);
    assert!(ran.stdout.contains("error[dropped] ids.lock: my.area.0001"), "{}", ran.stdout);
}

#[test]
fn what_is_exported_runs() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("export");
    let ran = cookiespec(&["vectors", "export", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let manifest = read_json(&out.join("manifest.json"));
    let lines = fs::read_to_string(out.join("cases.ndjson")).unwrap();
    assert_eq!(manifest["cases"], lines.lines().count());
    fs::remove_file(out.join("manifest.json")).unwrap();
    let ran = cookiespec(&["run", "reference", "--vectors", out.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn figures_are_for_people_and_for_programs() {
    let text = cookiespec(&["vectors", "stats"]);
    let json = cookiespec(&["vectors", "stats", "--format", "json"]);
    assert_eq!((text.code, json.code), (Some(0), Some(0)));
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let total = json["total"]["cases"].as_u64().unwrap();
    assert!(total >= 1_000, "{total} cases");
    assert!(text.stdout.contains(&total.to_string()), "{}", text.stdout);
}

#[test]
fn another_suite_is_held_against_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let lines = |text: &str| {
        fs::write(folder.path().join("http-state.jsonl"), text).unwrap();
        cookiespec(&["vectors", "cross-check", "--import", folder.path().to_str().unwrap()])
    };
    fs::write(folder.path().join("http-state-dates.jsonl"), "").unwrap();
    let row = |cookie: &str| {
        format!(
            "{{\"id\": \"x\", \"request_url\": \"http://a.test/\", \"sent_url\": \"http://a.test/\", \
             \"set_cookie\": [\"a=b\"], \"expected_cookie_header\": \"{cookie}\"}}\n"
        )
    };
    let ran = lines(&row("a=b"));
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("under rfc6265bis agree on 1 of 1"), "{}", ran.stdout);
    let ran = lines(&row("c=d"));
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.contains("x under rfc6265\n  suite   \"c=d\"\n  engine  \"a=b\"\n"));
    assert_eq!(lines("{").code, Some(2));
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A folder with vectors and a lock that is damaged.
#[test]
fn a_lock_that_cannot_be_read_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let vectors = folder.path().to_str().unwrap();
    fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/fault.json"),
        folder.path().join("fault.json"),
    )
    .unwrap();
    let bless = ["vectors", "lint", "--bless", "--vectors", vectors];
    let lock = folder.path().join("ids.lock");
    let blessed = cookiespec(&bless);
    assert_ne!(blessed.code, Some(2), "{blessed:?}");
    let text = fs::read_to_string(&lock).unwrap();
    assert!(text.contains("fault.0001 1 "), "{text}");
    for junk in [&b"junk\n"[..], b"a.0001 1 00\na.0001 1 00\n", b"\xff\n", b"\x1b[2J 1 00\x1b\n"] {
        fs::write(&lock, junk).unwrap();
        let refused = cookiespec(&bless);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains("ids.lock: it cannot be read, and is left as it is"));
        assert_eq!(fs::read(&lock).unwrap(), junk);
    }
}
