//! The entries of a baseline as a TOML array in which entries can be inserted and removed without
//! losing the comments between them.

use toml_edit::{Array, InlineTable, RawString, Value};

/// The whitespace before an entry that has no comment above it.
const INDENT: &str = "\n    ";

/// An entry and the comments that belong to it.
pub(super) struct CommentedEntry {
    /// The line feed, comments on lines of their own, and the indentation.
    lead: String,
    pub(super) entry: InlineTable,
    /// A comment on the same line, after the comma.
    tail: String,
}

/// The entries of one profile.
pub(super) struct CommentedArray {
    pub(super) entries: Vec<CommentedEntry>,
    /// A comment after the opening bracket.
    head: String,
    /// What follows the last entry and its comment.
    end: String,
}

impl CommentedEntry {
    pub(super) fn new(entry: InlineTable) -> Self {
        Self { lead: INDENT.to_owned(), entry, tail: String::new() }
    }
}

impl CommentedArray {
    /// Takes an array apart. Elements that are no inline tables are left out: such a file is not
    /// read as a baseline.
    pub(super) fn of(array: &Array) -> Self {
        let mut parts = Self { entries: Vec::new(), head: String::new(), end: String::new() };
        for value in array {
            let (rest, lead) = split(raw(value.decor().prefix()));
            *parts.last_tail() = rest;
            if let Value::InlineTable(table) = value {
                let mut entry = table.clone();
                entry.decor_mut().clear();
                let lead = if lead.is_empty() { INDENT.to_owned() } else { lead };
                parts.entries.push(CommentedEntry { lead, entry, tail: String::new() });
            }
        }
        let (rest, end) = split(raw(Some(array.trailing())));
        *parts.last_tail() = rest;
        parts.end = end;
        parts
    }

    fn last_tail(&mut self) -> &mut String {
        match self.entries.last_mut() {
            Some(entry) => &mut entry.tail,
            None => &mut self.head,
        }
    }

    /// Reassembles the array.
    pub(super) fn into_array(self) -> Array {
        let mut array = Array::new();
        let mut tail = self.head;
        let is_empty = self.entries.is_empty();
        for CommentedEntry { lead, mut entry, tail: next } in self.entries {
            entry.decor_mut().set_prefix(format!("{tail}{lead}"));
            array.push_formatted(Value::InlineTable(entry));
            tail = next;
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
