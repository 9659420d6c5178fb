//! How much is kept of a text from outside, and a note of what was cut.

use cookiespec_vectors::canonical::sha256;

/// The most octets that are kept of a message from outside: about a screen of 80 columns.
pub const KEPT_TEXT: usize = 2_000;

/// A text of at most `limit` octets as it is; of a longer one its start, its length and its SHA-256.
pub fn shortened(text: String, limit: usize) -> String {
    if text.len() <= limit {
        return text;
    }
    let start = beginning(&text, limit);
    format!("{start} … ({} octets in all, SHA-256 {})", text.len(), sha256(text.as_bytes()))
}

/// How many values a JSON text has at most: each comes after a comma, a colon or an opening bracket, or is
/// the first. A parsed value takes tens of octets of memory however short it is written, so this is
/// what bounds the memory of a parsed text.
pub fn json_values(text: &[u8]) -> usize {
    let (mut values, mut is_string, mut is_escaped) = (1, false, false);
    for &octet in text {
        match octet {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            b',' | b':' | b'[' | b'{' if !is_string => values += 1,
            _ => {}
        }
    }
    values
}

/// The characters that begin a text and have at most `limit` octets together.
pub fn beginning(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_left_out_and_none_in_a_string_is_counted() {
        for (text, least) in [("1", 1), ("[1,1,1]", 4), ("{\"a\":[],\"b\":{}}", 3), ("", 0)] {
            let values = json_values(text.as_bytes());
            assert!((least..=2 * least + 1).contains(&values), "{text}: {values}");
        }
        assert_eq!(json_values(br#""[,:{\",[\\\"[[""#), 1);
        assert_eq!(json_values(br#"["\\",1]"#), 3);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shortened("äöü".to_owned(), 6), "äöü");
        let cut = shortened("äöü".to_owned(), 5);
        assert!(cut.starts_with("äö … (6 octets in all, SHA-256 "), "{cut}");
    }

    #[test]
    fn a_text_that_was_cut_is_not_cut_again() {
        let cut = shortened("x".repeat(3 * KEPT_TEXT), KEPT_TEXT);
        assert_eq!(shortened(cut.clone(), KEPT_TEXT + 200), cut);
    }
}
