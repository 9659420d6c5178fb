//! Receiving a cookie: section 5.3 of RFC 6265, section 5.7 of 6265bis.

use alloc::vec::Vec;

use super::CookieStore;
use super::cookie::{Fields, Record};
use crate::host::{Host, is_ip_address, lower_case};
use crate::path::{default_path, path_match};
use crate::policy::{Acceptance, Policy};
use crate::prefix::Prefix;
use crate::profile::Profile;
use crate::public_suffix::PublicSuffixes;
use crate::request::{Api, Request};
use crate::same_site::SameSite;
use crate::set_cookie::{
    Ignored, MAX_ATTRIBUTE_VALUE_OCTETS, ParsedSetCookie, PathAttribute, parse_traced,
};
use crate::trace::{Sink, Step};

/// What became of a cookie that was not ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is in the store.
    Inserted,
    /// It is in the store, in place of an older one with the same identity.
    Replaced,
    /// It was expired on arrival: it is not in the store, nor is the older one it may have had
    /// the identity of. This is how a server deletes a cookie.
    Expired,
}

impl<S: PublicSuffixes> CookieStore<S> {
    /// Receives one set-cookie-string with the response to `request`, or from a script.
    ///
    /// # Errors
    /// [`Ignored`] names the step that ignores the cookie.
    pub fn receive(
        &mut self,
        set_cookie: &[u8],
        request: &Request<'_>,
        now: i64,
        sink: &mut impl Sink,
    ) -> Result<Received, Ignored> {
        if self.policy.acceptance == Acceptance::Disabled {
            return Err(Ignored::at(Step::CookiesDisabled, sink));
        }
        let parsed = parse_traced(set_cookie, self.policy.profile, sink)?;
        self.store(&parsed, request, now, sink)
    }

    fn store(
        &mut self,
        parsed: &ParsedSetCookie<'_>,
        request: &Request<'_>,
        now: i64,
        sink: &mut impl Sink,
    ) -> Result<Received, Ignored> {
        let bis = self.policy.profile == Profile::Rfc6265bis;
        if bis && parsed.name.is_empty() && parsed.value.is_empty() {
            return Err(Ignored::at(Step::NameAndValueEmpty, sink));
        }
        let (persistent, expiry) = lifetime(parsed, &self.policy, now, sink);
        let host = Host::canonicalize(request.uri.host(), self.policy.host_rule)
            .map_err(|_| Ignored::at(Step::HostNotCanonical, sink))?;
        let (domain, host_only) = self.domain(parsed, &host, sink)?;
        let cookie = Fields {
            name: parsed.name,
            value: parsed.value,
            path: cookie_path(parsed, request, self.policy.profile),
            expiry,
            persistent: persistent && self.policy.acceptance == Acceptance::All,
            host_only,
            secure_only: parsed.secure,
            http_only: parsed.http_only,
            same_site: parsed.same_site.unwrap_or_default(),
        };
        let secure_connection = self.policy.is_secure(&request.uri, &host);
        if bis && cookie.secure_only && !secure_connection {
            return Err(Ignored::at(Step::SecureFromNonSecure, sink));
        }
        if cookie.http_only && request.context.api == Api::NonHttp {
            return Err(Ignored::at(Step::HttpOnlyFromScript, sink));
        }
        if bis {
            if !cookie.secure_only && !secure_connection && self.overlays(&cookie, &domain, now) {
                return Err(Ignored::at(Step::SecureOverlay, sink));
            }
            check_same_site(&cookie, request).map_err(|step| Ignored::at(step, sink))?;
            check_prefix(&cookie, parsed).map_err(|step| Ignored::at(step, sink))?;
        }
        self.insert(&cookie, &domain, request.context.api, now, sink)
    }

    /// The domain and the host-only-flag (RFC 6265 steps 4 to 6, 6265bis steps 7 to 10).
    fn domain(
        &self,
        parsed: &ParsedSetCookie<'_>,
        host: &Host,
        sink: &mut impl Sink,
    ) -> Result<(Vec<u8>, bool), Ignored> {
        let mut attribute = lower_case(parsed.domain.unwrap_or_default());
        if self.policy.profile == Profile::Rfc6265bis && !attribute.is_ascii() {
            return Err(Ignored::at(Step::DomainNotAscii, sink));
        }
        if !attribute.is_empty()
            && !is_ip_address(&attribute)
            && self.suffixes.is_public_suffix(&attribute)
        {
            if attribute != host.as_octets() {
                return Err(Ignored::at(Step::PublicSuffixRefused, sink));
            }
            sink.record(Step::PublicSuffixIsHost, 0);
            attribute.clear();
        }
        if attribute.is_empty() {
            sink.record(Step::HostOnlyCookie, 0);
            Ok((host.as_octets().to_vec(), true))
        } else if host.domain_match(&attribute) {
            sink.record(Step::DomainCookie, 0);
            Ok((attribute, false))
        } else {
            Err(Ignored::at(Step::DomainMismatch, sink))
        }
    }

