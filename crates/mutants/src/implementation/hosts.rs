//! Hosts: canonicalization, A-labels, domain-match and public suffixes; sections 5.1.2 and 5.1.3.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::octets::split_once;
use super::rules::Rules;
use crate::mutant::Mutant;

/// The list of a store that is given none: rules that every list contains.
pub(crate) const OWN_LIST: &[&str] = &["co.uk", "*.ck", "!www.ck"];

impl Rules {
    /// The host in canonical form; `None` if it has none.
    pub(crate) fn canonical_host(self, host: &[u8], strict: bool) -> Option<Vec<u8>> {
        let strict = strict && !self.is(Mutant::StrictHostsIgnored);
        let labels = || host.split(|&octet| octet == b'.');
        if host.is_empty()
            || !host.is_ascii()
            || strict && !labels().all(|it| self.is_host_label(it))
        {
            return None;
        }
        if self.is(Mutant::HostWithUnderscoreRefused) && host.contains(&b'_') {
            return None;
        }
        if let Some(address) = ipv6(host) {
            let refused = self.is(Mutant::HostInBracketsRefused);
            return (!refused).then(|| format!("[{address}]").into_bytes());
        }
        let host =
            if self.is(Mutant::HostCaseKept) { host.to_vec() } else { host.to_ascii_lowercase() };
        match host.strip_suffix(b".") {
            Some(host) if self.is(Mutant::HostTrailingDotCut) => Some(host.to_vec()),
            _ => Some(host),
        }
    }

    /// A-label or NR-LDH label: letters, digits and inner hyphens, with `--` in third place in
    /// A-labels only.
    fn is_host_label(self, label: &[u8]) -> bool {
        let ldh = label.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-');
        let hyphens = label.starts_with(b"-") || label.ends_with(b"-");
        let is_reserved = label.get(2..4) == Some(b"--");
        let is_real = match label.get(..4) {
            Some(start) if start.eq_ignore_ascii_case(b"xn--") => {
                is_a_label(&label[4..]) || self.is(Mutant::StrictHostsTakeFakeALabels)
            }
            _ => !is_reserved,
        };
        (1..=63).contains(&label.len()) && ldh && !hyphens && is_real
    }

    /// Whether a host domain-matches a domain. Both are in canonical form.
    pub(crate) fn domain_match(self, host: &[u8], domain: &[u8]) -> bool {
        if host == domain {
            return !(self.is(Mutant::AddressAsDomainRefused) && self.is_address(host));
        }
        if self.is(Mutant::DomainMatchReversed) && ends_at_label(domain, host) {
            return true;
        }
        if self.is(Mutant::DomainMatchAnywhere) {
            let (host, domain) = ([b".", host, b"."].concat(), [b".", domain, b"."].concat());
            return host.windows(domain.len()).any(|part| part == domain);
        }
        if self.is(Mutant::DomainMatchNeedsDot) && !domain.contains(&b'.') {
            return false;
        }
        if self.is(Mutant::DomainMatchDotIsWildcard) {
            return !self.is_address(host) && ends_like_pattern(host, domain);
        }
        let Some(prefix) = host.strip_suffix(domain) else { return false };
        let boundary = match prefix.last() {
            _ if self.is(Mutant::DomainSuffixWithoutDot) => true,
            Some(b'-') => self.is(Mutant::DomainBoundaryAtHyphen),
            last => last == Some(&b'.'),
        };
        let too_deep = prefix.iter().filter(|&&octet| octet == b'.').count() > 1;
        if self.is(Mutant::DomainMatchOneLevel) && too_deep {
            return false;
        }
        boundary && !self.is_address(host)
    }

    /// Whether the host is an IP address, which has no subdomains.
    fn is_address(self, host: &[u8]) -> bool {
        let text = std::str::from_utf8(host.strip_suffix(b".").unwrap_or(host)).unwrap_or("");
        if self.is(Mutant::AddressByDigitsAndDots)
            && text.starts_with(|it: char| it.is_ascii_digit())
        {
            return true;
        }
        let v4 = text.parse::<Ipv4Addr>().is_ok() && !self.is(Mutant::SuffixOfIpv4Matches);
        let v6 = ipv6(host).is_some() && !self.is(Mutant::SuffixOfIpv6Matches);
        v4 || v6
    }

