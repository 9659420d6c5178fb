//! Files that load, and the errors of those that do not.

use serde_json::json;

use super::*;
use crate::problem::LoadErrors;
use crate::suite::Suite;

/// Reads a file of the area `path`. Shows the errors, or the ids of the cases.
fn read(text: &str) -> String {
    let source = Source { name: "path.json", area: "path", text: text.as_bytes() };
    let mut errors = Vec::new();
    let cases = load(&source, Catalogue::embedded(), &mut errors).cases;
    if errors.is_empty() {
        cases.into_iter().map(|case| case.id).collect::<Vec<_>>().join(" ")
    } else {
        LoadErrors(errors).to_string()
    }
}

fn file(cases: &str) -> String {
    format!(r#"{{"area": "path", "about": "Paths.", "cases": [{cases}]}}"#)
}

/// A sound case, with one part of its text replaced.
fn replaced(part: &str, by: &str) -> String {
    assert!(SOUND.contains(part), "{part}");
    file(&SOUND.replace(part, by))
}

const SOUND: &str = r#"{
    "id": "path.0001", "rev": 1, "title": "A path matches itself", "kind": "match.path",
    "severity": "low", "spec": [{"req": "PATH-01", "doc": "rfc6265", "sec": "5.1.4"}],
    "in": {"path": "/a", "cookie_path": {"repeat": "/a", "n": 1}},
    "expect": [{"for": ["rfc6265"], "level": "must", "is": {"match": true}}]
}"#;

const JAR: &str = r#"{
    "id": "path.0002", "rev": 1, "title": "A cookie comes back", "kind": "jar",
    "severity": "low", "now": 0,
    "steps": [
        {"do": "receive", "uri": "http://a.example/", "set_cookie": ["a=1"]},
        {"do": "send", "at": "a", "uri": "http://a.example/"},
        {"do": "dump", "at": "b"}
    ],
    "expect": [
        {"for": ["*"], "level": "observe", "at": "a", "is": {"header": {"$cookies": [["a", "1"]]}}},
        {"for": ["*"], "level": "observe", "at": "b", "is": {"cookies": [{"name": {"$ne": ""}}]}}
    ]
}"#;

/// The hops of [`EXCHANGE`].
const HOPS: &str = r#"
            {"status": 302, "fields": [["Location", "//b.example/"]]},
            {"at": "b", "uri": "http://b.example/", "interim": [{"status": 103}]}
        "#;

const EXCHANGE: &str = r#"{
    "id": "path.0003", "rev": 1, "title": "A cookie does not follow a redirect", "kind": "exchange",
    "severity": "low",
    "in": {"steps": [
        {"do": "navigate", "uri": "http://a.example/", "fields": [["Cookie", "a=1"]], "hops": [
            {"status": 302, "fields": [["Location", "//b.example/"]]},
            {"at": "b", "uri": "http://b.example/", "interim": [{"status": 103}]}
        ]},
        {"do": "save"},
        {"do": "load"}
    ]},
    "expect": [{"for": ["*"], "level": "observe", "at": "b", "is": {"cookie": [{"$ne": "a=1"}]}}]
}"#;

fn snapshot(name: &str, texts: &[String]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let errors = texts.iter().map(|text| read(text)).collect::<Vec<_>>();
    settings.bind(|| insta::assert_snapshot!(format!("vectors__{name}"), errors.join("\n")));
}

#[test]
fn sound_cases_are_read() {
    let cases = format!("{SOUND},{JAR},{EXCHANGE}");
    assert_eq!(read(&file(&cases)), "path.0001 path.0002 path.0003");
}

