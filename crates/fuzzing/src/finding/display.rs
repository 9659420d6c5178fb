//! A finding as text for people.

use std::fmt;
use std::path::PathBuf;

use cookiespec_report::{Escaped, KEPT_TEXT, case, layout, shortened};
use cookiespec_vectors::{Case, Operation, show};
use serde_json::{Value, json};

use super::{Finding, Likeness, TargetAnswer};

/// Shows a finding in a few lines, with everything unprintable escaped.
#[derive(Clone, Debug)]
pub struct FindingDisplay<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Its file, if it has one.
    pub file: Option<PathBuf>,
    /// Whether the trace and the answers are left out.
    pub is_brief: bool,
}

impl fmt::Display for FindingDisplay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { kind, level, target, version, operation, rule, .. } = self.finding;
        let name = operation.name();
        writeln!(
            f,
            "{} ({level}) {} {}: {name}: {}",
            kind.name(),
            shown(target),
            shown(version),
            shown(&self.finding.statement())
        )?;
        match rule {
            Some(rule) => {
                writeln!(f, "  spec   {}", shown(&rule.to_string()))?;
                write_prose(f, "           ", &rule.text)?;
            }
            None => writeln!(f, "  spec   no rule confirmed")?,
        }
        if let Some(like) = &self.finding.like {
            write_prose(f, "  like   ", &format!("{}: {}", like.model, like.behaviour))?;
            if like.of > 0 {
                let Likeness { agreed, of, .. } = like;
                let text = format!("the target answers like it on {agreed} of {of} variations");
                write_prose(f, "           ", &text)?;
            }
        }
        write_input(f, "  in     ", operation)?;
        if let Some(at) = &self.finding.at {
            writeln!(f, "  at     {}", shown(at))?;
        }
        writeln!(f, "  want   {}", shown(&self.finding.want))?;
        writeln!(f, "  got    {}", shown(&self.finding.got))?;
        if let Some(profile) = &self.finding.follows {
            writeln!(f, "  note   this answer is right by {}", shown(profile))?;
        }
        if self.finding.flaky {
            writeln!(f, "  note   flaky: not every repetition reproduced it")?;
        }
        if !self.is_brief {
            self.write_trace(f)?;
            self.write_answers(f)?;
        }
        if let Some(file) = &self.file {
            writeln!(
                f,
                "  replay cookiespec fuzz --replay {}{}",
                shown(&file.display().to_string()),
                if self.finding.command.is_some() { " -- COMMAND" } else { "" }
            )?;
        }
        Ok(())
    }
}

/// Writes an input in words: a line for each member, or for each step of a program.
pub(super) fn write_input(
    f: &mut fmt::Formatter<'_>,
    head: &str,
    operation: &Operation,
) -> fmt::Result {
    let mut lines = case::inputs(&Case::unjudged("", operation.clone()));
    if lines.len() > MOST_LINES {
        let left_out = lines.len() - MOST_LINES;
        drop(
            lines.splice(MOST_LINES / 2..MOST_LINES / 2 + left_out, [format!("… {left_out} more")]),
        );
    }
    for (at, line) in lines.iter().enumerate() {
        let head = if at == 0 { head } else { "" };
        writeln!(f, "{head:<INDENT$}{line}")?;
    }
    Ok(())
}

/// Writes a sentence, wrapped.
fn write_prose(f: &mut fmt::Formatter<'_>, head: &str, text: &str) -> fmt::Result {
    let lines = layout::hanging(head, &shown(text), INDENT + 2, WIDTH);
    lines.iter().try_for_each(|line| writeln!(f, "{line}"))
}

impl FindingDisplay<'_> {
    /// The trace, with consecutive entries of the same steps shown once.
    fn write_trace(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for alike in self.finding.trace.chunk_by(|one, next| one.steps == next.steps) {
            writeln!(f, "  trace  {}", show::value(&json!(alike[0].subject)))?;
            for step in &alike[0].steps {
                writeln!(f, "           {}", shown(step))?;
            }
            if let [_, rest @ .., last] = alike {
                let last = show::value(&json!(last.subject));
                match rest.len() {
                    0 => writeln!(f, "  trace  {last}, likewise")?,
                    more => writeln!(f, "  trace  {more} more and {last}, likewise")?,
                }
            }
        }
        Ok(())
    }

    fn write_answers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (targets, answer) in self.answers_by_value() {
            writeln!(f, "  answer {}: {}", shown(&targets.join(", ")), show::value(answer))?;
        }
        Ok(())
    }

    /// The answers, each with the targets that gave it.
    fn answers_by_value(&self) -> Vec<(Vec<&str>, &Value)> {
        let mut groups: Vec<(Vec<&str>, &Value)> = Vec::new();
        for TargetAnswer { target, answer, .. } in &self.finding.answers {
            match groups.iter_mut().find(|(_, other)| *other == answer) {
                Some((targets, _)) => targets.push(target),
                None => groups.push((vec![target], answer)),
            }
        }
        groups
    }
}

/// A text of a finding file or a target on one line, at most a screen of it.
fn shown(text: &str) -> String {
    shortened(Escaped(text).to_string(), KEPT_TEXT)
}

/// Where the text behind a label begins.
const INDENT: usize = 9;
/// How wide prose may be, in columns.
const WIDTH: usize = 80;
/// How many lines of an input are shown.
const MOST_LINES: usize = 16;
