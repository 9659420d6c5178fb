//! Variations of an input, near enough to it that an implementation with the same fault differs from
//! the reference engine on most of them, and with another fault on others.

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::Operation;

use crate::octet_fields;

/// The variations of octet strings.
pub(super) fn variations(operation: &Operation) -> Vec<Operation> {
    let mut variations = octet_variations(operation);
    variations.extend(date_variations(operation));
    variations.extend(longer_variations(operation));
    variations
}

/// The operation with one octet replaced, left out or doubled, evenly spread over its octet strings.
fn octet_variations(operation: &Operation) -> Vec<Operation> {
    let fields = octet_fields::of(operation);
    let uris = octet_fields::uris(operation);
    let mut places = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        if !uris.contains(field) {
            places.extend((0..field.as_slice().len()).map(|at| (index, at)));
        }
    }
    let every = places.len().div_ceil(MOST_PLACES).max(1);
    let mut variations = Vec::new();
    for (index, at) in places.into_iter().step_by(every) {
        let field = fields[index].as_slice();
        let mut add = |piece: &[u8]| {
            let octets = [&field[..at], piece, &field[at + 1..]].concat();
            if octets != field {
                variations.push(octet_fields::with(operation, index, octets));
            }
        };
        add(&[]);
        add(&[field[at], field[at]]);
        PROBES.iter().for_each(|&probe| add(&[probe]));
    }
    variations
}

/// The operation with a weekday, a zone or both added to each cookie-date, in which implementations
/// differ that are the same to octets.
fn date_variations(operation: &Operation) -> Vec<Operation> {
    let mut variations = Vec::new();
    for (index, field) in octet_fields::of(operation).into_iter().enumerate() {
        let field = field.as_slice();
        let Some((from, to)) = cookie_date(operation, field) else { continue };
        let mut add = |before: &str, behind: &str| {
            let (start, end) = (before.as_bytes(), behind.as_bytes());
            let octets = [&field[..from], start, &field[from..to], end, &field[to..]].concat();
            variations.push(octet_fields::with(operation, index, octets));
        };
        add("", " GMT");
        add("Mon, ", "");
        // One of them is right.
        for weekday in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] {
            add(&format!("{weekday}, "), " GMT");
        }
    }
    variations
}

/// The operation with one long octet string made longer, which tells limits apart.
fn longer_variations(operation: &Operation) -> Vec<Operation> {
    let fields = octet_fields::of(operation).into_iter().map(Octets::as_slice).enumerate();
    let longer = |(index, field): (usize, &[u8])| {
        let (start, end) = field.split_at(field.len() / 2);
        octet_fields::with(operation, index, [start, &start[start.len() / 2..], end].concat())
    };
    fields.filter(|(_, field)| field.len() > LONG).map(longer).collect()
}

/// The operation with all URIs changed in one matter.
pub(super) fn uri_variations(operation: &Operation) -> Vec<Operation> {
    let changes: [Change; 5] = [
        |uri| Some([b"https:", uri.strip_prefix(b"http:")?].concat()),
        |uri| Some(uri.to_ascii_lowercase()),
        |uri| host_end(uri).filter(|end| *end == uri.len()).map(|_| [uri, b"/"].concat()),
        |uri| {
            let end = host_end(uri)?;
            Some([uri[..end].strip_suffix(b".")?, &uri[end..]].concat())
        },
        // From an IPv6 address to an IPv4 address.
        |uri| {
            let (start, end) = (uri.iter().position(|octet| *octet == b'[')?, host_end(uri)?);
            Some([&uri[..start], b"127.0.0.1", &uri[end..]].concat())
        },
    ];
    let changed = |change: &Change| {
        let mut changed = operation.clone();
        for uri in octet_fields::uris_mut(&mut changed) {
            if let Some(other) = change(uri.as_slice()) {
                *uri = other.into();
            }
        }
        (changed != *operation).then_some(changed)
    };
    changes.iter().filter_map(changed).collect()
}

/// A change of a URI; `None` if there is nothing to change.
type Change = fn(&[u8]) -> Option<Vec<u8>>;

/// Where the authority of a URI ends.
fn host_end(uri: &[u8]) -> Option<usize> {
    let start = uri.windows(3).position(|window| window == b"://")? + 3;
    let length = uri[start..].iter().position(|octet| b"/?#".contains(octet));
    Some(length.map_or(uri.len(), |length| start + length))
}

/// Where the first cookie-date of a field is.
fn cookie_date(operation: &Operation, field: &[u8]) -> Option<(usize, usize)> {
    const EXPIRES: &[u8] = b"expires=";
    if matches!(operation, Operation::ParseDate(_)) {
        return Some((0, field.len()));
    }
    let at = field.windows(EXPIRES.len()).position(|it| it.eq_ignore_ascii_case(EXPIRES))?;
    let from = at + EXPIRES.len();
    let length = field[from..].iter().position(|octet| *octet == b';');
    Some((from, length.map_or(field.len(), |length| from + length)))
}

/// The octets that replace others: one of each sort that implementations distinguish.
const PROBES: &[u8] = b"\x01\t \"%,=\\/-.A0\x7f\x80\xa0";
/// At how many places octets are replaced.
const MOST_PLACES: usize = 10;
/// How long an octet string is at least that is made longer.
const LONG: usize = 512;