#[test]
fn the_parts_of_a_set_cookie_string_are_checked() {
    let header = "{\"$cookies\": [[\"a\", \"1\"]]}";
    let with = |parts: &str| {
        assert!(JAR.contains(header));
        read(&file(&JAR.replace(header, &format!("{{\"$set-cookie\": {parts}}}"))))
    };
    assert_eq!(
        with(r#"{"name": {"hex": "61"}, "attributes": {"Path": ["/"], "Secure": null}}"#),
        "path.0002"
    );
    for (parts, says) in [
        ("1", "this is a number; write an object of `name`"),
        (r#"{"nam": "a"}"#, "there is no such member; the members are name, value, attributes"),
        (r#"{"value": 1}"#, "this is a number; write a string of octets"),
        (r#"{"attributes": []}"#, "this is an array; write an object with a member for each"),
        (r#"{"attributes": {"Path": 1}}"#, "this is a number; write a string of octets"),
        (r#"{"attributes": {"Path": [null]}}"#, "this is null; write a string of octets"),
        (r#"{"value": {"$contains": ""}}"#, "there is nothing to look for; write the octets"),
    ] {
        let found = with(parts);
        assert!(found.contains("$set-cookie") && found.contains(says), "{parts}: {found}");
    }
}

#[test]
fn the_examples_of_the_format_are_sound() {
    let book = include_str!("../../../../docs/vectors.md");
    let examples = book.split("```json\n").skip(1).filter_map(|it| it.split("```").next());
    let mut read = 0;
    for text in examples.filter(|text| text.contains("\"cases\"")) {
        let area = text.split('"').nth(3).unwrap_or_default();
        let source = Source { name: "docs/vectors.md", area, text: text.as_bytes() };
        let mut errors = Vec::new();
        read += load(&source, Catalogue::embedded(), &mut errors).cases.len();
        assert!(errors.is_empty(), "{}", LoadErrors(errors));
    }
    assert_eq!(read, 4);
}

#[test]
fn what_is_no_vector_file() {
    snapshot(
        "file",
        &[
            String::new(),
            "{\"area\": \"path\",\n \"about\": oops}".to_owned(),
            "{\"area\": \"path\", \"area\": \"path\"}".to_owned(),
            "[]".to_owned(),
            "{}".to_owned(),
            r#"{"area": "paths", "about": 1, "cases": {}, "extra\u001b": 1}"#.to_owned(),
            file(""),
            file("1"),
        ],
    );
}

#[test]
fn members_that_are_wrong() {
    snapshot(
        "members",
        &[
            replaced("\"severity\"", "\"severty\""),
            replaced("\"low\"", "\"lo\\u001bw\""),
            replaced("\"rev\": 1", "\"rev\": -1"),
            replaced("\"rev\": 1", "\"rev\": 0"),
            replaced("\"kind\": \"match.path\"", "\"kind\": \"match.pth\""),
            replaced("A path matches itself", " "),
            replaced("\"sec\"", "\"section\""),
            replaced("\"path\": \"/a\"", "\"path\": \"/\\u0100\""),
            replaced("\"path\": \"/a\"", "\"pth\": \"/a\""),
            replaced("\"n\": 1}", "\"m\": 1}"),
            replaced("\"must\"", "\"shall\""),
            replaced("{\"match\": true}", "{\"match\": \"true\", \"macht\": 1}"),
            replaced("{\"match\": true}", "{\"match\": {\"$any\": [true], \"$ne\": 1}}"),
            replaced("{\"match\": true}", "{\"match\": {\"$all\": [true]}}"),
            replaced("{\"match\": true}", "{\"match\": {\"$cookies\": []}}"),
            replaced("{\"match\": true}", "{\"match\": {\"$contains\": \"a\"}}"),
        ],
    );
}

#[test]
fn rules_that_are_broken() {
    snapshot(
        "rules",
        &[
            replaced("path.0001", "path.01"),
            replaced("path.0001", "paths.0001"),
            file(&format!("{SOUND},{SOUND}")),
            replaced("PATH-01", "PATH-1"),
            replaced("\"in\"", "\"now\": 1, \"steps\": [], \"in\""),
            replaced("[\"rfc6265\"]", "[\"rfc6265bis\"]"),
            replaced("[\"rfc6265\"]", "[\"*\", \"rfc6265\"]"),
            replaced("[\"rfc6265\"]", "[]"),
            replaced("\"level\": \"must\"", "\"level\": \"must\", \"at\": \"a\""),
            replaced("\"level\": \"must\"", "\"level\": 1"),
        ],
    );
}

#[test]
fn jar_cases_that_are_wrong() {
    let replaced = |part: &str, by: &str| {
        assert!(JAR.contains(part), "{part}");
        file(&JAR.replace(part, by))
    };
    snapshot(
        "jar",
        &[
            replaced("\"now\": 0,", "\"in\": {},"),
            replaced("\"do\": \"dump\"", "\"do\": \"dmp\""),
            replaced("\"do\": \"dump\"", "\"to\": \"dump\""),
            replaced("\"set_cookie\": [\"a=1\"]", "\"set_cookie\": \"a=1\", \"contxt\": {}"),
            replaced("\"at\": \"b\"}\n    ]", "\"at\": \"a\"}]"),
            replaced("\"at\": \"b\", \"is\"", "\"at\": \"c\", \"is\""),
            replaced("\"at\": \"b\", \"is\"", "\"is\""),
            replaced("\"now\": 0", "\"now\": 0, \"config\": {\"max_totl\": 1}"),
            replaced("\"now\": 0", "\"now\": 9007199254740993"),
            replaced("\"now\": 0", "\"now\": 0, \"needs\": [\"clok\"]"),
            replaced("\"now\": 0", "\"now\": 0, \"why\": null"),
            replaced("[\"a=1\"]", "[{\"repeat\": \"\\u0000\", \"n\": 200000}]"),
        ],
    );
}

#[test]
fn exchange_cases_that_are_wrong() {
    let replaced = |part: &str, by: &str| {
        assert!(EXCHANGE.contains(part), "{part}");
        file(&EXCHANGE.replace(part, by))
    };
    snapshot(
        "exchange",
        &[
            replaced("\"in\"", "\"steps\": [], \"in\""),
            replaced("\"do\": \"save\"", "\"do\": \"send\""),
            replaced("{\"do\": \"save\"},", ""),
            replaced("\"uri\": \"http://a.example/\"", "\"uri\": \"//a.example/\""),
            replaced("\"uri\": \"http://b.example/\", ", ""),
            replaced("http://b.example/", "ftp://b.example/"),
            replaced("302", "103"),
            replaced("\"status\": 103", "\"status\": 200"),
            replaced("{\"status\": 302", "{\"at\": \"b\", \"status\": 302"),
            replaced("\"at\": \"b\", \"is\"", "\"at\": \"c\", \"is\""),
            replaced("\"at\": \"b\", \"is\"", "\"is\""),
            replaced("[{\"$ne\": \"a=1\"}]", "null, \"header\": null"),
            replaced(HOPS, ""),
        ],
    );
}

#[test]
fn all_errors_of_a_file_are_reported() {
    let errors = read(&file(&format!(
        "{},{}",
        SOUND.replace("PATH-01", "X").replace("low", "lowest").replace("0001", "1"),
        JAR.replace("\"at\": \"b\", \"is\"", "\"at\": \"c\", \"is\"").replace("\"rev\"", "\"re\"")
    )));
    assert_eq!(errors.lines().count(), 6, "{errors}");
}

/// Cuts and flips through a sound file: nothing may panic, and a loader that reads a case has
/// to have read all of it.
#[test]
fn damaged_files_never_panic() {
    let text = file(&format!("{SOUND},{JAR},{EXCHANGE}")).into_bytes();
    for at in 0..text.len() {
        for octet in [b'"', b'0', 0xff] {
            let mut damaged = text.clone();
            damaged[at] = octet;
            let source = Source { name: "path.json", area: "path", text: &damaged };
            load(&source, Catalogue::embedded(), &mut Vec::new());
        }
        let cut = Source { name: "path.json", area: "path", text: &text[..at] };
        let mut errors = Vec::new();
        assert!(load(&cut, Catalogue::embedded(), &mut errors).cases.is_empty());
        assert!(!errors.is_empty());
    }
}

#[test]
fn what_the_steps_imply_is_needed() {
    let text = file(JAR);
    let source = Source { name: "path.json", area: "path", text: text.as_bytes() };
    let cases = load(&source, Catalogue::embedded(), &mut Vec::new()).cases;
    assert_eq!(cases[0].needs, ["dump"]);
}

#[test]
fn every_case_of_the_suite_comes_back_as_it_was() {
    for case in Suite::embedded().unwrap().cases() {
        let read = Case::from_json("here", case.to_json());
        assert_eq!(read.as_ref(), Ok(case), "{}", case.id);
    }
}

#[test]
fn what_is_no_case_is_refused_with_its_place() {
    let errors = Case::from_json("line 7", json!({"id": "a.0001", "rev": 1})).unwrap_err();
    assert!(errors.to_string().starts_with("line 7: a.0001: "), "{errors}");
    assert!(Case::from_json("line 7", Value::Null).is_err());
    let mut case = Suite::embedded().unwrap().cases()[0].to_json();
    case["id"] = json!("\u{1b}[2J.0001");
    let errors = Case::from_json("line 7", case).unwrap_err();
    assert!(errors.to_string().contains("the id is not of this area"), "{errors}");
}
