//! A step of the engine in words: the cookie it is about, the attribute with its value, and the
//! condition that decided.

use cookiespec_engine::date::ImfFixdate;
use cookiespec_engine::host::Host;
use cookiespec_engine::path::default_path;
use cookiespec_engine::set_cookie::PathAttribute;
use cookiespec_engine::store::cookie_path;
use cookiespec_engine::trace::Reference as Place;
use cookiespec_engine::{
    Api, Event, ParsedSetCookie, Policy, Profile, Request, SameSite, SavedCookie, Step,
};

/// The longest octet string that is shown completely.
const MOST_SHOWN: usize = 80;

/// A step, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedStep {
    /// What happens, as a clause without a full stop.
    pub text: &'static str,
    /// Where the profile says so; `None` where it says nothing of the kind.
    pub place: Option<Place>,
    /// The cookie, the attribute with its value, and which condition decided, escaped. Empty where
    /// `text` says everything.
    pub detail: String,
}

impl ExplainedStep {
    fn new(step: Step, profile: Profile, detail: String) -> Self {
        Self { text: step.text(), place: step.reference(profile), detail }
    }
}

/// Why a cookie left the store between two requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// Its expiry-time came.
    Expired,
    /// It was not persistent, and the session ended.
    SessionOver,
}

/// A set-cookie-string that the engine received or parsed, and the circumstances.
pub(super) struct Receipt<'a> {
    pub(super) profile: Profile,
    pub(super) policy: &'a Policy,
    pub(super) line: &'a [u8],
    /// `None` where the string is ignored before the storage model begins.
    pub(super) parsed: Option<ParsedSetCookie<'a>>,
    pub(super) request: Option<Request<'a>>,
    /// The time in Unix seconds, if the operation has a clock.
    pub(super) now: Option<i64>,
    /// The cookies in the store before, and after.
    pub(super) before: &'a [SavedCookie],
    pub(super) after: &'a [SavedCookie],
}

