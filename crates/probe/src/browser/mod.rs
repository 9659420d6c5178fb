//! Clients of the application: browsers with the reference engine's cookie store and redirects, and
//! replay clients, which send fixed Cookie fields and store nothing.

pub mod navigation;

use std::sync::Arc;

use cookiespec_engine::request::is_safe_method;
use cookiespec_engine::set_cookie::Ignored;
use cookiespec_engine::{
    Context, CookieStore, NoPublicSuffixes, Policy, Profile, Received, SavedCookie, Uri,
};
use cookiespec_wire::{Request, Response};

use self::navigation::{Hop, Next, Reply, next};
use crate::descriptor::request::{Csrf, Page, RequestTemplate};
use crate::descriptor::{Account, Descriptor};
use crate::error::ProbeError;
use crate::site::{PendingRequest, Site};
use crate::template::{Place, Values};

/// A client of the application with its cookies.
#[derive(Debug)]
pub struct Browser {
    site: Arc<Site>,
    descriptor: Arc<Descriptor>,
    cookies: Cookies,
    number: u32,
}

#[derive(Debug)]
enum Cookies {
    /// The cookies that the reference engine has stored.
    Store(CookieStore<NoPublicSuffixes>),
    /// The Cookie field lines of every request.
    Fixed(Vec<Vec<u8>>),
}

impl Browser {
    /// A browser without cookies.
    pub(crate) fn new(site: Arc<Site>, descriptor: Arc<Descriptor>) -> Self {
        let store = new_store();
        let number = site.shared.next_client();
        Self { site, descriptor, cookies: Cookies::Store(store), number }
    }

    /// A client that sends these Cookie field lines with every request and stores nothing.
    pub(crate) fn replay_client(
        site: Arc<Site>,
        descriptor: Arc<Descriptor>,
        lines: Vec<Vec<u8>>,
    ) -> Self {
        let lines = lines.into_iter().filter(|line| !line.is_empty()).collect();
        let number = site.shared.next_client();
        Self { site, descriptor, cookies: Cookies::Fixed(lines), number }
    }

    /// Another client with the same cookies.
    pub fn duplicate(&self) -> Self {
        let cookies = match &self.cookies {
            Cookies::Fixed(lines) => Cookies::Fixed(lines.clone()),
            Cookies::Store(_) => {
                let mut store = new_store();
                for cookie in self.jar() {
                    // A store accepts every cookie that was saved from one.
                    let _ = store.restore(&cookie);
                }
                Cookies::Store(store)
            }
        };
        let (site, descriptor) = (Arc::clone(&self.site), Arc::clone(&self.descriptor));
        let number = site.shared.next_client();
        Self { site, descriptor, cookies, number }
    }

    /// Closes the browser and opens it again: only persistent cookies are kept.
    pub fn close_and_reopen(&mut self) {
        let now = self.site.now();
        if let Cookies::Store(store) = &mut self.cookies {
            store.end_session(now);
        }
    }

    /// Removes the expiry of its cookies: they are kept until the browser is closed.
    pub fn remove_expiry(&mut self) {
        let cookies = self.jar();
        let Cookies::Store(store) = &mut self.cookies else { return };
        for cookie in cookies {
            // A store accepts every cookie that was saved from one.
            let _ = store.restore(&SavedCookie { expiry: None, ..cookie });
        }
    }

    /// Removes the cookies with this name.
    pub fn remove_cookie(&mut self, name: &[u8]) {
        let cookies = self.jar();
        if let Cookies::Store(store) = &mut self.cookies {
            for cookie in cookies.iter().filter(|cookie| cookie.name == name) {
                store.remove(&cookie.name, &cookie.domain, &cookie.path);
            }
        }
    }

    /// Replaces the values of its cookies; names that it does not have are ignored.
    pub fn replace_values(&mut self, pairs: &[(Vec<u8>, Vec<u8>)]) {
        let cookies = self.jar();
        let Cookies::Store(store) = &mut self.cookies else { return };
        for mut cookie in cookies {
            if let Some((_, value)) = pairs.iter().find(|(name, _)| *name == cookie.name) {
                cookie.value.clone_from(value);
                // A store accepts every cookie that was saved from one.
                let _ = store.restore(&cookie);
            }
        }
    }

    /// Sends a request of the descriptor, and follows redirects. Unsafe requests carry the CSRF
    /// token if the descriptor declares one.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response or no token, or there are too many redirects.
    pub fn send(
        &mut self,
        template: &RequestTemplate,
        values: &Values,
    ) -> Result<Reply, ProbeError> {
        let request = self.prepare(template, values)?;
        self.navigate(request)
    }

