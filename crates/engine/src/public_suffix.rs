//! Public suffixes: the storage model's step 5 / step 9 and 6265bis' retrieval step 3.

use alloc::boxed::Box;
use alloc::vec::Vec;

use hashbrown::HashSet;

/// Decides which domains are controlled by a public registry. The list itself is the caller's.
pub trait PublicSuffixes {
    /// Is this domain (lower case, no leading dot, not an IP address) a public suffix?
    fn is_public_suffix(&self, domain: &[u8]) -> bool;
}

/// A user agent that is not configured to reject public suffixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoPublicSuffixes;

impl PublicSuffixes for NoPublicSuffixes {
    fn is_public_suffix(&self, _: &[u8]) -> bool {
        false
    }
}

impl<S: PublicSuffixes + ?Sized> PublicSuffixes for &S {
    fn is_public_suffix(&self, domain: &[u8]) -> bool {
        (**self).is_public_suffix(domain)
    }
}

impl<S: PublicSuffixes + ?Sized> PublicSuffixes for Box<S> {
    fn is_public_suffix(&self, domain: &[u8]) -> bool {
        (**self).is_public_suffix(domain)
    }
}

/// Whether a Domain value may name a host at all. A value with a delimiter of URIs, such as
/// `localhost:3000`, is no name, and no list says anything about it.
pub fn is_domain_name(domain: &[u8]) -> bool {
    !domain.is_empty() && !domain.iter().any(|octet| b":/?#@".contains(octet))
}

/// Rules in the format of the Public Suffix List: `co.uk`, `*.ck`, `!www.ck`, and the implicit
/// `*` that makes every single label a public suffix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuffixRules {
    exact: HashSet<Vec<u8>>,
    wildcard: HashSet<Vec<u8>>,
    exception: HashSet<Vec<u8>>,
}

impl<R: AsRef<[u8]>> FromIterator<R> for SuffixRules {
    fn from_iter<I: IntoIterator<Item = R>>(rules: I) -> Self {
        let mut list = Self::default();
        for rule in rules {
            let rule = rule.as_ref().to_ascii_lowercase();
            if let Some(exception) = rule.strip_prefix(b"!") {
                list.exception.insert(exception.to_vec());
            } else if let Some(parent) = rule.strip_prefix(b"*.") {
                list.wildcard.insert(parent.to_vec());
            } else {
                list.exact.insert(rule);
            }
        }
        list
    }
}

impl PublicSuffixes for SuffixRules {
    /// The prevailing rule decides: an exception first, then the longest match, and without any
    /// match the implicit `*`.
    fn is_public_suffix(&self, domain: &[u8]) -> bool {
        if self.exception.contains(domain) {
            return false;
        }
        match memchr::memchr(b'.', domain) {
            None => is_domain_name(domain),
            Some(dot) => self.exact.contains(domain) || self.wildcard.contains(&domain[dot + 1..]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_wildcard_exception_and_implicit_rules() {
        let rules: SuffixRules = ["com", "co.uk", "*.ck", "!www.ck"].into_iter().collect();
        for suffix in ["com", "co.uk", "a.ck", "ck", "anything"] {
            assert!(rules.is_public_suffix(suffix.as_bytes()), "{suffix}");
        }
        for name in [
            "site.com",
            "www.ck",
            "a.b.ck",
            "site.co.uk",
            "a.anything",
            "",
            "localhost:3000",
            "[::1]",
        ] {
            assert!(!rules.is_public_suffix(name.as_bytes()), "{name}");
        }
    }
}
