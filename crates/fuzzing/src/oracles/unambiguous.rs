//! Hosts and URIs that all implementations read in the same way. Other inputs are about URL
//! parsers, not about cookies: generators and mutators make none, and what targets do with one is
//! not compared with the specifications of cookies.

use std::net::{Ipv4Addr, Ipv6Addr};

use cookiespec_engine::Uri;
use cookiespec_vectors::{Octets, Operation};

use crate::octet_fields;

/// Whether this is the host of a URL by RFC 3986 as well as by the URL standard of WHATWG, and by
/// both the same but for the case of its letters: a name without percent-encoding that does not end
/// in a number, with labels that IDNA leaves alone, or an IP address in its canonical form.
pub(crate) fn is_host(name: &[u8]) -> bool {
    if let Some(address) = name.strip_prefix(b"[") {
        return address.strip_suffix(b"]").is_some_and(is_canonical_ip6);
    }
    let labels = name.strip_suffix(b".").unwrap_or(name).split(|octet| *octet == b'.');
    if labels.clone().next_back().is_some_and(is_number) {
        return ip4(name).is_some();
    }
    name.len() <= MOST_OCTETS && labels.into_iter().all(is_label)
}

/// A label that stays as it is when a host is canonicalised (section 5.1.2): a non-reserved LDH
/// label (RFC 5890 section 2.3.1), or an A-label. What becomes of others is not defined, such as one
/// with a hyphen at its end. An underscore is in use, and kept by all.
fn is_label(label: &[u8]) -> bool {
    let is_ldh = |octet: &u8| octet.is_ascii_alphanumeric() || b"-_".contains(octet);
    let is_reserved = label.get(2..4) == Some(b"--");
    let lower = label.to_ascii_lowercase();
    (1..=MOST_LABEL_OCTETS).contains(&label.len())
        && label.iter().all(is_ldh)
        && !label.starts_with(b"-")
        && !label.ends_with(b"-")
        && (!is_reserved || VALID_A_LABELS.contains(&&lower[..]))
}

/// Whether a host that ends in this label is an IPv4 address, or no host, to the URL standard.
fn is_number(label: &[u8]) -> bool {
    match label {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
    }
}

/// The IPv4 address in dotted decimal form without leading zeros.
fn ip4(name: &[u8]) -> Option<Ipv4Addr> {
    std::str::from_utf8(name).ok()?.parse().ok()
}

/// Whether this is an IPv6 address in the one form in which the URL standard writes it.
fn is_canonical_ip6(name: &[u8]) -> bool {
    let text = std::str::from_utf8(name).unwrap_or_default().to_ascii_lowercase();
    // Rust writes the end of some addresses in decimal, the URL standard never does.
    text.parse::<Ipv6Addr>().is_ok_and(|address| !text.contains('.') && address.to_string() == text)
}

/// Whether canonicalisation leaves a host and the domain it is matched with as they are, so that
/// all implementations match the same strings.
pub(super) fn are_canonical(host: &[u8], domain: &[u8]) -> bool {
    is_canonical_host(host) && (is_canonical_host(domain) || is_end_of_ip4(host, domain))
}

/// Whether this is a [host](is_host) that canonicalisation leaves as it is.
pub(super) fn is_canonical_host(name: &[u8]) -> bool {
    is_host(name) && !name.iter().any(u8::is_ascii_uppercase)
}

/// Whether the domain is the end of an address. Such a domain is no host, but not the same address
/// to anybody: taken for one in a short form, it begins with another number or with zero.
fn is_end_of_ip4(host: &[u8], domain: &[u8]) -> bool {
    ip4(host).is_some_and(|address| address.octets()[0] != 0)
        && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with(b"."))
}

/// Whether every request of an operation goes to a host, and every host that is matched is one.
pub(crate) fn has_hosts(operation: &Operation) -> bool {
    let mut uris = octet_fields::uris(operation).into_iter();
    match operation {
        Operation::MatchDomain(input) => is_host(input.host.as_slice()),
        _ => uris.all(|uri| has_host(uri.as_slice())),
    }
}

