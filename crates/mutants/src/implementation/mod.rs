//! An implementation of the cookie rules, written from the specifications and apart from the
//! reference engine. A mutant is a branch at the place of the rule it breaks.

mod attributes;
mod cookie;
mod cookie_field;
mod date;
mod format;
mod hosts;
mod lifetime;
mod line;
mod octets;
mod paths;
mod replacing;
mod rules;
mod sending;
mod slow;
mod store;
mod storing;

use std::fmt;

use cookiespec_vectors::operation::{
    Api, Context, FormatSetCookie, JarConfig, ParseCookie, ParseSetCookie, ParsedCookie, Sent,
    StoredCookie,
};
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Jar, Octets, Operation, OperationResult, Profile, ability,
};

use crate::catalogue::{Cost, Misbehavior};
use crate::mutant::Mutant;
use cookie::Cookie;
use paths::Uri;
use rules::Rules;
use store::Store;

/// An implementation of the cookie rules: right, or wrong in the way of one [`Mutant`], or right with
/// one [`Cost`] or one [`Misbehavior`].
#[derive(Clone, Debug)]
pub struct MutantImplementation {
    rules: Rules,
    misbehaving: Option<Misbehaving>,
}

impl MutantImplementation {
    /// The implementation that is wrong as `mutant` is and follows `profile` otherwise; without a
    /// mutant it is right.
    ///
    /// ```
    /// use cookiespec_mutants::{Mutant, MutantImplementation};
    /// use cookiespec_vectors::{Implementation, Profile};
    ///
    /// let (path, cookie_path) = ("/foobar".into(), "/foo".into());
    /// let mut right = MutantImplementation::new(None, Profile::Rfc6265bis);
    /// assert_eq!(right.match_path(&path, &cookie_path), Ok(false));
    /// let mutant = Mutant::PathPrefixWithoutBoundary;
    /// let mut wrong = MutantImplementation::new(Some(mutant), Profile::Rfc6265bis);
    /// assert_eq!(wrong.match_path(&path, &cookie_path), Ok(true));
    /// ```
    pub const fn new(mutant: Option<Mutant>, profile: Profile) -> Self {
        Self { rules: Rules { profile, mutant, cost: None }, misbehaving: None }
    }

    /// The implementation that is right and takes too long over the inputs of `cost`.
    pub const fn with_cost(cost: Cost, profile: Profile) -> Self {
        Self { rules: Rules { profile, mutant: None, cost: Some(cost) }, misbehaving: None }
    }

    /// The implementation that is right and misbehaves whenever it parses a set-cookie-string.
    pub fn with_misbehavior(misbehavior: Misbehavior, profile: Profile) -> Self {
        Self { misbehaving: Some(Misbehaving::new(misbehavior)), ..Self::new(None, profile) }
    }

    fn name(&self) -> String {
        let variant: Option<&dyn fmt::Display> = match (&self.rules, &self.misbehaving) {
            (Rules { mutant: Some(mutant), .. }, _) => Some(mutant),
            (Rules { cost: Some(cost), .. }, _) => Some(cost),
            (_, Some(misbehaving)) => Some(&misbehaving.misbehavior),
            (..) => None,
        };
        let variant = variant.map(|variant| format!(":{variant}")).unwrap_or_default();
        format!("cookiespec-mutants{variant}")
    }
}

/// The largest integer a message may have: 2^53 - 1.
const MAX_INTEGER: i64 = (1 << 53) - 1;

