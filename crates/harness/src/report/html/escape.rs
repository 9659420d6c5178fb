//! Text in HTML.

use std::fmt::{self, Display, Write};

use crate::report::visible::Visible;

/// A text as it stands in an element or in a quoted attribute: what means something to HTML is
/// escaped, and so is everything that is not printable.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaper(f), "{}", Visible(self.0))
    }
}

struct Escaper<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaper<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| match character {
            '&' => self.0.write_str("&amp;"),
            '<' => self.0.write_str("&lt;"),
            '>' => self.0.write_str("&gt;"),
            '"' => self.0.write_str("&quot;"),
            '\'' => self.0.write_str("&#39;"),
            _ => self.0.write_char(character),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_become_text() {
        let shown = Text("<script>'\"&\u{1b}\u{202e}</script>").to_string();
        assert_eq!(shown, "&lt;script&gt;&#39;&quot;&amp;\\u{1b}\\u{202e}&lt;/script&gt;");
    }
}
