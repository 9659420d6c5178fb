//! Coverage for a terminal of 80 columns.

use std::fmt::{self, Display};

use cookiespec_vectors::{Level, Ratio};

use super::rows::{Coverage, Row, Standing};

/// A summary, and the statements that want attention: those not covered, those that rest on one
/// case, and those no case can test.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a Coverage<'a>);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(coverage) = self;
        let untestable = coverage.standing(Standing::Untestable).count();
        writeln!(
            f,
            "{}: {} statements, {} testable",
            coverage.profile,
            coverage.rows.len(),
            coverage.rows.len() - untestable
        )?;
        for force in [Level::Must, Level::Should, Level::May] {
            let Ratio { met, of } = coverage.ratio(force);
            writeln!(f, "  {:<8}{met:>4} of {of:>3} covered", force.name())?;
        }
        section(f, "No case", coverage.standing(Standing::Uncovered), |row| {
            row.clause.text.clone()
        })?;
        section(f, "Some sides have no case", coverage.standing(Standing::Partial), |row| {
            format!("lacks {}", row.missing.join(", "))
        })?;
        section(f, "Only one case", coverage.thin(), |row| row.cases[0].id.clone())?;
        section(f, "No case can test", coverage.standing(Standing::Untestable), |row| {
            row.requirement.untestable.clone().unwrap_or_default()
        })
    }
}

fn section<'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    rows: impl Iterator<Item = &'a Row<'a>>,
    note: impl Fn(&Row<'_>) -> String,
) -> fmt::Result {
    let rows = rows.collect::<Vec<_>>();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title} ({})", rows.len())?;
    for row in rows {
        let mut start =
            format!("  {:<9} {:<8} {:<11} ", row.requirement.id, row.clause.sec, row.clause.level);
        for line in wrapped(&note(row), WIDTH - INDENT) {
            writeln!(f, "{start}{line}")?;
            start = " ".repeat(INDENT);
        }
    }
    Ok(())
}

/// A text in lines of at most so many characters, where its words allow it.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = word.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\"");
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

const WIDTH: usize = 80;

/// The width of the columns before the note.
const INDENT: usize = 33;

#[cfg(test)]
mod tests {
    use cookiespec_engine::Profile;
    use cookiespec_vectors::{Catalogue, Suite};

    use super::*;

    #[test]
    fn no_line_is_longer_than_80_columns() {
        let suite = Suite::default();
        let coverage = Coverage::new(&suite, Catalogue::embedded(), Profile::Rfc6265bis);
        let text = Text(&coverage).to_string();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        for row in &coverage.rows {
            assert!(text.contains(&row.requirement.id), "{}", row.requirement.id);
        }
        assert!(text.starts_with("rfc6265bis: "), "{text}");
    }

    #[test]
    fn words_are_kept_whole_and_escaped() {
        assert_eq!(wrapped("one two\u{1b} three", 9), ["one", "two\\u{1b}", "three"]);
        assert_eq!(wrapped("don't \"ab\"", 80), ["don't \"ab\""]);
        assert!(wrapped("", 80).is_empty());
    }
}
