//! Results as Markdown, for the summary of a step in CI.
//!
//! Untrusted text stands inside `<code>` with its punctuation as character references, so that no
//! octet of a cookie is read as markup, a mention or an emoji.

use std::fmt::{self, Display, Write};

use cookiespec_vectors::Verdict;

use crate::case::{self, Wording};
use crate::escaping::Escaped;
use crate::failures::{FailureGroup, failures};
use crate::model::{ProfileResult, Record, TargetReport};

/// How many failures of one target are listed; a summary has to stay below 1 MiB.
const LISTED: usize = 50;

/// The document.
pub fn render(record: &Record) -> String {
    let mut text = String::from("## cookiespec\n\n");
    // Writing to a string cannot fail.
    let _ = document(&mut text, record);
    text
}

fn document(text: &mut String, record: &Record) -> fmt::Result {
    let (cases, targets) = (record.cases.len(), record.targets.len());
    let plural = if targets == 1 { "" } else { "s" };
    writeln!(text, "{cases} cases, {targets} target{plural}, exit code {}.\n", record.exit as u8)?;
    if let Some(interruption) = record.interruption() {
        writeln!(text, "**This report is {interruption}.**\n")?;
    }
    text.push_str(
        "| Target | Version | Profile | MUST | SHOULD | Failures | Unsupported |\n\
         |---|---|---|--:|--:|--:|--:|\n",
    );
    for target in &record.targets {
        for result in &target.results {
            row(text, target, result)?;
        }
    }
    for target in &record.targets {
        if let Some(error) = &target.error {
            writeln!(text, "\n**Broken:** {}: {}", Code(&target.label), Code(&error.what))?;
        }
        for result in &target.results {
            list(text, record, target, result)?;
        }
    }
    if !record.absent.is_empty() {
        text.push_str("\nNot found on the machine that ran this:\n\n");
    }
    for one in &record.absent {
        writeln!(text, "- {}: {}", Code(&one.name), Code(&one.why))?;
    }
    Ok(())
}

fn row(text: &mut String, target: &TargetReport, result: &ProfileResult) -> fmt::Result {
    let version = target.handshake.as_ref().map_or("", |it| &it.implementation.version);
    let tally = &result.tally;
    writeln!(
        text,
        "| {} | {} | {} | {} | {} | {} | {} |",
        Code(&target.label),
        Code(version),
        result.profile,
        tally.must,
        tally.should,
        failing(target, result),
        tally.count(Verdict::Unsupported)
    )
}

/// The number of cases with a failure that no baseline expects, or on which harness or shim broke.
fn failing(target: &TargetReport, result: &ProfileResult) -> usize {
    failures(target, result).iter().map(|group| 1 + group.others.len()).sum()
}

fn list(
    text: &mut String,
    record: &Record,
    target: &TargetReport,
    result: &ProfileResult,
) -> fmt::Result {
    let count = failing(target, result);
    if count == 0 {
        return Ok(());
    }
    writeln!(
        text,
        "\n<details><summary>{} under {}: {count} failing</summary>\n",
        Code(&target.label),
        result.profile
    )?;
    let mut unlisted = count;
    for group in failures(target, result).iter().take(LISTED) {
        failure(text, record, group, target, result)?;
        unlisted -= 1 + group.others.len();
    }
    if unlisted > 0 {
        writeln!(text, "- … and {unlisted} more")?;
    }
    text.push_str("\n</details>\n");
    Ok(())
}

fn failure(
    text: &mut String,
    record: &Record,
    group: &FailureGroup,
    target: &TargetReport,
    result: &ProfileResult,
) -> fmt::Result {
    let (one, judgement) = (&record.cases[group.first], &result.judgements[group.first]);
    let verdict = judgement.verdict.name().to_uppercase();
    writeln!(text, "- **{verdict}** {} {}", Code(&one.id), Code(&one.title))?;
    let cited = one.spec.iter().filter(|citation| citation.doc == result.profile.name());
    for citation in cited {
        writeln!(text, "  - {}", Code(&citation.to_string()))?;
    }
    for line in case::differences(one, result.profile, judgement, Wording::Words) {
        writeln!(text, "  - {}", Code(&line))?;
    }
    if let [next, ..] = group.others[..] {
        let (count, next) = (group.others.len(), Code(&record.cases[next].id));
        writeln!(text, "  - the same in {count} more, {next} the next")?;
    }
    writeln!(text, "  - again: {}", Code(&case::again(one, result.profile, target)))
}

/// A text as code, with a character reference for whatever Markdown might give a meaning to.
struct Code<'a>(&'a str);

impl Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        f.write_str("<code>")?;
        for character in Escaped(self.0).to_string().chars() {
            match character {
                ' ' | '-' | '.' | '/' | ',' => f.write_char(character)?,
                _ if character.is_ascii_punctuation() => {
                    write!(f, "&#{};", u32::from(character))?;
                }
                _ => f.write_char(character)?,
            }
        }
        f.write_str("</code>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_any_kind_is_text() {
        let shown = Code("a|`b`*<i>&\n@me:x:\u{1b}").to_string();
        assert_eq!(
            shown,
            "<code>a&#124;&#96;b&#96;&#42;&#60;i&#62;&#38;&#92;n&#64;me&#58;x&#58;\
             &#92;u&#123;1b&#125;</code>"
        );
    }
}
