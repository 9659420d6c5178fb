//! JSON values shown to people: nothing in them can reach a terminal unescaped, a long string is cut
//! to the part that matters, a long array to its ends, and whatever is still long at the end of the
//! line.

use cookiespec_engine::date::ImfFixdate;
use serde_json::Value;

/// Strings up to this many code points are shown completely.
const FULL_TEXT: usize = 120;

/// How much of a long string is shown before the place that matters, and after it.
const AROUND: usize = 30;

/// Arrays up to this many elements are shown completely.
const FULL_ARRAY: usize = 40;

/// How many elements of a long array are shown at its beginning, and at its end.
const AT_EACH_END: usize = 4;

/// Where a line ends, in octets: about a screen of 80 columns. What a list of cookies or a program
/// of steps needs is far below it.
const FULL_LINE: usize = 2000;

/// A value on one line, of about 2000 octets at most.
pub fn value(value: &Value) -> String {
    around(value, 0)
}

/// Another text for a value, given the name of the member it stands in (empty where it stands in
/// none); `None` for the usual one.
pub type Instead<'a> = &'a dyn Fn(&str, &Value) -> Option<String>;

/// A value on one line, in which some parts are shown in another way: `instead` is called with each
/// part before it is taken apart, and what it returns has to be fit to be shown.
pub fn value_with(name: &str, value: &Value, instead: Instead<'_>) -> String {
    Writer { position: 0, instead, line: String::new(), is_cut: false }.of(name, value)
}

/// Unix seconds and, in parentheses, what that is as a date; the number alone where it is none that a
/// cookie-date can hold.
pub fn time(unix_seconds: i64) -> String {
    match ImfFixdate::new(unix_seconds) {
        Some(date) => format!("{unix_seconds} ({date})"),
        None => unix_seconds.to_string(),
    }
}

/// A value on one line; of a long string, the part around a position in code points.
pub(crate) fn around(value: &Value, position: usize) -> String {
    Writer { position, instead: &|_, _| None, line: String::new(), is_cut: false }.of("", value)
}

/// The position in code points at which two strings part; `None` where either is not a string.
pub(crate) fn parting(a: &Value, b: &Value) -> Option<usize> {
    let (a, b) = (a.as_str()?, b.as_str()?);
    Some(a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count())
}

/// A line as it grows.
struct Writer<'a> {
    /// The part of a long string that is shown, in code points.
    position: usize,
    instead: Instead<'a>,
    line: String,
    /// Whether something did not fit on the line.
    is_cut: bool,
}

impl Writer<'_> {
    fn of(mut self, name: &str, value: &Value) -> String {
        self.write(name, value);
        if self.is_cut {
            self.line.push_str(" …");
        }
        self.line
    }

    fn write(&mut self, name: &str, value: &Value) {
        if self.is_full() {
            return;
        }
        if let Some(text) = (self.instead)(name, value) {
            self.line.push_str(&text);
            return;
        }
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                self.line.push_str(&value.to_string());
            }
            Value::String(text) => write_text(text, self.position, &mut self.line),
            Value::Array(elements) => self.write_array(elements),
            Value::Object(members) => {
                self.line.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    if self.is_full() {
                        break;
                    }
                    self.line.push_str(if index == 0 { "" } else { ", " });
                    write_text(name, 0, &mut self.line);
                    self.line.push_str(": ");
                    self.write(name, member);
                }
                self.line.push('}');
            }
        }
    }

    /// Whether the line is as long as it may be, so that what comes next is left out.
    fn is_full(&mut self) -> bool {
        self.is_cut |= self.line.len() > FULL_LINE;
        self.is_cut
    }

    fn write_array(&mut self, elements: &[Value]) {
        self.line.push('[');
        let left_out = match elements.len() {
            length if length > FULL_ARRAY => AT_EACH_END..length - AT_EACH_END,
            length => length..length,
        };
        for (index, element) in elements.iter().enumerate() {
            if left_out.contains(&index) {
                continue;
            }
            if self.is_full() {
                break;
            }
            self.line.push_str(if index == 0 { "" } else { ", " });
            if index == left_out.end {
                self.line.push_str(&format!("… {} more …, ", left_out.len()));
            }
            self.write("", element);
        }
        self.line.push(']');
    }
}

fn write_text(text: &str, position: usize, line: &mut String) {
    let length = text.chars().count();
    let (from, to) = if length <= FULL_TEXT {
        (0, length)
    } else {
        let position = position.min(length);
        (position.saturating_sub(AROUND), length.min(position + AROUND))
    };
    line.push_str(if from > 0 { "…\"" } else { "\"" });
    for code_point in text.chars().skip(from).take(to - from) {
        match u8::try_from(code_point) {
            Ok(octet) => line.push_str(&octet.escape_ascii().to_string()),
            Err(_) => line.push_str(&code_point.escape_unicode().to_string()),
        }
    }
    line.push_str(if to < length { "\"…" } else { "\"" });
    if to - from < length {
        line.push_str(&format!(" ({length} octets, from {from})"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_unprintable_gets_through() {
        let text = value(&json!({"a\u{1b}": ["\u{7f}\u{e9}\"\\", "\u{202e}", 1, null]}));
        assert_eq!(text, r#"{"a\x1b": ["\x7f\xe9\"\\", "\u{202e}", 1, null]}"#);
    }

    #[test]
    fn a_time_is_a_number_and_a_date() {
        assert_eq!(time(784_111_777), "784111777 (Sun, 06 Nov 1994 08:49:37 GMT)");
        assert_eq!(time(-1), "-1 (Wed, 31 Dec 1969 23:59:59 GMT)");
        assert_eq!(time(i64::MAX), i64::MAX.to_string());
    }

    #[test]
    fn a_part_is_shown_in_another_way() {
        let shown = json!({"a": [1, {"b": 1}], "c": "1"});
        let instead = |name: &str, value: &Value| (name == "b").then(|| format!("<{value}>"));
        assert_eq!(value_with("", &shown, &instead), r#"{"a": [1, {"b": <1>}], "c": "1"}"#);
    }

    #[test]
    fn a_long_array_is_shown_by_its_ends() {
        let text = |length: usize| value(&json!((0..length).collect::<Vec<_>>()));
        assert!(text(40).ends_with(", 38, 39]") && !text(40).contains('…'), "{}", text(40));
        assert_eq!(text(41), "[0, 1, 2, 3, … 33 more …, 37, 38, 39, 40]");
    }

    #[test]
    fn no_value_makes_a_line_without_end() {
        let wide: serde_json::Map<_, _> =
            (0..10_000).map(|at| (format!("member-{at}"), json!([at]))).collect();
        let deep = (0..3).fold(json!("x"), |inner, _| json!(vec![inner; 40]));
        for line in [value(&json!(wide)), value(&deep)] {
            assert!(line.len() < FULL_LINE + 600 && line.ends_with(" …"), "{line}");
        }
    }

    #[test]
    fn a_long_string_is_cut_around_the_place_that_matters() {
        let want = json!(format!("a={}y", "x".repeat(4096)));
        let got = json!(format!("a={}", "x".repeat(4096)));
        let at = parting(&want, &got).unwrap();
        assert_eq!(around(&want, at), format!("…\"{}y\" (4099 octets, from 4068)", "x".repeat(30)));
        assert_eq!(around(&got, at), format!("…\"{}\" (4098 octets, from 4068)", "x".repeat(30)));
        assert_eq!(value(&got), format!("\"a={}\"… (4098 octets, from 0)", "x".repeat(28)));
    }
}
