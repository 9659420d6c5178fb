//! How much is kept and shown of what an application sends, and a note of what was left out.

use cookiespec_vectors::Octets;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What was left out of a recorded exchange: the part that was cut, and what it was in full.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The part: `request target`, `request fields`, `request body`, `response fields` or
    /// `response body`.
    pub part: String,
    /// The length of the whole part in octets. Of fields, every name and value counts, with `: `
    /// between and CRLF after them.
    pub octets: usize,
    /// The SHA-256 of the whole part, in hexadecimal digits.
    pub sha256: String,
}

impl Cut {
    fn new(part: &str, octets: usize, digest: Sha256) -> Self {
        Self { part: part.to_owned(), octets, sha256: hex(&digest.finalize()) }
    }
}

/// The first `limit` octets of a part, and what was cut.
pub(crate) fn octets(part: &str, octets: &[u8], limit: usize, cuts: &mut Vec<Cut>) -> Octets {
    if octets.len() <= limit {
        return octets.to_vec().into();
    }
    cuts.push(Cut::new(part, octets.len(), Sha256::new().chain_update(octets)));
    octets[..limit].to_vec().into()
}

/// The fields up to `limit` octets of names and values, and what was cut. The field in which the
/// limit lies is cut, those after it are left out.
pub(crate) fn fields(
    part: &str,
    fields: &[(String, Vec<u8>)],
    limit: usize,
    cuts: &mut Vec<Cut>,
) -> Vec<(String, Octets)> {
    let length = |(name, value): &(String, Vec<u8>)| name.len() + value.len() + SEPARATORS;
    let total: usize = fields.iter().map(length).sum();
    if total <= limit {
        return fields.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    }
    let mut digest = Sha256::new();
    for (name, value) in fields {
        digest = digest.chain_update(name).chain_update(": ").chain_update(value);
        digest = digest.chain_update("\r\n");
    }
    cuts.push(Cut::new(part, total, digest));
    let mut left = limit;
    let mut kept = Vec::new();
    for (name, value) in fields {
        let Some(rest) = left.checked_sub(name.len() + SEPARATORS) else { break };
        let value = &value[..value.len().min(rest)];
        left = rest - value.len();
        kept.push((name.clone(), value.to_vec().into()));
    }
    kept
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The most octets of a note, or of a part of an error: a screen's worth.
pub(crate) const NOTE: usize = 2_000;
/// The most octets of a name that is shown beside others.
pub(crate) const NAME: usize = 400;
/// `: ` and CRLF.
const SEPARATORS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_noted_with_its_length_and_digest() {
        let mut cuts = Vec::new();
        assert_eq!(octets("request body", b"abc", 3, &mut cuts).as_slice(), b"abc");
        assert_eq!(cuts, []);
        assert_eq!(octets("request body", b"abc", 2, &mut cuts).as_slice(), b"ab");
        assert_eq!((&*cuts[0].part, cuts[0].octets), ("request body", 3));
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(cuts[0].sha256, abc);

        let two = [("a".to_owned(), b"1".to_vec()), ("b".to_owned(), vec![b'x'; 90])];
        let mut cuts = Vec::new();
        assert_eq!(fields("response fields", &two, 101, &mut cuts).len(), 2);
        assert_eq!(cuts, []);
        let kept = fields("response fields", &two, 31, &mut cuts);
        assert_eq!(kept[0].1.as_slice(), b"1");
        assert_eq!(kept[1].1.as_slice(), [b'x'; 20]);
        let whole = [&b"a: 1\r\nb: "[..], &[b'x'; 90], b"\r\n"].concat();
        assert_eq!(cuts[0].octets, whole.len());
        assert_eq!(cuts[0].sha256, hex(&Sha256::digest(whole)));
        assert_eq!(fields("response fields", &two, 8, &mut cuts).len(), 1);
    }
}