impl Receipt<'_> {
    /// The steps, with the one that determines the path, which the engine does not record.
    pub(super) fn steps(&self, events: &[Event]) -> Vec<ExplainedStep> {
        let mut steps = Vec::new();
        for event in events {
            steps.push(ExplainedStep::new(event.step, self.profile, self.detail(*event)));
            if matches!(event.step, Step::DomainCookie | Step::HostOnlyCookie) {
                steps.extend(self.path_step());
            }
        }
        steps
    }

    /// RFC 6265 section 5.3 step 7, 6265bis section 5.7 step 11.
    fn path_step(&self) -> Option<ExplainedStep> {
        let (parsed, request) = (self.parsed?, self.request?);
        let path = cookie_path(&parsed, &request, self.profile);
        let is_of_attribute = matches!(parsed.path, Some(PathAttribute::Absolute(_)));
        let (text, origin) = match is_of_attribute {
            true => ("the path is the attribute-value of the last Path", String::new()),
            false => (
                "the path is the default-path of the request-uri",
                format!(", the default-path of {}", shown(request.uri.request_path())),
            ),
        };
        let place = match self.profile {
            Profile::Rfc6265 => Place { section: "5.3", step: "7" },
            Profile::Rfc6265bis => Place { section: "5.7", step: "11" },
        };
        let detail = format!("{} has path {}{origin}", self.name(), shown(path));
        Some(ExplainedStep { text, place: Some(place), detail })
    }

    fn detail(&self, event: Event) -> String {
        if event.at > 0 {
            return self.attribute(event);
        }
        match event.step {
            Step::ControlCharacter => self.control_character(),
            Step::NoEqualsSign | Step::NamelessPair | Step::EmptyName => shown(self.pair()),
            Step::PairTooLong => {
                let octets = self.pair().len();
                format!("{}: {octets} octets with the \"=\" and white space", self.name())
            }
            Step::CookiesDisabled | Step::NameAndValueEmpty => shown(self.line),
            Step::LifetimeCapped => {
                let days = self.policy.age_limit.unwrap_or(i64::MAX) / 86_400;
                format!("{}: {days} days", self.name())
            }
            Step::PersistentByMaxAge => format!("{} has {}", self.name(), self.max_age()),
            Step::PersistentByExpires => {
                let expires = self.parsed.and_then(|parsed| parsed.expires).unwrap_or_default();
                format!("{} has Expires={}", self.name(), date(expires))
            }
            Step::SessionCookie => {
                format!("{} has no valid Max-Age and no valid Expires", self.name())
            }
            Step::DomainNotAscii
            | Step::PublicSuffixIsHost
            | Step::PublicSuffixRefused
            | Step::DomainMismatch => self.domain(event.step),
            Step::HostNotCanonical => format!("request-host {}", self.host()),
            Step::DomainCookie => {
                let domain = self.parsed.and_then(|parsed| parsed.domain).unwrap_or_default();
                format!("{} is for {} and below", self.name(), shown(&domain.to_ascii_lowercase()))
            }
            Step::HostOnlyCookie => {
                let why = match self.parsed.and_then(|parsed| parsed.domain) {
                    None | Some([]) => "has no Domain",
                    Some(_) => "loses its Domain",
                };
                format!("{} {why} and is for {} alone", self.name(), self.host())
            }
            Step::SecureFromNonSecure => {
                format!("{}: Secure and the request is {}", self.name(), self.scheme())
            }
            Step::HttpOnlyFromScript => format!("{}: HttpOnly and a non-HTTP API", self.name()),
            Step::SecureOverlay => self.overlaid(),
            Step::CrossSiteScript | Step::CrossSiteRequest => {
                let same_site = self.parsed.and_then(|parsed| parsed.same_site);
                let same_site = same_site_words(same_site.unwrap_or_default());
                format!("{}: {same_site} and cross-site", self.name())
            }
            Step::SameSiteNoneNotSecure => format!("{}: Secure is missing", self.name()),
            Step::SecurePrefixBroken => format!("{}: Secure is missing", self.name()),
            Step::HostPrefixBroken => self.host_prefix(),
            Step::NamelessPrefix => format!("value {}", shown(self.value())),
            Step::HttpOnlyProtected | Step::OldCookieReplaced => self.old_cookie(),
            Step::CookieInserted => self.inserted(),
            Step::CookieExpired => self.expired(),
            Step::ExcessForDomain | Step::ExcessInTotal => self.evicted(),
            _ => String::new(),
        }
    }

    /// The cookie-av at the offset of the event, and what it is taken for.
    fn attribute(&self, event: Event) -> String {
        let rest = self.line.get(event.at..).unwrap_or_default();
        let cookie_av = rest.split(|octet| *octet == b';').next().unwrap_or_default();
        let cookie_av = cookie_av.trim_ascii();
        let value = cookie_av.splitn(2, |octet| *octet == b'=').nth(1).unwrap_or_default();
        let shown_av = shown(cookie_av);
        match event.step {
            Step::AttributeTooLong => format!("{shown_av}: {} octets", value.trim_ascii().len()),
            Step::ExpiresAppended => {
                let taken = cookiespec_engine::date::parse_cookie_date(value).ok().map(date);
                match taken {
                    Some(date) if date.as_bytes() != value.trim_ascii() => {
                        format!("{shown_av}, which is {date}")
                    }
                    _ => shown_av,
                }
            }
            Step::ExpiresUnparsable => match cookiespec_engine::date::parse_cookie_date(value) {
                Err(error) => format!("{shown_av}: {error}"),
                Ok(_) => shown_av,
            },
            Step::PathDefault => match self.request {
                Some(request) => {
                    let (path, of) = (default_path(request.uri.path()), request.uri.request_path());
                    format!("{shown_av}, and {} is the default-path of {}", shown(path), shown(of))
                }
                None => shown_av,
            },
            _ => shown_av,
        }
    }

    fn control_character(&self) -> String {
        let is_control = |octet: &u8| octet.is_ascii_control() && *octet != b'\t';
        match self.line.iter().enumerate().find(|(_, octet)| is_control(octet)) {
            Some((at, octet)) => format!("octet 0x{octet:02x} at offset {at}"),
            None => String::new(),
        }
    }

    fn max_age(&self) -> String {
        let Some(seconds) = self.parsed.and_then(|parsed| parsed.max_age) else {
            return String::new();
        };
        let mut words = format!("Max-Age={seconds}");
        if seconds <= 0 {
            words.push_str(", the earliest representable date");
        } else if let Some(now) = self.now {
            let limit = self.policy.age_limit.unwrap_or(i64::MAX);
            let expiry = now.saturating_add(seconds.min(limit));
            words.push_str(&format!(", until {}", date(expiry)));
        }
        if self.parsed.is_some_and(|parsed| parsed.expires.is_some()) {
            words.push_str("; Expires does not count beside it");
        }
        words
    }

    fn domain(&self, step: Step) -> String {
        let domain = self.parsed.and_then(|parsed| parsed.domain).unwrap_or_default();
        let (name, host) = (self.name(), self.host());
        let domain = shown(&domain.to_ascii_lowercase());
        match step {
            Step::DomainMismatch => format!("{name}: {host} does not domain-match {domain}"),
            Step::PublicSuffixRefused => {
                format!("{name} has Domain={domain} and the request-host is {host}")
            }
            _ => format!("{name} has Domain={domain}"),
        }
    }

    /// A Secure cookie of the same name. Where there are several, any of them may be protected.
    fn overlaid(&self) -> String {
        let is_of_name = |old: &&SavedCookie| old.secure_only && old.name == self.name_octets();
        let secure: Vec<_> = self.before.iter().filter(is_of_name).collect();
        match secure[..] {
            [old] => format!(
                "{}: no Secure, the request is {}, and there is {} with Secure, domain {}, path {}",
                self.name(),
                self.scheme(),
                pair(&old.name, &old.value),
                shown(&old.domain),
                shown(&old.path)
            ),
            _ => format!("{}: no Secure, and the request is {}", self.name(), self.scheme()),
        }
    }

    /// Every condition of `__Host-` that is not met.
    fn host_prefix(&self) -> String {
        let Some(parsed) = self.parsed else { return self.name() };
        let mut broken = Vec::new();
        if !parsed.secure {
            broken.push("Secure is missing".to_owned());
        }
        if let Some(domain @ [_, ..]) = parsed.domain {
            broken.push(format!("Domain={} is there", shown(domain)));
        }
        match (parsed.path, self.request) {
            (None, _) => broken.push("Path=/ is missing".to_owned()),
            (Some(_), Some(request)) => match cookie_path(&parsed, &request, self.profile) {
                b"/" => {}
                path => broken.push(format!("the path is {} and not /", shown(path))),
            },
            _ => {}
        }
        format!("{}: {}", self.name(), broken.join(", "))
    }

    /// The cookie that the new one has the identity of.
    fn old_cookie(&self) -> String {
        let (Some(parsed), Some(request)) = (self.parsed, self.request) else {
            return self.name();
        };
        let path = cookie_path(&parsed, &request, self.profile);
        let mut of_name =
            self.before.iter().filter(|old| old.name == parsed.name && old.path == path);
        match (of_name.next(), of_name.next()) {
            (Some(old), None) => {
                format!("{}, of {}", pair(&old.name, &old.value), date(old.creation))
            }
            _ => self.name(),
        }
    }

    fn inserted(&self) -> String {
        let is_new = |cookie: &&SavedCookie| {
            cookie.name == self.name_octets()
                && cookie.value == self.value()
                && !self.before.contains(cookie)
        };
        let cookie = pair(self.name_octets(), self.value());
        match self.after.iter().find(is_new) {
            Some(new) => {
                let host_only = if new.host_only { ", host-only" } else { "" };
                let (domain, path) = (shown(&new.domain), shown(&new.path));
                format!("{cookie}, domain {domain}{host_only}, path {path}")
            }
            None => cookie,
        }
    }

    fn expired(&self) -> String {
        let Some(parsed) = self.parsed else { return self.name() };
        match (parsed.max_age, parsed.expires) {
            (Some(seconds), _) => format!("{} has Max-Age={seconds}", self.name()),
            (None, Some(expires)) => format!("{} expired at {}", self.name(), date(expires)),
            (None, None) => self.name(),
        }
    }

    /// The cookies that are no longer in the store, the new one among them.
    fn evicted(&self) -> String {
        let removed = self.before.iter().filter(|old| {
            old.expiry.is_none_or(|expiry| self.now.is_some_and(|now| now < expiry))
                && !self.after.iter().any(|new| is_same(old, new))
        });
        let removed: Vec<_> = removed.map(|old| pair(&old.name, &old.value)).collect();
        if removed.is_empty() { self.name() } else { removed.join(", ") }
    }

    /// What stands before the first ";".
    fn pair(&self) -> &[u8] {
        self.line.split(|octet| *octet == b';').next().unwrap_or_default()
    }

    fn name_octets(&self) -> &[u8] {
        self.parsed.map(|parsed| parsed.name).unwrap_or_default()
    }

    fn value(&self) -> &[u8] {
        self.parsed.map(|parsed| parsed.value).unwrap_or_default()
    }

    /// The name of the cookie; of one without a name, the value.
    fn name(&self) -> String {
        match self.parsed {
            Some(parsed) => name_of(parsed.name, parsed.value),
            None => shown(self.pair().trim_ascii()),
        }
    }

    fn host(&self) -> String {
        let Some(request) = self.request else { return String::new() };
        let host = Host::canonicalize(request.uri.host(), self.policy.host_rule);
        match host {
            Ok(host) => shown(host.as_octets()),
            Err(error) => format!("{}: {error}", shown(request.uri.host())),
        }
    }

    fn scheme(&self) -> String {
        self.request.map(|request| shown(request.uri.scheme())).unwrap_or_default()
    }
}

