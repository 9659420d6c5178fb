//! What is wrong with a suite beyond what the loader refuses.
//!
//! The loader refuses cases that cannot be run and judged. The lint finds cases whose judgement
//! would not be sound, ids and revisions that others could no longer refer to, and texts that a
//! reader cannot follow.

mod case;
mod citations;
mod clock;
mod report;
mod suite;

use std::io;
use std::path::Path;

use cookiespec_vectors::load::{self, Source, read_bounded, vector_files};
use cookiespec_vectors::{Case, Catalogue, Field, Problem, input_file};

pub use self::report::{Finding, Report, Rule, Severity};
use crate::lock::{Lock, LockError};

/// Checks the vector files of a directory against the lock file next to them.
pub fn directory(path: impl AsRef<Path>) -> Report {
    let path = path.as_ref();
    let mut unreadable = Report::default();
    let mut refuse = |file: &Path, what: String, fix: &str| {
        let problem = Problem::new(&Field::Root(""), what, fix);
        unreadable.add(Rule::Load, &file.display().to_string(), None, problem);
    };
    let mut texts = Vec::new();
    match vector_files(path) {
        Err(error) => refuse(path, error.to_string(), "name a directory of vectors"),
        Ok(files) if files.is_empty() => {
            refuse(path, "there is no vector file in it".to_owned(), "add <area>.json");
        }
        Ok(files) => {
            for file in files {
                match (file.file_stem().and_then(|stem| stem.to_str()), read_bounded(&file)) {
                    (Some(area), Ok(text)) => texts.push((area.to_owned(), text)),
                    (None, _) => {
                        refuse(&file, "the name is not UTF-8".to_owned(), "name it after an area");
                    }
                    (_, Err(error)) => refuse(&file, error.to_string(), "make it readable"),
                }
            }
        }
    }
    let lock_file = path.join(Lock::FILE);
    let lock = match input_file::read_text(&lock_file, Lock::MAX_OCTETS) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(String::new()),
        Err(error) => {
            refuse(&lock_file, error.to_string(), FROM_LAST_COMMIT);
            None
        }
    };
    let files = texts.iter().map(|(area, text)| (&**area, &**text)).collect::<Vec<_>>();
    let mut report = files_and_lock(&files, lock.as_deref());
    report.findings.splice(0..0, unreadable.findings);
    report
}

/// Checks the text of vector files, each with its area, against that of the lock file. An empty lock
/// file is that of a suite that was never locked; without a text, nothing is checked against it.
pub fn files_and_lock(files: &[(&str, &[u8])], lock: Option<&str>) -> Report {
    let mut report = Report::default();
    match lock.map(str::parse).transpose() {
        Ok(lock) => report.lock = lock,
        Err(LockError { line, what }) => {
            let field = format!("line {line}");
            let problem = Problem::new(&Field::Root(&field), what, FROM_LAST_COMMIT);
            report.add(Rule::Load, Lock::FILE, None, problem);
        }
    }
    let mut cases: Vec<Case> = Vec::new();
    let catalogue = Catalogue::embedded();
    for &(area, text) in files {
        let name = format!("{area}.json");
        let mut errors = Vec::new();
        let loaded = load::load(&Source { name: &name, area, text }, catalogue, &mut errors);
        let refused = errors.into_iter().map(|error| Finding { rule: Rule::Load, error });
        report.findings.extend(refused);
        case::prose("about", &loaded.about, |problem| {
            report.add(Rule::Prose, &name, None, problem);
        });
        for case in loaded.cases {
            let mut add = |rule, problem| report.add(rule, &name, Some(&case.id), problem);
            case::check(&case, catalogue, &mut add);
            citations::check(&case, catalogue, &mut add);
            clock::check(&case, &mut add);
            cases.push(case);
        }
    }
    suite::check(&cases, &mut report);
    report.suite = cases.into_iter().collect();
    report
}

/// What to do about a lock file that cannot be read.
const FROM_LAST_COMMIT: &str = "take the file from the last commit";

