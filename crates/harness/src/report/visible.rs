//! Text from outside, made safe to show.

use std::fmt::{self, Display, Write};

/// A text in which everything that is not printable is escaped: control characters, and characters
/// that reorder or hide others.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'a>(pub &'a str);

impl Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            ' '..='~' => f.write_char(character),
            _ => write!(f, "{}", character.escape_debug()),
        })
    }
}

/// The lines at the end of a text, at most `count` of them.
pub(super) fn last_lines(text: &str, count: usize) -> impl Iterator<Item = Visible<'_>> {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let skipped = lines.len().saturating_sub(count);
    lines.into_iter().skip(skipped).map(Visible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_printable_stays() {
        let shown = Visible("é\"\\ \u{1b}[1m\u{9b}\u{202e}\n").to_string();
        assert_eq!(shown, r#"é"\ \u{1b}[1m\u{9b}\u{202e}\n"#);
    }

    #[test]
    fn last_lines_are_the_last() {
        let lines: Vec<_> = last_lines("a\n\nb\nc\n", 2).map(|line| line.to_string()).collect();
        assert_eq!(lines, ["b", "c"]);
    }
}
