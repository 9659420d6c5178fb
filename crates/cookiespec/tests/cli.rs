//! The command line as a user sees it.

mod support;

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::Stdio;

use cookiespec_report::writers::{events, text};
use cookiespec_report::{Style, Terminal};

use support::{command, cookiespec};

fn assert_usage(arguments: &[&str], message: &str) {
    let ran = cookiespec(arguments);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_done_as_typed_is_a_usage_error() {
    assert_usage(&["run"], "name a target, ask for --all, or put a command after --");
    assert_usage(
        &["run", "cooki_store"],
        "unknown target \"cooki_store\"; did you mean \"cookie_store\"?",
    );
    assert_usage(&["run", "\u{1b}[2J"], r#"unknown target "\u{1b}[2J"; see `cookiespec list"#);
    assert_usage(
        &["run", "reference", "--profile", "rfc2109"],
        "possible values: rfc6265, rfc6265bis",
    );
    assert_usage(
        &["run", "reference", "--only", "no.such.*"],
        "no case matches --only \"no.such.*\"",
    );
    assert_usage(&["run", "reference", "--area", "jar.pat"], "no case matches --area \"jar.pat\"");
    assert_usage(&["run", "reference", "--section", "5.22"], "no case matches --section");
    assert_usage(&["run", "reference", "--area", "date", "--section", "4"], "--section \"4\"");
    assert_usage(&["run", "reference", "--level", "will"], "must, should, may, observe");
    assert_usage(&["run", "reference", "--all"], "cannot be used with");
    assert_usage(&["run", "reference", "--only", "[a"], "error parsing glob '[a'");
    assert_usage(&["run", "reference", "--exclude", "[a"], "error parsing glob '[a'");
    assert_usage(&["run", "reference", "--exclude", "*"], "--exclude leaves no case");
    assert_usage(&["run", "reference", "--deadline", "0"], "greater than 0");
    assert_usage(&["show", "set-cookie.pair.001"], "did you mean \"set-cookie.pair.0001\"?");
    assert_usage(
        &["shim", "cookie", "--profile", "rfc6265"],
        "--profile is for the reference engine",
    );
    assert_usage(&["--report", "no/such/folder/report.html"], "cannot write the report");
    assert_usage(&["run", "reference", "--vectors", "no/such/folder"], "no/such/folder");
}

#[test]
fn a_broken_vector_file_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let sound = include_str!("vectors/fault.json");
    fs::write(folder.path().join("fault.json"), sound.replace("\"rev\": 1", "\"rev\": 0")).unwrap();
    let ran = cookiespec(&["run", "reference", "--vectors", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("fault.json: fault.0001: rev"), "{}", ran.stderr);
}

#[test]
fn the_reference_engine_passes_its_own_gate() {
    for profile in ["rfc6265", "rfc6265bis"] {
        let ran = cookiespec(&["run", "reference", "--profile", profile]);
        assert_eq!(ran.code, Some(0), "{}", ran.stdout);
        let last: Vec<_> = ran.stdout.lines().rev().take(2).collect();
        assert!(last[1].starts_with(&format!("reference under {profile}: MUST ")), "{}", last[1]);
        let counted = format!(" cases on 1 target under {profile}: ");
        assert!(last[0].contains(&counted), "{}", last[0]);
        assert!(last[0].contains(", 0 weak, 0 failed"), "{}", last[0]);
    }
}

#[test]
fn a_profile_that_is_not_followed_shows() {
    let shim = [env!("CARGO_BIN_EXE_cookiespec"), "shim", "reference", "--profile", "rfc6265bis"];
    let mut arguments = vec!["run", "--profile", "rfc6265", "--only", "set-cookie.pair.*", "--"];
    arguments.extend(shim);
    let ran = cookiespec(&arguments);
    assert_eq!(ran.code, Some(1), "{}", ran.stdout);
    assert!(ran.stdout.starts_with("FAIL set-cookie.pair."), "{}", ran.stdout);
    let parts: Vec<_> =
        ["  spec   ", "  want   ", "  got    ", "  again  cookiespec run --profile rfc6265"]
            .iter()
            .map(|part| ran.stdout.contains(part))
            .collect();
    assert_eq!(parts, [true; 4], "{}", ran.stdout);
}

#[test]
fn reports_of_every_kind_are_made_at_once_and_again_from_the_events() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = ["json", "junit", "markdown", "sarif", "badge", "html", "events"];
    let formats = |round: &str| {
        let files = kinds.map(|kind| format!("{kind}={}", file(&folder, round, kind).display()));
        format!("text,{}", files.join(","))
    };
    let run = ["run", "cookie", "--profile", "rfc6265", "--only", "set-cookie.pair.*", "--format"];
    let ran = cookiespec(&[&run[..], &[&formats("first")]].concat());
    assert_eq!((ran.code, &*ran.stderr), (Some(1), ""));
    assert!(ran.stdout.starts_with("FAIL set-cookie.pair."), "{}", ran.stdout);

    let events = file(&folder, "first", "events");
    let again = ["report", events.to_str().unwrap(), "--format", &formats("second")];
    let reported = cookiespec(&again);
    assert_eq!((reported.code, &*reported.stderr), (Some(0), ""));
    // Only the names of the files differ.
    assert_eq!(reported.stdout.replace("second.", "first."), ran.stdout);
    for kind in kinds {
        let [first, second] =
            ["first", "second"].map(|it| fs::read(file(&folder, it, kind)).unwrap());
        assert!(!first.is_empty() && first == second, "{kind}");
    }

    let whole = fs::read_to_string(&events).unwrap();
    let cut = whole.len() - 30;
    fs::write(&events, &whole[..cut]).unwrap();
    assert_usage(&["report", events.to_str().unwrap()], "run again");
    assert_usage(&["report", "no-such-file"], "cannot read no-such-file");
}

#[test]
fn a_run_ends_with_what_it_counted_and_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let [json, junit] = ["json", "junit"].map(|kind| file(&folder, "run", kind));
    let [json, junit] = [json, junit].map(|file| file.display().to_string());
    let run = |format: &str| {
        let words = ["run", "cookie", "--profile", "rfc6265", "--only", "set-cookie.pair.*"];
        cookiespec(&[&words[..], &["--format", format]].concat())
    };
    let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
    let counted = " cases on 1 target under rfc6265: ";

    // Below the text, or where nothing else is printed: on stdout.
    let text = run(&format!("text,json={json}"));
    assert!(last(&text.stdout).contains(counted), "{}", text.stdout);
    assert!(last(&text.stdout).ends_with(&format!("; exit code 1; written: {json}")));
    assert_eq!(text.stderr, "");
    let files = run(&format!("json={json},junit={junit}"));
    assert_eq!(files.stdout.lines().count(), 1, "{}", files.stdout);
    assert!(files.stdout.ends_with(&format!("; written: {json}, {junit}\n")), "{}", files.stdout);
    assert_eq!(last(&text.stdout).split("; ").next(), last(&files.stdout).split("; ").next());

    // Beside a report for programs: on stderr.
    let printed = run(&format!("json,junit={junit}"));
    serde_json::from_str::<serde_json::Value>(&printed.stdout).unwrap();
    assert_eq!(printed.stderr.lines().count(), 1, "{}", printed.stderr);
    assert!(printed.stderr.ends_with(&format!("; written: {junit}\n")), "{}", printed.stderr);
    let document = run("junit");
    assert!(document.stdout.trim_end().ends_with("</testsuites>"), "{}", document.stdout);
    assert!(document.stderr.ends_with("; exit code 1\n"), "{}", document.stderr);
}

