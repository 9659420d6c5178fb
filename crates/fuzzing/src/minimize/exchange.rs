//! Exchange programs with one part less: without a step, a request, a field, an attribute or a
//! cookie, with a plainer redirect, or with shorter URIs. A Location leads to the next request in
//! each of them.

use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::{ExchangeProgram, ExchangeStep, Navigate};
use url::Url;

/// The programs with one part less, those that leave out most first.
pub(super) fn smaller(program: &ExchangeProgram) -> Vec<ExchangeProgram> {
    let mut candidates = Candidates { program, smaller: Vec::new() };
    candidates.without_steps();
    candidates.without_requests();
    candidates.without_fields();
    candidates.without_parts_of_fields();
    candidates.with_plain_messages();
    candidates.with_shorter_uris();
    candidates.smaller
}

struct Candidates<'a> {
    program: &'a ExchangeProgram,
    smaller: Vec<ExchangeProgram>,
}

impl Candidates<'_> {
    fn add(&mut self, change: impl FnOnce(&mut ExchangeProgram)) {
        let mut other = self.program.clone();
        change(&mut other);
        if other != *self.program {
            self.smaller.push(other);
        }
    }

    /// The same with a change of the navigation at a step.
    fn add_at(&mut self, step: usize, change: impl FnOnce(&mut Navigate)) {
        self.add(|program| {
            if let ExchangeStep::Navigate(navigate) = &mut program.steps[step] {
                change(navigate);
            }
        });
    }

    fn navigations(&self) -> Vec<(usize, Navigate)> {
        let steps = self.program.steps.iter().enumerate();
        let navigations = steps.filter_map(|(index, step)| match step {
            ExchangeStep::Navigate(navigate) => Some((index, navigate.clone())),
            _ => None,
        });
        navigations.collect()
    }

    fn without_steps(&mut self) {
        for at in 0..self.program.steps.len() {
            self.add(|program| drop(program.steps.drain(at..)));
            self.add(|program| drop(program.steps.drain(..at)));
        }
        for at in 0..self.program.steps.len() {
            self.add(|program| drop(program.steps.remove(at)));
        }
    }

    fn without_requests(&mut self) {
        for (step, navigate) in self.navigations() {
            for at in 0..navigate.hops.len() {
                if navigate.hops.len() > 1 {
                    self.add_at(step, |navigate| remove_request(navigate, at));
                }
                self.add_at(step, |navigate| navigate.hops[at].at = None);
            }
        }
    }

    fn without_fields(&mut self) {
        for (step, navigate) in self.navigations() {
            for at in 0..navigate.fields.len() {
                self.add_at(step, |navigate| drop(navigate.fields.remove(at)));
            }
            for at in 0..navigate.cookies.len() {
                self.add_at(step, |navigate| drop(navigate.cookies.remove(at)));
            }
            for (hop, of_hop) in navigate.hops.iter().enumerate() {
                for at in 0..of_hop.fields.len() {
                    if !is(&of_hop.fields[at].0, "Location") {
                        self.add_at(step, |it| drop(it.hops[hop].fields.remove(at)));
                    }
                }
                self.add_at(step, |it| it.hops[hop].interim.clear());
                self.add_at(step, |it| it.hops[hop].trailers.clear());
                self.add_at(step, |it| it.hops[hop].body = None);
            }
        }
    }

    /// Without an attribute of a cookie, or without one of several cookies.
    fn without_parts_of_fields(&mut self) {
        for (step, navigate) in self.navigations() {
            for (at, (name, value)) in navigate.fields.iter().enumerate() {
                if is(name, "Cookie") {
                    for value in without_each(value, 0) {
                        self.add_at(step, |navigate| navigate.fields[at].1 = value);
                    }
                }
            }
            for (hop, of_hop) in navigate.hops.iter().enumerate() {
                for (at, (name, value)) in of_hop.fields.iter().enumerate() {
                    if is(name, "Set-Cookie") {
                        for value in without_each(value, 1) {
                            self.add_at(step, |navigate| navigate.hops[hop].fields[at].1 = value);
                        }
                    }
                }
            }
        }
    }

    /// With the usual method, status codes, and an absolute Location.
    fn with_plain_messages(&mut self) {
        for (step, navigate) in self.navigations() {
            self.add_at(step, |navigate| "GET".clone_into(&mut navigate.method));
            for hop in 0..navigate.hops.len() {
                let is_last = hop + 1 == navigate.hops.len();
                let status = if is_last { 200 } else { 302 };
                self.add_at(step, |navigate| navigate.hops[hop].status = status);
                self.add_at(step, |navigate| navigate.hops[hop].method = None);
                if !is_last {
                    self.add_at(step, |navigate| lead_on(navigate, hop));
                }
            }
            if let Some(plain) = plain(&navigate.uri) {
                self.add_at(step, |navigate| navigate.uri = plain);
            }
        }
    }

    /// With another host in the place of one, without a port, with https, with "/" as the path.
    fn with_shorter_uris(&mut self) {
        let uris = self.uris();
        let mut hosts: Vec<_> = uris.iter().filter_map(|uri| uri.host_str()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        for host in &hosts {
            for other in SHORT_HOSTS.iter().chain(&hosts) {
                if other.len() < host.len() {
                    self.add(|program| replace_host(program, host, other));
                }
            }
        }
        // None of these can fail for a URI of HTTP.
        let changes: [fn(&mut Url); 3] = [
            |uri| uri.set_path("/"),
            |uri| _ = uri.set_port(None),
            |uri| {
                if uri.scheme() == "http" {
                    _ = uri.set_scheme("https");
                }
            },
        ];
        for uri in &uris {
            for change in changes {
                let mut other = uri.clone();
                change(&mut other);
                self.add(|program| {
                    replace_uris(program, |it| if it == uri { other.clone() } else { it.clone() });
                });
            }
        }
        // A scheme or port that all share matters to none of them.
        for change in &changes[1..] {
            self.add(|program| {
                replace_uris(program, |it| {
                    let mut other = it.clone();
                    change(&mut other);
                    other
                });
            });
        }
    }

    /// The URIs that are requested, each once.
    fn uris(&self) -> Vec<Url> {
        let navigations = self.program.navigations();
        let requests = navigations.flat_map(|navigate| navigate.requests().map(|(uri, _)| uri));
        let mut uris: Vec<_> = requests.filter_map(parsed).collect();
        uris.sort();
        uris.dedup();
        uris
    }
}

