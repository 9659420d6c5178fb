//! A user agent on top of a cookie store: whole requests and responses, and redirects.
//!
//! Which cookies are sent and stored is decided by the store. The rest is what HTTP and the cookie
//! specifications say of it: redirects are those of RFC 9110 section 15.4; what the caller gave is left
//! out for good once a redirect leads to another origin, as that section considers and the Fetch
//! standard does with Authorization; there is one Cookie field at most (RFC 6265 section 5.4), in which
//! the caller's cookies come first; Set-Cookie is taken from every response but interim ones
//! (RFC 6265 section 3).

use std::collections::BTreeMap;

use url::Url;

use crate::implementation::{Implementation, Jar, OperationResult, Refusal, unsupported};
use crate::octets::Octets;
use crate::operation::{
    Arrived, Context, ExchangeProgram, ExchangeStep, Hop, HttpVersion, JarConfig, Navigate,
};

/// The time at which an exchange takes place, in Unix seconds: no outcome depends on it.
const NOW: i64 = 1_800_000_000;

/// Takes a user agent with a store of this implementation through a program.
pub(super) fn run(
    implementation: &mut dyn Implementation,
    program: &ExchangeProgram,
) -> OperationResult<BTreeMap<String, Arrived>> {
    let jar = implementation.jar(NOW, &JarConfig::default())?;
    let mut agent = UserAgent { jar, saved: None, observed: BTreeMap::new() };
    for step in &program.steps {
        agent.take(step)?;
    }
    Ok(agent.observed)
}

struct UserAgent {
    jar: Box<dyn Jar>,
    /// What was written out.
    saved: Option<Box<dyn Jar>>,
    observed: BTreeMap<String, Arrived>,
}

impl UserAgent {
    fn take(&mut self, step: &ExchangeStep) -> OperationResult<()> {
        match step {
            ExchangeStep::Navigate(navigate) => return self.navigate(navigate),
            ExchangeStep::Restart => self.jar.restart()?,
            ExchangeStep::Save => self.saved = Some(self.jar.copy()?),
            ExchangeStep::Load => {
                let Some(saved) = &self.saved else {
                    return Err(Refusal::error("nothing has been saved"));
                };
                self.jar = saved.copy()?;
                self.jar.restart()?;
            }
            ExchangeStep::Clone => self.jar = self.jar.copy()?,
        }
        Ok(())
    }

    fn navigate(&mut self, navigate: &Navigate) -> OperationResult<()> {
        let mut request = Some(Request::of(navigate)?);
        for (uri, hop) in navigate.requests() {
            let Some(current) = request else {
                return unsupported(&format!("http: {uri} was not requested"));
            };
            current.is_expected(uri, hop)?;
            self.send(&current, uri, hop)?;
            self.receive(&current, uri, hop)?;
            request = current.redirected(hop)?;
        }
        Ok(())
    }

    /// Sends a request, which is observed where the hop has a label.
    fn send(&mut self, request: &Request, uri: &Octets, hop: &Hop) -> OperationResult<()> {
        let stored = self.jar.send(uri, &request.context())?.header;
        let given = request.cookies.iter().map(Octets::as_slice);
        let cookies: Vec<_> = given.chain(stored.as_ref().map(Octets::as_slice)).collect();
        let cookie = (!cookies.is_empty()).then(|| cookies.join(&b"; "[..]).into());
        if let Some(label) = &hop.at {
            let arrived = Arrived {
                method: request.method.clone(),
                cookie: cookie.into_iter().collect(),
                authorization: request.authorization.clone(),
                version: HttpVersion::Http11,
            };
            self.observed.insert(label.clone(), arrived);
        }
        Ok(())
    }

    fn receive(&mut self, request: &Request, uri: &Octets, hop: &Hop) -> OperationResult<()> {
        let lines = hop.fields.iter().filter(|(name, _)| is(name, "set-cookie"));
        let lines = lines.map(|(_, value)| unfolded(value)).collect::<Result<Vec<_>, _>>()?;
        self.jar.receive(uri, &lines, &request.context())?;
        // Two responses do not come at one time.
        self.jar.advance(1)
    }
}