/// Whether this is the URI of an HTTP request to a [host](is_host), with a valid port or none, and
/// without user information, which few clients send and which parsers delimit differently.
fn has_host(uri: &[u8]) -> bool {
    let Ok(parsed) = Uri::parse(uri) else { return false };
    let behind_scheme = &uri[parsed.scheme().len() + b"://".len()..];
    let end = behind_scheme.iter().position(|octet| b"/?#".contains(octet));
    let authority = &behind_scheme[..end.unwrap_or(behind_scheme.len())];
    let port = authority.strip_prefix(parsed.host());
    [&b"http"[..], b"https"].contains(&parsed.scheme())
        && is_host(parsed.host())
        && port.is_some_and(|port| match port {
            [] | [b':'] => true,
            [b':', digits @ ..] => {
                digits.iter().all(u8::is_ascii_digit)
                    && std::str::from_utf8(digits).is_ok_and(|port| port.parse::<u16>().is_ok())
            }
            _ => false,
        })
}

/// Whether a URI needs no normalisation, so that every URL parser reads it in the same way.
pub(crate) fn is_unambiguous_uri(uri: &Octets) -> bool {
    let Ok(parsed) = Uri::parse(uri.as_slice()) else { return false };
    let dots: [&[u8]; 6] = [b".", b"..", b"%2e", b"%2e%2e", b".%2e", b"%2e."];
    let mut segments = parsed.path().split(|octet| *octet == b'/');
    let has_dots = segments.any(|segment| dots.contains(&&segment.to_ascii_lowercase()[..]));
    let is_odd = |octet: &u8| !octet.is_ascii_graphic() || b"\\\"<>^`{|}".contains(octet);
    has_host(uri.as_slice())
        && !has_dots
        && !uri.as_slice().iter().any(is_odd)
        && (parsed.host().starts_with(b"[")
            || !uri.as_slice().iter().any(|octet| b"[]".contains(octet)))
        && !parsed.path().iter().any(|octet| b"[]".contains(octet))
}

