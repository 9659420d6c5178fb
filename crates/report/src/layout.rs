//! Text that fits a width: wrapped at spaces, as a list, as a command, or in two columns.
//!
//! A width is counted in columns of the terminal: a CJK character or an emoji takes two, an ANSI
//! escape sequence none. No line is broken inside a word; a word that is wider than its line
//! overflows it.

use textwrap::WordSeparator;
use textwrap::core::Word;
pub use textwrap::core::display_width;
use textwrap::wrap_algorithms::wrap_first_fit;

/// The narrowest terminal that text is laid out for, in columns.
pub const NARROWEST: usize = 40;

/// The space between two columns of text.
const GAP: usize = 2;

/// The narrowest column of text that stands beside another.
const COLUMN: usize = 28;

/// Breaks a text into lines of at most `width` columns. Lines after the first keep the indentation
/// of the first, and two spaces more.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let words = text.trim_start_matches(' ');
    let indent = text.len() - words.len();
    hanging(&text[..indent], words, indent + 2, width)
}

/// Breaks a text into lines of at most `width` columns. `head` stands before the first line, and
/// `indent` spaces before the others.
pub fn hanging(head: &str, text: &str, indent: usize, width: usize) -> Vec<String> {
    let words: Vec<_> = WordSeparator::AsciiSpace.find_words(text).collect();
    fill(&words, head, indent, width)
}

/// Items with commas between them, laid out like [`hanging`]. No line is broken inside an item.
pub fn list(head: &str, items: &[String], indent: usize, width: usize) -> Vec<String> {
    let last = items.len().saturating_sub(1);
    let items = items.iter().enumerate();
    let items = items.map(|(at, item)| if at < last { format!("{item}, ") } else { item.clone() });
    let items: Vec<_> = items.collect();
    let words: Vec<_> = items.iter().map(|item| Word::from(item)).collect();
    fill(&words, head, indent, width)
}

/// A shell command, laid out like [`hanging`]. It is broken between its arguments, with a backslash
/// at the end of the line, so that it can be copied.
pub fn command(head: &str, command: &str, indent: usize, width: usize) -> Vec<String> {
    let mut words: Vec<_> = arguments(command).into_iter().map(Word::from).collect();
    let last = words.len().saturating_sub(1);
    for word in &mut words[..last] {
        word.penalty = " \\";
    }
    fill(&words, head, indent, width)
}

