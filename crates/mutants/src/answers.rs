//! The implementation behind the trait of the suite.

use cookiespec_vectors::operation::{
    Api, Context, FormatSetCookie, JarConfig, ParseCookie, ParseSetCookie, ParsedCookie, Sent,
    StoredCookie,
};
use cookiespec_vectors::{
    Implementation, ImplementationInfo, Jar, Octets, Operation, OperationResult, Profile, ability,
};

use crate::cost::Cost;
use crate::fault::Fault;
use crate::rules::Rules;
use crate::store::{Cookie, Store};
use crate::trouble::{Trouble, Troubled};
use crate::uri::Uri;

/// An implementation of the cookie rules that is right but for one fault, its cost or its trouble,
/// or right altogether.
#[derive(Clone, Debug)]
pub struct Wrong {
    rules: Rules,
    troubled: Option<Troubled>,
}

/// The implementation with this fault under this profile; without a fault it is right.
///
/// ```
/// use cookiespec_vectors::{Implementation, Profile};
/// use cookiespec_mutants::{Fault, make};
///
/// let (path, cookie_path) = ("/foobar".into(), "/foo".into());
/// let mut right = make(None, Profile::Rfc6265bis);
/// assert_eq!(right.match_path(&path, &cookie_path), Ok(false));
/// let mut wrong = make(Some(Fault::PathPrefixWithoutBoundary), Profile::Rfc6265bis);
/// assert_eq!(wrong.match_path(&path, &cookie_path), Ok(true));
/// ```
pub fn make(fault: Option<Fault>, profile: Profile) -> Wrong {
    Wrong { rules: Rules { profile, fault, cost: None }, troubled: None }
}

/// The implementation without a fault that takes too long, in this way, under this profile.
pub fn make_costly(cost: Cost, profile: Profile) -> Wrong {
    Wrong { rules: Rules { profile, fault: None, cost: Some(cost) }, troubled: None }
}

/// The implementation without a fault that gets into this trouble when it parses
/// set-cookie-strings.
pub fn make_troubled(trouble: Trouble, profile: Profile) -> Wrong {
    Wrong { troubled: Some(Troubled::new(trouble)), ..make(None, profile) }
}

/// The largest integer a message may have: 2^53 - 1.
const MAX_INTEGER: i64 = (1 << 53) - 1;

impl Implementation for Wrong {
    fn about(&self) -> ImplementationInfo {
        let can = Operation::NAMES.iter().chain(ability::ALL);
        ImplementationInfo {
            name: match (self.rules.fault, self.rules.cost, &self.troubled) {
                (Some(fault), ..) => format!("cookiespec-wrong:{fault}"),
                (None, Some(cost), _) => format!("cookiespec-wrong:{cost}"),
                (None, None, Some(troubled)) => format!("cookiespec-wrong:{}", troubled.trouble),
                (None, None, None) => "cookiespec-wrong".to_owned(),
            },
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "rust".to_owned(),
            source: "crates/wrong".to_owned(),
            can: can.map(|&word| word.to_owned()).collect(),
            blind: vec!["partitioned".to_owned()],
            claims: Some(self.rules.profile.name().to_owned()),
            notes: self.rules.fault.map_or("no fault", Fault::about).to_owned(),
        }
    }

    fn parse_set_cookie(
        &mut self,
        input: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        if let Some(troubled) = &mut self.troubled {
            troubled.meet(&input.set_cookie);
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
        let path = rules.winner(&attributes.path, Fault::PathFirstWins);
        let same_site = rules.winner(&attributes.same_site, Fault::SameSiteFirstWins);
        let max_age = rules.winner(&attributes.max_age, Fault::MaxAgeFirstWins);
        Ok(Some(ParsedCookie {
            name: parsed.name.into(),
            value: parsed.value.into(),
            domain: rules
                .winner(&attributes.domain, Fault::DomainFirstWins)
                .map(|domain| domain.clone().into()),
            path: path.and_then(|path| path.clone().or_else(default_path)).map(Octets::from),
            expires: rules
                .winner(&attributes.expires, Fault::ExpiresFirstWins)
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
        if !self.is(Fault::ExpiredStillSent) {
            self.sweep();
        }
        let mut cookies = self.cookies.clone();
        cookies.sort_by_key(|cookie| cookie.creation);
        Ok(cookies.into_iter().map(stored).collect())
    }

    fn configure(&mut self, config: &JarConfig) -> OperationResult<()> {
        self.config = config.clone();
        Ok(())
    }
}

fn stored(cookie: Cookie) -> StoredCookie {
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
