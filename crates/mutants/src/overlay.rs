//! "Leave secure cookies alone": section 5.7 step 16 of 6265bis.

use crate::fault::Fault;
use crate::store::{Cookie, Store};

impl Store {
    /// Would the cookie, over this connection, shadow a Secure one that is stored?
    pub(crate) fn is_overlay(&self, new: &Cookie, secure: bool) -> bool {
        let applies = !new.secure && (!secure || self.is(Fault::OverlayRefusedOverHttps));
        applies && self.cookies.iter().any(|old| self.is_overlaid(old, new))
    }

    fn is_overlaid(&self, old: &Cookie, new: &Cookie) -> bool {
        let name = match self.rules.fault {
            Some(Fault::OverlayIgnoresName) => true,
            Some(Fault::OverlayIgnoresCase) => old.name.eq_ignore_ascii_case(&new.name),
            _ => old.name == new.name,
        };
        name && (old.secure || self.is(Fault::OverlayOfPlainCookieRefused))
            && self.overlays_domain(old, new)
            && self.overlays_path(&old.path, &new.path)
            && (old.origin.1 == new.origin.1 || !self.is(Fault::OverlayByPort))
    }

    fn overlays_domain(&self, old: &Cookie, new: &Cookie) -> bool {
        let above = self.rules.domain_match(&old.domain, &new.domain);
        let below = self.rules.domain_match(&new.domain, &old.domain);
        match self.rules.fault {
            Some(Fault::OverlayIgnoresDomain) => true,
            Some(Fault::OverlayByParentAccepted) => below,
            Some(Fault::OverlayBySubdomainAccepted) => above,
            Some(Fault::OverlayOfHostOnlyAccepted) => above || below && !old.host_only,
            _ => above || below,
        }
    }

    fn overlays_path(&self, old: &[u8], new: &[u8]) -> bool {
        let deeper = self.rules.path_match(new, old);
        let shallower = self.rules.path_match(old, new);
        match self.rules.fault {
            Some(Fault::OverlayIgnoresPath) => true,
            Some(Fault::OverlayPathReversed) => shallower,
            Some(Fault::OverlayPathBothWays) => deeper || shallower,
            Some(Fault::OverlayPathExact) => old == new,
            Some(Fault::OverlayPathByPrefix) => new.starts_with(old),
            _ => deeper,
        }
    }
}
