//! Octets: separators, character classes of the grammars, and decodings that only mutants apply.

/// The two sides of the first `separator`, if there is one.
pub(crate) fn split_once(octets: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = octets.iter().position(|&octet| octet == separator)?;
    Some((&octets[..at], &octets[at + 1..]))
}

/// The octets between a leading and a trailing double quote, if there are both.
pub(crate) fn unquoted(octets: &[u8]) -> Option<&[u8]> {
    octets.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// Decodes backslash sequences: a backslash and three octal digits are an octet, and a backslash and
/// anything else are the latter.
pub(crate) fn unescaped(octets: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut rest = octets;
    while let [first, tail @ ..] = rest {
        (rest, plain) = match tail {
            [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..] if *first == b'\\' => {
                (tail, [plain, vec![(a - b'0') << 6 | (b - b'0') << 3 | (c - b'0')]].concat())
            }
            [escaped, tail @ ..] if *first == b'\\' => (tail, [plain, vec![*escaped]].concat()),
            _ => (tail, [plain, vec![*first]].concat()),
        };
    }
    plain
}

/// Decodes percent sequences: `%41` is `A`.
pub(crate) fn percent_decoded(octets: &[u8]) -> Vec<u8> {
    let digit = |octet: u8| char::from(octet).to_digit(16);
    let mut plain = Vec::new();
    let mut at = 0;
    while at < octets.len() {
        let pair = octets.get(at + 1..at + 3).filter(|_| octets[at] == b'%');
        match pair.and_then(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?)) {
            Some(octet) => plain.push(octet as u8),
            None => plain.push(octets[at]),
        }
        at += if pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)) { 3 } else { 1 };
    }
    plain
}

/// Removes `.` and `..` from a path, as RFC 3986 section 5.2.4 does.
pub(crate) fn without_dot_segments(path: &[u8]) -> Vec<u8> {
    let mut segments: Vec<&[u8]> = Vec::new();
    for segment in path.split(|&octet| octet == b'/') {
        match segment {
            b"." => {}
            b".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments.join(&b'/')
}

/// `%x00-08 / %x0A-1F / %x7F`: a control character, except HTAB.
pub(crate) fn is_control(octet: u8) -> bool {
    octet != b'\t' && octet.is_ascii_control()
}

/// `token`, of which cookie-names are made.
pub(crate) fn is_token(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet)
}

/// `cookie-octet`, of which cookie-values are made.
pub(crate) fn is_cookie_octet(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"\",;\\".contains(&octet)
}
