//! Escaping: untrusted text is made safe before it is shown.

use std::fmt::{self, Display, Write};

/// A text in which everything that is not printable is escaped: control characters, and characters
/// that reorder or hide others.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            ' '..='~' => f.write_char(character),
            _ => write!(f, "{}", character.escape_debug()),
        })
    }
}

/// Whether a character is shown as it is. Control characters are not, nor those that reorder or hide
/// others.
pub fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~') || character.escape_debug().count() == 1
}

/// The lines at the end of a text, at most `count` of them.
pub(crate) fn last_lines(text: &str, count: usize) -> impl Iterator<Item = Escaped<'_>> {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let skipped = lines.len().saturating_sub(count);
    lines.into_iter().skip(skipped).map(Escaped)
}

/// A text for an XML element or a quoted attribute: markup is escaped, and so is everything that is
/// not printable. XML 1.0 cannot hold most control characters, so they are spelt out: `\u{1b}`.
#[derive(Clone, Copy, Debug)]
pub struct XmlText<'a>(pub &'a str);

impl Display for XmlText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaper(f), "{}", Escaped(self.0))
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

/// JSON in printable ASCII: every other character is escaped. Such characters occur only inside
/// strings.
pub fn ascii_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\n' | ' '..='~' => text.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn only_what_is_printable_stays() {
        let shown = Escaped("é\"\\ \u{1b}[1m\u{9b}\u{202e}\n").to_string();
        assert_eq!(shown, r#"é"\ \u{1b}[1m\u{9b}\u{202e}\n"#);
    }

    #[test]
    fn last_lines_are_the_last() {
        let lines: Vec<_> = last_lines("a\n\nb\nc\n", 2).map(|line| line.to_string()).collect();
        assert_eq!(lines, ["b", "c"]);
    }

    #[test]
    fn markup_and_control_characters_become_text() {
        let shown = XmlText("<script>'\"&\u{1b}\u{202e}</script>").to_string();
        assert_eq!(shown, "&lt;script&gt;&#39;&quot;&amp;\\u{1b}\\u{202e}&lt;/script&gt;");
    }

    #[test]
    fn what_xml_cannot_hold_is_spelt_out() {
        let hostile: String = (0..=0xa0_u32)
            .chain([0x2028, 0xfeff, 0xfffe, 0xffff, 0x1_ffff])
            .filter_map(char::from_u32)
            .collect();
        let shown = XmlText(&hostile).to_string();
        let is_allowed =
            |c| matches!(c, ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(shown.chars().all(|c| is_allowed(c) && !c.is_control()), "{shown}");
        assert!(shown.contains("\\u{fffe}\\u{ffff}"), "{shown}");
    }

    #[test]
    fn nothing_but_printable_ascii_is_written() {
        let value = serde_json::json!({"a": "\u{9b}\u{7f}\u{e9}\u{1f36a}\u{1b}"});
        let text = ascii_json(&value.to_string());
        assert_eq!(text, r#"{"a":"\u009b\u007f\u00e9\ud83c\udf6a\u001b"}"#);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
