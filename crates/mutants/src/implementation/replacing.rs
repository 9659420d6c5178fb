//! Which cookie is replaced, evicted, or lost at the end of a session: section 5.3 of RFC 6265,
//! section 5.7 of 6265bis.

use std::cmp::Reverse;

use cookiespec_vectors::operation::Acceptance;

use super::cookie::{Cookie, Moment, SameSite};
use super::store::Store;
use crate::mutant::Mutant;

/// The update of a cookie.
impl Store {
    /// Stores a cookie, and replaces the one with the same identity.
    pub(crate) fn insert(&mut self, mut cookie: Cookie, script: bool) {
        if self.is(Mutant::EvictionMakesRoomBeforeUpdate) {
            self.make_room(&cookie.domain);
        }
        let may_be_same = |old: &Cookie| old.name_hash == cookie.name_hash;
        let old =
            self.cookies.iter().position(|old| may_be_same(old) && self.is_same(old, &cookie));
        let removed = self.removed.iter().find(|old| self.is_same(old, &cookie));
        if let Some(removed) = removed {
            cookie.creation = removed.creation;
        }
        if let Some(at) = old {
            let old = &self.cookies[at];
            let expired = cookie.is_expired(self.now);
            let protected = match self.rules.mutant {
                Some(Mutant::HttpOnlyOverwrittenByScript) => expired,
                Some(Mutant::HttpOnlyDeletedByScript) => !expired,
                _ => true,
            };
            let by_http = self.is(Mutant::HttpOnlyProtectedFromHttp) && !cookie.http_only;
            let first_stays =
                self.is(Mutant::FirstOfResponseStays) && old.response == cookie.response;
            if (script || by_http) && old.http_only && protected || first_stays {
                return;
            }
            if !self.is(Mutant::UpdateResetsCreation) {
                cookie.creation = old.creation;
            }
            match self.rules.mutant {
                Some(Mutant::UpdateKeepsExpiry) => cookie.expiry = cookie.expiry.or(old.expiry),
                Some(Mutant::UpdateKeepsHttpOnly) => cookie.http_only |= old.http_only,
                Some(Mutant::UpdateKeepsSecure) => cookie.secure |= old.secure,
                Some(Mutant::UpdateKeepsSameSite) if cookie.same_site == SameSite::Default => {
                    cookie.same_site = old.same_site;
                }
                Some(Mutant::UpdateIsNoUse) => cookie.last_access = old.last_access,
                Some(Mutant::UpdateKeepsValue) if !expired => cookie.value = old.value.clone(),
                _ => {}
            }
            self.cookies.remove(at);
        }
        self.next_expiry = self.next_expiry.min(cookie.expiry.unwrap_or(i64::MAX));
        self.cookies.push(cookie);
    }

    /// Whether it is the same cookie: name, domain and path, and in 6265bis the host-only-flag.
    fn is_same(&self, old: &Cookie, new: &Cookie) -> bool {
        let deletes = new.is_expired(self.now) && self.is(Mutant::DeletionIgnoresPath);
        let name = match self.rules.mutant {
            Some(Mutant::IdentityIgnoresCase) => old.name.eq_ignore_ascii_case(&new.name),
            _ => old.name == new.name,
        };
        let host_only = match self.rules.mutant {
            Some(Mutant::IdentityWithoutHostOnly) => false,
            Some(Mutant::IdentityWithHostOnlyInOldProfile) => true,
            _ => self.bis(),
        };
        name && (old.path == new.path || self.is(Mutant::IdentityWithoutPath) || deletes)
            && (old.domain == new.domain || self.is(Mutant::IdentityWithoutDomain))
            && (old.host_only == new.host_only || !host_only)
            && (old.origin.1 == new.origin.1 || !self.is(Mutant::IdentityWithPort))
            && (old.origin.0 == new.origin.0 || !self.is(Mutant::IdentityWithScheme))
            && (old.secure == new.secure || !self.is(Mutant::IdentityWithSecure))
            && (old.same_site == new.same_site || !self.is(Mutant::IdentityWithSameSite))
    }
}

/// The limits of the store.
impl Store {
    /// Removes excess cookies after a cookie of this domain was inserted.
    pub(crate) fn remove_excess_cookies(&mut self, domain: &[u8]) {
        if !self.is(Mutant::EvictionOfExpiredLast) {
            self.remove_expired();
        }
        let per_domain = self.limit(self.config.max_per_domain, Mutant::LimitTwentyPerDomain, 20);
        let total = self.limit(self.config.max_total, Mutant::LimitThreeHundredInAll, 300);
        if let Some(limit) = per_domain.filter(|_| !self.is(Mutant::LimitPerDomainIgnored)) {
            while self.count(domain) > limit && self.evict(Some(domain)) {}
        }
        if let Some(limit) = total.filter(|_| !self.is(Mutant::LimitInAllIgnored)) {
            while self.cookies.len() > limit && self.evict(None) {}
        }
        self.remove_expired();
    }

    /// Evicts one cookie of a domain that has reached its limit.
    pub(crate) fn make_room(&mut self, domain: &[u8]) {
        if self.config.max_per_domain.is_some_and(|limit| self.count(domain) >= limit) {
            self.evict(Some(domain));
        }
    }

