//! Whether a received cookie is stored: section 5.3 of RFC 6265, section 5.7 of 6265bis.

use cookiespec_vectors::operation::{Acceptance, Api, Context};

use super::cookie::{Attributes, Cookie, Parsed, SameSite, hash};
use super::paths::Uri;
use super::store::Store;
use crate::mutant::Mutant;

impl Store {
    /// Processes a field line from a response, or from a script.
    pub(crate) fn receive_line(&mut self, uri: &Uri, line: &[u8], context: &Context) {
        if !self.is(Mutant::ExpiredStillCounts) {
            self.remove_expired();
        }
        let disabled = self.config.cookies == Some(Acceptance::None);
        for string in self.rules.set_cookie_strings(line) {
            let Some(mut parsed) = self.rules.parse(&string) else { continue };
            self.rules.limit_lifetimes(&mut parsed.attributes, Some(self.now));
            let deletes =
                self.rules.expiry(&parsed.attributes, self.now).is_some_and(|it| it <= self.now);
            let stored_anyway = match self.rules.mutant {
                Some(Mutant::DisabledStillStores) => true,
                Some(Mutant::DisabledStillDeletes) => deletes,
                _ => false,
            };
            if !disabled || stored_anyway {
                self.receive_parsed(parsed, uri, context);
            }
        }
    }

    fn receive_parsed(&mut self, parsed: Parsed, uri: &Uri, context: &Context) {
        if self.is(Mutant::EvictionMakesRoomBeforeChecks) {
            self.make_room(&uri.host);
        }
        let Some(cookie) = self.cookie(&parsed, uri) else { return };
        let domain = cookie.domain.clone();
        if self.is_admitted(&cookie, &parsed.attributes, uri, context) {
            self.insert(cookie.clone(), context.api == Api::Script);
        }
        if self.is(Mutant::UnknownAttributesAreCookies) {
            for (name, value) in parsed.attributes.unknown {
                let name_hash = hash(&name);
                let cookie = Cookie { name, name_hash, value, ..cookie.clone() };
                self.insert(cookie, context.api == Api::Script);
            }
        }
        self.remove_excess_cookies(&domain);
    }

