//! Three ways in which parsers hand out what they read: borrowed text, owned text and octets.

/// The name and the value of a set-cookie-string, borrowed from it.
pub fn borrowed(line: &str) -> Option<(&str, &str)> {
    let pair = line.split(';').next()?;
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    let blanks = [' ', '\t'];
    let (name, value) = (name.trim_matches(blanks), value.trim_matches(blanks));
    let is_control = |octet: u8| matches!(octet, 0x00..=0x08 | 0x0A..=0x1F | 0x7F);
    let is_refused = line.bytes().any(is_control)
        || name.len() + value.len() > 4096
        || name.is_empty() && value.is_empty();
    (!is_refused).then_some((name, value))
}

/// The same, owned.
pub fn owned(line: &str) -> Option<(String, String)> {
    borrowed(line).map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// The same, as octets.
pub fn octets(line: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let line = std::str::from_utf8(line).ok()?;
    borrowed(line).map(|(name, value)| (name.into(), value.into()))
}
