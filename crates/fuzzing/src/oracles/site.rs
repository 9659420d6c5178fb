//! The site of a host: its registrable domain.

use cookiespec_engine::{PublicSuffixes, SuffixRules};
use cookiespec_vectors::operation::{JarConfig, Suffixes};

/// The public suffixes of generated hosts that are on every list, besides the implicit `*`.
pub(crate) const UNDISPUTED: &[&str] = &["co.uk", "*.ck", "!www.ck"];

/// The public suffix rules of a store with this configuration; `None` if it rejects no suffixes.
pub(crate) fn rules(config: &JarConfig) -> Option<SuffixRules> {
    match &config.public_suffixes {
        Suffixes::Own => Some(UNDISPUTED.iter().collect()),
        Suffixes::NoRejection => None,
        Suffixes::Rules(rules) => Some(rules.iter().collect()),
    }
}

/// Whether two different hosts belong to one site.
pub(crate) fn is_shared(rules: &SuffixRules, one: &[u8], other: &[u8]) -> bool {
    of(rules, one).is_some_and(|site| of(rules, other) == Some(site))
}

/// The domain of a host directly below a public suffix; `None` if the host is a public suffix.
fn of<'a>(rules: &SuffixRules, host: &'a [u8]) -> Option<&'a [u8]> {
    if rules.is_public_suffix(host) {
        return None;
    }
    let mut site = host;
    while let Some(dot) = site.iter().position(|octet| *octet == b'.') {
        let parent = &site[dot + 1..];
        if rules.is_public_suffix(parent) {
            break;
        }
        site = parent;
    }
    Some(site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_ends_below_a_public_suffix() {
        let rules = rules(&JarConfig::default()).unwrap();
        for (one, other, shared) in [
            ("a.site.example", "b.site.example", true),
            ("site.example", "other.example", false),
            ("x.co.uk", "y.co.uk", false),
            ("www.x.co.uk", "x.co.uk", true),
            ("x.co.uk", "co.uk", false),
            ("x.www.ck", "www.ck", true),
            ("a.b.ck", "b.ck", false),
        ] {
            assert_eq!(
                is_shared(&rules, one.as_bytes(), other.as_bytes()),
                shared,
                "{one} {other}"
            );
        }
        let none = JarConfig { public_suffixes: Suffixes::NoRejection, ..JarConfig::default() };
        assert_eq!(super::rules(&none), None);
    }
}
