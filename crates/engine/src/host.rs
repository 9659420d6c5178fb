//! Canonicalised host names (section 5.1.2) and domain-match (section 5.1.3).

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use crate::octets::find;
use crate::punycode;

/// The longest host name in octets (RFC 1035 section 2.3.4). The limit also keeps the work per
/// request proportional to the request.
pub const MAX_HOST_OCTETS: usize = 255;

/// How strictly section 5.1.2 is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostRule {
    /// Every ASCII host is taken, lower-cased: underscores, IP literals and labels such as
    /// `r3---x` work, as they do in every browser.
    #[default]
    Lenient,
    /// The literal text of 6265bis: every label is an A-label or an NR-LDH label, so that IPv6
    /// literals, underscores and trailing dots fail.
    Strict,
}

/// A canonicalised host: lower-case ASCII, IPv6 literals in brackets and in their shortest form.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Host {
    /// In place, because every retrieval makes a host; zeros behind the end.
    octets: [u8; MAX_HOST_OCTETS],
    len: usize,
    is_ip_address: bool,
}

impl Host {
    /// Canonicalises a host as it stands in a request URI.
    ///
    /// # Errors
    /// [`HostError`]: the host cannot be canonicalised, so no cookie is stored for it and none is
    /// sent to it.
    pub fn canonicalize(host: &[u8], rule: HostRule) -> Result<Self, HostError> {
        if host.is_empty() {
            return Err(HostError::Empty);
        }
        if !host.is_ascii() {
            return Err(HostError::NotAscii);
        }
        if rule == HostRule::Strict {
            host.split(|&octet| octet == b'.').try_for_each(check_label)?;
        }
        if let Some(address) = ipv6(host) {
            return Self::new(alloc::format!("[{address}]").as_bytes(), true);
        }
        Self::new(host, is_ipv4(host))
    }

    fn new(text: &[u8], is_ip_address: bool) -> Result<Self, HostError> {
        let mut octets = [0; MAX_HOST_OCTETS];
        let room = octets.get_mut(..text.len()).ok_or(HostError::TooLong)?;
        room.copy_from_slice(text);
        room.make_ascii_lowercase();
        Ok(Self { octets, len: text.len(), is_ip_address })
    }

    /// The canonical text.
    pub const fn as_octets(&self) -> &[u8] {
        self.octets.split_at(self.len).0
    }

    /// Is this an IP address? Nothing but an identical domain matches one.
    pub const fn is_ip_address(&self) -> bool {
        self.is_ip_address
    }

    /// Does this host domain-match the domain (section 5.1.3)? The domain is compared octet by
    /// octet and must be in lower case already, as the Domain attribute leaves it.
    pub fn domain_match(&self, domain: &[u8]) -> bool {
        let host = self.as_octets();
        if host == domain {
            return true;
        }
        !self.is_ip_address
            && host.strip_suffix(domain).is_some_and(|prefix| prefix.last() == Some(&b'.'))
    }

    /// Is this a name or an address of the machine itself (RFC 6761 section 6.3)?
    pub(crate) fn is_localhost(&self) -> bool {
        match ipv4(self.as_octets()) {
            Some(address) => address.is_loopback(),
            None => {
                let name = self.as_octets().strip_suffix(b".").unwrap_or(self.as_octets());
                name == b"[::1]" || name == b"localhost" || name.ends_with(b".localhost")
            }
        }
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({})", self.as_octets().escape_ascii())
    }
}

/// Is the domain of a cookie an IP address? Domains are canonical hosts or suffixes of one.
pub(crate) fn is_ip_address(domain: &[u8]) -> bool {
    is_ipv4(domain) || ipv6(domain).is_some()
}

/// An IPv6 address, in brackets or not.
fn ipv6(host: &[u8]) -> Option<Ipv6Addr> {
    let inner = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host);
    // Every retrieval comes here, and nearly always with a name.
    find(b':', inner)?;
    core::str::from_utf8(inner).ok()?.parse().ok()
}

fn ipv4(host: &[u8]) -> Option<Ipv4Addr> {
    host.last().filter(|octet| octet.is_ascii_digit())?;
    core::str::from_utf8(host).ok()?.parse().ok()
}

/// With one trailing dot an address is still no name: resolvers and browsers read it as one.
fn is_ipv4(host: &[u8]) -> bool {
    ipv4(host.strip_suffix(b".").unwrap_or(host)).is_some()
}

