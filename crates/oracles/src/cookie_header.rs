//! A Cookie field: split as plainly as possible, it has the same pairs; no pair hides another.

use cookiespec_engine::cookie_header::pairs;
use cookiespec_vectors::Suite;
use cookiespec_vectors::operation::Operation;

type Pairs<'a> = Vec<(&'a [u8], &'a [u8])>;

/// Holds it for one field line, alone and beside another.
pub fn holds(line: &[u8]) {
    let split = engine(line);
    assert_eq!(split, naive(line));

    let written: Vec<Vec<u8>> =
        split.iter().map(|&(name, value)| [name, b"=", value].concat()).collect();
    assert_eq!(engine(&written.join(&b"; "[..])), split, "what is written is not read back");

    let mut with_another = split.clone();
    with_another.push((b"junk", b"1"));
    assert_eq!(engine(&[line, b"; junk=1"].concat()), with_another, "a pair hides its neighbour");
}

/// Every Cookie field line of the suite.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let lines = suite.cases().iter().flat_map(|case| match case.operation() {
        Operation::ParseCookie(request) => request.cookie.as_slice(),
        _ => &[],
    });
    lines.map(|line| line.as_slice().to_vec()).collect()
}

fn engine(line: &[u8]) -> Pairs<'_> {
    pairs(line).map(|pair| (pair.name, pair.value)).collect()
}

fn naive(line: &[u8]) -> Pairs<'_> {
    let parts = line.split(|&octet| octet == b';').map(|part| {
        let equals_sign = part.iter().position(|&octet| octet == b'=');
        let (name, value) =
            equals_sign.map_or((&b""[..], part), |at| (&part[..at], &part[at + 1..]));
        (trimmed(name), trimmed(value))
    });
    parts.filter(|(name, value)| !name.is_empty() || !value.is_empty()).collect()
}

fn trimmed(octets: &[u8]) -> &[u8] {
    let is_wsp = |octet: &u8| *octet == b' ' || *octet == b'\t';
    let start = octets.iter().position(|octet| !is_wsp(octet)).unwrap_or(octets.len());
    let end = octets.iter().rposition(|octet| !is_wsp(octet)).map_or(start, |last| last + 1);
    &octets[start..end]
}
