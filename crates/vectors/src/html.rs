//! Text in HTML.

use std::fmt::{self, Display, Write};

/// A text as it stands in an element or in a quoted attribute: what means something to HTML is
/// escaped, and so is everything that is not printable.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            ' '..='~' => f.write_char(character),
            _ => write!(f, "{}", character.escape_debug()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_become_text() {
        let shown = Escaped("<b a='\"&\u{1b}\u{202e}\u{e9}").to_string();
        assert_eq!(shown, "&lt;b a=&#39;&quot;&amp;\\u{1b}\\u{202e}\u{e9}");
    }
}
