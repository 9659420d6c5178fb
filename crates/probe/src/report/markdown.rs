//! The report as Markdown for the summary of a CI step: failures first, then facts; the other
//! checks are only counted.

use std::fmt::Write;

use cookiespec_report::XmlText;

use super::summary::{location, tally};
use crate::profile::Profile;
use crate::run::{CheckReport, ProbeRun};
use crate::verdict::Verdict;

/// The document.
pub fn render(run: &ProbeRun, profile: Profile) -> String {
    let mut text = format!("# {}\n\n", cell(&run.name));
    let location = cell(&location(run));
    let _ = writeln!(text, "At {location}. {}. Profile `{profile}`.", tally(run));
    let is_problem = |it: &&CheckReport| it.is_failure() || it.outcome.is_err();
    let problems: Vec<_> = run.results.iter().filter(is_problem).collect();
    table(&mut text, "Failures", &problems, profile);
    let is_fact = |it: &&CheckReport| matches!(it.outcome, Ok(Verdict::Fact(_)));
    let facts: Vec<_> = run.results.iter().filter(is_fact).collect();
    table(&mut text, "Facts", &facts, profile);
    text
}

fn table(text: &mut String, title: &str, results: &[&CheckReport], profile: Profile) {
    if results.is_empty() {
        return;
    }
    let _ = write!(
        text,
        "\n## {title}\n\n| check | verdict | statement | observed |\n|---|---|---|---|\n"
    );
    for result in results {
        let check = result.check;
        let is_not_required = !profile.requires(check) && result.is_failure();
        let aside = if is_not_required { " (not required)" } else { "" };
        let (name, title, note) = (result.name(), cell(check.title), cell(&result.note()));
        let _ = writeln!(text, "| {} | {name}{aside} | {title} | {note} |", check.id);
    }
}

/// Text in a table cell, with its Markdown and HTML escaped.
fn cell(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        if matches!(character, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~') {
            plain.push('\\');
        }
        plain.push(character);
    }
    XmlText(&plain).to_string()
}
