//! Text that has to fit a width: wrapped, and in two columns.

/// Breaks a text into lines of at most `width` characters, at spaces where there are any. Lines
/// after the first keep the indentation of the first, and two spaces more.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let mut is_empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut word: Vec<char> = word.chars().collect();
        if !is_empty && line.chars().count() + 1 + word.len() > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 2)));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        // A word that is longer than a line is broken where the line ends.
        loop {
            let room = width.saturating_sub(line.chars().count()).max(1);
            if word.len() <= room {
                break;
            }
            line.extend(word.drain(..room));
            lines.push(std::mem::replace(&mut line, " ".repeat(indent + 2)));
        }
        line.extend(word);
        is_empty = false;
    }
    lines.push(line);
    lines
}

/// Two columns of lines, wrapped to fit a width together.
pub(crate) fn beside(left: &[String], right: &[String], width: usize) -> Vec<String> {
    let column = (width - GAP) / 2;
    let wrapped = |lines: &[String]| -> Vec<String> {
        lines.iter().flat_map(|line| wrap(line, column)).collect()
    };
    let (left, right) = (wrapped(left), wrapped(right));
    let line = |columns: &[String], at: usize| columns.get(at).cloned().unwrap_or_default();
    (0..left.len().max(right.len()))
        .map(|at| {
            let (left, right) = (line(&left, at), line(&right, at));
            format!("{left:<column$}{:GAP$}{right}", "").trim_end().to_owned()
        })
        .collect()
}

/// The space between two columns, in characters.
const GAP: usize = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_anywhere() {
        assert_eq!(wrap("one two three", 8), ["one two", "  three"]);
        assert_eq!(wrap("  one two three", 9), ["  one two", "    three"]);
        assert_eq!(wrap("abcdefgh", 4), ["abcd", "  ef", "  gh"]);
        assert_eq!(wrap("", 4), [""]);
        for width in 1..20 {
            let lines = wrap("ä bc def ghij klmno", width);
            let longest = lines.iter().map(|line| line.chars().count()).max().unwrap();
            assert!(longest <= width.max(3), "{width}: {lines:?}");
        }
    }

    #[test]
    fn columns_stand_beside_each_other() {
        let [left, right] = [["a b", "c"], ["long words", "d"]].map(|it| it.map(str::to_owned));
        assert_eq!(
            beside(&left, &right, 14),
            ["a b     long", "c         word", "          s", "        d"]
        );
    }
}