fn file(folder: &tempfile::TempDir, round: &str, kind: &str) -> PathBuf {
    folder.path().join(format!("{round}.{kind}"))
}

#[test]
fn reports_that_cannot_be_made_are_usage_errors_before_the_run() {
    let run = |format| ["run", "reference", "--only", "no.such.case", "--format", format];
    assert_usage(&run("pdf"), "write kind or kind=FILE, where kind is one of text, json");
    let run = |format| ["run", "reference", "--format", format];
    assert_usage(&run("text,json"), "two reports go to stdout");
    assert_usage(&run("html=x,text,junit=x"), "two reports go to x");
    assert_usage(&run("html=no/such/folder/x"), "cannot write the report to no/such/folder/x");
}

#[test]
fn a_survey_prints_a_matrix_and_writes_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("survey.html");
    // Stores and parsers: every target runs some of the cases.
    let cases = ["--only", "set-cookie.pair.*", "--only", "jar.lifetime.*"];
    let ran = cookiespec(&[&cases[..], &["--report", report.to_str().unwrap()]].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.stderr, "", "a progress bar where nobody watches");
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
    for target in ["reference", "cookie ", "cookie_store", "python:http.cookies"] {
        assert!(
            ran.stdout.contains(&format!("\n{target}"))
                || ran.stdout.contains(&format!("  {target}"))
        );
    }
    assert!(ran.stdout.trim_end().ends_with("survey.html"), "{}", ran.stdout);

    let page = fs::read_to_string(report).unwrap();
    assert!(page.trim_end().ends_with("</html>"));
    assert!(page.contains("\"id\":\"set-cookie.pair.0001\""));
    for outside in ["src=", "<link", "@import", "url(", "fetch("] {
        assert!(!page.contains(outside), "the report needs something from outside: {outside}");
    }
}

/// What a survey of this machine measures once, laid out for terminals of several widths.
#[test]
fn a_narrow_survey_fits() {
    let folder = tempfile::tempdir().unwrap();
    let events = folder.path().join("all.ndjson");
    let format = format!("events={}", events.display());
    let profiles = ["--profile", "rfc6265,rfc6265bis"];
    cookiespec(
        &[&["run", "--all", "--only", "set-cookie.*", "--format", &format], &profiles[..]].concat(),
    );
    let record = events::read(&fs::read_to_string(&events).unwrap()).unwrap();
    for width in [40, 80, 120, 160] {
        let survey = text::survey(&record, Terminal { style: Style::default(), width });
        let matrix = survey.split("\n\n").next().unwrap();
        for line in survey.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
        // How much fits between the two depends on the names of the targets that are installed.
        if width != 120 {
            assert_eq!(matrix.contains("language"), width == 160, "{matrix}");
        }
    }
}

