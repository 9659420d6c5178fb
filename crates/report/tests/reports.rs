//! Every kind of report: held as a snapshot, well formed, and safe with octets that have a meaning
//! in its format.

mod support;

use cookiespec_report::writers::text;
use cookiespec_report::{Exit, Kind, Outcome, Output, Record, Terminal};
use cookiespec_vectors::{Answer, Profile};
use serde_json::Value;

use support::{clean_record, record};

fn render(output: &str, record: &Record) -> String {
    output.parse::<Output>().unwrap().render(record, Terminal::default())
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("report__{name}"), text));
}

#[test]
fn reports_are_as_they_were() {
    let record = record();
    for output in ["text", "json", "junit", "markdown", "sarif", "events"] {
        snapshot(output, &render(output, &record));
    }
    snapshot("badge", &render("badge", &record));
    snapshot("badge-endpoint", &render("badge=x.json", &record));
    snapshot("badge-clean", &render("badge", &clean_record()));
}

/// The clean record with other outcomes, judged.
fn with_outcomes(outcome: impl Fn(usize) -> Outcome) -> Record {
    let mut record = clean_record();
    let mut target = record.targets.remove(0);
    let cases: Vec<_> = record.cases.iter().collect();
    target.outcomes = (0..cases.len()).map(outcome).collect();
    Record::new(&cases, vec![target.judged(&[Profile::Rfc6265], &cases)], Vec::new(), Exit::Differs)
}

fn error(message: &str) -> Outcome {
    Outcome::Answer(Answer::Error { message: message.to_owned() })
}

#[test]
fn equal_errors_are_shown_once() {
    let right = clean_record();
    let cases = right.cases.len();
    assert!(cases > 3, "{cases}");
    let record = with_outcomes(|index| match index {
        0 => right.targets[0].outcomes[0].clone(),
        1 => error("other"),
        _ => error("boom"),
    });
    assert_eq!(record.targets[0].errors_only(), None);
    let shown = render("text", &record);
    let ids: Vec<_> = record.cases.iter().map(|case| &*case.id).collect();
    let heads: Vec<_> = shown.lines().filter(|line| line.starts_with("ERROR ")).collect();
    assert_eq!(heads.len(), 2, "{shown}");
    assert!(heads[0].contains(ids[1]) && heads[1].contains(ids[2]), "{shown}");
    let also = format!("  also   {} other case", cases - 3);
    assert!(shown.contains(&also) && shown.contains(ids[3]), "{shown}");
    assert_eq!(shown.matches("  got    boom").count(), 1, "{shown}");
    let markdown = render("markdown", &record);
    assert_eq!(markdown.matches("**ERROR**").count(), 2, "{markdown}");
    assert!(markdown.contains(&format!("the same in {} more", cases - 3)), "{markdown}");
    // Programs get every one.
    assert_eq!(render("json", &record).matches("\"note\": \"boom\"").count(), cases - 2);
    assert_eq!(render("junit", &record).matches("message=\"boom\"").count(), cases - 2);
}

#[test]
fn errors_alone_show_nothing_about_a_target() {
    let record = with_outcomes(|_| error("boom"));
    assert_eq!(record.targets[0].errors_only(), Some(record.cases.len()));
    let one = with_outcomes(|index| if index == 0 { error("boom") } else { Outcome::NotRun });
    assert_eq!(one.targets[0].errors_only(), None);
    let varying = with_outcomes(|_| Outcome::Varies(vec![error("1"), error("2")]));
    assert_eq!(varying.targets[0].errors_only(), Some(record.cases.len()));
}

#[test]
fn a_summary_counts_every_case() {
    let record = record();
    let line =
        text::summary(&record, &["a.xml".to_owned(), "b\u{1b}".to_owned()], Terminal::default());
    let counts = line.split(": ").nth(1).unwrap().split("; ").next().unwrap();
    let total: usize = counts
        .split(", ")
        .filter(|count| !count.ends_with("baseline says"))
        .map(|count| count.split(' ').next().unwrap().parse::<usize>().unwrap())
        .sum();
    let judged: usize = record
        .targets
        .iter()
        .flat_map(|target| &target.results)
        .map(|it| it.judgements.len())
        .sum();
    assert_eq!(total, judged, "{line}");
    assert!(line.ends_with("; exit code 3; written: a.xml, b\\u{1b}\n"), "{line}");
}

