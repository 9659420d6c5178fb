//! Public suffixes.

use crate::fault::Fault;
use crate::octets::split_once;
use crate::rules::Rules;

/// The list that a store has when it is given none: what no list leaves out.
pub(crate) const OWN_LIST: &[&str] = &["co.uk", "*.ck", "!www.ck"];

impl Rules {
    /// Is the domain a public suffix under these rules and the implicit `*`?
    pub(crate) fn is_public_suffix(self, domain: &[u8], list: &[impl AsRef<[u8]>]) -> bool {
        let named = |rule: &[u8]| list.iter().any(|it| it.as_ref() == rule);
        if self.is(Fault::SuffixListIgnored) || domain.is_empty() || self.is_address(domain) {
            return false;
        }
        if named(&[b"!", domain].concat()) && !self.is(Fault::SuffixExceptionIgnored) {
            return false;
        }
        let Some((_, parent)) = split_once(domain, b'.') else {
            return named(domain) || !self.is(Fault::SuffixSingleLabelAccepted);
        };
        let wildcards = !self.is(Fault::SuffixWildcardIgnored);
        let below = self.is(Fault::SuffixCoversNamesBelow) && named(parent);
        named(domain) || wildcards && named(&[b"*.", parent].concat()) || below
    }
}