/// The longest name and the longest label of the DNS, in octets.
const MOST_OCTETS: usize = 253;
const MOST_LABEL_OCTETS: usize = 63;
/// The labels of generated hosts that stand for others than ASCII letters. Of any other with this
/// prefix it is not known here whether it is valid.
const VALID_A_LABELS: &[&[u8]] = &[b"xn--bcher-kva"];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Asserts that a URI has the same host by RFC 3986 and by the URL standard.
    pub(crate) fn assert_same_host(uri: &[u8]) {
        let shown = uri.escape_ascii();
        let host = Uri::parse(uri).unwrap_or_else(|error| panic!("{shown}: {error}")).host();
        let host = String::from_utf8(host.to_ascii_lowercase()).unwrap();
        let url = url::Url::parse(&String::from_utf8_lossy(uri));
        let url = url.unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(url.host_str(), Some(&*host), "{shown}");
        // Its parser of paths is stricter than that of most clients.
        let end = uri.iter().skip(8).position(|octet| b"/?#".contains(octet));
        let text = std::str::from_utf8(&uri[..end.map_or(uri.len(), |end| end + 8)]).unwrap();
        let by_rfc: http::Uri = text.parse().unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(by_rfc.host().map(str::to_ascii_lowercase), Some(host), "{shown}");
    }

    #[test]
    fn hosts_are_hosts() {
        for host in [
            "site.example",
            "SITE.Example",
            "www.site.example.",
            "localhost",
            "localhost.",
            "a-b.site.example",
            "a_b.site.example",
            "__proto__",
            "8.8.site.example",
            "1.2.3.4.a",
            "0x7g",
            "127.0.0.1",
            "0.0.0.0",
            "[::1]",
            "[2001:DB8::1]",
            "[2001:db8:0:1:1:1:1:1]",
            "XN--BCHER-KVA.example",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
            assert_same_host(format!("https://{host}/").as_bytes());
        }
    }

    #[test]
    fn what_url_parsers_disagree_about_is_no_host() {
        let long = ["x".repeat(64), "x.".repeat(127)];
        for host in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "0.",
            "0.0.",
            "00.",
            "00",
            "0",
            "0.0.1",
            "1.127.0.0.1",
            "1.2.3",
            "01.2.3.4",
            "1.2.3.4.",
            "256.2.3.4",
            "a.1",
            "a.09",
            "a.0x",
            "a.0XfF.",
            "0x7f.0.0.1",
            "a%41",
            "a b",
            "a\tb",
            "a\\b",
            "a@b",
            "a|b",
            "a*",
            "\u{fc}.example",
            "-a.example",
            "a-.example",
            "r3---x.site.example",
            "xn--abc-.site.example",
            "xn--.example",
            "a.xn--a",
            "[::1",
            "[::1%25eth0]",
            "[0:0:0:0:0:0:0:1]",
            "[2001:db8::1:0:0:1:1:1]",
            "[::ffff:1.2.3.4]",
            "[::ffff:102:304]",
            "[v1.a]",
            "[]",
            &long[0],
            &long[1],
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    /// Every string of up to four of these octets.
    #[test]
    fn every_short_host_is_the_same_to_both_parsers() {
        let octets = b"019xXfg.-_%[]:";
        let mut hosts = 0;
        let mut strings = vec![Vec::new()];
        for _ in 0..4 {
            let longer = |string: &Vec<u8>| {
                let string = string.clone();
                octets.iter().map(move |&octet| [&string[..], &[octet]].concat())
            };
            strings = strings.iter().flat_map(longer).collect();
            for host in strings.iter().filter(|string| is_host(string)) {
                assert_same_host(&[b"https://", &host[..], b"/"].concat());
                hosts += 1;
            }
        }
        assert!(hosts > 3_000, "{hosts}");
    }

    #[test]
    fn only_http_with_a_plain_authority_has_a_host() {
        for uri in [
            "https://site.example",
            "http://site.example:8080/a",
            "https://site.example:?q",
            "https://[::1]:443#f",
            "https://site.example:00080/",
        ] {
            assert!(has_host(uri.as_bytes()), "{uri}");
            assert_same_host(uri.as_bytes());
        }
        for uri in [
            "HTTPS://site.example/",
            "httpsx://site.example/",
            "ftp://site.example/",
            "x/https://site.example/",
            " https://site.example/",
            "https:///site.example/",
            "https://site.example:8x/",
            "https://site.example:65536/",
            "https://site.example:+80/",
            "https://site.example\\@other.example/",
            "https://a@site.example/",
            "https://a@a/",
            "https://site.example\n/",
        ] {
            assert!(!has_host(uri.as_bytes()), "{uri}");
        }
    }

    #[test]
    fn an_address_does_not_match_its_end_to_anybody() {
        let is_sure = |host: &str, domain: &str| {
            let is_sure = are_canonical(host.as_bytes(), domain.as_bytes());
            let [host, domain] = [host, domain].map(|name| url::Host::parse(name).ok());
            assert!(!is_sure || host != domain, "{host:?}");
            is_sure
        };
        for domain in ["2.3.4", "3.4", "4"] {
            assert!(is_sure("1.2.3.4", domain));
        }
        assert!(!is_sure("1.2.3.4", "01.2.3.4"));
        assert!(!is_sure("1.2.3.4", "1.2.772"));
        assert!(!is_sure("0.0.0.4", "4"));
        assert!(is_sure("site.example", "other.example"));
        assert!(!is_sure("site.example", "Site.example"));
        assert!(!is_sure("site.example", ".site.example"));
    }
}
