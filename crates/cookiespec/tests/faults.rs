//! What the gate makes of shims that misbehave. The shims are this very program, started again with
//! the name of a misbehaviour, so that nothing has to be installed for them.

mod support;

use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs, process, thread};

use cookiespec_harness::report::Record;
use cookiespec_harness::report::html::Page;
use cookiespec_harness::{Exit, Job, Limits, Plan, Target, run_all};
use cookiespec_vectors::operation::{ParseSetCookie, ParsedCookie};
use cookiespec_vectors::{About, Implementation, Outcome, Profile, Suite, shim};
use libtest_mimic::{Arguments, Trial};

use support::{Ran, cookiespec};

fn main() -> ExitCode {
    let words: Vec<_> = env::args().collect();
    if let [_, flag, fault, ..] = &words[..]
        && flag == "--misbehave"
    {
        return misbehave(fault, words.get(3).map(PathBuf::from));
    }
    let trials = TESTS.iter().map(|&(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

const TESTS: &[(&str, fn())] = &[
    ("a_crash_is_blamed_on_its_case", a_crash_is_blamed_on_its_case),
    ("a_hang_is_blamed_on_its_case", a_hang_is_blamed_on_its_case),
    ("text_on_stdout_breaks_its_case", text_on_stdout_breaks_its_case),
    ("a_wrong_id_breaks_its_case", a_wrong_id_breaks_its_case),
    ("a_long_line_breaks_its_case", a_long_line_breaks_its_case),
    ("a_fault_that_does_not_come_back_is_kept", a_fault_that_does_not_come_back_is_kept),
    ("too_many_restarts_end_the_run", too_many_restarts_end_the_run),
    ("output_on_stderr_blocks_nobody", output_on_stderr_blocks_nobody),
    ("who_says_ok_to_anything_is_refused", who_says_ok_to_anything_is_refused),
    ("who_says_nothing_is_given_up", who_says_nothing_is_given_up),
    ("what_does_not_start_costs_others_nothing", what_does_not_start_costs_others_nothing),
    ("markup_from_a_shim_is_text_in_the_report", markup_from_a_shim_is_text_in_the_report),
];

// The misbehaving shims.

fn misbehave(fault: &str, mark: Option<PathBuf>) -> ExitCode {
    match fault {
        "silent" => loop {
            thread::park();
        },
        "agree" => agree(),
        _ => {
            let stdin = BufReader::new(io::stdin());
            let mut target = Misbehaving { fault: fault.to_owned(), mark };
            match shim::serve(&mut target, "misbehaving/1", stdin, io::stdout()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            }
        }
    }
}

/// Says `ok` and everything it was asked, whatever that is.
fn agree() -> ExitCode {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let request: serde_json::Value = serde_json::from_str(&line).unwrap();
        let ok = match request["op"].as_str() {
            Some("hello") => serde_json::json!({
                "protocol": 1, "shim": "agree/1", "impl": {"name": "agree"}, "can": []
            }),
            _ => request["in"].clone(),
        };
        println!("{}", serde_json::json!({"id": request["id"], "ok": ok}));
    }
    ExitCode::SUCCESS
}

/// A parser that is right about every pair, until the pair is called `fault`.
struct Misbehaving {
    fault: String,
    /// A file that is there once the fault has happened.
    mark: Option<PathBuf>,
}

impl Implementation for Misbehaving {
    fn about(&self) -> About {
        About {
            name: "<script>alert(1)</script>".to_owned(),
            version: "\u{1b}[31m1".to_owned(),
            can: vec!["parse.set-cookie".to_owned()],
            ..About::default()
        }
    }

    fn parse_set_cookie(&mut self, input: &ParseSetCookie) -> Outcome<Option<ParsedCookie>> {
        let text = input.set_cookie.to_isomorphic();
        let (name, value) = text.split_once('=').unwrap_or((&text, ""));
        match &*self.fault {
            "crash-always" => process::abort(),
            "loud" => eprintln!("{}", "x".repeat(1 << 20)),
            _ if name != "fault" => {}
            "crash" => {
                eprintln!("about to \u{1b}[31mcrash");
                process::abort();
            }
            "crash-once" => {
                let mark = self.mark.as_ref().unwrap();
                if !mark.exists() {
                    fs::write(mark, "").unwrap();
                    process::abort();
                }
            }
            "hang" => loop {
                thread::park();
            },
            "text" => println!("debug: \u{1b}[2J"),
            "wrong-id" => println!("{{\"id\":999999,\"ok\":{{\"cookie\":null}}}}"),
            "long-line" => println!("{}", "x".repeat(2 << 20)),
            "markup" => {
                let name = "<script>alert(2)</script>".into();
                return Ok(Some(ParsedCookie { name, ..ParsedCookie::default() }));
            }
            other => panic!("no such fault: {other}"),
        }
        io::stdout().flush().unwrap();
        Ok(Some(ParsedCookie { name: name.into(), value: value.into(), ..Default::default() }))
    }
}

// The tests.

/// Puts the cases of `tests/vectors` to a shim with this fault.
fn run(fault: &str) -> Ran {
    run_with(fault, &["--vectors", "vectors"])
}

fn run_with(fault: &str, arguments: &[&str]) -> Ran {
    let this = env::current_exe().unwrap();
    let mut words = vec!["run", "--profile", "rfc6265"];
    words.extend(arguments);
    words.extend(["--", this.to_str().unwrap(), "--misbehave"]);
    words.extend(fault.split(' '));
    cookiespec(&words)
}

/// The verdicts on the four cases, from the JSON output.
fn verdicts(fault: &str, arguments: &[&str]) -> Vec<String> {
    let mut words = vec!["--vectors", "vectors", "--format", "json"];
    words.extend(arguments);
    let ran = run_with(fault, &words);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["end"], true);
    let cases = document["targets"][0]["sheets"][0]["cases"].as_array().unwrap();
    cases.iter().map(|case| case["verdict"].as_str().unwrap().to_owned()).collect()
}

fn a_crash_is_blamed_on_its_case() {
    assert_eq!(verdicts("crash", &[]), ["pass", "crash", "pass", "pass"]);
    let ran = run("crash");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.starts_with("CRASH fault.0002"), "{}", ran.stdout);
    assert!(ran.stdout.contains("signal: 6 (SIGABRT)"), "{}", ran.stdout);
    assert!(ran.stdout.contains("stderr about to \\u{1b}[31mcrash"), "{}", ran.stdout);
    let tally = "MUST 3/4 · SHOULD 0/0 · unsupported 0 · crash 1";
    assert!(ran.stdout.trim_end().ends_with(tally), "{}", ran.stdout);
}