    /// "Leave secure cookies alone" (6265bis step 16): is there a Secure cookie of this name
    /// whose domain matches in either direction and whose path the new one is under?
    fn overlays(&self, cookie: &Fields<'_>, domain: &[u8], now: i64) -> bool {
        let protected = |old: &Record| {
            old.secure_only
                && !old.is_expired(now)
                && old.name() == cookie.name
                && path_match(cookie.path, old.path())
        };
        let closest = self.domains.closest(domain);
        self.domains.upward(closest).any(|above| above.records.as_slice().iter().any(protected))
            || self.domains.any_below(domain, &protected)
    }

    /// RFC 6265 steps 11 and 12, 6265bis steps 23 and 24, and the evictions that follow.
    fn insert(
        &mut self,
        cookie: &Fields<'_>,
        domain: &[u8],
        api: Api,
        now: i64,
        sink: &mut impl Sink,
    ) -> Result<Received, Ignored> {
        let moment = self.moment(now);
        let Some(mut record) = Record::new(cookie, moment, moment) else {
            return Err(Ignored::at(Step::PairTooLong, sink));
        };
        let identity_has_host_only = self.policy.profile == Profile::Rfc6265bis;
        let known = self.domains.entry(domain, &self.suffixes);
        self.len -= known.records.evict_expired(now);
        let is_same = |old: &Record| !identity_has_host_only || old.host_only == cookie.host_only;
        let old = known.records.position(cookie.name, cookie.path, is_same);
        if let Some(old) = old {
            let old_cookie = &known.records.as_slice()[old];
            if api == Api::NonHttp && old_cookie.http_only {
                return Err(Ignored::at(Step::HttpOnlyProtected, sink));
            }
            record.creation = old_cookie.creation;
            known.records.remove(old);
            self.len -= 1;
            sink.record(Step::OldCookieReplaced, 0);
        }
        let outcome = if record.is_expired(now) {
            sink.record(Step::CookieExpired, 0);
            Received::Expired
        } else {
            known.records.push(record);
            self.len += 1;
            sink.record(Step::CookieInserted, 0);
            if old.is_some() { Received::Replaced } else { Received::Inserted }
        };
        self.remove_excess_cookies(domain, now, sink);
        Ok(outcome)
    }
}

/// The persistent-flag and the expiry-time (RFC 6265 step 3, 6265bis step 6), with the
/// cookie-age-limit where the policy has one.
fn lifetime(
    parsed: &ParsedSetCookie<'_>,
    policy: &Policy,
    now: i64,
    sink: &mut impl Sink,
) -> (bool, i64) {
    let limit = policy.age_limit.unwrap_or(i64::MAX);
    let (delta_seconds, expiry) = match (parsed.max_age, parsed.expires) {
        (Some(delta), _) => {
            sink.record(Step::PersistentByMaxAge, 0);
            let expiry = if delta <= 0 { i64::MIN } else { now.saturating_add(delta.min(limit)) };
            (delta, expiry)
        }
        (None, Some(expires)) => {
            sink.record(Step::PersistentByExpires, 0);
            (expires.saturating_sub(now), expires.min(now.saturating_add(limit)))
        }
        (None, None) => {
            sink.record(Step::SessionCookie, 0);
            return (false, i64::MAX);
        }
    };
    if delta_seconds > limit {
        sink.record(Step::LifetimeCapped, 0);
    }
    (true, expiry)
}

/// The cookie's path (RFC 6265 step 7, 6265bis step 11): that of the Path attribute, or the
/// default-path of the request.
#[inline]
pub fn cookie_path<'a>(
    parsed: &ParsedSetCookie<'a>,
    request: &Request<'a>,
    profile: Profile,
) -> &'a [u8] {
    let default = default_path(request.uri.path());
    match parsed.path {
        Some(PathAttribute::Absolute(path)) => path,
        Some(PathAttribute::Default { earlier: Some(path) })
            if profile == Profile::Rfc6265bis && default.len() > MAX_ATTRIBUTE_VALUE_OCTETS =>
        {
            path
        }
        _ => default,
    }
}

/// 6265bis steps 18 and 19.
fn check_same_site(cookie: &Fields<'_>, request: &Request<'_>) -> Result<(), Step> {
    let context = &request.context;
    if cookie.same_site == SameSite::None {
        return if cookie.secure_only { Ok(()) } else { Err(Step::SameSiteNoneNotSecure) };
    }
    match (context.same_site, context.api) {
        (true, _) => Ok(()),
        (false, Api::NonHttp) => Err(Step::CrossSiteScript),
        (false, Api::Http) if context.top_level => Ok(()),
        (false, Api::Http) => Err(Step::CrossSiteRequest),
    }
}

/// 6265bis steps 20 to 22.
fn check_prefix(cookie: &Fields<'_>, parsed: &ParsedSetCookie<'_>) -> Result<(), Step> {
    match Prefix::of(cookie.name) {
        Some(Prefix::Secure) if !cookie.secure_only => Err(Step::SecurePrefixBroken),
        Some(Prefix::Host)
            if !(cookie.secure_only
                && cookie.host_only
                && parsed.path.is_some()
                && cookie.path == b"/") =>
        {
            Err(Step::HostPrefixBroken)
        }
        None if cookie.name.is_empty() && Prefix::of(cookie.value).is_some() => {
            Err(Step::NamelessPrefix)
        }
        _ => Ok(()),
    }
}
