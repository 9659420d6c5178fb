//! The examples for other languages' test runners, where those are there.

use std::path::Path;
use std::process::{Command, Output};

fn example(program: &str, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    command.args(words).current_dir(examples).env("COOKIESPEC", env!("CARGO_BIN_EXE_cookiespec"));
    command
}

/// Runs it, if there is what it needs; says so if not.
fn run(needs: &[&str], words: &[&str]) -> Option<(Option<i32>, String)> {
    let [program, probe @ ..] = needs else { return None };
    if !example(program, probe).output().is_ok_and(|output| output.status.success()) {
        println!("skipped: `{}` does not run on this machine", needs.join(" "));
        return None;
    }
    let Output { status, stdout, stderr } = example(program, words).output().unwrap();
    let output = [stdout, stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    Some((status.code(), output))
}

#[test]
fn pytest_has_a_test_for_each_case() {
    let words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "pytest"];
    let Some((code, output)) = run(&["python3", "-c", "import pytest"], &words) else { return };
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains(" passed") && output.contains(" xfailed"), "{output}");
}

#[test]
fn node_has_a_test_for_each_case() {
    let words = ["--test", "--test-reporter=tap", "node-test/"];
    let Some((code, output)) = run(&["node", "--version"], &words) else { return };
    assert_eq!(code, Some(0), "{output}");
    let count = |word: &str| {
        let line = output.lines().find_map(|line| line.strip_prefix(&format!("# {word} ")));
        line.and_then(|number| number.parse::<usize>().ok()).unwrap_or(0)
    };
    assert!(count("pass") > 50 && count("todo") > 5, "{output}");
}
