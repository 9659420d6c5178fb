//! What the gate reports about shims that misbehave. The shims are this program, started again with
//! the name of a misbehaviour, so that nothing has to be installed for them.

mod support;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{env, io, process};

use cookiespec_report::writers::{html, json};
use cookiespec_report::{Exit, Record, TargetReport};
use cookiespec_runner::{Job, Limits, Plan, Target, run_all};
use cookiespec_test_support::{BusyLoops, bad_shims};
use cookiespec_vectors::operation::FormatSetCookie;
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Octets, OperationResult, Profile, Suite, serve,
};
use libtest_mimic::{Arguments, Trial};

use support::{Ran, cookiespec};

fn main() -> ExitCode {
    let words: Vec<_> = env::args().skip(1).collect();
    if let [flag, words @ ..] = &words[..]
        && flag == "--misbehave"
    {
        return bad_shims::misbehave(words);
    }
    if let [flag, attributes] = &words[..]
        && flag == "--write"
    {
        let mut writer = Writer { writes_secure: attributes == "secure" };
        let served = serve(&mut writer, "writer/1", io::stdin().lock(), io::stdout());
        return if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let named = NAMED.iter().map(|expected| {
        Trial::test(format!("{} is named", expected.kind), || {
            expected.verify();
            Ok(())
        })
    });
    let others = TESTS.iter().map(|&(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), named.chain(others).collect()).exit_code()
}

const TESTS: &[(&str, fn())] = &[
    ("every_kind_is_named", every_kind_is_named),
    ("a_fault_that_does_not_come_back_is_kept", a_fault_that_does_not_come_back_is_kept),
    ("nothing_but_errors_is_one_sentence", nothing_but_errors_is_one_sentence),
    ("a_shim_that_stops_writing_secure_fails_the_gate", secure_is_compared),
    ("too_many_restarts_end_the_run", too_many_restarts_end_the_run),
    ("bad_shims_cost_others_nothing", bad_shims_cost_others_nothing),
    ("what_does_not_start_costs_others_nothing", what_does_not_start_costs_others_nothing),
    ("nothing_is_left_alive", nothing_is_left_alive),
    ("a_failed_self_test_breaks_the_run", a_failed_self_test_breaks_the_run),
    ("the_self_test_passes_on_this_harness", the_self_test_passes_on_this_harness),
    ("a_busy_machine_makes_no_failure", a_busy_machine_makes_no_failure),
    ("a_busy_machine_hides_no_hang", a_busy_machine_hides_no_hang),
    ("a_flood_of_answers_is_judged_and_cut", a_flood_of_answers_is_judged_and_cut),
    ("a_shim_that_comes_back_as_another_is_refused", a_turncoat_is_refused),
    ("answers_that_vary_are_flaky", answers_that_vary_are_flaky),
    ("markup_from_a_shim_is_text_in_the_report", markup_from_a_shim_is_text_in_the_report),
];

/// Writes a name, a value and perhaps Secure.
struct Writer {
    writes_secure: bool,
}

impl Implementation for Writer {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo {
            name: "writer".to_owned(),
            version: "1".to_owned(),
            language: "rust".to_owned(),
            can: vec!["format.set-cookie".to_owned()],
            ..ImplementationInfo::default()
        }
    }

    fn format_set_cookie(&mut self, cookie: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let mut line = [cookie.name.as_slice(), b"=", cookie.value.as_slice()].concat();
        if self.writes_secure && cookie.secure == Some(true) {
            line.extend(b"; Secure");
        }
        Ok(Some(line.into()))
    }
}

/// How a bad shim is to be reported.
struct Expected {
    kind: &'static str,
    options: &'static [&'static str],
    code: i32,
    /// The verdicts on the four cases of `tests/vectors`; the second brings the fault.
    verdicts: [&'static str; 4],
    /// Part of the report.
    says: &'static str,
}

const fn fails_one_case(kind: &'static str, verdict: &'static str, says: &'static str) -> Expected {
    let code = if verdict.len() == "broken".len() { 3 } else { 1 };
    Expected { kind, options: &[], code, verdicts: ["pass", verdict, "pass", "pass"], says }
}