/// A request, for which the engine looks at the cookies of the store.
pub(super) struct Retrieval<'a> {
    pub(super) profile: Profile,
    pub(super) policy: &'a Policy,
    pub(super) request: &'a Request<'a>,
}

impl Retrieval<'_> {
    /// A step by which no cookie is looked at.
    pub(super) fn refused(&self, step: Step) -> ExplainedStep {
        let detail = match step {
            Step::RetrievalHostNotCanonical => format!("request-host {}", self.host()),
            _ => String::new(),
        };
        ExplainedStep::new(step, self.profile, detail)
    }

    /// A step about a cookie whose domain fits.
    pub(super) fn visited(&self, step: Step, cookie: &SavedCookie) -> ExplainedStep {
        let name = name_of(&cookie.name, &cookie.value);
        let scheme = shown(self.request.uri.scheme());
        let detail = match step {
            Step::CookieListed => pair(&cookie.name, &cookie.value),
            Step::NowPublicSuffix => format!("{name}: domain {}", shown(&cookie.domain)),
            Step::PathMismatch => {
                let (path, of) = (shown(&cookie.path), shown(self.request.uri.request_path()));
                format!("{name}: path {path} does not path-match {of}")
            }
            Step::SecureLeftOut => format!("{name}: Secure and the request is {scheme}"),
            Step::HttpOnlyLeftOut => format!("{name}: HttpOnly and a non-HTTP API"),
            Step::CrossSiteLeftOut => format!("{name}: {}", self.cross_site(cookie)),
            _ => name,
        };
        ExplainedStep::new(step, self.profile, detail)
    }

    /// A cookie that is for another host.
    pub(super) fn elsewhere(&self, cookie: &SavedCookie) -> ExplainedStep {
        let (name, domain) = (name_of(&cookie.name, &cookie.value), shown(&cookie.domain));
        let host = self.host();
        let detail = match cookie.host_only {
            true => format!("{name}: host-only for {domain}, and the request-host is {host}"),
            false => format!("{name}: {host} does not domain-match {domain}"),
        };
        self.left_out(detail)
    }

    /// So many more of them.
    pub(super) fn more_elsewhere(&self, count: usize) -> ExplainedStep {
        self.left_out(format!("{count} more cookies of other hosts"))
    }

    /// A cookie that was stored, and is not any more.
    pub(super) fn gone(&self, cookie: &SavedCookie, why: Gone) -> ExplainedStep {
        let name = name_of(&cookie.name, &cookie.value);
        let detail = match (why, cookie.expiry) {
            (Gone::Expired, Some(expiry)) => format!("{name}: expired at {}", date(expiry)),
            (Gone::Expired, None) => name,
            (Gone::SessionOver, _) => format!("{name}: not persistent, and the session is over"),
        };
        let section = match self.profile {
            Profile::Rfc6265 => "5.3",
            Profile::Rfc6265bis => "5.7",
        };
        ExplainedStep {
            text: "the cookie is not in the cookie store any more",
            place: Some(Place { section, step: "" }),
            detail,
        }
    }

    fn left_out(&self, detail: String) -> ExplainedStep {
        let (section, step) = match self.profile {
            Profile::Rfc6265 => ("5.4", "1"),
            Profile::Rfc6265bis => ("5.8.3", "3"),
        };
        ExplainedStep {
            text: "the domain does not fit the request-host and the cookie is left out",
            place: Some(Place { section, step }),
            detail,
        }
    }

    fn cross_site(&self, cookie: &SavedCookie) -> String {
        let context = &self.request.context;
        let circumstances = match cookie.same_site {
            _ if context.api == Api::NonHttp => "a cross-site document",
            SameSite::Strict => "cross-site",
            _ if !context.top_level => "a cross-site request that is no top-level navigation",
            _ => "a cross-site request with an unsafe method",
        };
        format!("{} and {circumstances}", same_site_words(cookie.same_site))
    }

    fn host(&self) -> String {
        match Host::canonicalize(self.request.uri.host(), self.policy.host_rule) {
            Ok(host) => shown(host.as_octets()),
            Err(error) => format!("{}: {error}", shown(self.request.uri.host())),
        }
    }
}