fn a_hang_is_blamed_on_its_case() {
    let soon = ["--deadline", "0.5"];
    assert_eq!(verdicts("hang", &soon), ["pass", "hang", "pass", "pass"]);
    let ran = run_with("hang", &["--vectors", "vectors", "--deadline", "0.5"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("no answer within 500ms"), "{}", ran.stdout);
}

fn text_on_stdout_breaks_its_case() {
    assert_eq!(verdicts("text", &[]), ["pass", "broken", "pass", "pass"]);
    let ran = run("text");
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains(r"debug: \x1b[2J"), "{}", ran.stdout);
    assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
}

fn a_wrong_id_breaks_its_case() {
    assert_eq!(verdicts("wrong-id", &[]), ["pass", "broken", "pass", "pass"]);
    let ran = run("wrong-id");
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("it answered 999999 instead of"), "{}", ran.stdout);
}

fn a_long_line_breaks_its_case() {
    assert_eq!(verdicts("long-line", &[]), ["pass", "broken", "pass", "pass"]);
    let ran = run("long-line");
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("a line of more than 1048576 octets"), "{}", ran.stdout);
}

fn a_fault_that_does_not_come_back_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let ran = run(&format!("crash-once {}", mark.display()));
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("no case repeats it alone"), "{}", ran.stdout);
    assert!(ran.stdout.contains(r#"under way: {"id":1,"#), "{}", ran.stdout);
    assert!(ran.stdout.contains("MUST 4/4"), "{}", ran.stdout);
}

fn too_many_restarts_end_the_run() {
    let ran = run_with("crash-always", &["--only", "set-cookie.pair.*"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("given up after 20 restarts"), "{}", ran.stdout);
    // Each case costs two restarts: one to find out, one to be sure.
    assert!(ran.stdout.contains(" · crash 10 · notrun "), "{}", ran.stdout);
}

fn output_on_stderr_blocks_nobody() {
    let ran = run("loud");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{}", ran.stdout);
}

fn who_says_ok_to_anything_is_refused() {
    let ran = run("agree");
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("it does not say \"unsupported\" to \"x-"), "{}", ran.stdout);
}

fn who_says_nothing_is_given_up() {
    let suite = Suite::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).unwrap();
    let cases: Vec<_> = suite.cases().iter().collect();
    let limits = Limits { startup: Duration::from_millis(300), ..Limits::default() };
    let jobs = [job("silent")];
    let results = run_all(&Plan { limits, ..Plan::new(&jobs, &cases) }, &|| {});
    let trouble = results[0].trouble.as_ref().unwrap();
    assert_eq!(trouble.what, "the handshake failed: no answer within 300ms");
}

fn what_does_not_start_costs_others_nothing() {
    let ran = cookiespec(&["run", "reference", "--vectors", "vectors", "--", "./no-such-program"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("cannot start"), "{}", ran.stdout);
    assert!(ran.stdout.contains("reference under rfc6265bis: MUST 4/4"), "{}", ran.stdout);
}

fn markup_from_a_shim_is_text_in_the_report() {
    let suite = Suite::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).unwrap();
    let cases: Vec<_> = suite.cases().iter().collect();
    let jobs = [job("markup"), job("crash")];
    let results = run_all(&Plan::new(&jobs, &cases), &|| {});
    let record = Record::new(&cases, results, Vec::new(), Exit::Differs);
    let page = Page(&record).to_string();
    assert!(page.contains("&lt;script&gt;alert(2)&lt;/script&gt;"), "the answer is not shown");
    assert!(page.contains("\\u{1b}[31m1"), "the version is not shown");
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains('\u{1b}'));
}

fn job(fault: &str) -> Job {
    let this = env::current_exe().unwrap();
    let arguments = ["--misbehave".into(), fault.into()];
    Job { target: Target::command(this.as_os_str(), &arguments), profiles: Profile::ALL.to_vec() }
}