    /// The request that [`Browser::send`] would send, with its token. Cookies and the fields that
    /// browsers add are added when it is sent.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no token.
    pub fn prepare(
        &mut self,
        template: &RequestTemplate,
        values: &Values,
    ) -> Result<Request, ProbeError> {
        let descriptor = Arc::clone(&self.descriptor);
        match &descriptor.csrf {
            Some(csrf) if !template.is_safe() => {
                let token = self.token(csrf)?;
                Ok(template.fill(values, Some((csrf, &token))))
            }
            _ => Ok(template.fill(values, None)),
        }
    }

    /// Sends a request with the cookies, and follows redirects.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response, or there are too many redirects.
    pub fn navigate(&mut self, request: Request) -> Result<Reply, ProbeError> {
        let first = self.site.shown(&request);
        let mut hops = Vec::new();
        let mut request = request;
        loop {
            let (method, target) = (request.method.clone(), request.target.clone());
            let hop = self.send_once(request)?;
            let next = next(&hop.response, &method, &target, &self.site);
            hops.push(hop);
            match next {
                Next::Stay => return Ok(Reply { hops }),
                Next::Follow(_) if hops.len() > MAX_REDIRECTS => {
                    let to = target.escape_debug();
                    return Err(ProbeError::descriptor(
                        first,
                        format!("more than {MAX_REDIRECTS} redirects, the last one to {to}"),
                        "find out why the application redirects without end, or name another \
                         path in the descriptor",
                    ));
                }
                Next::Follow(following) => request = following,
            }
        }
    }

    /// Sends a request with the cookies, and does not follow redirects.
    ///
    /// # Errors
    /// [`ProbeError`] if there is no response.
    pub fn send_once(&mut self, mut request: Request) -> Result<Hop, ProbeError> {
        self.add_browser_headers(&mut request);
        let (method, target) = (request.method.clone(), request.target.clone());
        let response = self.site.send(self.number, request)?;
        let received = self.receive(&response, &method, &target);
        Ok(Hop { target, response, received })
    }

    /// Sends a request with the cookies, except for the last octet of its content. The cookies of
    /// its response are only stored by [`Browser::receive`].
    ///
    /// # Errors
    /// [`ProbeError`] if it cannot be sent.
    pub fn begin(&mut self, mut request: Request) -> Result<PendingRequest, ProbeError> {
        self.add_browser_headers(&mut request);
        self.site.begin(self.number, request)
    }

    /// Stores the cookies of a response, and returns the result for each Set-Cookie field.
    pub fn receive(
        &mut self,
        response: &Response,
        method: &str,
        target: &str,
    ) -> Vec<(Vec<u8>, Result<Received, Ignored>)> {
        let (uri, now) = (self.site.uri(target), self.site.now());
        let Cookies::Store(store) = &mut self.cookies else { return Vec::new() };
        let Ok(uri) = Uri::parse(uri.as_bytes()) else { return Vec::new() };
        let request = request_in(uri, method);
        response
            .all("set-cookie")
            .map(|line| (line.to_vec(), store.receive(line, &request, now, &mut ())))
            .collect()
    }

    /// Sends a GET request for a path, and follows redirects.
    ///
    /// # Errors
    /// As for [`Browser::navigate`].
    pub fn get(&mut self, path: &str) -> Result<Reply, ProbeError> {
        self.navigate(Request::new("GET", path))
    }

    /// The user who is logged in, as who-am-i names it.
    ///
    /// # Errors
    /// As for [`Browser::navigate`].
    pub fn whoami(&mut self) -> Result<Option<String>, ProbeError> {
        let descriptor = Arc::clone(&self.descriptor);
        self.find(&descriptor.whoami, &Values::default())
    }

    /// Sends the login request. [`Browser::whoami`] shows whether it succeeded.
    ///
    /// # Errors
    /// As for [`Browser::send`].
    pub fn login(&mut self, account: &Account) -> Result<Reply, ProbeError> {
        let descriptor = Arc::clone(&self.descriptor);
        self.send(&descriptor.login, &account.values())
    }

    /// Sends the logout request.
    ///
    /// # Errors
    /// As for [`Browser::send`].
    pub fn logout(&mut self) -> Result<Reply, ProbeError> {
        let descriptor = Arc::clone(&self.descriptor);
        self.send(&descriptor.logout, &Values::default())
    }

    /// Whether the descriptor declares `state`.
    pub fn has_state(&self) -> bool {
        self.descriptor.state.is_some()
    }

    /// Stores a value in the session (`state.set`).
    ///
    /// # Errors
    /// As for [`Browser::send`]; also if the descriptor has no `state`.
    pub fn write(&mut self, key: &str, value: &str) -> Result<Reply, ProbeError> {
        let descriptor = Arc::clone(&self.descriptor);
        let state = descriptor.state.as_ref().ok_or_else(no_state)?;
        self.send(&state.set, &Values::default().with("key", key).with("value", value))
    }

