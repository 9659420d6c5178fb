//! `exchange`: what arrives with requests that should not, and stored cookies that do not arrive.
//! Nothing is said of redirects that are not followed, nor of what no text decides.

use std::cell::OnceCell;

use cookiespec_engine::host::{Host, HostRule};
use cookiespec_engine::path::{default_path, path_match};
use cookiespec_engine::request::is_safe_method;
use cookiespec_engine::set_cookie::{self, PathAttribute};
use cookiespec_engine::{Profile, Uri};
use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{Arrived, ExchangeProgram, ExchangeStep, HttpVersion};
use serde_json::Value;

use crate::oracles::difference::{Comparison, Difference, Malformed, shown};
use crate::oracles::fault::Fault;
use crate::oracles::origin::{Origin, Relation};
use crate::oracles::provenance::{Means, Provenance, Source, Visit, values};
use crate::oracles::reference::Expected;
use crate::oracles::unambiguous::is_unambiguous_uri;

/// The faults of the requests that arrived, each kind once.
pub(super) fn compare(
    comparison: Comparison<'_>,
    program: &ExchangeProgram,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    let visits = Visit::all(program);
    // URL parsers differ on ambiguous URIs.
    if !visits.iter().all(|visit| is_unambiguous_uri(visit.uri)) {
        return Ok(Vec::new());
    }
    let provenance = Provenance::of(program, &visits);
    let exchange =
        Exchange { comparison, program, visits: &visits, provenance, other: OnceCell::new() };
    let mut found: Vec<Difference> = Vec::new();
    for (index, visit) in visits.iter().enumerate() {
        let Some(label) = &visit.hop.at else { continue };
        let Some(arrived) = got.get("obs").and_then(|obs| obs.get(label)) else { continue };
        let arrived = serde_json::from_value(arrived.clone())
            .map_err(|error| Malformed(format!("obs.{label}: {error}")))?;
        for difference in exchange.of_request(index, &arrived) {
            let is_same =
                |one: &Difference| (one.field, one.kind) == (difference.field, difference.kind);
            if !found.iter().any(is_same) {
                found.push(Difference { at: Some(label.clone()), ..difference });
            }
        }
    }
    Ok(found)
}

/// A program and what is expected of it.
struct Exchange<'a> {
    comparison: Comparison<'a>,
    program: &'a ExchangeProgram,
    visits: &'a [Visit<'a>],
    provenance: Provenance<'a>,
    /// What is expected under the other profile.
    other: OnceCell<Expected>,
}