    /// The cookie with all its fields; `None` if the host may not set cookies for its Domain.
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
                Some(_) if session_only && self.is(Mutant::SessionOnlyForgetsExpiry) => None,
                expiry => expiry,
            },
            creation: moment,
            last_access: moment,
            host_only,
            secure: attributes.secure
                && (self.is_secure(uri, &host) || !self.is(Mutant::SecureFromHttpStripped)),
            http_only: attributes.http_only,
            same_site: self
                .rules
                .winner(&attributes.same_site, Mutant::SameSiteFirstWins)
                .copied()
                .unwrap_or_default(),
            origin: (uri.scheme.clone(), uri.port.clone()),
            response: self.responses,
        })
    }

    /// The domain and the host-only-flag.
    fn domain(&self, attributes: &Attributes, host: &[u8]) -> Option<(Vec<u8>, bool)> {
        let named = self.rules.winner(&attributes.domain, Mutant::DomainFirstWins);
        let mut domain = named.cloned().unwrap_or_default();
        let any =
            |test: fn(&Store, &[u8]) -> bool| attributes.domain.iter().any(|it| test(self, it));
        if self.is(Mutant::DomainIgnored) {
            domain.clear();
        }
        if self.bis() && !domain.is_ascii()
            || self.is(Mutant::DomainAnyNonAsciiRefused) && any(|_, it| !it.is_ascii())
            || self.is(Mutant::DomainEmptyRefused) && any(|_, it| it.is_empty())
            || self.is(Mutant::SuffixCheckedForEveryDomain) && any(Store::is_public_suffix)
            || self.is(Mutant::SuffixHostHasNoCookies) && self.is_public_suffix(host)
            || self.is(Mutant::DomainNeedsTwoLabels)
                && !domain.is_empty()
                && !domain.contains(&b'.')
        {
            return None;
        }
        if self.is_public_suffix(&domain) {
            match domain == host {
                true if self.is(Mutant::SuffixOnOwnHostRefused) => return None,
                true if self.is(Mutant::SuffixOnOwnHostIsDomain) && !self.bis() => {}
                true => domain.clear(),
                false if self.is(Mutant::SuffixMakesHostOnly) => domain.clear(),
                false => return None,
            }
        }
        let matches = self.rules.domain_match(host, self.without_kept_dot(&domain));
        if domain.is_empty() || !matches && self.is(Mutant::DomainForeignIgnored) {
            Some((host.to_vec(), !self.is(Mutant::HostOnlyIgnored)))
        } else if matches || self.is(Mutant::DomainForeignAccepted) {
            Some((domain, self.is(Mutant::HostOnlyAlways)))
        } else {
            None
        }
    }

    /// A domain in the form in which it is matched: without the leading dot that `DomainDotKept` left.
    pub(crate) fn without_kept_dot<'a>(&self, domain: &'a [u8]) -> &'a [u8] {
        let kept = self.is(Mutant::DomainDotKept);
        domain.strip_prefix(b".").filter(|_| kept).unwrap_or(domain)
    }

    fn path(&self, attributes: &Attributes, uri: &Uri) -> Vec<u8> {
        let default = self.rules.default_path(uri);
        let mut given = attributes.path.clone();
        if self.rules.bis() && default.len() > 1024 {
            // Section 5.7 step 11: a value that is too long is ignored, the default-path included.
            given.retain(Option::is_some);
        }
        let winner = self.rules.winner(&given, Mutant::PathFirstWins).cloned();
        winner.flatten().unwrap_or(default)
    }

    /// Whether none of the checks refuses a cookie with these fields.
    fn is_admitted(
        &self,
        cookie: &Cookie,
        attributes: &Attributes,
        uri: &Uri,
        context: &Context,
    ) -> bool {
        let script = context.api == Api::Script;
        let secure = self.host(uri).is_some_and(|host| self.is_secure(uri, &host));
        let from_http_refused = match self.rules.mutant {
            Some(Mutant::SecureFromHttpAccepted) => false,
            Some(Mutant::SecureFromHttpRefusedByOldProfile) => true,
            _ => self.bis(),
        };
        let none_refused = self.bis() && !self.is(Mutant::SameSiteNoneWithoutSecureAccepted);
        let overlay_checked = match self.rules.mutant {
            Some(Mutant::OverlayAccepted) => false,
            Some(Mutant::OverlayRefusedByOldProfile) => true,
            Some(Mutant::OverlayByScriptAccepted) => self.bis() && !script,
            Some(Mutant::OverlayByDeletionAccepted) => self.bis() && !cookie.is_expired(self.now),
            _ => self.bis(),
        };
        let http_only_refused = script && cookie.http_only && !self.is(Mutant::HttpOnlySetByScript);
        let expired_refused = self.is(Mutant::ExpiredIgnored) && cookie.is_expired(self.now)
            || self.is(Mutant::DeletionNeedsSecureFlag)
                && cookie.is_expired(self.now)
                && self
                    .cookies
                    .iter()
                    .any(|old| old.name == cookie.name && old.secure != cookie.secure);
        let path_refused = self.is(Mutant::PathMustCoverRequest)
            && !self.rules.path_match(&uri.path, &cookie.path);
        !(cookie.secure && !secure && from_http_refused
            || http_only_refused
            || expired_refused
            || path_refused
            || overlay_checked && self.is_overlay(cookie, secure)
            || self.bis() && !self.may_be_set(cookie.same_site, context)
            || none_refused && cookie.same_site == SameSite::None && !cookie.secure
            || self.violates_prefix(cookie, attributes))
    }
}

/// SameSite: section 5.7 step 18 of 6265bis.
impl Store {
    /// Whether a cookie with this SameSite may be set in this context.
    fn may_be_set(&self, same_site: SameSite, context: &Context) -> bool {
        if context.same_site || self.is(Mutant::CrossSiteStoresAll) {
            return true;
        }
        if same_site == SameSite::None {
            return !self.is(Mutant::CrossSiteStoresNothing);
        }
        let top_level = context.top_level && !self.is(Mutant::CrossSiteTopLevelStoresNothing);
        match context.api {
            Api::Http => {
                top_level
                    && !(self.is(Mutant::CrossSiteStrictNotStored) && same_site == SameSite::Strict)
            }
            Api::Script if self.is(Mutant::CrossSiteScriptSets) => true,
            Api::Script => self.is(Mutant::CrossSiteTopLevelScriptSets) && context.top_level,
        }
    }
}

/// "Leave secure cookies alone": section 5.7 step 16 of 6265bis.
impl Store {
    /// Whether the cookie, over this connection, would shadow a stored Secure cookie.
    fn is_overlay(&self, new: &Cookie, secure: bool) -> bool {
        let applies = !new.secure && (!secure || self.is(Mutant::OverlayRefusedOverHttps));
        applies && self.cookies.iter().any(|old| self.is_overlaid(old, new))
    }

