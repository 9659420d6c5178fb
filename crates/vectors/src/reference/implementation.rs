//! The reference engine behind the [`Implementation`] trait.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cookiespec_engine::host::{Host, HostRule};
use cookiespec_engine::request::is_safe_method;
use cookiespec_engine::set_cookie::{ParsedSetCookie, PathAttribute};
use cookiespec_engine::{
    self as engine, Api, Context, Cookie, CookieStore, Event, Limits, NoPublicSuffixes, Policy,
    Profile, PublicSuffixes, Request, SameSite, SavedCookie, SetCookie, SuffixRules, Uri,
    is_domain_name,
};

use super::user_agent;
use crate::ability;
use crate::dispatch::ask;
use crate::implementation::{Implementation, ImplementationInfo, Jar, OperationResult, Refusal};
use crate::message::Answer;
use crate::octets::Octets;
use crate::operation::{
    self, Acceptance, Arrived, ExchangeProgram, FormatSetCookie, JarConfig, Operation, ParseCookie,
    ParseSetCookie, ParsedCookie, Sent, StoredCookie, Suffixes,
};
use crate::schema::MAX_INTEGER;

/// The reference engine under one profile.
#[derive(Clone, Debug)]
pub struct Reference {
    profile: Profile,
    /// Collects the steps, if they are wanted. Shared with the stores it makes.
    trace: Option<Trace>,
}

type Trace = Rc<RefCell<Vec<Traced>>>;

/// The steps of the engine for one set-cookie-string or one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// The string, or the URI of the request.
    pub subject: Octets,
    /// The steps taken, in order.
    pub events: Vec<Event>,
}

/// The steps of the engine for an operation.
pub fn trace(profile: Profile, operation: &Operation) -> Vec<Traced> {
    explain(profile, operation).1
}

/// The engine's answer to an operation, and the steps it took.
pub fn explain(profile: Profile, operation: &Operation) -> (Answer, Vec<Traced>) {
    let trace = Trace::default();
    let mut reference = Reference { profile, trace: Some(Rc::clone(&trace)) };
    let answer = ask(&mut reference, operation);
    (answer, trace.take())
}

impl Reference {
    /// The engine under this profile.
    pub const fn new(profile: Profile) -> Self {
        Self { profile, trace: None }
    }
}

impl Implementation for Reference {
    fn about(&self) -> ImplementationInfo {
        ImplementationInfo {
            name: "cookiespec-engine".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            source: "crates/engine".to_owned(),
            can: Operation::NAMES.iter().chain(ability::ALL).map(|&word| word.to_owned()).collect(),
            blind: vec!["partitioned".to_owned()],
            claims: Some(self.profile.name().to_owned()),
            notes: "the reference engine of this project".to_owned(),
        }
    }

    fn parse_set_cookie(
        &mut self,
        input: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        let mut events = Vec::new();
        let line = input.set_cookie.as_slice();
        let parsed = engine::set_cookie::parse_traced(line, self.profile, &mut events);
        record(self.trace.as_ref(), &input.set_cookie, events);
        Ok(parsed
            .ok()
            // Nothing is received without a name and a value (section 5.7 step 2).
            .filter(|cookie| !(cookie.name.is_empty() && cookie.value.is_empty()))
            .map(|cookie| parsed_cookie(&cookie, input, self.profile)))
    }

    fn parse_cookie(&mut self, input: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        Ok(input
            .cookie
            .iter()
            .flat_map(|line| engine::cookie_header::pairs(line.as_slice()))
            .map(|pair| (pair.name.into(), pair.value.into()))
            .collect())
    }

    fn parse_date(&mut self, date: &Octets) -> OperationResult<Option<i64>> {
        Ok(engine::date::parse_cookie_date(date.as_slice()).ok())
    }

    fn match_domain(&mut self, host: &Octets, domain: &Octets) -> OperationResult<bool> {
        let canonical = |name: &Octets| Host::canonicalize(name.as_slice(), HostRule::Lenient);
        Ok(match (canonical(host), canonical(domain)) {
            (Ok(host), Ok(domain)) => host.domain_match(domain.as_octets()),
            _ => false,
        })
    }

    fn match_path(&mut self, path: &Octets, cookie_path: &Octets) -> OperationResult<bool> {
        Ok(engine::path::path_match(path.as_slice(), cookie_path.as_slice()))
    }

    fn default_path(&mut self, uri: &Octets) -> OperationResult<Octets> {
        let uri = parse_uri(uri)?;
        Ok(engine::path::default_path(uri.path()).into())
    }