impl Exchange<'_> {
    /// The faults of the request with this index.
    fn of_request(&self, index: usize, arrived: &Arrived) -> Vec<Difference> {
        let mut found = self.of_fields(index, arrived);
        let cookies = arrived.cookie.iter().flat_map(|line| parts(line.as_slice()));
        found.extend(cookies.filter_map(|part| self.of_cookie(index, part)));
        found.extend(arrived.authorization.iter().filter_map(|it| self.of_credential(index, it)));
        found.extend(self.of_missing(index, arrived));
        found
    }

    /// Faults of the Cookie field lines themselves, unless the caller gave them like that.
    fn of_fields(&self, index: usize, arrived: &Arrived) -> Vec<Difference> {
        let given: Vec<_> = values(&self.visits[index].navigate.fields, "Cookie").collect();
        let is_empty = |value: &Octets| value.as_slice().trim_ascii().is_empty();
        let mut found = Vec::new();
        let mut add = |fault: Fault, kind, got: &Octets| {
            let got = format!("{} arrives {}", shown(got), self.whereabouts(index));
            found.push(difference(fault, kind, fault.expected().to_owned(), got, None));
        };
        if let Some(empty) = arrived.cookie.iter().find(|value| is_empty(value))
            && !given.iter().any(|value| is_empty(value))
        {
            add(Fault::Empty, "empty field", empty);
        }
        // 6265bis does not say how many there may be.
        if let [_, second, ..] = &arrived.cookie[..]
            && self.comparison.profile == Profile::Rfc6265
            && arrived.version != HttpVersion::Http2
            && given.len() < 2
        {
            add(Fault::Several, "more than one", second);
        }
        found
    }

    /// The fault of a cookie that arrives, if its source is certain.
    fn of_cookie(&self, index: usize, part: &[u8]) -> Option<Difference> {
        match self.provenance.of_cookie(value_of(part))? {
            Source::Set { line, visit } => self.of_set_cookie(index, part, line, visit),
            Source::Given { by, step, uri } => {
                let visit = &self.visits[index];
                let relation = self.relation(uri, index)?;
                let fault = match by {
                    _ if step < visit.step => Fault::CallerKept,
                    _ if step > visit.step || relation == Relation::Same => return None,
                    Means::Field => Fault::CallerField,
                    Means::Option => Fault::CallerCookie,
                };
                self.of_given(fault, index, part, uri)
            }
        }
    }

    /// The fault of an Authorization field that arrives, if it is the caller's.
    fn of_credential(&self, index: usize, value: &Octets) -> Option<Difference> {
        let Source::Given { uri, .. } = self.provenance.of_credential(value.as_slice())? else {
            return None;
        };
        if self.relation(uri, index)? == Relation::Same {
            return None;
        }
        self.of_given(Fault::CallerAuthorization, index, value.as_slice(), uri)
    }

    /// Something of the caller's arrives that should not. It was given for a URI.
    fn of_given(
        &self,
        fault: Fault,
        index: usize,
        part: &[u8],
        uri: &Octets,
    ) -> Option<Difference> {
        let relation = self.relation(uri, index)?;
        let source = format!("given by the caller for {}", Origin::of(uri)?);
        Some(Difference {
            is_property: matches!(relation, Relation::Plain | Relation::OtherSite),
            ..self.arrival(fault, relation.difference(), index, part, &source)
        })
    }

    /// A cookie arrives that a response set, and that is sent by neither profile.
    fn of_set_cookie(
        &self,
        index: usize,
        part: &[u8],
        line: &Octets,
        visit: usize,
    ) -> Option<Difference> {
        let is_sent = |expected| self.is_sent(expected, index, value_of(part));
        if visit >= index || is_sent(self.comparison.expected) || is_sent(self.other()) {
            return None;
        }
        let fault = self.of_stored(line, visit, index)?;
        let uri = self.visits[visit].uri;
        let relation = self.relation(uri, index)?;
        let kind = match fault {
            Fault::Secure => Relation::Plain.difference(),
            _ => relation.difference_of_hosts(),
        };
        let source = format!("set by {} with {}", Origin::of(uri)?, shown(line));
        Some(Difference {
            is_property: fault == Fault::Secure || relation == Relation::OtherSite,
            ..self.arrival(fault, kind, index, part, &source)
        })
    }

    /// Why a cookie is not to be sent with a request. `visit` is the index of the request whose
    /// response set it.
    fn of_stored(&self, line: &Octets, visit: usize, index: usize) -> Option<Fault> {
        let stored = Stored::of(line, self.visits[visit].uri, self.comparison.profile)?;
        let to = Uri::parse(self.visits[index].uri.as_slice()).ok()?;
        let host = Host::canonicalize(to.host(), HostRule::Lenient).ok()?;
        match &stored.domain {
            None if stored.host != host.as_octets() => return Some(Fault::HostOnly),
            Some(_) if !stored.is_own_domain => return Some(Fault::ForeignDomain),
            Some(domain) if !host.domain_match(domain) => return Some(Fault::Domain),
            _ => {}
        }
        if stored.is_secure && to.scheme().eq_ignore_ascii_case(b"http") {
            return Some(Fault::Secure);
        }
        if !path_match(to.request_path(), &stored.path) {
            return Some(Fault::Path);
        }
        if stored.is_expired {
            return Some(Fault::Expired);
        }
        self.of_gone(&stored, line, visit, index)
    }

    /// What became of a stored cookie before a request, if no file was read in the meantime, which
    /// may have it from before.
    fn of_gone(&self, stored: &Stored, line: &Octets, visit: usize, index: usize) -> Option<Fault> {
        let steps = &self.program.steps[self.visits[visit].step..self.visits[index].step];
        if steps.contains(&ExchangeStep::Load) {
            return None;
        }
        let lines = self.visits[visit..index]
            .iter()
            .flat_map(|visit| visit.set_cookie_strings().map(|line| (line, visit.uri)));
        let later = lines.skip_while(|(other, _)| *other != line).skip(1);
        let later = later.filter_map(|(line, uri)| Stored::of(line, uri, self.comparison.profile));
        match later.filter(|later| later.is_in_place_of(stored)).last() {
            Some(later) if later.is_expired => Some(Fault::Deleted),
            Some(_) => Some(Fault::Replaced),
            None if steps.contains(&ExchangeStep::Restart) => Some(Fault::SessionOver),
            None => None,
        }
    }

    /// Something arrives that should not.
    fn arrival(
        &self,
        fault: Fault,
        kind: &'static str,
        index: usize,
        part: &[u8],
        source: &str,
    ) -> Difference {
        let want = format!("{}: {}", fault.name(), fault.expected());
        let arrived = shown(&part.into());
        let got = format!("{arrived}, {source}, arrives {}", self.whereabouts(index));
        difference(fault, kind, want, got, Some(part))
    }

    /// How the origin of a request is related to that of a URI.
    fn relation(&self, uri: &Octets, index: usize) -> Option<Relation> {
        Some(Origin::of(uri)?.relation(&Origin::of(self.visits[index].uri)?))
    }

    /// A stored cookie that does not arrive, in no form, and that is sent by both profiles.
    fn of_missing(&self, index: usize, arrived: &Arrived) -> Option<Difference> {
        if !is_safe_method(arrived.method.as_bytes()) || !self.has_plain_store(index) {
            return None;
        }
        let is_set =
            |value: &[u8]| matches!(self.provenance.of_cookie(value), Some(Source::Set { .. }));
        let is_there = |value: &[u8]| {
            let has_it = |line: &[u8]| line.windows(value.len()).any(|window| window == value);
            arrived.cookie.iter().any(|line| has_it(line.as_slice()))
        };
        let expected = self.sent(self.comparison.expected, index);
        let missing = expected.iter().flat_map(|line| parts(line.as_slice())).find(|part| {
            let value = value_of(part);
            is_set(value) && !is_there(value) && self.is_sent(self.other(), index, value)
        })?;
        let lines: Vec<_> = arrived.cookie.iter().map(shown).collect();
        let lines = if lines.is_empty() { "no Cookie field".to_owned() } else { lines.join(", ") };
        let got = format!("{lines}, {}", self.whereabouts(index));
        let want = shown(&missing.into());
        Some(difference(Fault::Lost, "cookie left out", want, got, Some(missing)))
    }

    /// Where a request goes, and by which redirect.
    fn whereabouts(&self, index: usize) -> String {
        let Visit { uri, redirected, .. } = self.visits[index];
        let origin = |uri| match Origin::of(uri) {
            Some(origin) => origin.to_string(),
            None => shown(uri),
        };
        match redirected {
            Some((before, status)) => {
                format!("at {} behind a {status} of {}", origin(uri), origin(before))
            }
            None => format!("at {}", origin(uri)),
        }
    }

    /// Whether the request has nothing of the caller's in the place of stored cookies, and the
    /// store is no copy: what a client does with these is not for the texts to say.
    fn has_plain_store(&self, index: usize) -> bool {
        let Visit { step, navigate, .. } = self.visits[index];
        let is_copy =
            |step: &ExchangeStep| matches!(step, ExchangeStep::Load | ExchangeStep::Clone);
        navigate.cookies.is_empty()
            && values(&navigate.fields, "Cookie").next().is_none()
            && !self.program.steps[..step].iter().any(is_copy)
    }

    /// Whether a cookie with this value is expected in a request.
    fn is_sent(&self, expected: &Expected, index: usize, value: &[u8]) -> bool {
        let sent = self.sent(expected, index);
        sent.iter().flat_map(|line| parts(line.as_slice())).any(|part| value_of(part) == value)
    }

    /// The Cookie field lines that are expected in a request.
    fn sent(&self, expected: &Expected, index: usize) -> Vec<Octets> {
        let observation =
            self.visits[index].hop.at.as_ref().and_then(|at| expected.observation(at));
        let arrived: Option<Arrived> =
            observation.and_then(|value| serde_json::from_value(value.clone()).ok());
        arrived.map(|arrived| arrived.cookie).unwrap_or_default()
    }

    fn other(&self) -> &Expected {
        self.other.get_or_init(|| {
            let other = match self.comparison.profile {
                Profile::Rfc6265 => Profile::Rfc6265bis,
                Profile::Rfc6265bis => Profile::Rfc6265,
            };
            Expected::of(other, self.comparison.operation)
        })
    }
}

