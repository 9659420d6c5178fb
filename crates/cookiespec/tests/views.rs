//! `try`, `explain`, `diff` and `compare`, as their users meet them.

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;

use support::{Ran, command, cookiespec};

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("cookiespec__{name}"), text));
}

fn output(arguments: &[&str]) -> String {
    let ran = cookiespec(arguments);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{}", ran.stdout);
    assert!(ran.stdout.chars().all(|c| c == '\n' || !c.is_control()), "{}", ran.stdout);
    ran.stdout
}

fn json(arguments: &[&str]) -> Value {
    let text = output(&[arguments, &["--format", "json"]].concat());
    assert!(text.bytes().all(|octet| matches!(octet, b'\n' | b' '..=b'~')));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn one_header_is_tried_on_everybody() {
    for (name, header) in
        [("try-prefix", "__Host-a=b; Path=/"), ("try-octets", r"a=\x00\xff\\; Max-Age=0")]
    {
        // Named, so that the next target does not change what is held here.
        snapshot(
            name,
            &output(&[
                "try",
                header,
                "--targets",
                "cookie,cookie_store,headers",
                "--now",
                "1767571200",
            ]),
        );
    }
}

#[test]
fn what_is_tried_fits_eighty_columns() {
    let long = format!("{}={}; Path=/; {}", "n".repeat(100), "v w ".repeat(60), r"\xff".repeat(50));
    for columns in ["20", "80", "300"] {
        let ran =
            Ran::of(command().args(["try", &long, "--now", "2026-01-05"]).env("COLUMNS", columns));
        assert_eq!(ran.code, Some(0), "{ran:?}");
        // Only a word that is longer than a line overflows it, and nothing stands beside it.
        let fits = |line: &str| line.chars().count() <= 80 || !line.trim().contains(' ');
        assert!(ran.stdout.lines().all(fits), "{}", ran.stdout);
    }
}

#[test]
fn what_is_tried_is_told_to_programs() {
    let document = json(&["try", r"a=b\x1b", "--targets", "cookie,cookie_store,headers"]);
    assert_eq!(document["set_cookie"], "a=b\u{1b}");
    let [old, new] = [0, 1].map(|nth| &document["engine"][nth]);
    assert_eq!(old["parser"]["answer"]["cookie"]["value"], "b\u{1b}");
    assert_eq!(new["parser"]["answer"]["cookie"], Value::Null);
    assert_eq!(new["store"]["trace"][0]["steps"][0]["at"], "section 5.6 step 1");
    let groups = document["groups"].as_array().unwrap();
    let targets = groups.iter().flat_map(|group| group["targets"].as_array().unwrap());
    let mut targets: Vec<_> = targets.map(|name| name.as_str().unwrap()).collect();
    targets.sort_unstable();
    assert_eq!(targets, ["cookie", "cookie_store", "headers"]);
    let of = |name: &str| {
        let has = |group: &&Value| group["targets"].as_array().unwrap().iter().any(|it| it == name);
        groups.iter().find(has).unwrap()
    };
    assert_eq!(of("cookie")["operation"], "parse.set-cookie");
    assert_eq!(of("cookie_store")["operation"], "jar");
    assert_eq!(of("headers")["operation"], Value::Null);
}

#[test]
fn the_clock_of_try_is_that_of_the_machine_unless_it_is_set() {
    let sent = |options: &[&str]| {
        let header = ["try", "a=b; Expires=Wed, 01 Jan 2020 00:00:00 GMT"];
        let document = json(&[&header, options].concat());
        let engine = document["engine"][1]["store"]["answer"].clone();
        (document["now"].as_i64().unwrap(), engine["obs"]["sent"]["header"].clone())
    };
    let begun = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() as i64;
    let (now, header) = sent(&[]);
    assert!((begun..begun + 600).contains(&now), "{now} is not {begun}");
    assert_eq!(header, Value::Null);
    for day_before in ["1577750400", "2019-12-31", "2019-12-31T01:00:00+01:00"] {
        assert_eq!(sent(&["--now", day_before]), (1_577_750_400, "a=b".into()), "{day_before}");
    }
}

/// The answers of `try`, each with the targets that gave it and how it stands to the engine's.
fn groups(arguments: &[&str]) -> Vec<Value> {
    json(&[&["try"], arguments].concat())["groups"].as_array().unwrap().clone()
}

#[test]
fn what_is_left_open_is_no_difference() {
    let public_suffix = ["a=b; Domain=co.uk", "--uri", "https://shop.co.uk/"];
    let stores = ["--targets", "cookie_store,cookie_store+psl,reqwest"];
    for group in groups(&[&public_suffix[..], &stores].concat()) {
        assert_eq!(group["answer"], "sends \"a=b\"", "{group}");
        assert_eq!(group["differs"], Value::Array(Vec::new()), "{group}");
        let why = group["allowed"][0]["why"].as_str().unwrap();
        assert!(why.contains("public suffixes"), "{why}");
    }
    // No specification has Partitioned yet, and the engine does not report it.
    let partitioned = groups(&["a=b; Secure; Partitioned", "--targets", "cookie"]);
    assert_eq!(partitioned[0]["like"], serde_json::json!(["rfc6265", "rfc6265bis"]));
    let prefix = groups(&["__Host-a=b; Path=/", "--targets", "cookie_store"]);
    assert_eq!(prefix[0]["like"], serde_json::json!(["rfc6265"]));
    let differs = &prefix[0]["differs"][0];
    assert_eq!(
        (&differs["profile"], &differs["in"][0]["field"]),
        (&"rfc6265bis".into(), &"header".into())
    );
    assert_eq!(differs["in"][0]["level"], "must");
}

#[test]
fn a_target_with_a_clock_of_its_own_is_compared_at_its_time_only() {
    let ahead = "a=b; Expires=Wed, 01 Jan 2020 00:00:00 GMT";
    let at = |now: &[&str]| groups(&[&[ahead, "--targets", "cookie_store"], now].concat());
    let [now] = &at(&[])[..] else { panic!("one answer") };
    assert_eq!(now["like"], serde_json::json!(["rfc6265", "rfc6265bis"]), "{now}");
    let [earlier] = &at(&["--now", "2019-12-31"])[..] else { panic!("one answer") };
    assert_eq!(earlier["differs"], Value::Array(Vec::new()), "{earlier}");
    let why = earlier["not_compared"][1]["why"].as_str().unwrap();
    assert!(why.contains("reads the clock of this machine"), "{why}");
}

#[test]
fn localhost_is_secure_if_that_is_chosen() {
    let cookie = ["try", "a=b; Secure", "--uri", "http://localhost:3000/", "--targets", "cookie"];
    let engine = |document: &Value| document["engine"][1]["store"]["answer"]["obs"].clone();
    let strict = json(&cookie);
    assert_eq!(engine(&strict)["sent"]["header"], Value::Null);
    let trusting = json(&[&cookie[..], &["--secure-localhost"]].concat());
    assert_eq!(engine(&trusting)["sent"]["header"], "a=b");
    assert_eq!(
        (&strict["secure_localhost"], &trusting["secure_localhost"]),
        (&Value::Bool(false), &Value::Bool(true))
    );
    let text = output(&cookie).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("With --secure-localhost, as in browsers and in probe,"), "{text}");
    assert!(text.contains("the engine sends \"a=b\"."), "{text}");
    let text = output(&[&cookie[..], &["--secure-localhost"]].concat());
    assert!(!text.contains("--secure-localhost"), "{text}");
}

