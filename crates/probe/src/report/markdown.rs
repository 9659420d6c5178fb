//! Results as Markdown, for the summary of a CI step: what is wrong first, facts next, the rest
//! counted.

use std::fmt::Write;

use cookiespec_report::XmlText;

use super::{tally, whereabouts};
use crate::examination::{CheckResult, Examination};
use crate::profile::Profile;
use crate::verdict::Verdict;

/// The document.
pub fn render(examination: &Examination, profile: Profile) -> String {
    let mut text = format!("# {}\n\n", cell(&examination.name));
    let whereabouts = cell(&whereabouts(examination));
    let _ = writeln!(text, "At {whereabouts}. {}. Profile `{profile}`.", tally(examination));
    let is_wrong = |it: &&CheckResult| it.is_failure() || it.outcome.is_err();
    let wrong: Vec<_> = examination.results.iter().filter(is_wrong).collect();
    table(&mut text, "Not as it should be", &wrong, profile);
    let is_fact = |it: &&CheckResult| matches!(it.outcome, Ok(Verdict::Fact(_)));
    let facts: Vec<_> = examination.results.iter().filter(is_fact).collect();
    table(&mut text, "Facts", &facts, profile);
    text
}

fn table(text: &mut String, title: &str, results: &[&CheckResult], profile: Profile) {
    if results.is_empty() {
        return;
    }
    let _ =
        write!(text, "\n## {title}\n\n| check | verdict | statement | seen |\n|---|---|---|---|\n");
    for result in results {
        let check = result.check;
        let is_optional = !profile.demands(check) && result.is_failure();
        let aside = if is_optional { " (not demanded)" } else { "" };
        let (name, title, note) = (result.name(), cell(check.title), cell(&result.note()));
        let _ = writeln!(text, "| {} | {name}{aside} | {title} | {note} |", check.id);
    }
}

/// Text in a cell of a table: nothing in it is markup.
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
