//! RFC 6265 section 5.3 and 6265bis section 5.7: the cookie store, expiry, excess cookies and the
//! end of the session. Storing is in [`super::receive`], retrieving in [`super::retrieve`].

use super::set_cookie::Enforcement;

/// The fields stored about each cookie. RFC 6265 has no same-site-flag and leaves it at
/// "Default".
#[derive(Clone, Debug, PartialEq)]
pub struct Cookie {
    /// name.
    pub name: Vec<u8>,
    /// value.
    pub value: Vec<u8>,
    /// expiry-time, in Unix seconds; the latest possible for a cookie that is not persistent.
    pub expiry_time: i64,
    /// domain, canonicalized.
    pub domain: Vec<u8>,
    /// path.
    pub path: Vec<u8>,
    /// creation-time.
    pub creation_time: Instant,
    /// last-access-time.
    pub last_access_time: Instant,
    /// persistent-flag.
    pub persistent_flag: bool,
    /// host-only-flag.
    pub host_only_flag: bool,
    /// secure-only-flag.
    pub secure_only_flag: bool,
    /// http-only-flag.
    pub http_only_flag: bool,
    /// same-site-flag.
    pub same_site_flag: Enforcement,
}

/// A date and time. No two events happen at once: those of the same second keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    /// Unix seconds.
    pub seconds: i64,
    /// How many events there were before.
    event: u64,
}

/// What the specification leaves to the user agent.
#[derive(Clone, Debug)]
pub struct UserAgent {
    /// The public suffixes it rejects; `None` where it is not configured to reject any.
    pub public_suffixes: Option<fn(&[u8]) -> bool>,
    /// The hosts to which every connection is a secure one.
    pub trusted_hosts: &'static [&'static [u8]],
    /// Whether hosts are canonicalized by the literal text of 6265bis section 5.1.2.
    pub strict_hosts: bool,
    /// For how many seconds "Lax-allowing-unsafe" enforcement applies; `None`: never.
    pub lax_allowing_unsafe: Option<i64>,
    /// The upper bound on cookies that share a domain field.
    pub most_per_domain: usize,
    /// The upper bound on cookies in the store.
    pub most_in_all: usize,
}

impl UserAgent {
    /// Whether the user agent rejects this domain as a public suffix.
    pub fn rejects(&self, domain: &[u8]) -> bool {
        self.public_suffixes.is_some_and(|is_public_suffix| is_public_suffix(domain))
    }
}

/// A request-uri, or the URI of a document.
#[derive(Clone, Debug)]
pub struct Uri {
    /// The scheme, in lower case.
    pub scheme: Vec<u8>,
    /// The host.
    pub host: Vec<u8>,
    /// The path; empty if there is none.
    pub path: Vec<u8>,
}

impl Uri {
    /// Whether it denotes a "secure" protocol or connection, as the user agent defines it.
    pub fn is_secure(&self, user_agent: &UserAgent) -> bool {
        self.scheme == b"https" || user_agent.trusted_hosts.contains(&self.host.as_slice())
    }
}

/// The circumstances of a request, or of a call to a non-HTTP API.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// Whether the request is same-site, or the site for cookies of the document is same-site with
    /// the top-level origin.
    pub same_site: bool,
    /// Whether the request navigates a top-level traversable.
    pub top_level: bool,
    /// Whether its method is safe.
    pub safe_method: bool,
    /// Whether it is a call to a non-HTTP API and not a request.
    pub non_http: bool,
}

/// The cookie store of one user agent.
#[derive(Clone, Debug)]
pub struct Store {
    /// The choices of the user agent.
    pub user_agent: UserAgent,
    /// The cookies, in the order in which they were stored.
    pub cookies: Vec<Cookie>,
    /// The current date and time.
    pub now: Instant,
}

impl Store {
    /// An empty store whose clock stands at `now`, in Unix seconds.
    pub fn new(user_agent: UserAgent, now: i64) -> Self {
        Self { user_agent, cookies: vec![], now: Instant { seconds: now, event: 0 } }
    }

    /// The time of the next event, which is that of no other.
    pub fn tick(&mut self) -> Instant {
        self.now.event += 1;
        self.now
    }

    /// Time passes.
    pub fn advance(&mut self, seconds: i64) {
        self.now.seconds += seconds;
        self.evict_expired_cookies();
    }

    /// The current session is over.
    pub fn end_session(&mut self) {
        self.cookies.retain(|cookie| cookie.persistent_flag);
    }

    /// A cookie is expired when its expiry date is in the past. Whether the exact instant is past
    /// the text leaves open; here it is.
    pub fn evict_expired_cookies(&mut self) {
        let now = self.now.seconds;
        self.cookies.retain(|cookie| cookie.expiry_time > now);
    }

    /// RFC 6265 section 5.3: excess cookies are removed in order of priority, and within one by
    /// the earliest last-access-time.
    pub fn remove_excess_cookies_rfc6265(&mut self) {
        // 1
        self.evict_expired_cookies();
        // 2
        while self.evict_earliest(|store, cookie| store.shares_domain(cookie)) {}
        // 3
        while self.evict_earliest(|store, _| store.has_too_many()) {}
    }

    /// 6265bis section 5.7.
    pub fn remove_excess_cookies_rfc6265bis(&mut self) {
        // 1
        self.evict_expired_cookies();
        // 2
        while self
            .evict_earliest(|store, cookie| !cookie.secure_only_flag && store.shares_domain(cookie))
        {
        }
        // 3
        while self.evict_earliest(|store, cookie| store.shares_domain(cookie)) {}
        // 4
        while self.evict_earliest(|store, _| store.has_too_many()) {}
    }

    /// Evicts the one cookie of this priority with the earliest last-access-time, if there is one.
    /// The text leaves open which of the cookies goes that one retrieval has accessed: the oldest.
    fn evict_earliest(&mut self, has_priority: impl Fn(&Self, &Cookie) -> bool) -> bool {
        let earliest = (0..self.cookies.len())
            .filter(|&index| has_priority(self, &self.cookies[index]))
            .min_by_key(|&index| {
                (self.cookies[index].last_access_time, self.cookies[index].creation_time)
            });
        match earliest {
            Some(index) => {
                self.cookies.remove(index);
                true
            }
            None => false,
        }
    }

    /// Whether the cookie shares its domain field with more others than the bound permits.
    fn shares_domain(&self, cookie: &Cookie) -> bool {
        let sharing = self.cookies.iter().filter(|other| other.domain == cookie.domain).count();
        sharing > self.user_agent.most_per_domain
    }

    fn has_too_many(&self) -> bool {
        self.cookies.len() > self.user_agent.most_in_all
    }
}