#[test]
fn nothing_that_a_terminal_would_obey_is_in_any_report() {
    for kind in Kind::ALL {
        let text = render(kind.name(), &record());
        for character in text.chars() {
            let is_harmless = character == '\n' || !character.is_control();
            assert!(is_harmless, "{}: {character:?}", kind.name());
            let is_hidden = matches!(character, '\u{202e}' | '\u{2028}' | '\u{ffff}');
            assert!(!is_hidden, "{}: {character:?}", kind.name());
        }
    }
}

#[test]
fn markup_from_outside_stays_text() {
    let page = render("html", &record());
    assert_eq!(page.matches("<script").count(), page.matches("</script").count());
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("<!--"));
    for xml in ["junit", "badge"] {
        let text = render(xml, &record());
        let document = roxmltree::Document::parse(&text).unwrap();
        assert!(document.descendants().all(|node| !node.has_tag_name("script")));
    }
    let markdown = render("markdown", &record());
    assert!(!markdown.contains("<script") && !markdown.contains("@me"), "{markdown}");
}

#[test]
fn sarif_points_at_its_own_rules() {
    let log: Value = serde_json::from_str(&render("sarif", &record())).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    // Three cases failed, each under both profiles where it says something about both.
    assert_eq!(results.len(), 6);
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["shortDescription"]["text"].as_str().is_some_and(|it| !it.is_empty()));
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(place, "corpus/vectors/report.json");
        assert!(result["message"]["text"].as_str().unwrap().contains("again: cookiespec run"));
    }
    let ids: Vec<_> = rules.iter().map(|rule| &rule["id"]).collect();
    assert!((1..ids.len()).all(|at| !ids[..at].contains(&ids[at])), "{ids:?}");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn an_endpoint_badge_is_what_shields_reads() {
    let badge: Value = serde_json::from_str(&render("badge=x.JSON", &clean_record())).unwrap();
    assert_eq!(badge["schemaVersion"], 1);
    assert_eq!(badge["label"], "rfc6265");
    assert_eq!(badge["message"], "MUST 3/3");
    assert_eq!(badge["color"], "brightgreen");
}

/// Thousands of failures, those that are listed with messages of the length that is kept.
#[test]
fn no_report_is_longer_than_its_reader_takes() {
    let mut record = with_outcomes(|at| error(&at.to_string()));
    let mut target = record.targets.remove(0);
    target.error = None;
    let case = record.cases[0].clone();
    record.cases = vec![case; 2000];
    let padding = "|\u{1b}".repeat(600);
    let message = |at: usize| format!("{at} {}", if at < 60 { &*padding } else { "" });
    target.outcomes = (0..2000).map(|at| error(&message(at))).collect();
    let cases: Vec<_> = record.cases.iter().collect();
    let target = target.judged(&[Profile::Rfc6265], &cases);
    let targets = (0..14).map(|_| target.clone()).collect();
    let record = Record::new(&cases, targets, Vec::new(), Exit::Differs);
    let markdown = render("markdown", &record);
    assert!(markdown.len() < 1 << 20 && markdown.len() > 1 << 19, "{}", markdown.len());
    assert!(markdown.contains("Some of it is left out here"), "nothing says so");
    assert!(markdown.ends_with("\nEnd of the report, exit code 1.\n"));
    assert_eq!(markdown.matches("<details>").count(), markdown.matches("</details>").count());
    let sarif: Value = serde_json::from_str(&render("sarif", &record)).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 25_000);
    let note = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"];
    assert!(note["text"].as_str().unwrap().starts_with("3000 more results"), "{note}");
    let text = render("text=x", &record);
    assert!(text.contains("… and 1500 more failures; json, html and events have all"), "{text}");
    assert!(text.ends_with("; exit code 1\n"), "the end is missing");
}