const fn refused(kind: &'static str, says: &'static str) -> Expected {
    Expected { kind, options: &[], code: 3, verdicts: ["notrun"; 4], says }
}

const fn harmless(kind: &'static str, options: &'static [&'static str]) -> Expected {
    Expected { kind, options, code: 0, verdicts: ["pass"; 4], says: "MUST 4/4" }
}

const NAMED: &[Expected] = &[
    fails_one_case("crash", "crash", "signal: 6 (SIGABRT)"),
    Expected {
        options: &["--deadline", "0.5"],
        ..fails_one_case("hang", "hang", "no answer within 500ms")
    },
    Expected {
        options: &["--deadline", "0.5"],
        ..fails_one_case("spin", "hang", "no answer within 500ms")
    },
    fails_one_case("noise", "broken", r"debug: \x1b[2J"),
    fails_one_case("late-noise", "broken", r"debug: \x1b[2J"),
    fails_one_case("wrong-id", "broken", "it answered 999999 instead of"),
    fails_one_case("repeated-id", "broken", "a second time"),
    fails_one_case("truncated-line", "broken", "its stdout is not an answer (EOF while parsing"),
    fails_one_case("huge-line", "broken", "a line of more than 1048576 octets"),
    fails_one_case("no-result", "broken", "has none of `ok`, `unsupported` and `error`"),
    Expected {
        options: &["--startup", "0.5"],
        ..refused("slow-start", "the handshake failed: no answer within 500ms")
    },
    refused("exits-at-once", "the handshake failed: it ended with exit status: 0"),
    refused("agrees", "it does not say \"unsupported\" to \"x-"),
    refused("lossy-octets", r"octet 80 came back as \u{3f}"),
    harmless("orphans", &[]),
    fails_one_case("orphans-crash", "crash", "signal: 6 (SIGABRT)"),
    fails_one_case("crash-in-batch", "crash", r"stderr about to \u{1b}[31mcrash"),
    Expected {
        code: 3,
        says: "it refuses the batch it offers; no case repeats it alone",
        ..harmless("refuses-batch", &[])
    },
    harmless("slow", &["--deadline", "0.6"]),
    harmless("works", &["--deadline", "1"]),
    harmless("loud", &[]),
];

impl Expected {
    fn verify(&self) {
        let ran = run(self.kind, self.options);
        assert_eq!(ran.code, Some(self.code), "{ran:?}");
        assert!(ran.stdout.contains(self.says), "{}", ran.stdout);
        assert_eq!(ran.stderr, "");
        assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);

        let json = run(self.kind, &[self.options, &["--format", "json"]].concat());
        let document: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!((&document["exit"], &document["end"]), (&self.code.into(), &true.into()));
        let cases = document["targets"][0]["sheets"][0]["cases"].as_array().unwrap();
        let verdicts: Vec<_> = cases.iter().map(|case| case["verdict"].as_str().unwrap()).collect();
        assert_eq!(verdicts, self.verdicts);
    }
}

/// Runs the cases of `tests/vectors` on a shim of this kind.
fn run(kind: &str, options: &[&str]) -> Ran {
    run_with(kind, &[&["--vectors", "vectors"], options].concat())
}

fn run_with(kind: &str, options: &[&str]) -> Ran {
    let this = env::current_exe().unwrap();
    let shim = [this.to_str().unwrap(), "--misbehave"];
    let kind: Vec<_> = kind.split(' ').collect();
    cookiespec(&[&["run", "--profile", "rfc6265"], options, &["--"], &shim, &kind].concat())
}

/// A bad shim, to be judged under every profile.
fn job(kind: &str) -> Job {
    let this = env::current_exe().unwrap();
    let arguments: Vec<_> =
        ["--misbehave"].into_iter().chain(kind.split(' ')).map(Into::into).collect();
    Job { target: Target::command(this.as_os_str(), &arguments), profiles: Profile::ALL.to_vec() }
}

fn built_in(name: &str) -> Target {
    Target::built_in(Path::new(env!("CARGO_BIN_EXE_cookiespec")), name)
}

fn suite() -> Suite {
    Suite::from_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors")).unwrap()
}

// The tests.