    fn limit(&self, configured: Option<usize>, mutant: Mutant, default: usize) -> Option<usize> {
        let limit = match self.rules.mutant {
            Some(Mutant::LimitOneLess) => configured.map(|limit| limit.saturating_sub(1)),
            Some(Mutant::LimitOneMore) => configured.map(|limit| limit + 1),
            _ => configured,
        };
        if self.is(mutant) { limit.or(Some(default)) } else { limit }
    }

    fn count(&self, domain: &[u8]) -> usize {
        self.cookies.iter().filter(|cookie| self.shares(cookie, domain)).count()
    }

    /// Whether a cookie counts towards the limit of a domain.
    fn shares(&self, cookie: &Cookie, domain: &[u8]) -> bool {
        match self.rules.mutant {
            Some(Mutant::LimitCountsSubdomains) => {
                self.rules.domain_match(&cookie.domain, domain)
                    || self.rules.domain_match(domain, &cookie.domain)
            }
            Some(Mutant::LimitCountsHostOnlyApart) => {
                let newest = self.cookies.iter().max_by_key(|it| it.last_access);
                cookie.domain == domain && newest.is_some_and(|it| it.host_only == cookie.host_only)
            }
            _ => cookie.domain == domain,
        }
    }

    /// Evicts one cookie: the least recently used, in 6265bis one without Secure before one with it if
    /// a domain exceeds its limit.
    fn evict(&mut self, domain: Option<&[u8]>) -> bool {
        let spares_secure = match self.rules.mutant {
            Some(Mutant::EvictionSparesSecureInOldProfile) => domain.is_some(),
            Some(Mutant::EvictionSparesSecureInAll) => true,
            Some(Mutant::EvictionIgnoresSecure) => false,
            _ => domain.is_some() && self.bis(),
        };
        let first = (0..self.cookies.len())
            .filter(|at| domain.is_none_or(|domain| self.shares(&self.cookies[*at], domain)))
            .min_by_key(|at| self.priority(&self.cookies[*at], spares_secure));
        if let Some(at) = first {
            self.cookies.remove(at);
        }
        first.is_some()
    }

    fn priority(
        &self,
        cookie: &Cookie,
        spares_secure: bool,
    ) -> (bool, bool, Reverse<Moment>, Moment) {
        let none = Reverse((i64::MAX, u64::MAX));
        let expired = cookie.is_expired(self.now) && self.is(Mutant::EvictionOfExpiredLast);
        let secure = cookie.secure && spares_secure;
        match self.rules.mutant {
            Some(Mutant::EvictionOfSecureFirst) => {
                (expired, !cookie.secure, none, cookie.last_access)
            }
            Some(Mutant::EvictionOfNewest) => (expired, secure, Reverse(cookie.creation), (0, 0)),
            Some(Mutant::EvictionOfOldest) => (expired, secure, none, cookie.creation),
            _ => (expired, secure, none, cookie.last_access),
        }
    }
}

/// The end of a session.
impl Store {
    /// Ends the session.
    pub(crate) fn end_session(&mut self) {
        self.remove_expired();
        let session_only = self.config.cookies == Some(Acceptance::SessionOnly)
            && !self.is(Mutant::SessionOnlyKeepsPersistent);
        let kept = |cookie: &Cookie| {
            let persistent = cookie.expiry.is_some() && !session_only;
            match self.rules.mutant {
                Some(Mutant::RestartKeepsSessionCookies) => true,
                Some(Mutant::RestartLosesPersistentCookies) => false,
                Some(Mutant::RestartLosesEmptyValues) => persistent && !cookie.value.is_empty(),
                Some(Mutant::RestartLosesNameless) => persistent && !cookie.name.is_empty(),
                _ => persistent,
            }
        };
        let kept = self.cookies.iter().filter(|cookie| kept(cookie)).cloned().collect::<Vec<_>>();
        self.cookies = kept.into_iter().map(|cookie| self.read_back(cookie)).collect();
        if self.is(Mutant::RestartReversesOrder) {
            let creations =
                self.cookies.iter().map(|cookie| cookie.creation).rev().collect::<Vec<_>>();
            for (cookie, creation) in self.cookies.iter_mut().zip(creations) {
                cookie.creation = creation;
            }
        }
    }

    /// A cookie after it was saved and read back: unchanged.
    fn read_back(&self, mut cookie: Cookie) -> Cookie {
        let lifetime = cookie.expiry.map(|expiry| expiry.saturating_sub(cookie.creation.0));
        match self.rules.mutant {
            Some(Mutant::RestartLosesSecure) => cookie.secure = false,
            Some(Mutant::RestartLosesHttpOnly) => cookie.http_only = false,
            Some(Mutant::RestartLosesHostOnly) => cookie.host_only = false,
            Some(Mutant::RestartMakesHostOnly) => cookie.host_only = true,
            Some(Mutant::RestartLosesPath) => cookie.path = b"/".to_vec(),
            Some(Mutant::RestartLosesSameSite) => cookie.same_site = SameSite::Default,
            Some(Mutant::RestartRenewsMaxAge) => {
                cookie.expiry = lifetime.map(|lifetime| self.now.saturating_add(lifetime));
            }
            Some(Mutant::RestartWritesLossyUtf8) => {
                cookie.value = String::from_utf8_lossy(&cookie.value).into_owned().into_bytes();
            }
            _ => {}
        }
        cookie
    }
}