/// A program of one's own, after "--".
const OWN: [&str; 4] = ["--", env!("CARGO_BIN_EXE_cookiespec"), "shim", "cookie_store"];

#[test]
fn a_program_is_named_by_its_hello_in_every_command() {
    let known = output(&["explain", "jar.path.0001", "--target", "cookie_store"]);
    let name = known.lines().find(|line| line.starts_with("cookie_store ")).unwrap();
    let version = name.strip_prefix("cookie_store ").unwrap();

    let tried = output(&[&["try", "a=b"][..], &OWN].concat());
    assert!(tried.contains(&format!("\n    {name}\n")), "{tried}");
    assert!(!tried.contains("reqwest"), "only the program: {tried}");
    let with = output(&[&["try", "a=b", "--targets", "reqwest"][..], &OWN].concat());
    assert!(with.contains(&format!("\n    reqwest, {name}\n")), "{with}");

    let explained = output(&[&["explain", "jar.path.0001"][..], &OWN].concat());
    assert!(explained.contains(&format!("\n{name}\n")), "{explained}");

    let only = ["--only", "jar.path.000*"];
    let compared = output(&[&["diff", "reference"][..], &only, &OWN].concat());
    assert!(compared.contains(&format!("and {name}: ")), "{compared}");
    let same = output(&[&["diff", "cookie_store"][..], &only, &OWN].concat());
    assert!(same.contains(&format!("{name} and cookie_store #2 {version}: 0 of")), "{same}");

    let ran = cookiespec(&[&["run"][..], &only, &OWN].concat());
    assert!(ran.stdout.contains("cookie_store under rfc6265: MUST"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_tried_is_a_usage_error() {
    for (arguments, message) in [
        (&["try", r"a=\y"][..], "after a backslash, write xNN"),
        (&["try", r"a=\xg0"], "two hexadecimal digits"),
        (&["try", "a=b", "--uri", "www.example.com/"], "write a scheme and a host"),
        (&["try", "a=b", "--now", "tomorrow"], "write Unix seconds, a date such as"),
        (&["try", "a=b", "--targets", "cooki"], "did you mean \"cookie\"?"),
        (&["explain", "set-cookie.pair.0007", "--target", "cooki"], "did you mean \"cookie\"?"),
        (&["explain", "set-cookie.pair.007", "--target", "cookie"], "did you mean"),
        (&["diff", "cookie", "bisccotti"], "did you mean \"biscotti\"?"),
        (&["diff", "cookie", "cookie"], "name two different targets"),
        (&["diff", "cookie"], "or one and a command after --"),
        (&["diff", "--", "./my-shim"], "or one and a command after --"),
        (&["diff", "cookie", "reqwest", "--", "./my-shim"], "or one and a command after --"),
        (&["explain", "set-cookie.pair.0007"], "--target <TARGET>"),
        (
            &["explain", "set-cookie.pair.0007", "--target", "cookie", "--", "./my-shim"],
            "cannot be used with",
        ),
        (&["compare", "none", "none"], "cannot read none"),
    ] {
        let ran = cookiespec(arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
}

#[test]
fn an_answer_is_explained() {
    snapshot("explain-pair", &output(&["explain", "set-cookie.pair.0007", "--target", "cookie"]));
    let lacks = output(&["explain", "jar.lifetime.0001", "--target", "cookie"]);
    assert!(lacks.contains("  not asked: unsupported: jar\n"), "{lacks}");
    let document = json(&["explain", "fault.0001", "--target", "cookie", "--vectors", "vectors"]);
    let target = &document["targets"][0];
    assert_eq!(target["request"]["in"]["set_cookie"], "before=1");
    assert_eq!(target["response"]["ok"]["cookie"]["name"], "before");
    assert_eq!(target["profiles"][1]["verdict"], "pass");
    assert_eq!(target["profiles"][1]["engine"]["answer"]["cookie"]["value"], "1");
}

#[test]
fn two_targets_are_compared_by_area() {
    let diff = [
        "diff",
        "reference",
        "cookie",
        "--profile",
        "rfc6265bis",
        "--only",
        "set-cookie.pair.000*",
    ];
    snapshot("diff", &output(&diff));
    let document = json(&diff);
    assert_eq!(document["cases"].as_array().unwrap().len(), document["differing"]);
    assert!(
        document["differing"].as_u64() > Some(0) && document["answered_by_both"].as_u64() > Some(0)
    );
}

/// Runs the reference engine under one profile and judges it under the other.
fn events(folder: &Path, name: &str, follows: &str) -> String {
    let file = folder.join(name).display().to_string();
    let format = format!("events={file}");
    let mut words = vec!["run", "--profile", "rfc6265", "--only", "set-cookie.pair.000*"];
    words.extend(["--format", &format, "--"]);
    words.extend([env!("CARGO_BIN_EXE_cookiespec"), "shim", "reference", "--profile", follows]);
    let ran = cookiespec(&words);
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
    file
}

#[test]
fn two_runs_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let good = events(folder.path(), "good", "rfc6265");
    let bad = events(folder.path(), "bad", "rfc6265bis");
    let worse = cookiespec(&["compare", &good, &bad]);
    assert_eq!((worse.code, &*worse.stderr), (Some(1), ""));
    assert!(worse.stdout.starts_with("REGRESSION set-cookie.pair."), "{}", worse.stdout);
    snapshot("compare", &worse.stdout);

    let better = cookiespec(&["compare", &bad, &good]);
    assert_eq!(better.code, Some(0), "{better:?}");
    assert!(better.stdout.starts_with("FIX set-cookie.pair."), "{}", better.stdout);
    let same = output(&["compare", &good, &good]);
    assert!(same.starts_with("0 regressions · 0 fixes · 0 changed observations"), "{same}");

    let whole = fs::read_to_string(&bad).unwrap();
    fs::write(&bad, whole.rsplit_once("{\"event\":\"end\"").unwrap().0).unwrap();
    let cut = cookiespec(&["compare", &good, &bad]);
    assert_eq!(cut.code, Some(2), "{cut:?}");
    assert!(cut.stderr.contains("the file was cut short; run again"), "{}", cut.stderr);
}

#[test]
fn completions_and_manual_know_every_command() {
    let commands = ["run", "report", "compare", "try", "explain", "diff", "show", "list", "shim"];
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = output(&["completions", shell]);
        assert!(commands.iter().all(|command| text.contains(command)), "{shell}");
    }
    let page = output(&["man"]);
    assert!(page.contains(".TH cookiespec 1"), "{page}");
    let folder = tempfile::tempdir().unwrap();
    output(&["man", "--dir", folder.path().to_str().unwrap()]);
    for command in commands {
        let file = folder.path().join(format!("cookiespec-{command}.1"));
        let page = fs::read_to_string(file).unwrap();
        assert!(page.contains("Exit codes") || page.contains("Examples"), "{command}: {page}");
    }
}

#[test]
fn every_command_shows_how_it_is_used() {
    let help = output(&["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = commands.lines().filter_map(|line| {
        line.strip_prefix("  ").filter(|it| !it.starts_with(' '))?.split(' ').next()
    });
    let names: Vec<_> = names.filter(|name| *name != "help").collect();
    assert!(names.len() >= 13, "{names:?}");
    for name in names {
        let help = output(&[name, "--help"]);
        let examples = help.split("Examples:\n").nth(1).unwrap_or_else(|| panic!("{help}"));
        assert!(examples.contains(&format!("cookiespec {name}")), "{help}");
    }
}
