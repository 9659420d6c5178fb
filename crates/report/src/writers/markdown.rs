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

/// How many failures of one target are listed.
const LISTED: usize = 50;

/// The longest document, in octets: more is refused as the summary of a step.
const MAX_OCTETS: usize = 1 << 20;

/// The space that is kept for the end of a list and of the document.
const RESERVE: usize = 1 << 10;

/// The document. It has less than 1 MiB, and ends with a line that says so.
pub fn render(record: &Record) -> String {
    let mut document = Document { text: String::from("## cookiespec\n\n"), is_cut: false };
    // Writing to a string cannot fail.
    let _ = document.write(record);
    document.text
}

/// The document as it grows.
struct Document {
    text: String,
    /// Whether something did not fit.
    is_cut: bool,
}

impl Document {
    fn write(&mut self, record: &Record) -> fmt::Result {
        let (cases, targets) = (record.cases.len(), record.targets.len());
        let (plural, exit) = (if targets == 1 { "" } else { "s" }, record.exit as u8);
        writeln!(self.text, "{cases} cases, {targets} target{plural}, exit code {exit}.\n")?;
        if let Some(interruption) = record.interruption() {
            writeln!(self.text, "**This report is {interruption}.**\n")?;
        }
        self.text.push_str(
            "| Target | Version | Profile | MUST | SHOULD | Failures | Unsupported |\n\
             |---|---|---|--:|--:|--:|--:|\n",
        );
        for target in &record.targets {
            for result in &target.results {
                self.add(&row(target, result));
            }
        }
        for target in &record.targets {
            if let Some(error) = &target.error {
                let (label, what) = (Code(&target.label), Code(&error.what));
                self.add(&format!("\n**Broken:** {label}: {what}\n"));
            }
            for result in &target.results {
                self.list(record, target, result)?;
            }
        }
        if !record.absent.is_empty() {
            self.add("\nNot found on the machine that ran this:\n\n");
        }
        for one in &record.absent {
            self.add(&format!("- {}: {}\n", Code(&one.name), Code(&one.why)));
        }
        if self.is_cut {
            self.text.push_str(
                "\nSome of it is left out here, as a summary has to stay below 1 MiB; the reports \
                 json, html and events have everything.\n",
            );
        }
        writeln!(self.text, "\nEnd of the report, exit code {exit}.")
    }

    /// The failures of a target, folded.
    fn list(
        &mut self,
        record: &Record,
        target: &TargetReport,
        result: &ProfileResult,
    ) -> fmt::Result {
        let count = failing(target, result);
        let (label, profile) = (Code(&target.label), result.profile);
        let title =
            format!("\n<details><summary>{label} under {profile}: {count} failing</summary>\n\n");
        if count == 0 || !self.add(&title) {
            return Ok(());
        }
        let mut unlisted = count;
        for group in failures(target, result).iter().take(LISTED) {
            let mut text = String::new();
            failure(&mut text, record, group, target, result)?;
            if !self.add(&text) {
                break;
            }
            unlisted -= 1 + group.others.len();
        }
        if unlisted > 0 {
            writeln!(self.text, "- … and {unlisted} more")?;
        }
        self.text.push_str("\n</details>\n");
        Ok(())
    }

    /// Adds a part if there is space for it, and says whether there was.
    fn add(&mut self, part: &str) -> bool {
        let fits = self.text.len() + part.len() + RESERVE <= MAX_OCTETS;
        if fits {
            self.text.push_str(part);
        }
        self.is_cut |= !fits;
        fits
    }
}

fn row(target: &TargetReport, result: &ProfileResult) -> String {
    let version = target.handshake.as_ref().map_or("", |it| &it.implementation.version);
    let tally = &result.tally;
    format!(
        "| {} | {} | {} | {} | {} | {} | {} |\n",
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
    let cited = one.spec.iter().filter(|citation| citation.concerns(result.profile));
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
    fn what_does_not_fit_is_left_out_as_a_whole() {
        let mut document = Document { text: String::new(), is_cut: false };
        assert!(document.add(&"a".repeat(MAX_OCTETS - RESERVE)));
        assert!(!document.is_cut);
        assert!(!document.add("b"));
        assert!(document.is_cut);
        assert!(document.text.ends_with('a'));
    }

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
