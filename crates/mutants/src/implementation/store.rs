//! The cookie store: its cookies, its clock and its configuration.

use cookiespec_vectors::operation::{JarConfig, Suffixes};

use super::cookie::{Cookie, Moment};
use super::hosts::{OWN_LIST, is_localhost};
use super::paths::Uri;
use super::rules::Rules;
use crate::mutant::Mutant;

/// A cookie store: a list that every operation scans from end to end.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) rules: Rules,
    pub(crate) config: JarConfig,
    pub(crate) now: i64,
    pub(crate) tick: u64,
    /// The number of responses so far.
    pub(crate) responses: u64,
    pub(crate) cookies: Vec<Cookie>,
    /// Unix seconds; no stored cookie expires earlier. Spares a scan of all cookies.
    pub(crate) next_expiry: i64,
    /// Removed cookies, which only `CreationSurvivesDeletion` keeps.
    pub(crate) removed: Vec<Cookie>,
}

impl Store {
    pub(crate) fn new(rules: Rules, config: JarConfig, now: i64) -> Self {
        Self {
            rules,
            config,
            now,
            tick: 0,
            responses: 0,
            cookies: Vec::new(),
            next_expiry: i64::MAX,
            removed: Vec::new(),
        }
    }

    pub(crate) fn is(&self, mutant: Mutant) -> bool {
        self.rules.is(mutant)
    }

    pub(crate) fn bis(&self) -> bool {
        self.rules.bis()
    }

    /// A moment later than all before.
    pub(crate) fn moment(&mut self) -> Moment {
        self.tick += 1;
        (self.now, self.tick)
    }

    /// The host of a URI in canonical form.
    pub(crate) fn host(&self, uri: &Uri) -> Option<Vec<u8>> {
        let always = self.is(Mutant::StrictHostsAlways);
        self.rules.canonical_host(&uri.host, always || self.config.strict_hosts == Some(true))
    }

    /// Whether the connection is secure: https and wss are, and localhost if it is configured.
    pub(crate) fn is_secure(&self, uri: &Uri, host: &[u8]) -> bool {
        let scheme = if self.is(Mutant::SecureSchemeCaseSensitive) {
            &uri.written_scheme
        } else {
            &uri.scheme
        };
        let trusted = match self.rules.mutant {
            Some(Mutant::LocalhostAlwaysTrusted) => true,
            Some(Mutant::LocalhostNeverTrusted) => false,
            _ => self.config.secure_localhost == Some(true),
        };
        let localhost = match self.rules.mutant {
            Some(Mutant::LocalhostBySuffix) => host.ends_with(b"localhost"),
            Some(Mutant::LocalhostTrustCoversAll) => true,
            _ => is_localhost(host),
        };
        let by_port = self.is(Mutant::SecureByPort) && uri.port == b":443";
        let other_port = self.is(Mutant::SecureOnDefaultPortOnly) && !uri.port.is_empty();
        let by_scheme = matches!(&scheme[..], b"https" | b"wss") && !other_port;
        by_scheme || by_port || trusted && localhost
    }

    /// Whether the domain is a public suffix. A store that is given no list uses a short one of its own.
    pub(crate) fn is_public_suffix(&self, domain: &[u8]) -> bool {
        match &self.config.public_suffixes {
            Suffixes::NoRejection => {
                self.is(Mutant::SuffixRejectionAlwaysOn)
                    && !domain.is_empty()
                    && !domain.contains(&b'.')
            }
            Suffixes::Own => self.rules.is_public_suffix(domain, OWN_LIST),
            Suffixes::Rules(rules) => self.rules.is_public_suffix(domain, rules),
        }
    }

    /// Removes the expired cookies.
    pub(crate) fn remove_expired(&mut self) {
        let now = self.now;
        if now < self.next_expiry {
            return;
        }
        if self.is(Mutant::CreationSurvivesDeletion) {
            self.removed.extend(self.cookies.iter().filter(|it| it.is_expired(now)).cloned());
        }
        self.cookies.retain(|cookie| !cookie.is_expired(now));
        self.next_expiry = self.cookies.iter().filter_map(|it| it.expiry).min().unwrap_or(i64::MAX);
    }
}
