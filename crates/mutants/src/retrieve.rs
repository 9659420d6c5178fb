//! The cookie-string: section 5.4 of RFC 6265, section 5.8.3 of 6265bis.

use std::cmp::Reverse;

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{Acceptance, Api, Context, Sent};

use crate::fault::Fault;
use crate::octets::is_token;
use crate::store::{Cookie, Store};
use crate::uri::Uri;

impl Store {
    /// What a request carries, or what a script sees.
    pub(crate) fn request(&mut self, uri: &Uri, context: &Context) -> Sent {
        let list = self.retrieve(uri, context);
        let pairs =
            list.iter().map(|cookie| (cookie.name.clone().into(), cookie.value.clone().into()));
        let cookies = Some(pairs.collect());
        let is_sent = !list.is_empty() || self.is(Fault::CookieFieldAlwaysSent);
        Sent { cookies, header: is_sent.then(|| self.cookie_string(&list)) }
    }

    fn retrieve(&mut self, uri: &Uri, context: &Context) -> Vec<Cookie> {
        if !self.is(Fault::ExpiredStillSent) {
            self.sweep();
        }
        let disabled = self.config.cookies == Some(Acceptance::None);
        let Some(host) = self.host(uri) else { return Vec::new() };
        if disabled && !self.is(Fault::DisabledStillSends) {
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
                if self.is(Fault::ExpirySlides) {
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
        let withheld = match self.rules.fault {
            Some(Fault::SuffixOfOldCookieStillSent) => false,
            Some(Fault::SuffixOfOldCookieWithheldByOldProfile) => true,
            _ => self.bis(),
        };
        let domain = self.without_kept_dot(&cookie.domain);
        self.rules.domain_match(host, domain) && !(withheld && self.is_public_suffix(domain))
    }

    fn is_for_uri(&self, cookie: &Cookie, uri: &Uri, secure: bool) -> bool {
        let path = match self.rules.fault {
            Some(Fault::PathMatchWithQuery) => &uri.path_and_query,
            _ => &uri.path,
        };
        // A request without a path asks for "/".
        let path: &[u8] =
            if path.is_empty() && !self.is(Fault::PathOfBareHostEmpty) { b"/" } else { path };
        let (scheme, port) = &cookie.origin;
        self.rules.path_match(path, &cookie.path)
            && (!cookie.secure || secure || self.is(Fault::SecureSentOverHttp))
            && (*scheme == uri.scheme || !self.is(Fault::IsolationByScheme))
            && (*port == uri.port || !self.is(Fault::IsolationByPort))
    }

    fn is_for_context(&self, cookie: &Cookie, context: &Context) -> bool {
        let hidden = match context.api {
            Api::Http => self.is(Fault::HttpOnlyHiddenFromHttp),
            Api::Script => !self.is(Fault::HttpOnlyShownToScript),
        };
        let enforced = self.bis()
            || self.is(Fault::SameSiteKnownToOldProfile) && cookie.same_site != Default::default();
        !(cookie.http_only && hidden) && (!enforced || self.may_be_sent(cookie, context))
    }

    /// Does this retrieval count as a use of the cookie?
    fn is_used(&self, listed: bool, host: &[u8], cookie: &Cookie, context: &Context) -> bool {
        match self.rules.fault {
            Some(Fault::RetrievalIsNoUse) => false,
            Some(Fault::RetrievalByScriptIsNoUse) => listed && context.api == Api::Http,
            Some(Fault::RetrievalUsesWholeDomain) => self.is_for_host(cookie, host),
            _ => listed,
        }
    }

    /// The lifetime begins anew, as a server-side session's would.
    fn slide_expiry(&mut self, at: usize) {
        let cookie = &mut self.cookies[at];
        if let Some(expiry) = cookie.expiry {
            cookie.expiry = Some(self.now.saturating_add(expiry.saturating_sub(cookie.creation.0)));
        }
    }

    /// Longer paths first, then earlier creation-times.
    fn sort(&self, list: &mut [Cookie]) {
        let length = |cookie: &Cookie| Reverse(cookie.path.len());
        match self.rules.fault {
            Some(Fault::OrderOfCreationOnly) => list.sort_by_key(|it| it.creation),
            Some(Fault::OrderOfLastUse) => list.sort_by_key(|it| (length(it), it.last_access)),
            Some(Fault::OrderOfLastUpdate) => {}
            Some(Fault::OrderOfShorterPaths) => {
                list.sort_by_key(|it| (Reverse(length(it)), it.creation));
            }
            Some(Fault::OrderOfNewestFirst) => {
                list.sort_by_key(|it| (length(it), Reverse(it.creation)));
            }
            Some(Fault::OrderOfNames) => list.sort_by_key(|it| it.name.clone()),
            Some(Fault::OrderOfHashes) => list.sort_by_key(|it| it.name_hash),
            Some(Fault::OrderOfSegments) => {
                list.sort_by_key(|it| (Reverse(segments(it)), it.creation));
            }
            Some(Fault::OrderOfNamedSegments) => {
                list.sort_by_key(|it| (Reverse(names(it)), it.creation));
            }
            Some(Fault::OrderOfDomains) => {
                list.sort_by_key(|it| (length(it), Reverse(it.domain.len()), it.creation));
            }
            Some(Fault::OrderOfHostOnlyFirst) => {
                list.sort_by_key(|it| (length(it), !it.host_only, it.creation));
            }
            _ => list.sort_by_key(|it| (length(it), it.creation)),
        }
    }

    fn cookie_string(&self, list: &[Cookie]) -> Octets {
        let pairs = list.iter().map(|cookie| self.pair(cookie)).collect::<Vec<_>>();
        let separator: &[u8] = match self.rules.fault {
            Some(Fault::PairsSeparatedWithoutBlank) => b";",
            Some(Fault::PairsSeparatedByComma) => b", ",
            _ => b"; ",
        };
        let version: &[u8] = if self.is(Fault::PairsFollowVersion) { b"$Version=1; " } else { b"" };
        let end: &[u8] = if self.is(Fault::PairsEndWithSemicolon) { b";" } else { b"" };
        [version, &pairs.join(separator), end].concat().into()
    }

    /// `name=value`, or the value alone where there is no name.
    fn pair(&self, cookie: &Cookie) -> Vec<u8> {
        let (name, value) = (&cookie.name[..], &cookie.value[..]);
        let bare = name.is_empty() && !self.is(Fault::PairOfNamelessWithEquals)
            || value.is_empty() && self.is(Fault::PairOfEmptyValueWithoutEquals);
        let quoted = self.is(Fault::PairQuoted) && value.iter().any(|octet| !is_token(*octet));
        let value = if quoted { [b"\"", value, b"\""].concat() } else { value.to_vec() };
        [name, if bare { b"" } else { b"=" }, &value].concat()
    }
}

/// How many segments a path has, an empty one at its end included.
fn segments(cookie: &Cookie) -> usize {
    cookie.path.iter().filter(|octet| **octet == b'/').count()
}

/// How many names stand in a path.
fn names(cookie: &Cookie) -> usize {
    cookie.path.split(|octet| *octet == b'/').filter(|segment| !segment.is_empty()).count()
}
