//! `shim new` and `shim check`.

mod support;

use std::path::Path;
use std::process::Command;

use support::{Ran, command, cookiespec};

/// Whether a program of the language is there.
fn has(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).output().is_ok_and(|output| output.status.success())
}

fn here(folder: &Path, words: &[&str]) -> Ran {
    Ran::of(command().args(words).current_dir(folder))
}

/// Writes a shim, and makes sure that it passes one case, fails one, and keeps to the protocol.
fn a_new_shim_works(language: &str, version: &str, shim: &[&str]) {
    if !has(shim[0], version) {
        println!("skipped: there is no {} on this machine", shim[0]);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("new");
    let ran = cookiespec(&["shim", "new", language, folder.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains(&shim.join(" ")), "{}", ran.stdout);

    let ran = here(&folder, &[&["run", "--vectors", "vectors", "--"], shim].concat());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stdout.starts_with("FAIL example.0002"), "{}", ran.stdout);
    assert!(ran.stdout.contains("MUST 1/2"), "{}", ran.stdout);

    let ran = here(&folder, &[&["shim", "check"], shim].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("\nok     parse.set-cookie is answered\n"), "{}", ran.stdout);

    let again = cookiespec(&["shim", "new", language, folder.to_str().unwrap()]);
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.stderr.contains("is not empty; name a new folder"), "{}", again.stderr);
}

#[test]
fn a_new_shim_in_python_works() {
    a_new_shim_works("python", "--version", &["python3", "shim.py"]);
}

#[test]
fn a_new_shim_in_javascript_works() {
    a_new_shim_works("node", "--version", &["node", "shim.mjs"]);
}

#[test]
fn a_new_shim_in_go_works() {
    a_new_shim_works("go", "version", &["go", "run", "."]);
}

#[test]
fn the_reference_keeps_every_rule() {
    let shim = [env!("CARGO_BIN_EXE_cookiespec"), "shim", "reference"];
    let ran = cookiespec(&[&["shim", "check"], &shim[..]].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(!ran.stdout.contains("WRONG"), "{}", ran.stdout);
}

/// A shim in a few lines of shell: it answers hello, and everything else in the given way.
fn habit(hello: &str, rest: &str) -> Ran {
    let script = format!(
        r#"while read -r line; do
             id=${{line#*\"id\":}}; id=${{id%%,*}}
             case $line in
               *'"op":"hello"'*) echo '{{"id":0,"ok":{hello}}}' ;;
               *) {rest} ;;
             esac
           done"#
    );
    cookiespec(&["shim", "check", "sh", "-c", &script])
}

#[test]
fn what_is_not_kept_is_told_with_what_to_do() {
    let hello = r#"{"protocol":1,"shim":"x/1","impl":{"name":"x","version":"1"},"can":["parse.date"],"window":2,"batch":2}"#;
    let agree = r#"echo "{\"id\":$id,\"ok\":{\"data\":\"x\"}}""#;
    let mute = r#"echo "{\"id\":$id,\"error\":\"no\"}""#;
    let chatty = r#"echo "{\"id\":$id,\"error\":\"no\"}"; echo debug"#;
    for (ran, part) in [
        (habit("{}", mute), "its hello is not valid: missing field `protocol`"),
        (habit(&hello.replace(":1,\"shim", ":9,\"shim"), mute), "it speaks protocol 9"),
        (
            habit(&hello.replace("\"version\":\"1\"", "\"version\":\"\""), mute),
            "no name or no version",
        ),
        (
            habit(&hello.replace("parse.date", "parse.dat"), mute),
            "\"parse.dat\", which is no operation",
        ),
        (habit(hello, agree), "to \"x-no-such-operation\""),
        (habit(hello, agree), "WRONG  parse.cookie, which it does not declare, is unsupported"),
        (habit(hello, agree), "WRONG  parse.date is answered"),
        (habit(hello, agree), "WRONG  a batch is answered like its requests"),
        (
            habit(hello, mute),
            "WRONG  all 256 octets come back\n         echo came back as {\"error\"",
        ),
        (habit(hello, chatty), "it also writes \"debug\""),
        (habit(hello, "exit 3"), "it ended with exit status: 3"),
        (cookiespec(&["shim", "check", "./no-such-program"]), "see whether the command runs"),
    ] {
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
        assert!(ran.stdout.contains("\n         fix: "), "{}", ran.stdout);
    }
}