    fn format_set_cookie(&mut self, input: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let same_site = match &input.same_site {
            None => SameSite::Default,
            Some(value) => match SameSite::from_attribute_value(value.as_slice()) {
                SameSite::Default => return Ok(None),
                same_site => same_site,
            },
        };
        let cookie = SetCookie {
            name: input.name.as_slice(),
            value: input.value.as_slice(),
            expires: input.expires,
            max_age: input.max_age,
            domain: input.domain.as_ref().map(Octets::as_slice),
            path: input.path.as_ref().map(Octets::as_slice),
            secure: input.secure.unwrap_or(false),
            http_only: input.http_only.unwrap_or(false),
            same_site,
            partitioned: input.partitioned.unwrap_or(false),
        };
        Ok(cookie.to_octets(self.profile).ok().map(Octets::from))
    }

    fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        let trace = self.trace.clone();
        Ok(Box::new(ReferenceJar { trace, ..ReferenceJar::new(self.profile, now, config) }))
    }

    fn run_exchange(
        &mut self,
        program: &ExchangeProgram,
    ) -> OperationResult<BTreeMap<String, Arrived>> {
        user_agent::run(self, program)
    }
}

/// A cookie as `parse.set-cookie` reports it. The age limit applies if the input has a clock.
fn parsed_cookie(
    cookie: &ParsedSetCookie<'_>,
    input: &ParseSetCookie,
    profile: Profile,
) -> ParsedCookie {
    let limit = Policy::new(profile).age_limit;
    let default_path = || {
        let uri = Uri::parse(input.uri.as_ref()?.as_slice()).ok()?;
        Some(engine::path::default_path(uri.path()).into())
    };
    ParsedCookie {
        name: cookie.name.into(),
        value: cookie.value.into(),
        domain: cookie.domain.map(|domain| domain.to_ascii_lowercase().into()),
        path: match cookie.path {
            Some(PathAttribute::Absolute(path)) => Some(path.into()),
            Some(PathAttribute::Default { .. }) => default_path(),
            None => None,
        },
        expires: cookie.expires.map(|expires| match (limit, input.now) {
            (Some(limit), Some(now)) => expires.min(now.saturating_add(limit)),
            _ => expires,
        }),
        max_age: cookie.max_age.map(|max_age| {
            max_age.min(limit.unwrap_or(MAX_INTEGER)).clamp(-MAX_INTEGER, MAX_INTEGER)
        }),
        secure: Some(cookie.secure),
        http_only: Some(cookie.http_only),
        same_site: cookie.same_site.map(|same_site| same_site.name().into()),
        partitioned: None,
    }
}

fn record(trace: Option<&Trace>, subject: &Octets, events: Vec<Event>) {
    if let Some(trace) = trace {
        trace.borrow_mut().push(Traced { subject: subject.clone(), events });
    }
}

pub(super) fn parse_uri(uri: &Octets) -> OperationResult<Uri<'_>> {
    Uri::parse(uri.as_slice()).map_err(|error| Refusal::error(format!("{uri}: {error}")))
}

fn policy(config: &JarConfig, profile: Profile) -> Policy {
    Policy {
        host_rule: match config.strict_hosts {
            Some(true) => HostRule::Strict,
            _ => HostRule::Lenient,
        },
        secure_localhost: config.secure_localhost.unwrap_or(false),
        lax_allowing_unsafe: config.lax_allowing_unsafe.filter(|&age| age > 0),
        limits: Limits { per_domain: config.max_per_domain, total: config.max_total },
        acceptance: match config.cookies {
            None | Some(Acceptance::All) => engine::Acceptance::All,
            Some(Acceptance::SessionOnly) => engine::Acceptance::SessionOnly,
            Some(Acceptance::None) => engine::Acceptance::Disabled,
        },
        ..Policy::new(profile)
    }
}

/// The public suffixes of a configuration.
pub(super) fn suffixes(config: &JarConfig) -> Box<dyn PublicSuffixes> {
    match &config.public_suffixes {
        Suffixes::Own => Box::new(EmbeddedList),
        Suffixes::NoRejection => Box::new(NoPublicSuffixes),
        Suffixes::Rules(rules) => Box::new(rules.iter().collect::<SuffixRules>()),
    }
}

/// The Public Suffix List of the `psl` crate, private domains included.
struct EmbeddedList;

impl PublicSuffixes for EmbeddedList {
    fn is_public_suffix(&self, domain: &[u8]) -> bool {
        // The implicit rule `*` is about names: "localhost:3000" is none.
        is_domain_name(domain)
            && psl::suffix(domain).is_some_and(|suffix| suffix.as_bytes() == domain)
    }
}

/// A cookie store of the engine with a clock of its own.
pub(super) struct ReferenceJar {
    pub(super) store: CookieStore<Box<dyn PublicSuffixes>>,
    profile: Profile,
    pub(super) config: JarConfig,
    pub(super) now: i64,
    trace: Option<Trace>,
}

impl ReferenceJar {
    /// An empty store that keeps no trace.
    pub(super) fn new(profile: Profile, now: i64, config: &JarConfig) -> Self {
        let store = CookieStore::new(policy(config, profile), suffixes(config));
        Self { store, profile, config: config.clone(), now, trace: None }
    }