    fn is_overlaid(&self, old: &Cookie, new: &Cookie) -> bool {
        let name = match self.rules.mutant {
            Some(Mutant::OverlayIgnoresName) => true,
            Some(Mutant::OverlayIgnoresCase) => old.name.eq_ignore_ascii_case(&new.name),
            _ => old.name == new.name,
        };
        name && (old.secure || self.is(Mutant::OverlayOfPlainCookieRefused))
            && self.overlays_domain(old, new)
            && self.overlays_path(&old.path, &new.path)
            && (old.origin.1 == new.origin.1 || !self.is(Mutant::OverlayByPort))
    }

    fn overlays_domain(&self, old: &Cookie, new: &Cookie) -> bool {
        let above = self.rules.domain_match(&old.domain, &new.domain);
        let below = self.rules.domain_match(&new.domain, &old.domain);
        match self.rules.mutant {
            Some(Mutant::OverlayIgnoresDomain) => true,
            Some(Mutant::OverlayByParentAccepted) => below,
            Some(Mutant::OverlayBySubdomainAccepted) => above,
            Some(Mutant::OverlayOfHostOnlyAccepted) => above || below && !old.host_only,
            _ => above || below,
        }
    }

    fn overlays_path(&self, old: &[u8], new: &[u8]) -> bool {
        let deeper = self.rules.path_match(new, old);
        let shallower = self.rules.path_match(old, new);
        match self.rules.mutant {
            Some(Mutant::OverlayIgnoresPath) => true,
            Some(Mutant::OverlayPathReversed) => shallower,
            Some(Mutant::OverlayPathBothWays) => deeper || shallower,
            Some(Mutant::OverlayPathExact) => old == new,
            Some(Mutant::OverlayPathByPrefix) => new.starts_with(old),
            _ => deeper,
        }
    }
}

/// Cookie name prefixes: section 5.7 steps 20 to 22 of 6265bis.
impl Store {
    /// Whether the cookie violates the conditions of the prefix of its name, or a nameless cookie has
    /// a value that begins like a prefix.
    fn violates_prefix(&self, cookie: &Cookie, attributes: &Attributes) -> bool {
        if !self.bis() && !self.is(Mutant::PrefixesKnownToOldProfile) {
            return false;
        }
        if self.is(Mutant::PrefixAllowsDeletion) && cookie.is_expired(self.now) {
            return false;
        }
        let nameless = cookie.name.is_empty() && !self.is(Mutant::PrefixMimicryAccepted);
        let in_value = nameless || self.is(Mutant::PrefixOfAnyValueRefused);
        let mimicry =
            self.begins(&cookie.value, b"__Secure-") || self.begins(&cookie.value, b"__Host-");
        self.violates_secure_prefix(cookie)
            || self.violates_host_prefix(cookie, attributes)
            || in_value && mimicry
    }

    fn violates_secure_prefix(&self, cookie: &Cookie) -> bool {
        self.begins(&cookie.name, b"__Secure-")
            && !cookie.secure
            && !self.is(Mutant::PrefixSecureUnchecked)
            || self.is(Mutant::PrefixHttpEnforced)
                && self.begins(&cookie.name, b"__Http-")
                && !cookie.http_only
    }

    fn violates_host_prefix(&self, cookie: &Cookie, attributes: &Attributes) -> bool {
        let explicit =
            !attributes.path.is_empty() || self.is(Mutant::PrefixHostWithoutPathAccepted);
        let host_only = cookie.host_only || self.is(Mutant::PrefixHostWithDomainAccepted);
        let root = cookie.path == b"/" || self.is(Mutant::PrefixHostWithAnyPathAccepted);
        let secure = cookie.secure || self.is(Mutant::PrefixHostWithoutSecureAccepted);
        let http_only = cookie.http_only || !self.is(Mutant::PrefixHostNeedsHttpOnly);
        self.begins(&cookie.name, b"__Host-")
            && !self.is(Mutant::PrefixHostUnchecked)
            && !(secure && host_only && explicit && root && http_only)
    }

    fn begins(&self, text: &[u8], prefix: &[u8]) -> bool {
        let prefix =
            if self.is(Mutant::PrefixWithoutHyphen) { &prefix[..prefix.len() - 1] } else { prefix };
        if self.is(Mutant::PrefixAnywhere) {
            return text.windows(prefix.len()).any(|part| part.eq_ignore_ascii_case(prefix));
        }
        match text.get(..prefix.len()) {
            Some(start) if self.is(Mutant::PrefixCaseSensitive) => start == prefix,
            Some(start) => start.eq_ignore_ascii_case(prefix),
            None => false,
        }
    }
}