fn every_kind_is_named() {
    let elsewhere = [
        "crash-always",
        "crash-once",
        "errs",
        "flood",
        "hang-once",
        "markup",
        "turncoat",
        "varies",
    ];
    for (kind, _) in bad_shims::KINDS {
        let is_named = NAMED.iter().any(|expected| expected.kind == *kind);
        assert!(is_named != elsewhere.contains(kind), "{kind}");
    }
}

fn a_fault_that_does_not_come_back_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let ran = run(&format!("crash-once {}", mark.display()), &[]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("no case repeats it alone"), "{}", ran.stdout);
    assert!(ran.stdout.contains(r#"under way: {"id":1,"#), "{}", ran.stdout);
    assert!(ran.stdout.contains("MUST 4/4"), "{}", ran.stdout);
}

fn nothing_but_errors_is_one_sentence() {
    let ran = run_with("errs", &["--profile", "rfc6265bis"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let broken = ran.stdout.lines().find(|line| line.starts_with("BROKEN ")).unwrap();
    let sentence = "answers is an error, the same each time; the first, on ";
    assert!(broken.contains(sentence), "{broken}");
    assert!(broken.ends_with(r"no module \u{1b}named parser"), "{broken}");
    let lines: Vec<_> = ran.stdout.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines[1..3], ["  stderr: Traceback", r"  stderr: no module \u{1b}named parser"]);
    assert_eq!(lines.len(), 4, "{}", ran.stdout);
    assert!(lines[3].contains(": 0 passed, 0 weak, 0 failed, "), "{}", ran.stdout);
    assert!(lines[3].ends_with("; exit code 3"), "{}", ran.stdout);

    // One case may well be an error, and an error on some is one on them.
    let one = run_with("errs", &["--only", "set-cookie.pair.0001"]);
    assert_eq!(one.code, Some(1), "{one:?}");
    assert!(one.stdout.starts_with("ERROR set-cookie.pair.0001  "), "{}", one.stdout);
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("x.toml");
    let baseline = baseline.to_str().unwrap();
    let this = env::current_exe().unwrap();
    let shim = ["--", this.to_str().unwrap(), "--misbehave", "errs"];
    let blessed = cookiespec(&[&["bless", "--baseline", baseline], &shim[..]].concat());
    assert_eq!(blessed.code, Some(3), "{blessed:?}");
    assert!(blessed.stderr.contains("x.toml: not written: each of its "), "{}", blessed.stderr);
}

fn secure_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = folder.path().join("writer.toml").display().to_string();
    let this = env::current_exe().unwrap();
    let gate = |command: &str, options: &[&str], writes: &str| {
        let shim = ["--", this.to_str().unwrap(), "--write", writes];
        let chosen = ["--area", "format", "--profile", "rfc6265,rfc6265bis"];
        let command = [command, "--baseline", &*baseline];
        cookiespec(&[&command, &chosen[..], options, &shim].concat())
    };
    let blessed = gate("bless", &["--repeat", "1"], "secure");
    assert_eq!((blessed.code, &*blessed.stderr), (Some(0), ""));
    let same = gate("run", &[], "secure");
    assert_eq!(same.code, Some(0), "{same:?}");
    let worse = gate("run", &[], "nothing");
    assert_eq!(worse.code, Some(1), "{worse:?}");
    for profile in Profile::ALL {
        let finding = format!(": unexpected: format.0012 under {profile}: it is weak\n");
        assert!(worse.stderr.contains(&finding), "{}", worse.stderr);
    }
    assert!(worse.stdout.contains("WEAK format.0012  Secure is written"), "{}", worse.stdout);
    let must = gate("run", &["--level", "must"], "nothing");
    assert_eq!(must.code, Some(0), "{must:?}");
    let should = gate("run", &["--level", "should"], "nothing");
    assert_eq!(should.code, Some(1), "{should:?}");
}

fn too_many_restarts_end_the_run() {
    let ran = run_with("crash-always", &["--only", "set-cookie.pair.*"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("given up after 20 restarts"), "{}", ran.stdout);
    // Each case costs two restarts: one to find out, one to be sure.
    assert!(ran.stdout.contains(" · crash 10 · notrun "), "{}", ran.stdout);
    // They are equal, so the first stands for all.
    assert_eq!(ran.stdout.matches("CRASH set-cookie.pair.").count(), 1, "{}", ran.stdout);
    assert!(ran.stdout.contains("  also   9 other cases: set-cookie.pair."), "{}", ran.stdout);
}

/// The complete suite and the case that brings the fault, to good targets alone and among bad ones.
fn bad_shims_cost_others_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for vectors in [here.join("../../corpus/vectors"), here.join("tests/vectors")] {
        for file in fs::read_dir(vectors).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let suite = Suite::from_dir(folder.path()).unwrap();
    let cases: Vec<_> = suite.cases().iter().collect();
    let good = |name| Job { target: built_in(name), profiles: Profile::ALL.to_vec() };
    let mut good: Vec<_> = ["cookie", "biscotti", "basic-cookies", "self-test"].map(good).to_vec();
    let limits =
        Limits { startup: Duration::from_secs(5), answer: Duration::from_secs(2), end: None };
    let shown = |results: &[TargetReport]| {
        let record = Record::new(&cases, results.to_vec(), Vec::new(), Exit::Clean);
        let outcomes: Vec<_> = results.iter().map(|one| &one.outcomes).collect();
        (json::render(&record), format!("{outcomes:?}"))
    };
    let alone = run_all(&Plan { limits, ..Plan::new(&good, &cases) }, &|| {});
    assert!(alone.iter().all(|one| one.error.is_none()), "{:?}", alone[0].error);

    let bad = NAMED.iter().map(|expected| job(expected.kind));
    let mut jobs: Vec<_> = bad.collect();
    for (place, job) in good.drain(..).enumerate() {
        jobs.insert(place * 5, job);
    }
    let parallel = 4.try_into().unwrap();
    let among = run_all(&Plan { limits, parallel, ..Plan::new(&jobs, &cases) }, &|| {});
    let broken = among.iter().filter(|one| one.exit() != Exit::Clean).count();
    assert!(broken > 12, "only {broken} of the bad shims showed");
    let among: Vec<_> = among.into_iter().filter(|one| one.ecosystem == "built in").collect();
    assert!(shown(&alone) == shown(&among), "the good targets' results changed");
}

fn what_does_not_start_costs_others_nothing() {
    let ran = cookiespec(&["run", "reference", "--vectors", "vectors", "--", "./no-such-program"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("cannot start"), "{}", ran.stdout);
    assert!(ran.stdout.contains("reference under rfc6265bis: MUST 4/4"), "{}", ran.stdout);
}

/// Children that a shim leaves behind carry its arguments, the last of which nobody else has.
fn nothing_is_left_alive() {
    for kind in ["orphans", "orphans-crash"] {
        let mark = format!("orphan-of-{}", process::id());
        let ran = run(&format!("{kind} {mark}"), &[]);
        assert!(ran.stdout.contains("MUST "), "{ran:?}");
        let alive = fs::read_dir("/proc").unwrap().filter_map(|process| {
            let words = fs::read(process.ok()?.path().join("cmdline")).ok()?;
            let words = String::from_utf8_lossy(&words).into_owned();
            words.ends_with(&format!("{mark}\0")).then_some(words)
        });
        assert_eq!(alive.collect::<Vec<_>>(), [""; 0], "{kind}");
    }
}

fn a_failed_self_test_breaks_the_run() {
    let suite = suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    let jobs = [job("loud")];
    for (self_test, says) in [
        (
            "markup",
            "the harness self-test failed, so no verdict can be trusted: self-test.0006 is fail and should be error",
        ),
        ("exits-at-once", "the harness self-test failed: the handshake failed"),
    ] {
        let self_test = job(self_test).target;
        let plan = Plan { self_test: Some(&self_test), ..Plan::new(&jobs, &cases) };
        let results = run_all(&plan, &|| {});
        let error = results[0].error.as_ref().unwrap();
        assert!(error.what.starts_with(says), "{}", error.what);
        assert_eq!(results[0].exit(), Exit::Broken);
        assert_eq!(results[0].handshake, None, "it was run all the same");
    }
}

fn the_self_test_passes_on_this_harness() {
    let suite = suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    let (self_test, jobs) = (built_in("self-test"), [job("loud")]);
    let results =
        run_all(&Plan { self_test: Some(&self_test), ..Plan::new(&jobs, &cases) }, &|| {});
    assert_eq!(results[0].exit(), Exit::Clean, "{:?}", results[0].error);
}

/// Held by a test that keeps the machine busy, so that the loads of several do not add up.
static LOAD: Mutex<()> = Mutex::new(());

/// Beside eight loops per processor, an answer takes about nine times as long as its processor time:
/// more than the limits, which it keeps when the machine is idle.
fn a_busy_machine_makes_no_failure() {
    let _one = LOAD.lock();
    let _load = BusyLoops::per_processor(8);
    for options in [["--deadline", "0.3"], ["--startup", "0.3"]] {
        let ran = run("works", &options);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.contains("MUST 4/4"), "{}", ran.stdout);
    }
    let folder = tempfile::tempdir().unwrap();
    let late_once = format!("hang-once {}", folder.path().join("mark").display());
    for kind in ["slow", &late_once] {
        let ran = run(kind, &["--deadline", "0.6"]);
        assert_eq!(ran.code, Some(0), "{kind}: {ran:?}");
    }
}

fn a_busy_machine_hides_no_hang() {
    let _one = LOAD.lock();
    let _load = BusyLoops::per_processor(2);
    for kind in ["hang", "spin"] {
        let begin = Instant::now();
        let ran = run(kind, &["--deadline", "0.5"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains("HANG fault.0002"), "{}", ran.stdout);
        assert!(ran.stdout.contains("MUST 3/4"), "{}", ran.stdout);
        // Two tries of at most sixty times the deadline, and as much again for all the rest.
        assert!(begin.elapsed() < Duration::from_secs(120), "{kind}: {:?}", begin.elapsed());
    }
}

/// A mebibyte for each of the cases about set-cookie-strings: the verdicts are those of the complete
/// answers, and what is kept and printed is small.
fn a_flood_of_answers_is_judged_and_cut() {
    let folder = tempfile::tempdir().unwrap();
    for (what, verdict) in [("lists", "broken"), ("text", "fail")] {
        let events = folder.path().join(what).display().to_string();
        let formats = format!("text,events={events}");
        let options = ["--only", "set-cookie.pair.*,set-cookie.size.*", "--format", &formats];
        let ran = run_with(&format!("flood {what}"), &options);
        assert!(ran.stdout.contains("set-cookie.pair.0"), "{}", ran.stdout);
        assert!(ran.stdout.len() < 400_000, "{what}: {}", ran.stdout.len());
        let text = fs::read_to_string(&events).unwrap();
        assert!(text.len() < 20 << 20, "{what}: {}", text.len());
        assert!(text.contains(&format!("\"verdict\":\"{verdict}\"")), "{what}");
        let kept = text.matches(r#""ok":"#).count();
        let cut = text.matches(r#""oversized":{"start":""#).count();
        assert!(kept < 20 && cut > 10, "{what}: {kept} are kept, {cut} are cut");
        let again = cookiespec(&["report", &events]);
        assert_eq!(again.code, Some(0), "{again:?}");
    }
}

fn a_turncoat_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let ran = run(&format!("turncoat {}", mark.display()), &[]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    let sentence = "started again, it answers hello with another `impl.name`";
    assert!(ran.stdout.contains(sentence), "{}", ran.stdout);
}

fn answers_that_vary_are_flaky() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("count");
    let ran = run(&format!("varies {}", mark.display()), &["--repeat", "3"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.contains("FLAKY fault.0002"), "{}", ran.stdout);
    assert!(ran.stdout.contains("MUST 3/4"), "{}", ran.stdout);
}

fn markup_from_a_shim_is_text_in_the_report() {
    let suite = suite();
    let cases: Vec<_> = suite.cases().iter().collect();
    let jobs = [job("markup"), job("crash")];
    let results = run_all(&Plan::new(&jobs, &cases), &|| {});
    let record = Record::new(&cases, results, Vec::new(), Exit::Differs);
    let page = html::render(&record);
    assert!(page.contains("\\u003cscript>alert(2)\\u003c/script>"), "the answer is not shown");
    assert!(page.contains("\\u{1b}[31m1"), "the version is not shown");
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains('\u{1b}'));
}
