//! Every kind of report: held as a snapshot, well formed, and safe with octets that have a meaning
//! in its format.

mod support;

use cookiespec_report::{Kind, Output, Record, Terminal};
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
