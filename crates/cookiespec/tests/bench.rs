//! `bench`: what is timed, and what is not.

mod support;

use serde_json::Value;
use support::cookiespec;

/// As little as can be measured.
const QUICK: [&str; 4] = ["--samples", "2", "--sample", "0.002"];

fn measured(arguments: &[&str]) -> Value {
    let ran = cookiespec(&[&["bench"], arguments, &QUICK, &["--format", "json"]].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.is_ascii());
    let mut document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["format"], "cookiespec-bench/1");
    document["targets"].take()
}

#[test]
fn every_operation_of_the_reference_engine_is_timed() {
    let targets = measured(&["reference"]);
    let operations = targets[0]["operations"].as_array().unwrap();
    assert_eq!(operations.len(), 8);
    for one in operations {
        assert_eq!(one["left_out"].as_array().unwrap().len(), 0, "{one}");
        let figure = |name: &str, which: &str| one[name][which].as_f64().unwrap();
        for name in ["whole", "protocol", "own"] {
            assert!(figure(name, "low") <= figure(name, "median"), "{one}");
            assert!(figure(name, "median") <= figure(name, "high"), "{one}");
        }
        assert!(figure("protocol", "low") > 0.0);
        let whole = one["cases_per_second"].as_f64().unwrap() * figure("whole", "median");
        assert!((whole / 1e9 - 1.0).abs() < 1e-9, "{one}");
    }
}

#[test]
fn what_a_target_does_not_pass_is_left_out_by_name() {
    let targets = measured(&["cookie", "--only", "date.0001", "--only", "set-cookie.pair.00*"]);
    let [set_cookie, date] = &targets[0]["operations"].as_array().unwrap()[..] else {
        panic!("{targets}")
    };
    assert_eq!(date["left_out"], serde_json::json!(["date.0001"]));
    assert_eq!(date["whole"], Value::Null);
    let left_out = set_cookie["left_out"].as_array().unwrap().len();
    let timed = set_cookie["cases"].as_u64().unwrap();
    assert!(left_out > 0 && timed > 0, "{set_cookie}");
}

#[test]
fn people_see_a_table() {
    let arguments = ["bench", "cookie", "--only", "date.0001", "--only", "cookie-header.0001"];
    let ran = cookiespec(&[&arguments[..], &QUICK].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!(lines[0].starts_with("cookie: cookie ") && lines[0].ends_with("under rfc6265bis"));
    assert!(lines[2].starts_with("  parse.cookie         1 of 1"), "{}", ran.stdout);
    assert_eq!(lines[3], "  parse.date          unsupported");
}

#[test]
fn a_program_is_measured_under_its_own_name() {
    let shim = ["--", env!("CARGO_BIN_EXE_cookiespec"), "shim", "cookie"];
    let words = ["bench", "--only", "cookie-header.0001"];
    let ran = cookiespec(&[&words[..], &QUICK, &shim].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.starts_with("cookie: cookie "), "{}", ran.stdout);
    let document = cookiespec(&[&words[..], &QUICK, &["--format", "json"], &shim].concat());
    let document: Value = serde_json::from_str(&document.stdout).unwrap();
    assert_eq!(document["targets"][0]["name"], "cookie");
}

#[test]
fn a_shim_that_breaks_is_named() {
    let ran = cookiespec(&[&["bench", "cookie"], &QUICK[..], &["--", "./no-such-shim"]].concat());
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("no-such-shim: broken: cannot start"), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("cookie: cookie "), "the others are measured");
}

#[test]
fn a_name_without_its_ecosystem_is_understood_as_far_as_the_hint() {
    let ran = cookiespec(&["bench", "werkzeug"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("did you mean \"python:werkzeug\"?"), "{}", ran.stderr);
    assert_eq!(cookiespec(&["bench"]).code, Some(2));
}
