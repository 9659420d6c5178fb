//! Hosts and URIs that all implementations read in the same way. Other inputs are about URL
//! parsers, not about cookies.

use cookiespec_engine::Uri;
use cookiespec_vectors::Octets;

/// Whether this is an IP address, or a host name that canonicalisation would not change.
pub(super) fn is_canonical_host(name: &Octets) -> bool {
    let name = name.as_slice();
    let is_plain =
        |octet: &u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || b"-_".contains(octet);
    let is_ip6 = name.starts_with(b"[") && name.ends_with(b"]");
    let labels = name.strip_suffix(b".").unwrap_or(name).split(|octet| *octet == b'.');
    let mut labels = labels.peekable();
    // Implementations differ in what they take for an IP address.
    let is_odd_ip = name.iter().all(|octet| octet.is_ascii_digit() || *octet == b'.')
        && std::str::from_utf8(name).is_ok_and(|name| name.parse::<std::net::Ipv4Addr>().is_err())
        && name.iter().filter(|octet| **octet == b'.').count() > 2;
    let ends_in_ip = name
        .rsplitn(5, |octet| *octet == b'.')
        .take(4)
        .all(|label| !label.is_empty() && label.iter().all(u8::is_ascii_digit))
        && name.iter().filter(|octet| **octet == b'.').count() > 3;
    is_ip6
        || !is_odd_ip
            && !ends_in_ip
            && name.len() < 254
            && labels
                .all(|label| !label.is_empty() && label.len() < 64 && label.iter().all(is_plain))
}

/// Whether a URI needs no normalisation, so that every URL parser reads it in the same way.
pub(crate) fn is_unambiguous_uri(uri: &Octets) -> bool {
    let Ok(parsed) = Uri::parse(uri.as_slice()) else { return false };
    let is_http = [&b"http"[..], b"https"].contains(&parsed.scheme());
    let dots: [&[u8]; 6] = [b".", b"..", b"%2e", b"%2e%2e", b".%2e", b"%2e."];
    let mut segments = parsed.path().split(|octet| *octet == b'/');
    let has_dots = segments.any(|segment| dots.contains(&&segment.to_ascii_lowercase()[..]));
    let is_odd = |octet: &u8| !octet.is_ascii_graphic() || b"\\\"<>^`{|}".contains(octet);
    is_http
        && !has_dots
        && !uri.as_slice().iter().any(is_odd)
        && (parsed.host().starts_with(b"[")
            || !uri.as_slice().iter().any(|octet| b"[]".contains(octet)))
        && !parsed.path().iter().any(|octet| b"[]".contains(octet))
        && is_canonical_host(&parsed.host().to_ascii_lowercase().into())
}
