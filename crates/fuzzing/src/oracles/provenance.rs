//! Where the cookies and credentials in the requests of an exchange come from. They are told by their
//! values: what occurs in two places of a program comes from nowhere that is certain.

use std::collections::BTreeMap;

use cookiespec_engine::cookie_header;
use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{ExchangeProgram, ExchangeStep, Hop, Navigate};

/// A request that is expected in an exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit<'a> {
    /// The index of the step that it belongs to.
    pub(crate) step: usize,
    pub(crate) navigate: &'a Navigate,
    pub(crate) uri: &'a Octets,
    pub(crate) hop: &'a Hop,
    /// The request whose response led to this one: its URI and status code.
    pub(crate) redirected: Option<(&'a Octets, u16)>,
}

impl<'a> Visit<'a> {
    /// Every request of a program, in order.
    pub(crate) fn all(program: &'a ExchangeProgram) -> Vec<Self> {
        let mut visits = Vec::new();
        for (step, of_step) in program.steps.iter().enumerate() {
            let ExchangeStep::Navigate(navigate) = of_step else { continue };
            let mut redirected = None;
            for (uri, hop) in navigate.requests() {
                visits.push(Self { step, navigate, uri, hop, redirected });
                redirected = Some((uri, hop.status));
            }
        }
        visits
    }

    /// The set-cookie-strings of its response.
    pub(crate) fn set_cookie_strings(&self) -> impl Iterator<Item = &'a Octets> {
        values(&self.hop.fields, "Set-Cookie")
    }
}

/// The values of the field lines of a name.
pub(crate) fn values<'a>(
    fields: &'a [(Octets, Octets)],
    name: &'static str,
) -> impl Iterator<Item = &'a Octets> {
    let is_it =
        move |field: &&(Octets, Octets)| field.0.as_slice().eq_ignore_ascii_case(name.as_bytes());
    fields.iter().filter(is_it).map(|(_, value)| value)
}

/// Where a cookie or a credential comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// A set-cookie-string.
    Set {
        line: &'a Octets,
        /// The index of the request whose response has it.
        visit: usize,
    },
    /// The caller.
    Given {
        /// How the caller gave it.
        by: Means,
        /// The index of the navigation that it was given for.
        step: usize,
        /// The URI that it was given for.
        uri: &'a Octets,
    },
}

/// How a caller gives something for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    /// By a header field.
    Field,
    /// By the client's option for cookies.
    Option,
}

/// The sources of all values of a program.
#[derive(Debug, Default)]
pub(crate) struct Provenance<'a> {
    /// By the value of the cookie; `None` if there are several sources.
    cookies: BTreeMap<&'a [u8], Option<Source<'a>>>,
    /// By the value of the Authorization field.
    credentials: BTreeMap<&'a [u8], Option<Source<'a>>>,
}

impl<'a> Provenance<'a> {
    pub(crate) fn of(program: &'a ExchangeProgram, visits: &[Visit<'a>]) -> Self {
        let mut provenance = Self::default();
        for (step, of_step) in program.steps.iter().enumerate() {
            if let ExchangeStep::Navigate(navigate) = of_step {
                provenance.add_given(step, navigate);
            }
        }
        for (visit, of_visit) in visits.iter().enumerate() {
            for line in of_visit.set_cookie_strings() {
                add(
                    &mut provenance.cookies,
                    value_of(line.as_slice()),
                    Source::Set { line, visit },
                );
            }
        }
        provenance
    }

    fn add_given(&mut self, step: usize, navigate: &'a Navigate) {
        let source = |by| Source::Given { by, step, uri: &navigate.uri };
        for line in values(&navigate.fields, "Cookie") {
            for pair in cookie_header::pairs(line.as_slice()) {
                add(&mut self.cookies, pair.value, source(Means::Field));
            }
        }
        for (_, value) in &navigate.cookies {
            add(&mut self.cookies, value.as_slice(), source(Means::Option));
        }
        for value in values(&navigate.fields, "Authorization") {
            add(&mut self.credentials, value.as_slice(), source(Means::Field));
        }
    }

    /// The source of a cookie with this value.
    pub(crate) fn of_cookie(&self, value: &[u8]) -> Option<Source<'a>> {
        self.cookies.get(value).copied().flatten()
    }

    /// The source of an Authorization field with this value.
    pub(crate) fn of_credential(&self, value: &[u8]) -> Option<Source<'a>> {
        self.credentials.get(value).copied().flatten()
    }
}

fn add<'a>(
    sources: &mut BTreeMap<&'a [u8], Option<Source<'a>>>,
    value: &'a [u8],
    source: Source<'a>,
) {
    if !value.is_empty() {
        sources.entry(value).and_modify(|known| *known = None).or_insert(Some(source));
    }
}

/// The value in a set-cookie-string.
fn value_of(line: &[u8]) -> &[u8] {
    let pair = line.split(|octet| *octet == b';').next().unwrap_or_default();
    pair.splitn(2, |octet| *octet == b'=').nth(1).unwrap_or_default().trim_ascii()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_that_occurs_once_has_a_source() {
        let program: ExchangeProgram = serde_json::from_value(json!({"steps": [
            {"do": "navigate", "uri": "http://a.test/", "fields": [["cookie", "a=1; b=2"],
             ["Authorization", "Bearer 3"]], "cookies": [["c", "4"]], "hops": [
                {"status": 302, "fields": [["Set-Cookie", "d = 5 ; Path=/"], ["Set-Cookie", "a=2"],
                 ["Location", "/x"]]}, {"uri": "http://a.test/x"}
            ]},
        ]}))
        .unwrap();
        let visits = Visit::all(&program);
        assert_eq!(visits[1].redirected, Some((&"http://a.test/".into(), 302)));
        let provenance = Provenance::of(&program, &visits);
        let cookie = |value: &str| provenance.of_cookie(value.as_bytes());
        let given = |by| move |it| matches!(it, Source::Given { by: is, .. } if is == by);
        assert!(cookie("1").is_some_and(given(Means::Field)));
        assert!(cookie("4").is_some_and(given(Means::Option)));
        assert!(cookie("5").is_some_and(|it| matches!(it, Source::Set { visit: 0, .. })));
        assert!(cookie("2").is_none(), "it is the caller's and the server's");
        assert!(cookie("3").is_none() && cookie("").is_none());
        assert!(provenance.of_credential(b"Bearer 3").is_some_and(given(Means::Field)));
    }
}
