//! Cookie fields that no browser sends.

use std::collections::BTreeSet;

use crate::browser::cookie_string;

/// Hostile values under every name of the session, and hostile fields.
pub(super) fn hostile(names: &BTreeSet<Vec<u8>>) -> Vec<Vec<u8>> {
    let values = values();
    let field = |value: &Vec<u8>| {
        let pairs: Vec<_> = names.iter().map(|name| (name.clone(), value.clone())).collect();
        cookie_string(&pairs)
    };
    let under_names = values.iter().map(field);
    let fields = FIELDS.iter().map(|field| field.to_vec());
    under_names.chain(fields).chain(values.iter().cloned()).collect()
}

fn values() -> Vec<Vec<u8>> {
    let texts = TEXTS.iter().map(|text| text.as_bytes().to_vec());
    let octets = OCTETS.iter().map(|octets| octets.to_vec());
    let long = ["A".repeat(32), "-".repeat(31), "0".repeat(64), "A".repeat(8_192)];
    let all = [(0x80..=0xFF).collect(), (0x01..=0x1F).filter(|it| !b"\r\n".contains(it)).collect()];
    texts.chain(octets).chain(long.map(String::into_bytes)).chain(all).collect()
}

const TEXTS: [&str; 22] = [
    "",
    "=",
    "\"",
    "\"\"",
    "\t",
    ",",
    "' OR '1'='1",
    "'; DROP TABLE sessions; --",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%00%0d%0a",
    "%",
    "%zz",
    "{}",
    "null",
    "-1",
    "1e999",
    "[object Object]",
    "O:8:\"stdClass\":0:{}",
    "${7*7}{{7*7}}",
    "eyJhbGciOiJub25lIn0.e30.",
    "\u{FFFD}é日本",
];

const OCTETS: [&[u8]; 6] = [b"\x00", b"a\x00b", b"\x7F", b"\xFF\xFE", b"\xC0\xAF", b"\xED\xA0\x80"];

const FIELDS: [&[u8]; 6] =
    [b"=;=;=", b";;;;", b"$Version=1; a=b; $Path=/", b"a", b"\xEF\xBB\xBFa=b", b"a=b, c=d"];