/// Leaves out a request: the one before leads to the one behind it.
fn remove_request(navigate: &mut Navigate, at: usize) {
    navigate.hops.remove(at);
    if at == 0
        && let Some(uri) = navigate.hops[0].uri.take()
    {
        navigate.uri = uri;
    } else if at < navigate.hops.len() {
        lead_on(navigate, at - 1);
    } else if let Some(last) = navigate.hops.last_mut() {
        last.fields.retain(|(name, _)| !is(name, "Location"));
        last.status = 200;
    }
}

/// Makes the Location of a response the URI of the next request.
fn lead_on(navigate: &mut Navigate, hop: usize) {
    let Some(next) = navigate.hops.get(hop + 1).and_then(|next| next.uri.clone()) else { return };
    for (name, value) in &mut navigate.hops[hop].fields {
        if is(name, "Location") {
            value.clone_from(&next);
        }
    }
}

/// Replaces the URIs that are requested, and makes every Location lead to them.
fn replace_uris(program: &mut ExchangeProgram, replace: impl Fn(&Url) -> Url) {
    let replaced = |uri: &mut Octets| {
        if let Some(parsed) = parsed(uri) {
            let other = replace(&parsed);
            if other != parsed {
                *uri = String::from(other).into();
            }
        }
    };
    for step in &mut program.steps {
        let ExchangeStep::Navigate(navigate) = step else { continue };
        replaced(&mut navigate.uri);
        navigate.hops.iter_mut().filter_map(|hop| hop.uri.as_mut()).for_each(replaced);
        for hop in 0..navigate.hops.len() {
            lead_on(navigate, hop);
        }
    }
}

/// Replaces a host in URIs and in Domain attributes.
fn replace_host(program: &mut ExchangeProgram, host: &str, other: &str) {
    replace_uris(program, |uri| {
        let mut uri = uri.clone();
        if uri.host_str() == Some(host) {
            _ = uri.set_host(Some(other));
        }
        uri
    });
    for step in &mut program.steps {
        let ExchangeStep::Navigate(navigate) = step else { continue };
        let fields = navigate.hops.iter_mut().flat_map(|hop| &mut hop.fields);
        for (_, value) in fields.filter(|(name, _)| is(name, "Set-Cookie")) {
            *value = with_domain(value, host, other);
        }
    }
}

/// A set-cookie-string in which one Domain stands for another.
fn with_domain(line: &Octets, domain: &str, other: &str) -> Octets {
    let parts = line.as_slice().split(|octet| *octet == b';').map(|part| {
        let value = part.trim_ascii_start();
        let value =
            value.get(..DOMAIN.len()).filter(|it| it.eq_ignore_ascii_case(DOMAIN)).map(|_| {
                let value = &value[DOMAIN.len()..];
                value.strip_prefix(b".").unwrap_or(value)
            });
        match value.is_some_and(|value| value.eq_ignore_ascii_case(domain.as_bytes())) {
            true => [b" Domain=", other.as_bytes()].concat(),
            false => part.to_vec(),
        }
    });
    parts.collect::<Vec<_>>().join(&b";"[..]).into()
}

/// A field value without each of the parts between semicolons, from one of them on.
fn without_each(value: &Octets, first: usize) -> Vec<Octets> {
    let parts: Vec<_> = value.as_slice().split(|octet| *octet == b';').collect();
    let without = |at: usize| {
        let mut parts = parts.clone();
        parts.remove(at);
        parts.join(&b";"[..]).trim_ascii().into()
    };
    if parts.len() == 1 { Vec::new() } else { (first..parts.len()).map(without).collect() }
}

/// A URI in its usual letters.
fn plain(uri: &Octets) -> Option<Octets> {
    Some(String::from(parsed(uri)?).into())
}

fn parsed(uri: &Octets) -> Option<Url> {
    Url::parse(uri.to_str()?).ok()
}

fn is(name: &Octets, known: &str) -> bool {
    name.as_slice().eq_ignore_ascii_case(known.as_bytes())
}

const DOMAIN: &[u8] = b"Domain=";
/// Hosts that are easy to read: two sites, and a host below one of them.
const SHORT_HOSTS: [&str; 3] = ["a.test", "b.test", "x.a.test"];
