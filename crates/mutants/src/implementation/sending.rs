//! Which cookies are sent, and how: section 5.4 of RFC 6265, section 5.8.3 of 6265bis.

use std::cmp::Reverse;

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{Acceptance, Api, Context, Sent};

use super::cookie::{Cookie, SameSite};
use super::octets::is_token;
use super::paths::Uri;
use super::store::Store;
use crate::mutant::Mutant;

impl Store {
    /// What a request carries, or what a script reads.
    pub(crate) fn request(&mut self, uri: &Uri, context: &Context) -> Sent {
        let list = self.retrieve(uri, context);
        let pairs =
            list.iter().map(|cookie| (cookie.name.clone().into(), cookie.value.clone().into()));
        let cookies = Some(pairs.collect());
        let is_sent = !list.is_empty() || self.is(Mutant::CookieFieldAlwaysSent);
        Sent { cookies, header: is_sent.then(|| self.cookie_string(&list)) }
    }

    fn retrieve(&mut self, uri: &Uri, context: &Context) -> Vec<Cookie> {
        if !self.is(Mutant::ExpiredStillSent) {
            self.remove_expired();
        }
        let disabled = self.config.cookies == Some(Acceptance::None);
        let Some(host) = self.host(uri) else { return Vec::new() };
        if disabled && !self.is(Mutant::DisabledStillSends) {
            return Vec::new();
        }
        let moment = self.moment();
        let secure = self.is_secure(uri, &host);
        let mut list = Vec::new();
        for at in 0..self.cookies.len() {
            let cookie = &self.cookies[at];
            let listed = self.is_for_host(cookie, &host)
                && self.is_for_uri(cookie, uri, secure)
                && self.is_for_context(cookie, context);
            if self.is_used(listed, &host, cookie, context) {
                self.cookies[at].last_access = moment;
            }
            if listed {
                if self.is(Mutant::ExpirySlides) {
                    self.slide_expiry(at);
                }
                list.push(self.cookies[at].clone());
            }
        }
        self.sort(&mut list);
        list
    }

    fn is_for_host(&self, cookie: &Cookie, host: &[u8]) -> bool {
        if cookie.host_only {
            return host == &cookie.domain[..];
        }
        let withheld = match self.rules.mutant {
            Some(Mutant::SuffixOfOldCookieStillSent) => false,
            Some(Mutant::SuffixOfOldCookieWithheldByOldProfile) => true,
            _ => self.bis(),
        };
        let domain = self.without_kept_dot(&cookie.domain);
        self.rules.domain_match(host, domain) && !(withheld && self.is_public_suffix(domain))
    }

    fn is_for_uri(&self, cookie: &Cookie, uri: &Uri, secure: bool) -> bool {
        let path = match self.rules.mutant {
            Some(Mutant::PathMatchWithQuery) => &uri.path_and_query,
            _ => &uri.path,
        };
        // The path of a request without one is "/".
        let path: &[u8] =
            if path.is_empty() && !self.is(Mutant::PathOfBareHostEmpty) { b"/" } else { path };
        let (scheme, port) = &cookie.origin;
        self.rules.path_match(path, &cookie.path)
            && (!cookie.secure || secure || self.is(Mutant::SecureSentOverHttp))
            && (*scheme == uri.scheme || !self.is(Mutant::IsolationByScheme))
            && (*port == uri.port || !self.is(Mutant::IsolationByPort))
    }

    fn is_for_context(&self, cookie: &Cookie, context: &Context) -> bool {
        let hidden = match context.api {
            Api::Http => self.is(Mutant::HttpOnlyHiddenFromHttp),
            Api::Script => !self.is(Mutant::HttpOnlyShownToScript),
        };
        let enforced = self.bis()
            || self.is(Mutant::SameSiteKnownToOldProfile) && cookie.same_site != Default::default();
        !(cookie.http_only && hidden) && (!enforced || self.may_be_sent(cookie, context))
    }

    /// Whether this retrieval sets the last-access-time of the cookie.
    fn is_used(&self, listed: bool, host: &[u8], cookie: &Cookie, context: &Context) -> bool {
        match self.rules.mutant {
            Some(Mutant::RetrievalIsNoUse) => false,
            Some(Mutant::RetrievalByScriptIsNoUse) => listed && context.api == Api::Http,
            Some(Mutant::RetrievalUsesWholeDomain) => self.is_for_host(cookie, host),
            _ => listed,
        }
    }

    /// Begins the lifetime anew, as for a session on a server.
    fn slide_expiry(&mut self, at: usize) {
        let cookie = &mut self.cookies[at];
        if let Some(expiry) = cookie.expiry {
            cookie.expiry = Some(self.now.saturating_add(expiry.saturating_sub(cookie.creation.0)));
        }
    }

    /// Longer paths first, then earlier creation-times.
    fn sort(&self, list: &mut [Cookie]) {
        let length = |cookie: &Cookie| Reverse(cookie.path.len());
        match self.rules.mutant {
            Some(Mutant::OrderOfCreationOnly) => list.sort_by_key(|it| it.creation),
            Some(Mutant::OrderOfLastUse) => list.sort_by_key(|it| (length(it), it.last_access)),
            Some(Mutant::OrderOfLastUpdate) => {}
            Some(Mutant::OrderOfShorterPaths) => {
                list.sort_by_key(|it| (Reverse(length(it)), it.creation));
            }
            Some(Mutant::OrderOfNewestFirst) => {
                list.sort_by_key(|it| (length(it), Reverse(it.creation)));
            }
            Some(Mutant::OrderOfNames) => list.sort_by_key(|it| it.name.clone()),
            Some(Mutant::OrderOfHashes) => list.sort_by_key(|it| it.name_hash),
            Some(Mutant::OrderOfSegments) => {
                list.sort_by_key(|it| (Reverse(segments(it)), it.creation));
            }
            Some(Mutant::OrderOfNamedSegments) => {
                list.sort_by_key(|it| (Reverse(names(it)), it.creation));
            }
            Some(Mutant::OrderOfDomains) => {
                list.sort_by_key(|it| (length(it), Reverse(it.domain.len()), it.creation));
            }
            Some(Mutant::OrderOfHostOnlyFirst) => {
                list.sort_by_key(|it| (length(it), !it.host_only, it.creation));
            }
            _ => list.sort_by_key(|it| (length(it), it.creation)),
        }
    }