#[cfg(test)]
mod tests {
    use super::*;

    const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/vectors");

    #[test]
    fn the_suite_of_this_repository_is_clean() {
        let report = directory(VECTORS);
        assert!(report.findings.iter().all(|it| it.rule == Rule::Locked), "{report}");
        let lock = std::fs::read_to_string(format!("{VECTORS}/{}", Lock::FILE)).unwrap();
        assert_eq!(report.lock.unwrap().to_string(), lock, "the file was edited by hand");
    }

    /// `broken.json` has a case for every rule but that on the subjects of areas, which `jar.same-site.json`
    /// has; `ids.lock` has an id and a revision that are nowhere else.
    #[test]
    fn every_rule_fires() {
        let broken = include_bytes!("../../tests/broken/broken.json");
        let same_site = include_bytes!("../../tests/broken/jar.same-site.json");
        let lock = include_str!("../../tests/broken/ids.lock");
        let report =
            files_and_lock(&[("broken", broken), ("jar.same-site", same_site)], Some(lock));
        for rule in Rule::ALL {
            assert!(
                report.findings.iter().any(|finding| finding.rule == *rule),
                "nothing breaks {}",
                rule.name()
            );
        }
        assert!(!report.is_clean());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("vectors__lint", report.to_string()));
    }

    #[test]
    fn labels_order_and_lifetimes_of_exchanges_are_checked() {
        let rules = |line: &str, at: &str, is: &str| {
            let text = format!(
                r#"{{"area": "wire.x", "about": "Exchanges.", "cases": [{{
                    "id": "wire.x.0001", "rev": 1, "title": "A title", "why": "A reason.",
                    "kind": "exchange", "severity": "low",
                    "spec": [{{"req": "RETR-06", "doc": "rfc6265", "sec": "5.4", "step": "1"}}],
                    "in": {{"steps": [{{"do": "navigate", "uri": "http://a.example/", "hops": [
                        {{"status": 302, "interim": [{{"status": 103}}],
                          "fields": [["Location", "/"], ["SET-COOKIE", "{line}"]]}},
                        {{"at": "x", "uri": "http://a.example/"}},
                        {{"at": "y", "uri": "http://a.example/"}}
                    ]}}]}},
                    "expect": [
                        {{"for": ["rfc6265"], "level": "must", "at": "x", "is": {{"cookie": {is}}}}},
                        {{"for": ["rfc6265"], "level": "observe", "at": "{at}", "is": {{"cookie": []}}}}
                    ]
                }}]}}"#
            );
            let report = files_and_lock(&[("wire.x", text.as_bytes())], None);
            report.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        let sound = r#"["a=1"]"#;
        for line in ["a=1", "a=1; Max-Age=0", "a=1; Max-Age=3600", "a=1; Expires=1 Jan 2200 0:0:0"]
        {
            assert_eq!(rules(line, "y", sound), [], "{line}");
        }
        for line in ["a=1; Max-Age=3599", "a=1; Expires=1 Jan 2030 0:0:0"] {
            assert_eq!(rules(line, "y", sound), [Rule::Clock], "{line}");
        }
        assert_eq!(rules("a=1", "y", r#"["", "a=1; b=2"]"#), [Rule::OrderInMust]);
        assert_eq!(rules("a=1", "y", r#"[{"$cookies": [["a", "1"], ["b", "2"]]}]"#), []);
        assert_eq!(rules("a=1", "x", sound), [Rule::UnusedLabel]);
    }

    #[test]
    fn a_lock_that_cannot_be_read_and_a_directory_without_vectors_are_errors() {
        let report = files_and_lock(&[], Some("x"));
        assert_eq!((&report.lock, report.blessed()), (&None, None));
        assert!(report.to_string().starts_with("error[load] ids.lock: line 1: "), "{report}");
        let report = directory(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        assert!(report.to_string().contains("there is no vector file in it"), "{report}");
    }
}
