//! Receiving cookies: section 5.3 of RFC 6265, section 5.7 of 6265bis.

use cookiespec_vectors::operation::{Acceptance, Api, Context};

use crate::attribute::{Attributes, SameSite};
use crate::fault::Fault;
use crate::parse::Parsed;
use crate::store::{Cookie, Store, hash};
use crate::uri::Uri;

impl Store {
    /// A field line arrived with a response, or a script assigned it.
    pub(crate) fn receive_line(&mut self, uri: &Uri, line: &[u8], context: &Context) {
        if !self.is(Fault::ExpiredStillCounts) {
            self.sweep();
        }
        let disabled = self.config.cookies == Some(Acceptance::None);
        for string in self.rules.set_cookie_strings(line) {
            let Some(mut parsed) = self.rules.parse(&string) else { continue };
            self.rules.limit_lifetimes(&mut parsed.attributes, Some(self.now));
            let deletes =
                self.rules.expiry(&parsed.attributes, self.now).is_some_and(|it| it <= self.now);
            let let_in = match self.rules.fault {
                Some(Fault::DisabledStillStores) => true,
                Some(Fault::DisabledStillDeletes) => deletes,
                _ => false,
            };
            if !disabled || let_in {
                self.receive_parsed(parsed, uri, context);
            }
        }
    }

    fn receive_parsed(&mut self, parsed: Parsed, uri: &Uri, context: &Context) {
        if self.is(Fault::EvictionMakesRoomBeforeChecks) {
            self.make_room(&uri.host);
        }
        let Some(cookie) = self.cookie(&parsed, uri) else { return };
        let domain = cookie.domain.clone();
        if self.is_admitted(&cookie, &parsed.attributes, uri, context) {
            self.insert(cookie.clone(), context.api == Api::Script);
        }
        if self.is(Fault::UnknownAttributesAreCookies) {
            for (name, value) in parsed.attributes.unknown {
                let name_hash = hash(&name);
                let cookie = Cookie { name, name_hash, value, ..cookie.clone() };
                self.insert(cookie, context.api == Api::Script);
            }
        }
        self.remove_excess_cookies(&domain);
    }

    /// The cookie with all its fields; `None` where its Domain is not for this host to name.
    fn cookie(&mut self, parsed: &Parsed, uri: &Uri) -> Option<Cookie> {
        let host = self.host(uri)?;
        let attributes = &parsed.attributes;
        let (domain, host_only) = self.domain(attributes, &host)?;
        let moment = self.moment();
        let session_only = self.config.cookies == Some(Acceptance::SessionOnly);
        let expiry = self.rules.expiry(attributes, self.now);
        Some(Cookie {
            name: parsed.name.clone(),
            name_hash: hash(&parsed.name),
            value: parsed.value.clone(),
            domain,
            path: self.path(attributes, uri),
            expiry: match expiry {
                Some(_) if session_only && self.is(Fault::SessionOnlyForgetsExpiry) => None,
                expiry => expiry,
            },
            creation: moment,
            last_access: moment,
            host_only,
            secure: attributes.secure
                && (self.is_secure(uri, &host) || !self.is(Fault::SecureFromHttpStripped)),
            http_only: attributes.http_only,
            same_site: self
                .rules
                .winner(&attributes.same_site, Fault::SameSiteFirstWins)
                .copied()
                .unwrap_or_default(),
            origin: (uri.scheme.clone(), uri.port.clone()),
            response: self.responses,
        })
    }

