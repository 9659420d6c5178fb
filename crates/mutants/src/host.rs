//! Hosts: canonicalisation and domain-match, sections 5.1.2 and 5.1.3.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::a_label::is_a_label;
use crate::fault::Fault;
use crate::rules::Rules;

impl Rules {
    /// A host in canonical form; `None` where it has none.
    pub(crate) fn canonical_host(self, host: &[u8], strict: bool) -> Option<Vec<u8>> {
        let strict = strict && !self.is(Fault::StrictHostsIgnored);
        let labels = || host.split(|&octet| octet == b'.');
        if host.is_empty()
            || !host.is_ascii()
            || strict && !labels().all(|it| self.is_host_label(it))
        {
            return None;
        }
        if self.is(Fault::HostWithUnderscoreRefused) && host.contains(&b'_') {
            return None;
        }
        if let Some(address) = ipv6(host) {
            let refused = self.is(Fault::HostInBracketsRefused);
            return (!refused).then(|| format!("[{address}]").into_bytes());
        }
        let host =
            if self.is(Fault::HostCaseKept) { host.to_vec() } else { host.to_ascii_lowercase() };
        match host.strip_suffix(b".") {
            Some(host) if self.is(Fault::HostTrailingDotCut) => Some(host.to_vec()),
            _ => Some(host),
        }
    }

    /// A-label or NR-LDH label: letters, digits and inner hyphens, `--` in third place in A-labels
    /// alone.
    fn is_host_label(self, label: &[u8]) -> bool {
        let ldh = label.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-');
        let hyphens = label.starts_with(b"-") || label.ends_with(b"-");
        let is_reserved = label.get(2..4) == Some(b"--");
        let is_real = match label.get(..4) {
            Some(start) if start.eq_ignore_ascii_case(b"xn--") => {
                is_a_label(&label[4..]) || self.is(Fault::StrictHostsTakeFakeALabels)
            }
            _ => !is_reserved,
        };
        (1..=63).contains(&label.len()) && ldh && !hyphens && is_real
    }

    /// Does a host domain-match a domain? Both are canonical.
    pub(crate) fn domain_match(self, host: &[u8], domain: &[u8]) -> bool {
        if host == domain {
            return !(self.is(Fault::AddressAsDomainRefused) && self.is_address(host));
        }
        if self.is(Fault::DomainMatchReversed) && ends_at_label(domain, host) {
            return true;
        }
        if self.is(Fault::DomainMatchAnywhere) {
            let (host, domain) = ([b".", host, b"."].concat(), [b".", domain, b"."].concat());
            return host.windows(domain.len()).any(|part| part == domain);
        }
        if self.is(Fault::DomainMatchNeedsDot) && !domain.contains(&b'.') {
            return false;
        }
        if self.is(Fault::DomainMatchDotIsWildcard) {
            return !self.is_address(host) && ends_like_pattern(host, domain);
        }
        let Some(prefix) = host.strip_suffix(domain) else { return false };
        let boundary = match prefix.last() {
            _ if self.is(Fault::DomainSuffixWithoutDot) => true,
            Some(b'-') => self.is(Fault::DomainBoundaryAtHyphen),
            last => last == Some(&b'.'),
        };
        let too_deep = prefix.iter().filter(|&&octet| octet == b'.').count() > 1;
        if self.is(Fault::DomainMatchOneLevel) && too_deep {
            return false;
        }
        boundary && !self.is_address(host)
    }

    /// An IP address, which has no subdomains.
    pub(crate) fn is_address(self, host: &[u8]) -> bool {
        let text = std::str::from_utf8(host.strip_suffix(b".").unwrap_or(host)).unwrap_or("");
        if self.is(Fault::AddressByDigitsAndDots)
            && text.starts_with(|it: char| it.is_ascii_digit())
        {
            return true;
        }
        let v4 = text.parse::<Ipv4Addr>().is_ok() && !self.is(Fault::SuffixOfIpv4Matches);
        let v6 = ipv6(host).is_some() && !self.is(Fault::SuffixOfIpv6Matches);
        v4 || v6
    }
}

/// Is this a name or an address of the machine itself?
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

/// The end of the host against the domain as a regular expression whose dots are not escaped.
fn ends_like_pattern(host: &[u8], domain: &[u8]) -> bool {
    let Some(start) = host.len().checked_sub(domain.len() + 1) else { return false };
    host[start + 1..]
        .iter()
        .zip(domain)
        .all(|(octet, pattern)| octet == pattern || *pattern == b'.')
}