/// A request, with what the caller gave for it.
struct Request {
    method: String,
    url: Url,
    /// Cookie field values.
    cookies: Vec<Octets>,
    /// Authorization field values.
    authorization: Vec<Octets>,
}

impl Request {
    /// The first request of a navigation.
    fn of(navigate: &Navigate) -> OperationResult<Self> {
        let given = |field: &str| {
            let fields = navigate.fields.iter().filter(|(name, _)| is(name, field));
            fields.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let pair = |(name, value): &(Octets, Octets)| {
            Octets::from([name.as_slice(), b"=", value.as_slice()].concat())
        };
        let mut cookies = given("cookie");
        cookies.retain(|value| !value.as_slice().is_empty());
        cookies.extend(navigate.cookies.iter().map(pair));
        Ok(Self {
            method: navigate.method.clone(),
            url: url(&navigate.uri)?,
            cookies,
            authorization: given("authorization"),
        })
    }

    fn context(&self) -> Context {
        Context { method: self.method.clone(), ..Context::default() }
    }

    /// Whether this is the request that a hop expects.
    fn is_expected(&self, uri: &Octets, hop: &Hop) -> OperationResult<()> {
        let is_method = hop.method.as_ref().is_none_or(|method| *method == self.method);
        if is_method && url(uri)? == self.url {
            return Ok(());
        }
        let Self { method, url, .. } = self;
        let expected = hop.method.as_deref().unwrap_or(method);
        unsupported(&format!("http: {method} {url} was requested instead of {expected} {uri}"))
    }

    /// The request that the response of a hop leads to, if it is a redirect.
    fn redirected(mut self, hop: &Hop) -> OperationResult<Option<Self>> {
        let location = hop.fields.iter().find(|(name, _)| is(name, "location"));
        let (Some((_, location)), 301..=303 | 307 | 308) = (location, hop.status) else {
            return Ok(None);
        };
        let location = unfolded(location)?;
        let target = location.to_str().and_then(|it| self.url.join(it).ok()).map(as_requested);
        let Some(target) = target.filter(|target| matches!(target.scheme(), "http" | "https"))
        else {
            return unsupported(&format!("http: the location {location}"));
        };
        if target.origin() != self.url.origin() {
            self.cookies.clear();
            self.authorization.clear();
        }
        self.method = match (hop.status, &*self.method) {
            (301 | 302, "POST") => "GET".to_owned(),
            (303, method) if method != "HEAD" => "GET".to_owned(),
            _ => self.method,
        };
        self.url = target;
        Ok(Some(self))
    }
}

/// Whether a field line has this name, which is in lower case.
fn is(name: &Octets, known: &str) -> bool {
    name.as_slice().eq_ignore_ascii_case(known.as_bytes())
}

fn url(uri: &Octets) -> OperationResult<Url> {
    let url = uri.to_str().and_then(|uri| Url::parse(uri).ok()).map(as_requested);
    url.ok_or_else(|| Refusal::error(format!("{uri} is no URI that can be requested")))
}

/// A URI without what is no part of a request: the fragment, and user information, which is no
/// credential of the caller's (RFC 9110 section 4.2.4).
fn as_requested(mut url: Url) -> Url {
    url.set_fragment(None);
    // Every URI of HTTP has a host, so that neither fails.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// A field value as it is once the response has been parsed: a folded line is one line
/// (RFC 9112 section 5.2), and there is no white space around it (RFC 9110 section 5.5).
fn unfolded(value: &Octets) -> OperationResult<Octets> {
    let mut unfolded = Vec::new();
    let mut rest = value.as_slice();
    while let Some(end) = rest.iter().position(|octet| b"\r\n".contains(octet)) {
        let line_break = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        let next = &rest[end + line_break..];
        if !next.first().is_some_and(|octet| b" \t".contains(octet)) {
            return unsupported("http: a field value with CR or LF");
        }
        unfolded.extend_from_slice(&rest[..end]);
        rest = next;
    }
    unfolded.extend_from_slice(rest);
    let is_white = |octet: &u8| b" \t".contains(octet);
    let end = unfolded.iter().rposition(|octet| !is_white(octet)).map_or(0, |last| last + 1);
    let begin = unfolded[..end].iter().position(|octet| !is_white(octet)).unwrap_or(end);
    Ok(unfolded[begin..end].into())
}
