//! The entries of a baseline as lines that can be put in and taken out without losing what people
//! wrote between them.

use toml_edit::{Array, InlineTable, RawString, Value};

/// What stands before an entry that has no comment above it.
const INDENT: &str = "\n    ";

/// An entry and the comments that belong to it.
pub(super) struct Line {
    /// The line feed, comments on lines of their own, and the indentation.
    lead: String,
    pub(super) entry: InlineTable,
    /// A comment on the same line, after the comma.
    tail: String,
}

/// The entries of one profile.
pub(super) struct Lines {
    pub(super) lines: Vec<Line>,
    /// A comment after the opening bracket.
    head: String,
    /// What stands after the last entry and its comment.
    end: String,
}

impl Line {
    pub(super) fn new(entry: InlineTable) -> Self {
        Self { lead: INDENT.to_owned(), entry, tail: String::new() }
    }
}

impl Lines {
    /// Takes an array apart. What is no inline table is left out; reading the file has refused it.
    pub(super) fn of(array: &Array) -> Self {
        let mut lines = Self { lines: Vec::new(), head: String::new(), end: String::new() };
        for value in array {
            let (rest, lead) = split(raw(value.decor().prefix()));
            *lines.last_tail() = rest;
            if let Value::InlineTable(table) = value {
                let mut entry = table.clone();
                entry.decor_mut().clear();
                let lead = if lead.is_empty() { INDENT.to_owned() } else { lead };
                lines.lines.push(Line { lead, entry, tail: String::new() });
            }
        }
        let (rest, end) = split(raw(Some(array.trailing())));
        *lines.last_tail() = rest;
        lines.end = end;
        lines
    }

    fn last_tail(&mut self) -> &mut String {
        match self.lines.last_mut() {
            Some(line) => &mut line.tail,
            None => &mut self.head,
        }
    }

    /// Puts the array together again.
    pub(super) fn into_array(self) -> Array {
        let mut array = Array::new();
        let mut tail = self.head;
        let is_empty = self.lines.is_empty();
        for line in self.lines {
            let mut entry = line.entry;
            entry.decor_mut().set_prefix(format!("{tail}{}", line.lead));
            array.push_formatted(Value::InlineTable(entry));
            tail = line.tail;
        }
        let end = if self.end.is_empty() && !is_empty { "\n".to_owned() } else { self.end };
        array.set_trailing(format!("{tail}{end}"));
        array.set_trailing_comma(!is_empty);
        array
    }
}

/// The rest of the line before, and the lines of its own.
fn split(between: &str) -> (String, String) {
    let at = between.find('\n').unwrap_or(between.len());
    let (rest, lead) = between.split_at(at);
    let rest = if rest.trim().is_empty() { "" } else { rest.trim_end() };
    (rest.to_owned(), lead.to_owned())
}

fn raw(text: Option<&RawString>) -> &str {
    text.and_then(RawString::as_str).unwrap_or_default()
}
