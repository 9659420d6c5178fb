//! Remove excess cookies: section 5.3 of RFC 6265, section 5.7 of 6265bis.

use std::cmp::Reverse;

use crate::fault::Fault;
use crate::store::{Cookie, Moment, Store};

impl Store {
    /// Brings the store back within its limits, after a cookie of this domain was inserted.
    pub(crate) fn remove_excess_cookies(&mut self, domain: &[u8]) {
        if !self.is(Fault::EvictionOfExpiredLast) {
            self.sweep();
        }
        let per_domain = self.limit(self.config.max_per_domain, Fault::LimitTwentyPerDomain, 20);
        let total = self.limit(self.config.max_total, Fault::LimitThreeHundredInAll, 300);
        if let Some(limit) = per_domain.filter(|_| !self.is(Fault::LimitPerDomainIgnored)) {
            while self.count(domain) > limit && self.evict(Some(domain)) {}
        }
        if let Some(limit) = total.filter(|_| !self.is(Fault::LimitInAllIgnored)) {
            while self.cookies.len() > limit && self.evict(None) {}
        }
        self.sweep();
    }

    /// Evicts one cookie of a domain that is at its limit already.
    pub(crate) fn make_room(&mut self, domain: &[u8]) {
        if self.config.max_per_domain.is_some_and(|limit| self.count(domain) >= limit) {
            self.evict(Some(domain));
        }
    }

    fn limit(&self, configured: Option<usize>, fault: Fault, meagre: usize) -> Option<usize> {
        let limit = match self.rules.fault {
            Some(Fault::LimitOneLess) => configured.map(|limit| limit.saturating_sub(1)),
            Some(Fault::LimitOneMore) => configured.map(|limit| limit + 1),
            _ => configured,
        };
        if self.is(fault) { limit.or(Some(meagre)) } else { limit }
    }

    fn count(&self, domain: &[u8]) -> usize {
        self.cookies.iter().filter(|cookie| self.shares(cookie, domain)).count()
    }

    /// Does a cookie count for a domain?
    fn shares(&self, cookie: &Cookie, domain: &[u8]) -> bool {
        match self.rules.fault {
            Some(Fault::LimitCountsSubdomains) => {
                self.rules.domain_match(&cookie.domain, domain)
                    || self.rules.domain_match(domain, &cookie.domain)
            }
            Some(Fault::LimitCountsHostOnlyApart) => {
                let newest = self.cookies.iter().max_by_key(|it| it.last_access);
                cookie.domain == domain && newest.is_some_and(|it| it.host_only == cookie.host_only)
            }
            _ => cookie.domain == domain,
        }
    }

    /// Evicts the cookie that goes first: the longest unused, in 6265bis one without Secure
    /// before one with it where a domain is too full.
    fn evict(&mut self, domain: Option<&[u8]>) -> bool {
        let spares_secure = match self.rules.fault {
            Some(Fault::EvictionSparesSecureInOldProfile) => domain.is_some(),
            Some(Fault::EvictionSparesSecureInAll) => true,
            Some(Fault::EvictionIgnoresSecure) => false,
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
        let expired = cookie.is_expired(self.now) && self.is(Fault::EvictionOfExpiredLast);
        let secure = cookie.secure && spares_secure;
        match self.rules.fault {
            Some(Fault::EvictionOfSecureFirst) => {
                (expired, !cookie.secure, none, cookie.last_access)
            }
            Some(Fault::EvictionOfNewest) => (expired, secure, Reverse(cookie.creation), (0, 0)),
            Some(Fault::EvictionOfOldest) => (expired, secure, none, cookie.creation),
            _ => (expired, secure, none, cookie.last_access),
        }
    }
}