#[test]
fn a_reader_who_leaves_early_breaks_nothing() {
    let mut list = command()
        .args(["list", "--cases"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(list.stdout.take());
    let mut stderr = String::new();
    list.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(list.wait().unwrap().code(), Some(0), "{stderr}");
    assert_eq!(stderr, "");
}

#[test]
fn exit_codes_do_not_depend_on_the_reader() {
    for (arguments, code) in [
        (&["run", "cookie_store", "--area", "jar.prefix", "--profile", "rfc6265bis"][..], 1),
        (&["run", "reference", "--area", "date"], 0),
        (&["fuzz", "basic-cookies", "--cases", "300", "--no-measuring"], 1),
        (&["shim", "check", "cat"], 1),
        (&["coverage", "--vectors", "vectors", "--fail-under", "must=99"], 1),
    ] {
        let mut process =
            command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        drop(process.stdout.take());
        assert_eq!(process.wait().unwrap().code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn lists_name_targets_and_cases() {
    let targets = cookiespec(&["list", "--targets"]);
    assert_eq!(targets.code, Some(0));
    assert!(targets.stdout.starts_with("reference "), "{}", targets.stdout);
    assert!(targets.stdout.contains("\nnode:tough-cookie "), "{}", targets.stdout);
    let cases = cookiespec(&["list", "--cases", "--vectors", "vectors"]);
    assert_eq!(cases.stdout.lines().count(), 4);
    assert_eq!(cases.stdout.lines().next(), Some("fault.0001  The case before is answered"));
}

/// The ids of the chosen cases.
fn ids(choice: &[&str]) -> Vec<String> {
    let ran = cookiespec(&[&["list", "--cases"], choice].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let words = ran.stdout.lines().filter_map(|line| line.split(' ').next());
    words.map(str::to_owned).collect()
}

#[test]
fn cases_are_chosen_by_area_section_and_level() {
    let date = ids(&["--area", "date"]);
    assert_eq!(ids(&["--only", "date.*"]), date);
    let jar = ids(&["--area", "jar"]);
    assert!(jar.iter().all(|id| id.starts_with("jar.")), "{jar:?}");
    assert!(ids(&["--area", "jar.path"]).len() < jar.len());
    assert_eq!(ids(&["--area", "jar", "--area", "date"]).len(), jar.len() + date.len());
    let others = ids(&["--exclude", "jar.*", "--exclude", "date.0001"]);
    assert!(others.contains(&"date.0002".to_owned()) && !others.contains(&"date.0001".to_owned()));
    assert_eq!(others.len(), ids(&[]).len() - jar.len() - 1);

    let storage = ids(&["--section", "rfc6265:5.3"]);
    assert_eq!(ids(&["--section", "rfc6265:5.3", "--area", "jar.path"]).len(), {
        storage.iter().filter(|id| id.starts_with("jar.path.")).count()
    });
    assert_eq!(ids(&["--section", "5.7"]), ids(&["--section", "rfc6265bis:5.7"]));
    assert!(ids(&["--section", "5"]).len() > ids(&["--section", "5.1"]).len());

    let weak = ids(&["--level", "should"]);
    assert!(!weak.is_empty() && weak.len() < ids(&[]).len());
}

#[test]
fn the_first_failure_ends_the_run_where_that_is_asked_for() {
    let gate = |words: &[&str]| {
        let words = [&["run", "cookie_store", "--profile", "rfc6265bis"], words].concat();
        let ran = cookiespec(&words);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        ran.stdout
    };
    assert!(!gate(&[]).contains("notrun"));
    let stopped = gate(&["-x"]);
    let tally = stopped.lines().find(|line| line.contains(": MUST ")).unwrap();
    assert!(tally.contains(" · notrun "), "{tally}");
    let failures = stopped.lines().filter(|line| line.starts_with("FAIL ")).count();
    // What was under way at the failure has an answer, too.
    assert!((1..=64).contains(&failures), "{stopped}");
}

#[test]
fn several_profiles_are_judged_in_one_run() {
    let words = ["run", "reference", "cookie", "--profile", "rfc6265,rfc6265bis", "--area", "date"];
    let ran = cookiespec(&[&words[..], &["--jobs", "1"]].concat());
    let tallies: Vec<_> = ran.stdout.lines().filter(|line| line.contains(": MUST ")).collect();
    let names = tallies.iter().map(|line| line.split(':').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "reference under rfc6265",
            "reference under rfc6265bis",
            "cookie under rfc6265",
            "cookie under rfc6265bis"
        ]
    );
}
