//! The cookie store: its cookies, its clock and its configuration.

use cookiespec_vectors::Profile;
use cookiespec_vectors::operation::{JarConfig, Suffixes};

use crate::attribute::SameSite;
use crate::fault::Fault;
use crate::host::is_localhost;
use crate::rules::Rules;
use crate::suffix::OWN_LIST;
use crate::uri::Uri;

/// Unix seconds, and how many events there were before: no two happen at once.
pub(crate) type Moment = (i64, u64);

/// The fields stored about a cookie.
#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    pub(crate) name: Vec<u8>,
    /// [`hash`] of the name.
    pub(crate) name_hash: u32,
    pub(crate) value: Vec<u8>,
    pub(crate) domain: Vec<u8>,
    pub(crate) path: Vec<u8>,
    /// Unix seconds; `None` where the cookie ends with the session.
    pub(crate) expiry: Option<i64>,
    pub(crate) creation: Moment,
    pub(crate) last_access: Moment,
    pub(crate) host_only: bool,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    pub(crate) same_site: SameSite,
    /// Where it came from, and in which response; only faults ask.
    pub(crate) origin: (Vec<u8>, Vec<u8>),
    pub(crate) response: u64,
}

impl Cookie {
    pub(crate) fn is_expired(&self, now: i64) -> bool {
        self.expiry.is_some_and(|expiry| expiry <= now)
    }
}

/// A cookie store: a list that every question goes through from end to end.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) rules: Rules,
    pub(crate) config: JarConfig,
    pub(crate) now: i64,
    pub(crate) tick: u64,
    /// Responses so far.
    pub(crate) responses: u64,
    pub(crate) cookies: Vec<Cookie>,
    /// Unix seconds; no stored cookie expires before. Only to spare looking at them all.
    pub(crate) next_expiry: i64,
    /// Expired cookies; only a fault remembers them.
    pub(crate) graves: Vec<Cookie>,
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
            graves: Vec::new(),
        }
    }

    pub(crate) fn is(&self, fault: Fault) -> bool {
        self.rules.is(fault)
    }

    pub(crate) fn bis(&self) -> bool {
        self.rules.profile == Profile::Rfc6265bis
    }

    /// Something happens, later than all before.
    pub(crate) fn moment(&mut self) -> Moment {
        self.tick += 1;
        (self.now, self.tick)
    }

    /// The host of a URI in canonical form.
    pub(crate) fn host(&self, uri: &Uri) -> Option<Vec<u8>> {
        let always = self.is(Fault::StrictHostsAlways);
        self.rules.canonical_host(&uri.host, always || self.config.strict_hosts == Some(true))
    }

    /// Is the connection secure? https and wss are, and localhost where it is trusted.
    pub(crate) fn is_secure(&self, uri: &Uri, host: &[u8]) -> bool {
        let scheme = if self.is(Fault::SecureSchemeCaseSensitive) {
            &uri.written_scheme
        } else {
            &uri.scheme
        };
        let trusted = match self.rules.fault {
            Some(Fault::LocalhostAlwaysTrusted) => true,
            Some(Fault::LocalhostNeverTrusted) => false,
            _ => self.config.secure_localhost == Some(true),
        };
        let localhost = match self.rules.fault {
            Some(Fault::LocalhostBySuffix) => host.ends_with(b"localhost"),
            Some(Fault::LocalhostTrustCoversAll) => true,
            _ => is_localhost(host),
        };
        let by_port = self.is(Fault::SecureByPort) && uri.port == b":443";
        let other_port = self.is(Fault::SecureOnDefaultPortOnly) && !uri.port.is_empty();
        let by_scheme = matches!(&scheme[..], b"https" | b"wss") && !other_port;
        by_scheme || by_port || trusted && localhost
    }

    /// Is the domain one that no site owns? A store that is given no list has a short one of its own.
    pub(crate) fn is_public_suffix(&self, domain: &[u8]) -> bool {
        match &self.config.public_suffixes {
            Suffixes::NoRejection => {
                self.is(Fault::SuffixRejectionAlwaysOn)
                    && !domain.is_empty()
                    && !domain.contains(&b'.')
            }
            Suffixes::Own => self.rules.is_public_suffix(domain, OWN_LIST),
            Suffixes::Rules(rules) => self.rules.is_public_suffix(domain, rules),
        }
    }

    /// Removes the expired cookies.
    pub(crate) fn sweep(&mut self) {
        let now = self.now;
        if now < self.next_expiry {
            return;
        }
        if self.is(Fault::CreationSurvivesDeletion) {
            self.graves.extend(self.cookies.iter().filter(|it| it.is_expired(now)).cloned());
        }
        self.cookies.retain(|cookie| !cookie.is_expired(now));
        self.next_expiry = self.cookies.iter().filter_map(|it| it.expiry).min().unwrap_or(i64::MAX);
    }
}

/// FNV-1a over the name in lower case. Names with different hashes differ in more than case.
pub(crate) fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0x811C_9DC5, |hash: u32, octet| {
        (hash ^ u32::from(octet.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}