    /// Reads the value of a key in the session (`state.get`).
    ///
    /// # Errors
    /// As for [`Browser::navigate`]; also if the descriptor has no `state`.
    pub fn read(&mut self, key: &str) -> Result<Option<String>, ProbeError> {
        let descriptor = Arc::clone(&self.descriptor);
        let state = descriptor.state.as_ref().ok_or_else(no_state)?;
        self.find(&state.get, &Values::default().with("key", key))
    }

    /// Requests a page, and returns what its capture matches.
    ///
    /// # Errors
    /// As for [`Browser::navigate`].
    pub fn find(&mut self, page: &Page, values: &Values) -> Result<Option<String>, ProbeError> {
        let reply = self.get(&values.fill(&page.path, Place::Uri))?;
        Ok(page.find(&reply.text()))
    }

    /// The stored cookies in order of creation; empty for a replay client.
    pub fn jar(&self) -> Vec<SavedCookie> {
        match &self.cookies {
            Cookies::Store(store) => {
                store.cookies(self.site.now()).into_iter().map(SavedCookie::from).collect()
            }
            Cookies::Fixed(_) => Vec::new(),
        }
    }

    /// The Cookie field of a request for who-am-i, for use by a replay client.
    pub fn cookie_field(&mut self) -> Vec<u8> {
        let target = self.descriptor.whoami.path.clone();
        self.field_for("GET", &target)
    }

    /// The Cookie field of a request; empty where it has none.
    pub(crate) fn field_for(&mut self, method: &str, target: &str) -> Vec<u8> {
        self.field_lines(method, target).join(&b"; "[..])
    }

    fn token(&mut self, csrf: &Csrf) -> Result<String, ProbeError> {
        let reply = self.get(&csrf.page)?;
        csrf.token_in(&reply.text()).ok_or_else(|| {
            ProbeError::descriptor(
                format!("GET {}{}", self.site.origin(), csrf.page),
                format!("status {}, and `csrf.capture` matches nothing in it", reply.status()),
                "look at the page and correct `csrf.page` or `csrf.capture`",
            )
        })
    }

    /// Adds the cookies, and the fields that browsers add to every request.
    fn add_browser_headers(&mut self, request: &mut Request) {
        let has = |request: &Request, name: &str| {
            request.fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if !has(request, "accept") {
            request.field("Accept", "text/html, application/json;q=0.9, */*;q=0.8");
        }
        if !has(request, "user-agent") {
            request.field("User-Agent", concat!("cookiespec-probe/", env!("CARGO_PKG_VERSION")));
        }
        // A check that sets the origin of a request itself replaces what the browser would add.
        let has_origin = has(request, "origin") || has(request, "sec-fetch-site");
        if !is_safe_method(request.method.as_bytes()) && !has_origin {
            request.field("Origin", self.site.own_origin());
            request.field("Referer", self.site.uri("/"));
            request.field("Sec-Fetch-Site", "same-origin");
        }
        let (method, target) = (request.method.clone(), request.target.clone());
        for line in self.field_lines(&method, &target) {
            request.field("Cookie", line);
        }
    }

    fn field_lines(&mut self, method: &str, target: &str) -> Vec<Vec<u8>> {
        let (uri, now) = (self.site.uri(target), self.site.now());
        match &mut self.cookies {
            Cookies::Fixed(lines) => lines.clone(),
            Cookies::Store(store) => match Uri::parse(uri.as_bytes()) {
                Ok(uri) => {
                    let line = store.cookie_string(&request_in(uri, method), now, &mut ());
                    line.into_iter().collect()
                }
                Err(_) => Vec::new(),
            },
        }
    }
}

impl Account {
    /// The placeholders of this account.
    pub fn values(&self) -> Values {
        Values::default().with("user", &*self.user).with("password", &*self.password)
    }
}

/// Names and values of cookies.
pub type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// A Cookie field of these names and values, unchanged.
pub fn cookie_string(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let pairs = pairs.iter().map(|(name, value)| [name, &b"="[..], value].concat());
    pairs.collect::<Vec<_>>().join(&b"; "[..])
}

fn new_store() -> CookieStore<NoPublicSuffixes> {
    // Browsers accept Secure cookies from loopback addresses, and send them back there.
    let policy = Policy { secure_localhost: true, ..Policy::new(Profile::Rfc6265bis) };
    CookieStore::new(policy, NoPublicSuffixes)
}

fn request_in<'a>(uri: Uri<'a>, method: &str) -> cookiespec_engine::Request<'a> {
    let context = Context { safe_method: is_safe_method(method.as_bytes()), ..Context::default() };
    cookiespec_engine::Request { uri, context }
}

pub(crate) fn no_state() -> ProbeError {
    let advice = "add `state` to the descriptor";
    ProbeError::descriptor(
        "a check that writes to the session",
        "the descriptor has no `state`",
        advice,
    )
}

/// The most redirects that are followed, as in browsers (Fetch, "HTTP-redirect fetch").
const MAX_REDIRECTS: usize = 20;