/// A-label or NR-LDH label, RFC 5890 section 2.3.
fn check_label(label: &[u8]) -> Result<(), HostError> {
    let ldh = matches!(label, [first, .., last] | [first @ last]
        if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric())
        && label.iter().all(|&octet| octet.is_ascii_alphanumeric() || octet == b'-');
    if !ldh || label.len() > 63 {
        return Err(HostError::NotALabel);
    }
    match label {
        [x, n, b'-', b'-', encoded @ ..]
            if x.eq_ignore_ascii_case(&b'x') && n.eq_ignore_ascii_case(&b'n') =>
        {
            if punycode::encodes_non_ascii(encoded) {
                Ok(())
            } else {
                Err(HostError::FakeALabel)
            }
        }
        [_, _, b'-', b'-', ..] => Err(HostError::NotALabel),
        _ => Ok(()),
    }
}

/// Lower-cases a Domain attribute value (section 5.2.3 / 5.6.3). It is not canonicalised any
/// further: neither text converts it.
pub(crate) fn lower_case(domain: &[u8]) -> Vec<u8> {
    domain.to_ascii_lowercase()
}

/// Why a host cannot be canonicalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostError {
    /// There is no host.
    Empty,
    /// A label starts with `xn--` and is no Punycode of a non-ASCII string.
    FakeALabel,
    /// A label is neither an A-label nor an NR-LDH label ([`HostRule::Strict`]).
    NotALabel,
    /// A U-label: the engine has no IDNA tables, so hosts come as A-labels, as they do in HTTP.
    NotAscii,
    /// Longer than [`MAX_HOST_OCTETS`].
    TooLong,
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the host is empty",
            Self::FakeALabel => "a label of the host starts with \"xn--\" and is no A-label",
            Self::NotALabel => "a label of the host is neither an A-label nor an NR-LDH label",
            Self::NotAscii => "the host is not ASCII; convert it to A-labels first",
            Self::TooLong => "the host is longer than 255 octets",
        })
    }
}

impl core::error::Error for HostError {}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.octets.escape_ascii().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Host {
        Host::canonicalize(text.as_bytes(), HostRule::Lenient).unwrap()
    }

    #[test]
    fn a_suffix_matches_at_a_label_boundary_only() {
        assert!(host("site.example").domain_match(b"site.example"));
        assert!(host("WWW.Site.Example").domain_match(b"site.example"));
        assert!(!host("evilsite.example").domain_match(b"site.example"));
        assert!(!host("site.example").domain_match(b"www.site.example"));
        assert!(!host("site.example.").domain_match(b"site.example"));
        assert!(host("www.site.example.").domain_match(b"site.example."));
    }

    #[test]
    fn an_address_matches_nothing_but_itself() {
        assert!(host("1.2.3.4").domain_match(b"1.2.3.4"));
        assert!(!host("1.2.3.4").domain_match(b"3.4"));
        assert!(!host("1.2.3.4.").domain_match(b"3.4."));
        assert!(host("1.2.3.example").domain_match(b"3.example"));
        assert!(host("[::0:1]").domain_match(b"[::1]"));
        assert!(!host("[::ffff:1.2.3.4]").domain_match(b"3.4]"));
    }

    #[test]
    fn strict_hosts_are_a_labels_and_nr_ldh_labels() {
        let strict = |text: &str| Host::canonicalize(text.as_bytes(), HostRule::Strict).map(|_| ());
        assert_eq!(strict("a1.xn--bcher-kva.example"), Ok(()));
        for bad in ["my_app.example", "[::1]", "r3---x.example", "-a.example", "a-.example", "a.."]
        {
            assert_eq!(strict(bad), Err(HostError::NotALabel), "{bad}");
        }
        for fake in ["xn--.example", "xn--abc-.example", "xn--99999999.example"] {
            assert!(strict(fake).is_err(), "{fake}");
        }
        assert_eq!(
            strict(&alloc::format!("{}.example", "a".repeat(64))),
            Err(HostError::NotALabel)
        );
    }

    #[test]
    fn hosts_that_cannot_be_canonicalised_say_why() {
        let lenient = |octets: &[u8]| Host::canonicalize(octets, HostRule::Lenient).map(|_| ());
        assert_eq!(lenient(b""), Err(HostError::Empty));
        assert_eq!(lenient(b"b\xc3\xbccher.example"), Err(HostError::NotAscii));
        assert_eq!(lenient(&[b'a'; 256]), Err(HostError::TooLong));
        assert_eq!(lenient(&[b'a'; 255]), Ok(()));
    }

    #[test]
    fn localhost_has_many_names() {
        for name in ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(host(name).is_localhost(), "{name}");
        }
        for name in ["notlocalhost", "localhost.example", "128.0.0.1", "[::2]"] {
            assert!(!host(name).is_localhost(), "{name}");
        }
    }
}
