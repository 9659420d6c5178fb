//! Text in HTML and XML.

use std::fmt::{self, Display, Write};

use super::visible::Visible;

/// A text as it stands in an element or in a quoted attribute: what means something to a parser is
/// escaped, and so is everything that is not printable. XML 1.0 has no way at all to write most
/// control characters, so they are spelt out: `\u{1b}`.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a str);

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

    #[test]
    fn what_xml_cannot_hold_is_spelt_out() {
        let hostile: String = (0..=0xa0_u32)
            .chain([0x2028, 0xfeff, 0xfffe, 0xffff, 0x1_ffff])
            .filter_map(char::from_u32)
            .collect();
        let shown = Text(&hostile).to_string();
        let is_allowed =
            |c| matches!(c, ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(shown.chars().all(|c| is_allowed(c) && !c.is_control()), "{shown}");
        assert!(shown.contains("\\u{fffe}\\u{ffff}"), "{shown}");
    }
}