impl Implementation for MutantImplementation {
    fn about(&self) -> ImplementationInfo {
        // There are no requests in which a mutant could show itself.
        let operations = Operation::NAMES.iter().filter(|name| **name != "exchange");
        let can = operations.chain(ability::ALL);
        ImplementationInfo {
            name: self.name(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            source: "crates/mutants".to_owned(),
            can: can.map(|&word| word.to_owned()).collect(),
            blind: vec!["partitioned".to_owned()],
            claims: Some(self.rules.profile.name().to_owned()),
            notes: self.rules.mutant.map_or("no mutant", Mutant::description).to_owned(),
        }
    }

    fn parse_set_cookie(
        &mut self,
        input: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        if let Some(misbehaving) = &mut self.misbehaving {
            misbehaving.misbehave(&input.set_cookie);
        }
        let rules = self.rules;
        let uri = input.uri.as_ref().map(Uri::parse).transpose()?;
        let strings = rules.set_cookie_strings(input.set_cookie.as_slice());
        let Some(mut parsed) = strings.first().and_then(|string| rules.parse(string)) else {
            return Ok(None);
        };
        rules.limit_lifetimes(&mut parsed.attributes, input.now);
        let attributes = &parsed.attributes;
        let default_path = || uri.as_ref().map(|uri| rules.default_path(uri));
        let path = rules.winner(&attributes.path, Mutant::PathFirstWins);
        let same_site = rules.winner(&attributes.same_site, Mutant::SameSiteFirstWins);
        let max_age = rules.winner(&attributes.max_age, Mutant::MaxAgeFirstWins);
        Ok(Some(ParsedCookie {
            name: parsed.name.into(),
            value: parsed.value.into(),
            domain: rules
                .winner(&attributes.domain, Mutant::DomainFirstWins)
                .map(|domain| domain.clone().into()),
            path: path.and_then(|path| path.clone().or_else(default_path)).map(Octets::from),
            expires: rules
                .winner(&attributes.expires, Mutant::ExpiresFirstWins)
                .map(|expires| (*expires).clamp(-MAX_INTEGER, MAX_INTEGER)),
            max_age: max_age.map(|max_age| (*max_age).clamp(-MAX_INTEGER, MAX_INTEGER)),
            secure: Some(attributes.secure),
            http_only: Some(attributes.http_only),
            same_site: same_site.map(|same_site| same_site.name().into()),
            partitioned: None,
        }))
    }

    fn parse_cookie(&mut self, input: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let pairs = self.rules.cookie_pairs(&input.cookie);
        Ok(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    fn parse_date(&mut self, date: &Octets) -> OperationResult<Option<i64>> {
        Ok(self.rules.date(date.as_slice()))
    }

    fn match_domain(&mut self, host: &Octets, domain: &Octets) -> OperationResult<bool> {
        let canonical = |name: &Octets| self.rules.canonical_host(name.as_slice(), false);
        Ok(match (canonical(host), canonical(domain)) {
            (Some(host), Some(domain)) => self.rules.domain_match(&host, &domain),
            _ => false,
        })
    }

    fn match_path(&mut self, path: &Octets, cookie_path: &Octets) -> OperationResult<bool> {
        Ok(self.rules.path_match(path.as_slice(), cookie_path.as_slice()))
    }

    fn default_path(&mut self, uri: &Octets) -> OperationResult<Octets> {
        Ok(self.rules.default_path(&Uri::parse(uri)?).into())
    }

    fn format_set_cookie(&mut self, input: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        Ok(self.rules.format(input).map(Octets::from))
    }

    fn jar(&mut self, now: i64, config: &JarConfig) -> OperationResult<Box<dyn Jar>> {
        Ok(Box::new(Store::new(self.rules, config.clone(), now)))
    }
}

impl Jar for Store {
    fn receive(
        &mut self,
        uri: &Octets,
        set_cookie: &[Octets],
        context: &Context,
    ) -> OperationResult<()> {
        let uri = Uri::parse(uri)?;
        self.responses += 1;
        set_cookie.iter().for_each(|line| self.receive_line(&uri, line.as_slice(), context));
        Ok(())
    }

    fn send(&mut self, uri: &Octets, context: &Context) -> OperationResult<Sent> {
        Ok(self.request(&Uri::parse(uri)?, context))
    }

    fn advance(&mut self, secs: i64) -> OperationResult<()> {
        self.now = self.now.saturating_add(secs);
        Ok(())
    }

    fn restart(&mut self) -> OperationResult<()> {
        self.end_session();
        Ok(())
    }

    fn script_set(
        &mut self,
        uri: &Octets,
        value: &Octets,
        context: &Context,
    ) -> OperationResult<()> {
        let context = Context { api: Api::Script, ..context.clone() };
        self.receive(uri, std::slice::from_ref(value), &context)
    }

    fn script_get(&mut self, uri: &Octets, context: &Context) -> OperationResult<Octets> {
        let context = Context { api: Api::Script, ..context.clone() };
        Ok(self.send(uri, &context)?.header.unwrap_or_default())
    }

    fn dump(&mut self) -> OperationResult<Vec<StoredCookie>> {
        if !self.is(Mutant::ExpiredStillSent) {
            self.remove_expired();
        }
        let mut cookies = self.cookies.clone();
        cookies.sort_by_key(|cookie| cookie.creation);
        Ok(cookies.into_iter().map(stored_cookie).collect())
    }

    fn configure(&mut self, config: &JarConfig) -> OperationResult<()> {
        self.config = config.clone();
        Ok(())
    }
}

fn stored_cookie(cookie: Cookie) -> StoredCookie {
    StoredCookie {
        name: cookie.name.into(),
        value: cookie.value.into(),
        domain: Some(cookie.domain.into()),
        host_only: Some(cookie.host_only),
        path: Some(cookie.path.into()),
        expires: cookie.expiry.map(|expiry| expiry.clamp(-MAX_INTEGER, MAX_INTEGER)),
        creation: Some(cookie.creation.0),
        last_access: Some(cookie.last_access.0),
        secure: Some(cookie.secure),
        http_only: Some(cookie.http_only),
        same_site: Some(cookie.same_site.name().into()),
    }
}

/// A misbehavior, and the inputs it has kept.
#[derive(Clone, Debug)]
struct Misbehaving {
    misbehavior: Misbehavior,
    kept: Vec<Vec<u8>>,
}

impl Misbehaving {
    const fn new(misbehavior: Misbehavior) -> Self {
        Self { misbehavior, kept: Vec::new() }
    }

    fn misbehave(&mut self, input: &Octets) {
        match self.misbehavior {
            Misbehavior::KeepsEveryInput => self.keep(input),
            Misbehavior::KeepsRecentInputs => {
                if self.kept.len() >= RECENT {
                    self.kept.remove(0);
                }
                self.keep(input);
            }
            Misbehavior::LoopsForEver => {
                while input.as_slice().ends_with(b"\\") {
                    std::thread::park();
                }
            }
        }
    }

    fn keep(&mut self, input: &Octets) {
        // Not zeros: memory that was never written to is not resident.
        let mut buffer = vec![1; BUFFER];
        let length = input.as_slice().len().min(BUFFER);
        buffer[..length].copy_from_slice(&input.as_slice()[..length]);
        self.kept.push(buffer);
    }
}

/// How many inputs [`Misbehavior::KeepsRecentInputs`] keeps.
const RECENT: usize = 100;
/// The size of the buffer of a kept input, in octets.
const BUFFER: usize = 64 << 10;
