//! RFC 6265 and 6265bis sections 5.1.2 and 5.1.3: canonicalized host names, domain-match.

use std::net::{Ipv4Addr, Ipv6Addr};

/// 5.1.2, leniently: every host is canonicalized, to lower case. Hosts are taken to be ASCII; the
/// twin does not support Unicode.
pub fn canonicalize(host: &[u8]) -> Vec<u8> {
    host.to_ascii_lowercase()
}

/// 6265bis 5.1.2, literally, but for A-labels, which are taken to be none of the fake ones.
pub fn canonicalize_strictly(host: &[u8]) -> Option<Vec<u8>> {
    // 1: convert to labels.
    let labels: Vec<Vec<u8>> =
        host.split(|&octet| octet == b'.').map(<[u8]>::to_ascii_lowercase).collect();
    // 2: every label is a U-label (not in ASCII), an A-label or an NR-LDH label.
    if !labels.iter().all(|label| is_a_label(label) || is_nr_ldh_label(label)) {
        return None;
    }
    // 3, 4: no U-labels, no fake A-labels.
    // 5: concatenate.
    Some(labels.join(&b'.'))
}

/// RFC 5890 section 2.3.1: letters, digits and hyphens, no hyphen at either end, 1 to 63 octets.
fn is_ldh_label(label: &[u8]) -> bool {
    (1..=63).contains(&label.len())
        && label.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
        && label.first() != Some(&b'-')
        && label.last() != Some(&b'-')
}

/// RFC 5890 section 2.3.1: an LDH label without "--" in the third and fourth position.
fn is_nr_ldh_label(label: &[u8]) -> bool {
    is_ldh_label(label) && label.get(2..4) != Some(b"--")
}

fn is_a_label(label: &[u8]) -> bool {
    is_ldh_label(label) && label.starts_with(b"xn--") && label.len() > 4
}

/// 5.1.3: whether `string` domain-matches `domain_string`. Both are canonicalized.
pub fn domain_match(string: &[u8], domain_string: &[u8]) -> bool {
    // First condition: identical.
    if string == domain_string {
        return true;
    }
    // Second condition: a suffix, …
    let Some(rest) = string.strip_suffix(domain_string) else { return false };
    // … with "." before it, …
    if rest.last() != Some(&b'.') {
        return false;
    }
    // … of a host name.
    !is_ip_address(string)
}

/// An IPv4 address in dotted decimal, or an IPv6 address, in brackets as in a URI or without.
pub fn is_ip_address(host: &[u8]) -> bool {
    let Ok(host) = std::str::from_utf8(host) else { return false };
    let unbracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    host.parse::<Ipv4Addr>().is_ok() || unbracketed.unwrap_or(host).parse::<Ipv6Addr>().is_ok()
}