/// Whether two cookies are the same to the store.
pub(super) fn is_same(one: &SavedCookie, other: &SavedCookie) -> bool {
    let identity = |cookie: &SavedCookie| {
        (cookie.name.clone(), cookie.domain.clone(), cookie.path.clone(), cookie.host_only)
    };
    identity(one) == identity(other)
}

fn same_site_words(same_site: SameSite) -> String {
    match same_site {
        SameSite::Default => "no SameSite".to_owned(),
        same_site => format!("SameSite={}", same_site.name()),
    }
}

/// The pair as a Cookie field has it.
fn pair(name: &[u8], value: &[u8]) -> String {
    match name {
        [] => shown(value),
        name => shown(&[name, b"=", value].concat()),
    }
}

fn name_of(name: &[u8], value: &[u8]) -> String {
    if name.is_empty() { format!("the nameless {}", shown(value)) } else { shown(name) }
}

/// A time as a date, or as a number where no date has it.
fn date(unix_seconds: i64) -> String {
    match ImfFixdate::new(unix_seconds) {
        Some(date) => date.to_string(),
        None => format!("{unix_seconds} in Unix seconds"),
    }
}

/// Octets as they are, or in quotes and escaped where they could be misread; cut where they are
/// long.
fn shown(octets: &[u8]) -> String {
    let is_plain = |octet: &u8| octet.is_ascii_graphic() && !b"\"\\".contains(octet);
    match octets {
        [_, ..] if octets.len() <= MOST_SHOWN && octets.iter().all(is_plain) => {
            octets.iter().copied().map(char::from).collect()
        }
        _ if octets.len() <= MOST_SHOWN => format!("\"{}\"", octets.escape_ascii()),
        _ => {
            let head = octets[..MOST_SHOWN / 2].escape_ascii();
            format!("\"{head}\"… ({} octets)", octets.len())
        }
    }
}