    /// The domain and the host-only-flag.
    fn domain(&self, attributes: &Attributes, host: &[u8]) -> Option<(Vec<u8>, bool)> {
        let named = self.rules.winner(&attributes.domain, Fault::DomainFirstWins);
        let mut domain = named.cloned().unwrap_or_default();
        let any =
            |test: fn(&Store, &[u8]) -> bool| attributes.domain.iter().any(|it| test(self, it));
        if self.is(Fault::DomainIgnored) {
            domain.clear();
        }
        if self.bis() && !domain.is_ascii()
            || self.is(Fault::DomainAnyNonAsciiRefused) && any(|_, it| !it.is_ascii())
            || self.is(Fault::DomainEmptyRefused) && any(|_, it| it.is_empty())
            || self.is(Fault::SuffixCheckedForEveryDomain) && any(Store::is_public_suffix)
            || self.is(Fault::SuffixHostHasNoCookies) && self.is_public_suffix(host)
            || self.is(Fault::DomainNeedsTwoLabels) && !domain.is_empty() && !domain.contains(&b'.')
        {
            return None;
        }
        if self.is_public_suffix(&domain) {
            match domain == host {
                true if self.is(Fault::SuffixOnOwnHostRefused) => return None,
                true if self.is(Fault::SuffixOnOwnHostIsDomain) && !self.bis() => {}
                true => domain.clear(),
                false if self.is(Fault::SuffixMakesHostOnly) => domain.clear(),
                false => return None,
            }
        }
        let matches = self.rules.domain_match(host, self.without_kept_dot(&domain));
        if domain.is_empty() || !matches && self.is(Fault::DomainForeignIgnored) {
            Some((host.to_vec(), !self.is(Fault::HostOnlyIgnored)))
        } else if matches || self.is(Fault::DomainForeignAccepted) {
            Some((domain, self.is(Fault::HostOnlyAlways)))
        } else {
            None
        }
    }