    fn cookie_string(&self, list: &[Cookie]) -> Octets {
        let pairs = list.iter().map(|cookie| self.pair(cookie)).collect::<Vec<_>>();
        let separator: &[u8] = match self.rules.mutant {
            Some(Mutant::PairsSeparatedWithoutBlank) => b";",
            Some(Mutant::PairsSeparatedByComma) => b", ",
            _ => b"; ",
        };
        let version: &[u8] =
            if self.is(Mutant::PairsFollowVersion) { b"$Version=1; " } else { b"" };
        let end: &[u8] = if self.is(Mutant::PairsEndWithSemicolon) { b";" } else { b"" };
        [version, &pairs.join(separator), end].concat().into()
    }

    /// `name=value`, or the value alone if there is no name.
    fn pair(&self, cookie: &Cookie) -> Vec<u8> {
        let (name, value) = (&cookie.name[..], &cookie.value[..]);
        let bare = name.is_empty() && !self.is(Mutant::PairOfNamelessWithEquals)
            || value.is_empty() && self.is(Mutant::PairOfEmptyValueWithoutEquals);
        let quoted = self.is(Mutant::PairQuoted) && value.iter().any(|octet| !is_token(*octet));
        let value = if quoted { [b"\"", value, b"\""].concat() } else { value.to_vec() };
        [name, if bare { b"" } else { b"=" }, &value].concat()
    }
}

/// SameSite: section 5.8.3 step 3 of 6265bis.
impl Store {
    /// Whether a cookie is sent in this context.
    fn may_be_sent(&self, cookie: &Cookie, context: &Context) -> bool {
        if self.is(Mutant::StrictNotSentBelowTopLevel)
            && cookie.same_site == SameSite::Strict
            && !context.top_level
        {
            return false;
        }
        let enforced = match (cookie.same_site, self.rules.mutant) {
            (SameSite::Default, Some(Mutant::DefaultSentLikeNone)) => SameSite::None,
            (SameSite::Default, Some(Mutant::DefaultSentLikeStrict)) => SameSite::Strict,
            (SameSite::Lax, Some(Mutant::LaxSentLikeStrict)) => SameSite::Strict,
            (SameSite::Lax, Some(Mutant::LaxSentLikeNone)) => SameSite::None,
            (SameSite::Strict, Some(Mutant::StrictSentLikeLax)) => SameSite::Lax,
            (SameSite::Strict, Some(Mutant::StrictSentLikeNone)) => SameSite::None,
            (known, _) => known,
        };
        let lax = matches!(enforced, SameSite::Lax | SameSite::Default);
        let http = match context.api {
            Api::Http => true,
            Api::Script if self.is(Mutant::CrossSiteScriptReads) => return true,
            Api::Script => self.is(Mutant::CrossSiteTopLevelScriptReads),
        };
        context.same_site
            || enforced == SameSite::None
            || lax
                && http
                && self.is_method_allowed(cookie, context)
                && self.is_top_level(context, cookie)
    }

    fn is_top_level(&self, context: &Context, cookie: &Cookie) -> bool {
        let fresh = self.is(Mutant::LaxUnsafeCoversSubresources) && self.is_fresh(cookie);
        context.top_level || self.is(Mutant::LaxSentBelowTopLevel) || fresh
    }

    /// Whether the method is safe, or Lax-allowing-unsafe applies to the cookie.
    fn is_method_allowed(&self, cookie: &Cookie, context: &Context) -> bool {
        let safe = match self.rules.mutant {
            Some(Mutant::MethodsSafeButPost) => context.method != "POST",
            Some(Mutant::MethodsSafeIsGetOnly) => context.method == "GET",
            Some(Mutant::MethodsUnknownAreSafe) => {
                !["POST", "PUT", "DELETE", "PATCH"].contains(&&*context.method)
            }
            Some(Mutant::LaxSentWithAnyMethod) => true,
            _ => ["GET", "HEAD", "OPTIONS", "TRACE"].contains(&&*context.method),
        };
        safe || self.is_fresh(cookie)
    }

    /// Whether Lax-allowing-unsafe is configured and applies to the kind and the age of the cookie.
    fn is_fresh(&self, cookie: &Cookie) -> bool {
        let limit = self.config.lax_allowing_unsafe.filter(|age| *age > 0);
        let since = match self.rules.mutant {
            Some(Mutant::LaxUnsafeFromLastUpdate) => cookie.last_access.0,
            Some(Mutant::LaxUnsafeForEver) => self.now,
            _ => cookie.creation.0,
        };
        let covered = cookie.same_site == SameSite::Default
            || cookie.same_site == SameSite::Lax && self.is(Mutant::LaxUnsafeCoversLax);
        covered && limit.is_some_and(|limit| self.now.saturating_sub(since) <= limit)
    }
}

/// The number of segments of a path, including an empty one at its end.
fn segments(cookie: &Cookie) -> usize {
    cookie.path.iter().filter(|octet| **octet == b'/').count()
}

/// The number of nonempty segments of a path.
fn names(cookie: &Cookie) -> usize {
    cookie.path.split(|octet| *octet == b'/').filter(|segment| !segment.is_empty()).count()
}
