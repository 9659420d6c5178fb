use std::fs;

use super::*;

fn checkout(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["parser", "dates"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    for name in ["dates/examples.json", "dates/bsd-examples.json"] {
        fs::write(folder.path().join(name), "[]").unwrap();
    }
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn a_checkout_is_read_in_octets() {
    let folder = checkout(&[
        ("parser/0001-test", b"Set-Cookie: foo=\xe9\nSet-Cookie: x=y; Path=/other\n"),
        ("parser/0001-expected", b"Cookie: foo=\xe9\n"),
        ("parser/path0001-test", b"Set-Cookie: a=b; path=/dir\nLocation: /dir/x\n"),
        ("parser/path0001-expected", b"Cookie: a=b\n"),
        ("parser/disabled-0002-test", b"Set-Cookie: a=b\n"),
        ("parser/disabled-0002-expected", b""),
        ("dates/examples.json", br#"[{"test": "1 Jan 70 0:0:1", "expected": "Thu, 01 Jan 1970 00:00:01 GMT"}, {"test": "x", "expected": null}]"#),
    ]);
    for profile in Profile::ALL {
        let check = cross_check(folder.path(), profile).unwrap();
        assert_eq!((check.compared, check.disagreements), (4, vec![]));
    }
}

#[test]
fn a_disagreement_shows_both_sides_and_the_step() {
    let folder = checkout(&[
        ("parser/0004-test", b"Set-Cookie: foo\x1b\n"),
        ("parser/0004-expected", b"Cookie: foo\n"),
        (
            "dates/examples.json",
            br#"[{"test": "1 Jan 1970", "expected": "Thu, 01 Jan 1970 00:00:00 GMT"}]"#,
        ),
    ]);
    let check = cross_check(folder.path(), Profile::Rfc6265).unwrap();
    let shown = check.to_string();
    assert!(
        shown.starts_with(
            "http-state/0004 under rfc6265\n  suite   \"foo\"\n  engine  \"\"\n  step    "
        ),
        "{shown}"
    );
    assert!(shown.contains("section 5.2"), "{shown}");
    assert!(shown.contains("http-state-dates/examples/1"), "{shown}");
    assert!(shown.ends_with("agree on 0 of 2") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn what_is_no_suite_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = cross_check(folder.path(), Profile::Rfc6265).unwrap_err().to_string();
    assert!(error.contains("neither a folder") && error.contains("tests/data"), "{error}");
    fs::write(folder.path().join("http-state.jsonl"), "{\"id\": 1}\n").unwrap();
    let error = cross_check(folder.path(), Profile::Rfc6265).unwrap_err().to_string();
    assert!(error.contains("no text"), "{error}");
}
