//! The cookie store: storage model (section 5.3 / 5.7) and retrieval (section 5.4 / 5.8).
//!
//! Expired cookies are evicted when they are met, and all of them every now and then. Until then
//! they take part in nothing, so that the result is that of evicting each at its last second
//! (section 2.1: any algorithm with an equivalent result will do).

mod cookie;
mod domains;
mod evict;
mod receive;
mod records;
mod retrieve;
mod saved;

use alloc::vec::Vec;
use core::fmt;

pub use self::cookie::Cookie;
use self::cookie::Moment;
use self::domains::Domains;
pub use self::receive::{Received, cookie_path};
pub use self::retrieve::serialize;
pub use self::saved::{InvalidCookie, SavedCookie};
use crate::policy::Policy;
use crate::public_suffix::PublicSuffixes;

/// A cookie store with the policy and the public suffixes of one user agent.
///
/// Nothing in it reads a clock: every method that needs the time takes `now` in Unix seconds.
///
/// ```
/// use cookiespec_engine::{CookieStore, Policy, Profile, Request, SuffixRules, Uri};
///
/// let suffixes: SuffixRules = ["example"].into_iter().collect();
/// let mut store = CookieStore::new(Policy::new(Profile::Rfc6265bis), suffixes);
/// let request = Request::new(Uri::parse(b"https://site.example/").unwrap());
/// store.receive(b"sid=31d4; Secure; Path=/", &request, 0, &mut ()).unwrap();
/// assert_eq!(store.cookie_string(&request, 1, &mut ()).as_deref(), Some(&b"sid=31d4"[..]));
/// store.end_session(2);
/// assert_eq!(store.cookie_string(&request, 3, &mut ()), None);
/// ```
pub struct CookieStore<S> {
    policy: Policy,
    suffixes: S,
    domains: Domains,
    /// Records in the index, expired ones that were not met yet included.
    len: usize,
    insertions_since_sweep: usize,
    tick: u64,
}

impl<S: PublicSuffixes> CookieStore<S> {
    /// An empty store.
    pub fn new(policy: Policy, suffixes: S) -> Self {
        Self {
            policy,
            suffixes,
            domains: Domains::new(),
            len: 0,
            insertions_since_sweep: 0,
            tick: 0,
        }
    }

    /// Replaces the public suffixes. Cookies whose domain is a public suffix from now on are not
    /// sent any more under 6265bis (section 5.8.3 step 3).
    pub fn set_suffixes(&mut self, suffixes: S) {
        self.suffixes = suffixes;
        self.domains.refresh_suffixes(&self.suffixes);
    }

    /// Replaces the policy. Limits bite at the next insertion.
    pub fn set_policy(&mut self, policy: Policy) {
        self.policy = policy;
    }

    /// "The current session is over": removes every cookie whose persistent-flag is false, and
    /// every expired one.
    pub fn end_session(&mut self, now: i64) {
        self.retain(|cookie| cookie.persistent && !cookie.is_expired(now));
    }

    /// Evicts every expired cookie at once.
    pub fn evict_expired(&mut self, now: i64) {
        self.retain(|cookie| !cookie.is_expired(now));
    }

    /// Removes the cookies with this domain and path and this name; how many there were. With
    /// [`CookieStore::cookies`] and [`CookieStore::clear`] this lets a user manage what is stored
    /// (section 7.2 / 7.3).
    pub fn remove(&mut self, name: &[u8], domain: &[u8], path: &[u8]) -> usize {
        let Some(domain) = self.domains.get_mut(domain) else { return 0 };
        let mut removed = 0;
        while let Some(at) = domain.records.position(name, path, |_| true) {
            domain.records.remove(at);
            removed += 1;
        }
        self.len -= removed;
        removed
    }

    /// Removes every cookie.
    pub fn clear(&mut self) {
        self.retain(|_| false);
    }

    /// The policy in force.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Every cookie that is not expired, in order of creation.
    pub fn cookies(&self, now: i64) -> Vec<Cookie<'_>> {
        let mut cookies = Vec::with_capacity(self.len);
        cookies.extend(self.domains.cookies().filter(|cookie| !cookie.record.is_expired(now)));
        cookies.sort_unstable_by_key(|cookie| cookie.record.creation);
        cookies
    }

    fn retain(&mut self, keep: impl FnMut(&cookie::Record) -> bool) {
        self.len = self.domains.retain(keep);
        self.insertions_since_sweep = 0;
    }

    fn moment(&mut self, now: i64) -> Moment {
        self.tick += 1;
        Moment { unix_seconds: now, tick: self.tick }
    }
}

impl<S> fmt::Debug for CookieStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cookies: Vec<_> = self.domains.cookies().collect();
        f.debug_struct("CookieStore")
            .field("policy", &self.policy)
            .field("cookies", &cookies)
            .finish_non_exhaustive()
    }
}