    /// Another store with the same cookies, which keeps the same trace.
    pub(super) fn copied(&self) -> OperationResult<Self> {
        let mut copy = Self::new(self.profile, self.now, &self.config);
        copy.trace.clone_from(&self.trace);
        copy.restore(&self.written_out())?;
        Ok(copy)
    }

    fn written_out(&self) -> Vec<SavedCookie> {
        self.store.cookies(self.now).into_iter().map(SavedCookie::from).collect()
    }

    fn restore(&mut self, cookies: &[SavedCookie]) -> OperationResult<()> {
        cookies.iter().try_for_each(|cookie| self.store.restore(cookie).map_err(Refusal::error))
    }

    /// Receives one set-cookie-string; gives the steps.
    pub(super) fn receive_one(
        &mut self,
        uri: &Octets,
        line: &Octets,
        context: Context,
    ) -> OperationResult<Vec<Event>> {
        let request = Request { uri: parse_uri(uri)?, context };
        let mut events = Vec::new();
        // Whether the cookie was ignored shows in what is sent afterwards.
        let _ = self.store.receive(line.as_slice(), &request, self.now, &mut events);
        Ok(events)
    }

    /// What a request would carry, and the steps that lead to it.
    pub(super) fn send_one(
        &mut self,
        uri: &Octets,
        context: Context,
    ) -> OperationResult<(Sent, Vec<Event>)> {
        let request = Request { uri: parse_uri(uri)?, context };
        let mut events = Vec::new();
        let list = self.store.retrieve(&request, self.now, &mut events);
        let pairs = list.iter().map(|cookie| (cookie.name().into(), cookie.value().into()));
        let sent = Sent {
            cookies: Some(pairs.collect()),
            header: (!list.is_empty()).then(|| engine::store::serialize(&list).into()),
        };
        Ok((sent, events))
    }
}

impl Jar for ReferenceJar {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &operation::Context,
    ) -> OperationResult<()> {
        for line in set_cookie {
            let events = self.receive_one(uri, line, engine_context(context))?;
            record(self.trace.as_ref(), line, events);
        }
        Ok(())
    }

    fn send(&mut self, uri: &Octets, context: &operation::Context) -> OperationResult<Sent> {
        let (sent, events) = self.send_one(uri, engine_context(context))?;
        record(self.trace.as_ref(), uri, events);
        Ok(sent)
    }

    fn advance(&mut self, secs: i64) -> OperationResult<()> {
        self.now = self.now.saturating_add(secs);
        Ok(())
    }

    fn restart(&mut self) -> OperationResult<()> {
        self.store.end_session(self.now);
        let written_out = self.written_out();
        self.store.clear();
        self.restore(&written_out)
    }

    fn copy(&self) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(self.copied()?))
    }

    fn script_set(
        &mut self,
        uri: &Octets,
        value: &Octets,
        context: &operation::Context,
    ) -> OperationResult<()> {
        let events = self.receive_one(uri, value, script_context(context))?;
        record(self.trace.as_ref(), value, events);
        Ok(())
    }

    fn script_get(
        &mut self,
        uri: &Octets,
        context: &operation::Context,
    ) -> OperationResult<Octets> {
        let (sent, events) = self.send_one(uri, script_context(context))?;
        record(self.trace.as_ref(), uri, events);
        Ok(sent.header.unwrap_or_default())
    }

    fn dump(&mut self) -> OperationResult<Vec<StoredCookie>> {
        Ok(self.store.cookies(self.now).into_iter().map(stored_cookie).collect())
    }

    fn configure(&mut self, config: &JarConfig) -> OperationResult<()> {
        self.store.set_policy(policy(config, self.profile));
        self.store.set_suffixes(suffixes(config));
        self.config = config.clone();
        Ok(())
    }
}

/// The circumstances of a request as the engine takes them.
pub(super) fn engine_context(context: &operation::Context) -> Context {
    Context {
        same_site: context.same_site,
        top_level: context.top_level,
        safe_method: is_safe_method(context.method.as_bytes()),
        api: match context.api {
            operation::Api::Http => Api::Http,
            operation::Api::Script => Api::NonHttp,
        },
    }
}

/// The circumstances of a script, whatever interface is named.
pub(super) fn script_context(context: &operation::Context) -> Context {
    Context { api: Api::NonHttp, ..engine_context(context) }
}

fn stored_cookie(cookie: Cookie<'_>) -> StoredCookie {
    StoredCookie {
        name: cookie.name().into(),
        value: cookie.value().into(),
        domain: Some(cookie.domain().into()),
        host_only: Some(cookie.host_only()),
        path: Some(cookie.path().into()),
        expires: cookie.expiry().map(|expiry| expiry.clamp(-MAX_INTEGER, MAX_INTEGER)),
        creation: Some(cookie.creation()),
        last_access: Some(cookie.last_access()),
        secure: Some(cookie.secure_only()),
        http_only: Some(cookie.http_only()),
        same_site: Some(cookie.same_site().name().into()),
    }
}
