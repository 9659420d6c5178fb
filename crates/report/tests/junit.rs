//! JUnit XML is valid: always against the rules written here, and against `junit-10.xsd` where
//! there is an `xmllint`.

mod support;

use std::fs;
use std::process::Command;

use cookiespec_report::Record;
use cookiespec_report::writers::junit;
use roxmltree::{Document, Node};

use support::{clean_record, record, skipped};

type Names = &'static [&'static str];

/// What an element may hold: its children, the attributes it must have, and those it may have.
const RULES: &[(&str, Names, Names, Names)] = &[
    ("testsuites", &["testsuite"], &[], &["name", "tests", "failures", "errors", "time"]),
    (
        "testsuite",
        &["properties", "testcase", "system-out", "system-err"],
        &["name", "tests", "failures", "errors"],
        &["skipped", "time", "timestamp", "hostname"],
    ),
    ("properties", &["property"], &[], &[]),
    ("property", &[], &["name", "value"], &[]),
    (
        "testcase",
        &["skipped", "error", "failure", "system-out", "system-err"],
        &["name"],
        &["classname", "time"],
    ),
    ("skipped", &[], &[], &["type", "message"]),
    ("error", &[], &[], &["type", "message"]),
    ("failure", &[], &[], &["type", "message"]),
    ("system-out", &[], &[], &[]),
    ("system-err", &[], &[], &[]),
];

fn check(element: Node<'_, '_>) {
    let name = element.tag_name().name();
    let Some((_, children, must, may)) = RULES.iter().find(|rule| rule.0 == name) else {
        panic!("<{name}> is no element of JUnit XML");
    };
    for attribute in element.attributes() {
        let known = must.contains(&attribute.name()) || may.contains(&attribute.name());
        assert!(known, "<{name} {}=…>", attribute.name());
    }
    assert!(must.iter().all(|it| element.has_attribute(*it)), "<{name}> lacks one of {must:?}");
    for child in element.children().filter(Node::is_element) {
        assert!(children.contains(&child.tag_name().name()), "{child:?} in <{name}>");
        check(child);
    }
}

fn number(element: Node<'_, '_>, attribute: &str) -> usize {
    element.attribute(attribute).unwrap().parse().unwrap()
}

/// The counts of a suite are those of its tests.
fn count(suite: Node<'_, '_>) {
    let tests: Vec<_> = suite.children().filter(|it| it.has_tag_name("testcase")).collect();
    let with = |name: &str| {
        let has = |test: &&Node<'_, '_>| test.children().any(|child| child.has_tag_name(name));
        tests.iter().filter(has).count()
    };
    assert_eq!(number(suite, "tests"), tests.len());
    assert_eq!(number(suite, "failures"), with("failure"));
    assert_eq!(number(suite, "errors"), with("error"));
    assert_eq!(number(suite, "skipped"), with("skipped"));
}

fn validate(record: &Record) -> String {
    let text = junit::render(record);
    let document = Document::parse(&text).unwrap();
    let root = document.root_element();
    assert!(root.has_tag_name("testsuites"));
    check(root);
    let suites: Vec<_> = root.children().filter(Node::is_element).collect();
    suites.iter().for_each(|suite| count(*suite));
    for attribute in ["tests", "failures", "errors"] {
        let sum: usize = suites.iter().map(|suite| number(*suite, attribute)).sum();
        assert_eq!(number(root, attribute), sum, "{attribute}");
    }
    text
}

#[test]
fn the_structure_and_the_counts_are_right() {
    validate(&clean_record());
    let text = validate(&record());
    let document = Document::parse(&text).unwrap();
    let kinds = ["failure", "error", "skipped", "system-out"];
    let found = kinds.map(|kind| document.descendants().any(|node| node.has_tag_name(kind)));
    assert_eq!(found, [true; 4], "the record has one of each: {kinds:?}");
}

#[test]
fn the_schema_agrees() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        skipped("there is no xmllint here (Debian: libxml2-utils)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("junit.xml");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/junit-10.xsd");
    let lint = |text: &str| {
        fs::write(&file, text).unwrap();
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--nonet", "--schema", schema]).arg(&file).output().unwrap()
    };
    for record in [record(), clean_record()] {
        let ran = lint(&junit::render(&record));
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }
    let spoilt = junit::render(&record()).replace("errors=", "mistakes=");
    assert!(!lint(&spoilt).status.success(), "the schema lets everything through");
}
