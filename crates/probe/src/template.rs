//! Placeholders in a descriptor, such as `{user}` and `{password}`.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All placeholders.
pub const PLACEHOLDERS: [&str; 11] = [
    "user",
    "password",
    "new_password",
    "key",
    "value",
    "csrf",
    "port",
    "port2",
    "scratch",
    "ttl",
    "seconds",
];

/// The values of placeholders in one request.
#[derive(Clone, Debug, Default)]
pub struct Values(BTreeMap<&'static str, String>);

/// How the value of a placeholder is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Unchanged.
    Plain,
    /// Percent-encoded, as part of a path, a query or a form.
    Uri,
}

impl Values {
    /// Sets the value of a placeholder.
    #[must_use]
    pub fn with(mut self, placeholder: &'static str, value: impl Into<String>) -> Self {
        self.0.insert(placeholder, value.into());
        self
    }

    /// The text with its placeholders replaced. One without a value is left in the text, so that
    /// the request shows what is missing.
    pub fn fill(&self, text: &str, place: Place) -> String {
        let mut filled = String::with_capacity(text.len());
        for part in parts(text) {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Placeholder(name) => match (self.0.get(name), place) {
                    (Some(value), Place::Plain) => filled.push_str(value),
                    (Some(value), Place::Uri) => filled.push_str(&percent_encoded(value)),
                    (None, _) => filled.push_str(&format!("{{{name}}}")),
                },
            }
        }
        filled
    }
}

/// Whether the text has this placeholder.
pub fn mentions(text: &str, placeholder: &str) -> bool {
    parts(text).any(|part| matches!(part, Part::Placeholder(name) if name == placeholder))
}

/// The first name in braces that looks like a placeholder and is none.
pub fn unknown_placeholder(text: &str) -> Option<UnknownPlaceholder> {
    let unknown = parts(text).find_map(|part| match part {
        Part::Placeholder(name) if !PLACEHOLDERS.contains(&name) => Some(name.to_owned()),
        _ => None,
    });
    unknown.map(UnknownPlaceholder)
}

/// A name in braces that is not a placeholder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{{{0}}} is not a placeholder; the placeholders are {known}",
    known = PLACEHOLDERS.map(|name| format!("{{{name}}}")).join(" ")
)]
pub struct UnknownPlaceholder(pub String);

/// The text with everything but unreserved characters (RFC 3986 section 2.3) percent-encoded.
pub fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

enum Part<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

/// Splits a text at its placeholders: words of lower-case letters, digits and `_` in braces.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(name) = placeholder_at_start(rest) {
            rest = &rest[name.len() + 2..];
            return Some(Part::Placeholder(name));
        }
        let brace = rest.char_indices().skip(1).find(|(_, character)| *character == '{');
        let (before, after) = rest.split_at(brace.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(Part::Text(before))
    })
}

fn placeholder_at_start(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    let is_word = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'_';
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase());
    (begins && name.bytes().all(is_word)).then_some(name)
}

/// The ASCII characters that are not unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        let values = Values::default().with("user", "a&b").with("key", "k");
        assert_eq!(values.fill("/{user}?{key}={other}", Place::Uri), "/a%26b?k={other}");
        assert_eq!(values.fill(r#"{"u":"{user}"}"#, Place::Plain), r#"{"u":"a&b"}"#);
        assert_eq!(values.fill("{{key}}é{", Place::Plain), "{k}é{");
    }

    #[test]
    fn a_misspelt_placeholder_is_noticed() {
        assert_eq!(unknown_placeholder("{usr}"), Some(UnknownPlaceholder("usr".to_owned())));
        assert_eq!(unknown_placeholder(r#"{"a": {"b": {user}}}"#), None);
        assert!(mentions("x={csrf}", "csrf") && !mentions("x=csrf", "csrf"));
    }
}
