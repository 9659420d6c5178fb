//! Computing the cookie-string: section 5.4 of RFC 6265, section 5.8.3 of 6265bis.

use alloc::vec::Vec;

use super::CookieStore;
use super::cookie::{Cookie, Record};
use crate::host::Host;
use crate::octets::is_word;
use crate::path::path_match;
use crate::policy::{Acceptance, Policy};
use crate::profile::Profile;
use crate::public_suffix::PublicSuffixes;
use crate::request::{Api, Request};
use crate::same_site::SameSite;
use crate::trace::{Sink, Step};
use crate::uri::Uri;

impl<S: PublicSuffixes> CookieStore<S> {
    /// The cookie-string for a request; `None` where there is no cookie to send.
    pub fn cookie_string(
        &mut self,
        request: &Request<'_>,
        now: i64,
        sink: &mut impl Sink,
    ) -> Option<Vec<u8>> {
        let cookie_list = self.retrieve(request, now, sink);
        (!cookie_list.is_empty()).then(|| serialize(&cookie_list))
    }

    /// The cookie-list for a request, in the order the texts recommend: longer paths first, then
    /// earlier creation-times.
    pub fn retrieve(
        &mut self,
        request: &Request<'_>,
        now: i64,
        sink: &mut impl Sink,
    ) -> Vec<Cookie<'_>> {
        let mut cookie_list = Vec::new();
        if self.policy.acceptance == Acceptance::Disabled {
            sink.record(Step::CookiesDisabled, 0);
            return cookie_list;
        }
        let Ok(host) = Host::canonicalize(request.uri.host(), self.policy.host_rule) else {
            sink.record(Step::RetrievalHostNotCanonical, 0);
            return cookie_list;
        };
        let access = self.moment(now);
        let retrieval = Retrieval {
            policy: &self.policy,
            request,
            bis: self.policy.profile == Profile::Rfc6265bis,
            path: request.uri.request_path(),
            secure: self.policy.is_secure(&request.uri, &host),
            now,
        };
        let mut listed = 0;
        let closest = self.domains.closest(host.as_octets());
        self.domains.upward_mut(closest, |domain| {
            self.len -= domain.records.evict_expired(now);
            let is_host = domain.name_len() == host.as_octets().len();
            for record in domain.records.as_mut_slice() {
                if (is_host || !record.host_only)
                    && retrieval.lists(record, domain.is_public_suffix, sink)
                {
                    record.last_access = access;
                    listed += 1;
                }
            }
        });
        // A retrieval has a tick of its own, which marks the cookies it has listed.
        cookie_list.reserve_exact(listed);
        for domain in self.domains.upward(closest) {
            cookie_list
                .extend(domain.cookies().filter(|cookie| cookie.record.last_access == access));
        }
        cookie_list.sort_unstable_by_key(|cookie| cookie.record.list_order());
        cookie_list
    }
}

/// Serialises a cookie-list into a cookie-string (RFC 6265 section 5.4 step 4, 6265bis section
/// 5.8.3 step 6).
pub fn serialize(cookie_list: &[Cookie<'_>]) -> Vec<u8> {
    let lengths = cookie_list.iter().map(|cookie| cookie.record.pair().len() + 2);
    let mut cookie_string = Vec::with_capacity(lengths.sum());
    for cookie in cookie_list {
        if !cookie_string.is_empty() {
            cookie_string.extend_from_slice(b"; ");
        }
        cookie_string.extend_from_slice(cookie.record.pair());
    }
    cookie_string
}

/// One retrieval, and what all its cookies have in common.
struct Retrieval<'a> {
    policy: &'a Policy,
    request: &'a Request<'a>,
    bis: bool,
    path: &'a [u8],
    secure: bool,
    now: i64,
}

impl Retrieval<'_> {
    /// Is a cookie whose domain fits in the cookie-list?
    #[inline]
    fn lists(&self, cookie: &Record, is_public_suffix: bool, sink: &mut impl Sink) -> bool {
        let step = if self.bis && !cookie.host_only && is_public_suffix {
            Step::NowPublicSuffix
        } else if !path_match(self.path, cookie.path()) {
            Step::PathMismatch
        } else if cookie.secure_only && !self.secure {
            Step::SecureLeftOut
        } else if cookie.http_only && self.request.context.api == Api::NonHttp {
            Step::HttpOnlyLeftOut
        } else if self.bis && !self.same_site_allows(cookie, sink) {
            Step::CrossSiteLeftOut
        } else {
            Step::CookieListed
        };
        sink.record(step, 0);
        step == Step::CookieListed
    }

    /// The last requirement of 6265bis section 5.8.3 step 3, with Lax-allowing-unsafe (section
    /// 5.6.7.2) where the policy has it.
    fn same_site_allows(&self, cookie: &Record, sink: &mut impl Sink) -> bool {
        let context = &self.request.context;
        if cookie.same_site == SameSite::None || context.same_site {
            return true;
        }
        if context.api == Api::NonHttp || !context.top_level || cookie.same_site == SameSite::Strict
        {
            return false;
        }
        if context.safe_method {
            return true;
        }
        let age = self.now.saturating_sub(cookie.creation.unix_seconds);
        let recent = self.policy.lax_allowing_unsafe.is_some_and(|limit| age <= limit);
        if recent && cookie.same_site == SameSite::Default {
            sink.record(Step::LaxAllowingUnsafe, 0);
            return true;
        }
        false
    }
}

impl Policy {
    /// Does the URI denote a "secure" connection? https and wss do, and localhost where the
    /// policy trusts it.
    pub fn is_secure(&self, uri: &Uri<'_>, host: &Host) -> bool {
        is_word(uri.scheme(), b"https")
            || is_word(uri.scheme(), b"wss")
            || (self.secure_localhost && host.is_localhost())
    }
}
