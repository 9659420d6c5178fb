//! Cookie name prefixes: section 5.7 steps 20 to 22 of 6265bis.

use crate::attribute::Attributes;
use crate::fault::Fault;
use crate::store::{Cookie, Store};

impl Store {
    /// Does the cookie break the promise that its name, or the value of a nameless one, begins
    /// with?
    pub(crate) fn breaks_prefix(&self, cookie: &Cookie, attributes: &Attributes) -> bool {
        if !self.bis() && !self.is(Fault::PrefixesKnownToOldProfile) {
            return false;
        }
        if self.is(Fault::PrefixAllowsDeletion) && cookie.is_expired(self.now) {
            return false;
        }
        let nameless = cookie.name.is_empty() && !self.is(Fault::PrefixMimicryAccepted);
        let in_value = nameless || self.is(Fault::PrefixOfAnyValueRefused);
        let mimicry =
            self.begins(&cookie.value, b"__Secure-") || self.begins(&cookie.value, b"__Host-");
        self.breaks_secure(cookie) || self.breaks_host(cookie, attributes) || in_value && mimicry
    }

    fn breaks_secure(&self, cookie: &Cookie) -> bool {
        self.begins(&cookie.name, b"__Secure-")
            && !cookie.secure
            && !self.is(Fault::PrefixSecureUnchecked)
            || self.is(Fault::PrefixHttpEnforced)
                && self.begins(&cookie.name, b"__Http-")
                && !cookie.http_only
    }

    fn breaks_host(&self, cookie: &Cookie, attributes: &Attributes) -> bool {
        let explicit = !attributes.path.is_empty() || self.is(Fault::PrefixHostWithoutPathAccepted);
        let host_only = cookie.host_only || self.is(Fault::PrefixHostWithDomainAccepted);
        let root = cookie.path == b"/" || self.is(Fault::PrefixHostWithAnyPathAccepted);
        let secure = cookie.secure || self.is(Fault::PrefixHostWithoutSecureAccepted);
        let http_only = cookie.http_only || !self.is(Fault::PrefixHostNeedsHttpOnly);
        self.begins(&cookie.name, b"__Host-")
            && !self.is(Fault::PrefixHostUnchecked)
            && !(secure && host_only && explicit && root && http_only)
    }

    fn begins(&self, text: &[u8], prefix: &[u8]) -> bool {
        let prefix =
            if self.is(Fault::PrefixWithoutHyphen) { &prefix[..prefix.len() - 1] } else { prefix };
        if self.is(Fault::PrefixAnywhere) {
            return text.windows(prefix.len()).any(|part| part.eq_ignore_ascii_case(prefix));
        }
        match text.get(..prefix.len()) {
            Some(start) if self.is(Fault::PrefixCaseSensitive) => start == prefix,
            Some(start) => start.eq_ignore_ascii_case(prefix),
            None => false,
        }
    }
}