    /// Whether the domain is a public suffix under this list and the implicit `*`.
    pub(crate) fn is_public_suffix(self, domain: &[u8], list: &[impl AsRef<[u8]>]) -> bool {
        let named = |rule: &[u8]| list.iter().any(|it| it.as_ref() == rule);
        // Those that refuse such a Domain look it up without its trailing dot.
        let bare = domain.strip_suffix(b".").filter(|_| self.is(Mutant::SuffixOnOwnHostRefused));
        let domain = bare.unwrap_or(domain);
        if self.is(Mutant::SuffixListIgnored) || domain.is_empty() || self.is_address(domain) {
            return false;
        }
        if named(&[b"!", domain].concat()) && !self.is(Mutant::SuffixExceptionIgnored) {
            return false;
        }
        let Some((_, parent)) = split_once(domain, b'.') else {
            return named(domain) || !self.is(Mutant::SuffixSingleLabelAccepted);
        };
        let wildcards = !self.is(Mutant::SuffixWildcardIgnored);
        let below = self.is(Mutant::SuffixCoversNamesBelow) && named(parent);
        named(domain) || wildcards && named(&[b"*.", parent].concat()) || below
    }
}

/// Whether this is a name or an address of the machine itself.
pub(crate) fn is_localhost(host: &[u8]) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    let v4 = std::str::from_utf8(host).ok().and_then(|text| text.parse::<Ipv4Addr>().ok());
    host == b"localhost"
        || ends_at_label(host, b"localhost")
        || ipv6(host) == Some(Ipv6Addr::LOCALHOST)
        || v4.is_some_and(|address| address.is_loopback())
}

fn ipv6(host: &[u8]) -> Option<Ipv6Addr> {
    let inner = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host);
    std::str::from_utf8(inner).ok()?.parse().ok()
}

fn ends_at_label(host: &[u8], domain: &[u8]) -> bool {
    host.strip_suffix(domain).is_some_and(|prefix| prefix.ends_with(b"."))
}

/// Whether the host ends like the domain, read as a regular expression whose dots are not escaped.
fn ends_like_pattern(host: &[u8], domain: &[u8]) -> bool {
    let Some(start) = host.len().checked_sub(domain.len() + 1) else { return false };
    host[start + 1..]
        .iter()
        .zip(domain)
        .all(|(octet, pattern)| octet == pattern || *pattern == b'.')
}

/// Whether this, which follows `xn--`, is the Punycode of a label that is not ASCII.
fn is_a_label(encoded: &[u8]) -> bool {
    let encoded = encoded.to_ascii_lowercase();
    decoded(&encoded).is_some_and(|text| text.iter().any(|it| !it.is_ascii()))
}

/// The decoding procedure of RFC 3492 section 6.2.
fn decoded(encoded: &[u8]) -> Option<Vec<char>> {
    let basic_end = encoded.iter().rposition(|octet| *octet == b'-').filter(|at| *at > 0);
    let (basic, mut digits) = match basic_end {
        Some(at) => (&encoded[..at], &encoded[at + 1..]),
        None => (&encoded[..0], encoded),
    };
    let mut text: Vec<char> = basic.iter().map(|octet| char::from(*octet)).collect();
    let (mut code_point, mut position, mut bias) = (128_u64, 0_u64, 72_u64);
    while !digits.is_empty() {
        let before = position;
        let (mut weight, mut k) = (1_u64, BASE);
        loop {
            let (first, rest) = digits.split_first()?;
            let digit = u64::from(char::from(*first).to_digit(36)?);
            // The letters come first: a is 0 and z is 25, then 0 is 26 and 9 is 35.
            let digit = if digit < 10 { digit + 26 } else { digit - 10 };
            digits = rest;
            position = position.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(BASE - threshold)?;
            k += BASE;
        }
        let places = text.len() as u64 + 1;
        bias = adapted(position - before, places, before == 0);
        code_point = code_point.checked_add(position / places)?;
        position %= places;
        text.insert(position as usize, char::from_u32(u32::try_from(code_point).ok()?)?);
        position += 1;
    }
    Some(text)
}

/// The bias adaptation of RFC 3492 section 6.1.
fn adapted(delta: u64, places: u64, is_first: bool) -> u64 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / places;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + 38)
}

const BASE: u64 = 36;
const T_MIN: u64 = 1;
const T_MAX: u64 = 26;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_ascii_decode() {
        let text = |encoded: &[u8]| decoded(encoded).map(String::from_iter);
        assert_eq!(text(b"bcher-kva").as_deref(), Some("b\u{FC}cher"));
        assert_eq!(text(b"p1ai").as_deref(), Some("\u{440}\u{444}"));
        assert_eq!(text(b"wgv71a119e").as_deref(), Some("\u{65E5}\u{672C}\u{8A9E}"));
        assert!(is_a_label(b"BCHER-KVA"));
    }

    #[test]
    fn what_stands_for_nothing_or_for_ascii_is_no_a_label() {
        for fake in [&b""[..], b"99999999", b"abc-", b"bcher-kv\xFC"] {
            assert!(!is_a_label(fake), "{}", fake.escape_ascii());
        }
    }
}