    /// A domain as it is matched: without the leading dot that only a fault has left there.
    pub(crate) fn without_kept_dot<'a>(&self, domain: &'a [u8]) -> &'a [u8] {
        let kept = self.is(Fault::DomainDotKept);
        domain.strip_prefix(b".").filter(|_| kept).unwrap_or(domain)
    }

    fn path(&self, attributes: &Attributes, uri: &Uri) -> Vec<u8> {
        let default = self.rules.default_path(uri);
        let mut given = attributes.path.clone();
        if self.rules.bis() && default.len() > 1024 {
            // Section 5.7 step 11: a value that is too long does not count, the default-path included.
            given.retain(Option::is_some);
        }
        let winner = self.rules.winner(&given, Fault::PathFirstWins).cloned();
        winner.flatten().unwrap_or(default)
    }

    /// Everything that is said against a cookie whose fields are known.
    fn is_admitted(
        &self,
        cookie: &Cookie,
        attributes: &Attributes,
        uri: &Uri,
        context: &Context,
    ) -> bool {
        let script = context.api == Api::Script;
        let secure = self.host(uri).is_some_and(|host| self.is_secure(uri, &host));
        let from_http_refused = match self.rules.fault {
            Some(Fault::SecureFromHttpAccepted) => false,
            Some(Fault::SecureFromHttpRefusedByOldProfile) => true,
            _ => self.bis(),
        };
        let none_refused = self.bis() && !self.is(Fault::SameSiteNoneWithoutSecureAccepted);
        let overlay_checked = match self.rules.fault {
            Some(Fault::OverlayAccepted) => false,
            Some(Fault::OverlayRefusedByOldProfile) => true,
            Some(Fault::OverlayByScriptAccepted) => self.bis() && !script,
            Some(Fault::OverlayByDeletionAccepted) => self.bis() && !cookie.is_expired(self.now),
            _ => self.bis(),
        };
        let http_only_refused = script && cookie.http_only && !self.is(Fault::HttpOnlySetByScript);
        let expired_refused = self.is(Fault::ExpiredIgnored) && cookie.is_expired(self.now)
            || self.is(Fault::DeletionNeedsSecureFlag)
                && cookie.is_expired(self.now)
                && self
                    .cookies
                    .iter()
                    .any(|old| old.name == cookie.name && old.secure != cookie.secure);
        let path_refused =
            self.is(Fault::PathMustCoverRequest) && !self.rules.path_match(&uri.path, &cookie.path);
        !(cookie.secure && !secure && from_http_refused
            || http_only_refused
            || expired_refused
            || path_refused
            || overlay_checked && self.is_overlay(cookie, secure)
            || self.bis() && !self.may_be_set(cookie.same_site, context)
            || none_refused && cookie.same_site == SameSite::None && !cookie.secure
            || self.breaks_prefix(cookie, attributes))
    }

    /// Puts a cookie into the store, in place of the one with the same identity.
    pub(crate) fn insert(&mut self, mut cookie: Cookie, script: bool) {
        if self.is(Fault::EvictionMakesRoomBeforeUpdate) {
            self.make_room(&cookie.domain);
        }
        let may_be_same = |old: &Cookie| old.name_hash == cookie.name_hash;
        let old =
            self.cookies.iter().position(|old| may_be_same(old) && self.is_same(old, &cookie));
        let grave = self.graves.iter().find(|old| self.is_same(old, &cookie));
        if let Some(grave) = grave {
            cookie.creation = grave.creation;
        }
        if let Some(at) = old {
            let old = &self.cookies[at];
            let expired = cookie.is_expired(self.now);
            let protected = match self.rules.fault {
                Some(Fault::HttpOnlyOverwrittenByScript) => expired,
                Some(Fault::HttpOnlyDeletedByScript) => !expired,
                _ => true,
            };
            let by_http = self.is(Fault::HttpOnlyProtectedFromHttp) && !cookie.http_only;
            let first_stays =
                self.is(Fault::FirstOfResponseStays) && old.response == cookie.response;
            if (script || by_http) && old.http_only && protected || first_stays {
                return;
            }
            if !self.is(Fault::UpdateResetsCreation) {
                cookie.creation = old.creation;
            }
            match self.rules.fault {
                Some(Fault::UpdateKeepsExpiry) => cookie.expiry = cookie.expiry.or(old.expiry),
                Some(Fault::UpdateKeepsHttpOnly) => cookie.http_only |= old.http_only,
                Some(Fault::UpdateKeepsSecure) => cookie.secure |= old.secure,
                Some(Fault::UpdateKeepsSameSite) if cookie.same_site == SameSite::Default => {
                    cookie.same_site = old.same_site;
                }
                Some(Fault::UpdateIsNoUse) => cookie.last_access = old.last_access,
                Some(Fault::UpdateKeepsValue) if !expired => cookie.value = old.value.clone(),
                _ => {}
            }
            self.cookies.remove(at);
        }
        self.next_expiry = self.next_expiry.min(cookie.expiry.unwrap_or(i64::MAX));
        self.cookies.push(cookie);
    }

    /// Is it the same cookie: name, domain and path, and in 6265bis the host-only-flag?
    fn is_same(&self, old: &Cookie, new: &Cookie) -> bool {
        let deletes = new.is_expired(self.now) && self.is(Fault::DeletionIgnoresPath);
        let name = match self.rules.fault {
            Some(Fault::IdentityIgnoresCase) => old.name.eq_ignore_ascii_case(&new.name),
            _ => old.name == new.name,
        };
        let host_only = match self.rules.fault {
            Some(Fault::IdentityWithoutHostOnly) => false,
            Some(Fault::IdentityWithHostOnlyInOldProfile) => true,
            _ => self.bis(),
        };
        name && (old.path == new.path || self.is(Fault::IdentityWithoutPath) || deletes)
            && (old.domain == new.domain || self.is(Fault::IdentityWithoutDomain))
            && (old.host_only == new.host_only || !host_only)
            && (old.origin.1 == new.origin.1 || !self.is(Fault::IdentityWithPort))
            && (old.origin.0 == new.origin.0 || !self.is(Fault::IdentityWithScheme))
            && (old.secure == new.secure || !self.is(Fault::IdentityWithSecure))
            && (old.same_site == new.same_site || !self.is(Fault::IdentityWithSameSite))
    }
}