/// What a set-cookie-string makes of a cookie, if it is stored.
struct Stored {
    name: Vec<u8>,
    /// The host that set it.
    host: Vec<u8>,
    /// Its Domain, if it has one, in lower case.
    domain: Option<Vec<u8>>,
    /// Whether the host domain-matches it.
    is_own_domain: bool,
    path: Vec<u8>,
    is_secure: bool,
    is_expired: bool,
}

impl Stored {
    fn of(line: &Octets, uri: &Octets, profile: Profile) -> Option<Self> {
        let cookie = set_cookie::parse(line.as_slice(), profile).ok()?;
        let uri = Uri::parse(uri.as_slice()).ok()?;
        let host = Host::canonicalize(uri.host(), HostRule::Lenient).ok()?;
        let domain = cookie.domain.filter(|domain| !domain.is_empty());
        let domain = domain.map(<[u8]>::to_ascii_lowercase);
        let path = match cookie.path {
            Some(PathAttribute::Absolute(path)) => path,
            _ => default_path(uri.path()),
        };
        Some(Self {
            name: cookie.name.to_vec(),
            host: host.as_octets().to_vec(),
            is_own_domain: domain.as_ref().is_some_and(|domain| host.domain_match(domain)),
            domain,
            path: path.to_vec(),
            is_secure: cookie.secure,
            is_expired: cookie.max_age.is_some_and(|seconds| seconds <= 0),
        })
    }

    /// Whether both have the same place in a store.
    fn is_in_place_of(&self, other: &Self) -> bool {
        let place = |it: &Self| match &it.domain {
            Some(domain) => (domain.clone(), false),
            None => (it.host.clone(), true),
        };
        (&self.name, &self.path, place(self)) == (&other.name, &other.path, place(other))
    }
}

fn difference(
    fault: Fault,
    kind: &'static str,
    want: String,
    got: String,
    cookie: Option<&[u8]>,
) -> Difference {
    let difference = Difference::new(fault.name(), kind, fault.level(), want, got);
    Difference { cookie: cookie.map(Octets::from), ..difference }
}

/// The cookies of a Cookie field line.
fn parts(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|octet| *octet == b';').map(<[u8]>::trim_ascii).filter(|part| !part.is_empty())
}

/// The value of a cookie in a Cookie field line.
fn value_of(part: &[u8]) -> &[u8] {
    part.splitn(2, |octet| *octet == b'=').nth(1).unwrap_or_default()
}