/// Two columns of lines, wrapped so that they fit `width` together; one below the other where a
/// column would be too narrow to read.
pub fn beside(left: &[String], right: &[String], width: usize) -> Vec<String> {
    let column = width.saturating_sub(GAP) / 2;
    let wrapped = |lines: &[String], width| -> Vec<String> {
        lines.iter().flat_map(|line| wrap(line, width)).collect()
    };
    if column < COLUMN {
        return [wrapped(left, width), vec![String::new()], wrapped(right, width)].concat();
    }
    let [left, right] = [left, right].map(|lines| wrapped(lines, column));
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    let mut lines = Vec::new();
    while left.peek().is_some() || right.peek().is_some() {
        // A line that overflows stands alone.
        let overflows =
            |line: Option<&String>| line.is_some_and(|line| display_width(line) > column);
        let (left_overflows, right_overflows) = (overflows(left.peek()), overflows(right.peek()));
        let left = if right_overflows && !left_overflows { None } else { left.next() };
        let right = if left_overflows { None } else { right.next() };
        let (mut line, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        if !right.is_empty() {
            let padding = (column + GAP).saturating_sub(display_width(&line));
            line.extend([" ".repeat(padding), right]);
        }
        lines.push(line);
    }
    lines
}

/// Lines of words. `head` has a line of its own if the first word fits only below it.
fn fill(words: &[Word<'_>], head: &str, indent: usize, width: usize) -> Vec<String> {
    let indents = [display_width(head), indent];
    let [beside_head, below_it] = indents.map(|it| width.saturating_sub(it));
    if let [first, rest @ ..] = words
        && !head.trim().is_empty()
    {
        let penalty = if rest.is_empty() { "" } else { first.penalty };
        let first = display_width(first.word) + display_width(penalty);
        if first > beside_head && first <= below_it {
            let mut lines = vec![head.trim_end().to_owned()];
            lines.extend(fill(words, &" ".repeat(indent), indent, width));
            return lines;
        }
    }
    let widths = [beside_head as f64, below_it as f64];
    let filled = wrap_first_fit(words, &widths);
    let count = filled.len();
    let lines = filled.into_iter().enumerate().map(|(at, words)| {
        let mut line = if at == 0 { head.to_owned() } else { " ".repeat(indent) };
        if let [words @ .., last] = words {
            line.extend(words.iter().flat_map(|it| [it.word, it.whitespace]));
            line.push_str(last.word);
            line.push_str(if at + 1 < count { last.penalty } else { "" });
        }
        line
    });
    lines.collect()
}

/// The arguments of a shell command, quotes included; each but the last with the spaces after it.
fn arguments(command: &str) -> Vec<&str> {
    let mut arguments = Vec::new();
    let (mut start, mut is_quoted, mut is_escaped) = (0, false, false);
    for (at, character) in command.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if !is_quoted => is_escaped = true,
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => {
                arguments.push(&command[start..=at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(&command[start..]);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line fits, or it is one word and nothing else.
    fn assert_fits(lines: &[String], width: usize) {
        for line in lines {
            let fits = display_width(line) <= width || !line.trim().contains(' ');
            assert!(fits, "{width}: {line:?}");
        }
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_nowhere() {
        assert_eq!(wrap("one two three", 8), ["one two", "  three"]);
        assert_eq!(wrap("  one two three", 9), ["  one two", "    three"]);
        assert_eq!(wrap("ab abcdefgh c", 4), ["ab", "  abcdefgh", "  c"]);
        assert_eq!(wrap("a  b", 4), ["a  b"], "what stands in quotes may have two spaces");
        assert_eq!(wrap("", 4), [""]);
        for width in 1..20 {
            let lines = wrap("ä bc def ghij klmno", width);
            assert_fits(&lines, width);
            let words: Vec<_> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
            assert_eq!(words.join(" "), "ä bc def ghij klmno");
        }
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(wrap("日本 日本 日本", 9), ["日本 日本", "  日本"]);
        assert_eq!(wrap("🍪🍪🍪 🍪🍪", 10), ["🍪🍪🍪", "  🍪🍪"]);
        let wide: Vec<_> = ["日本語 クッキー 🍪 cookie".repeat(9)].into();
        for width in [40, 60, 80, 120] {
            assert_fits(&wrap(&wide[0], width), width);
            let both = beside(&wide, &wide, width);
            assert_fits(&both, width);
            let column = (width - GAP) / 2;
            if column < COLUMN {
                continue;
            }
            for (line, right) in both.iter().zip(wrap(&wide[0], column)) {
                let (left, found) = line.split_at(line.len() - right.len());
                assert_eq!((display_width(left), found), (column + GAP, &*right));
            }
        }
    }

    #[test]
    fn colours_take_no_columns() {
        let lines = hanging("\u{1b}[1;31mFAIL\u{1b}[0m ", "one two", 2, 9);
        assert_eq!(lines, ["\u{1b}[1;31mFAIL\u{1b}[0m one", "  two"]);
    }

    #[test]
    fn items_stay_in_one_piece() {
        let items = ["good 1.2", "parcel 7", "third"].map(str::to_owned);
        assert_eq!(list("has: ", &items, 2, 24), ["has: good 1.2, parcel 7,", "  third"]);
        assert_eq!(list("has: ", &items, 2, 10), ["has: good 1.2,", "  parcel 7,", "  third"]);
        assert_eq!(list("has: ", &items[..1], 2, 12), ["has:", "  good 1.2"]);
        assert_eq!(list("has: ", &[], 2, 10), ["has: "]);
    }

    #[test]
    fn a_command_is_broken_between_its_arguments() {
        let words = r"run --only 'a b'\''c d' x";
        assert_eq!(command("again  ", words, 9, 80), [format!("again  {words}")]);
        assert_eq!(
            command("again  ", words, 9, 20),
            ["again  run --only \\", r"         'a b'\''c d' \", "         x"]
        );
    }

    #[test]
    fn columns_stand_beside_each_other() {
        let [left, right] = [["short", "x"], ["words that do not fit into one line of it", "y"]]
            .map(|lines| lines.map(str::to_owned));
        assert_eq!(
            beside(&left, &right, 60),
            [
                "short                          words that do not fit into",
                "x                                one line of it",
                "                               y"
            ]
        );
        assert_eq!(
            beside(&left, &right, 40),
            ["short", "x", "", "words that do not fit into one line of", "  it", "y"]
        );
    }

    #[test]
    fn what_overflows_a_column_stands_alone() {
        let word = "n".repeat(30);
        let [left, right] = [[word.clone(), "x".to_owned()], ["y".to_owned(), word.clone()]];
        let alone = format!("{}{word}", " ".repeat(31));
        assert_eq!(beside(&left, &right, 60), [word, format!("x{}y", " ".repeat(30)), alone]);
    }
}
