//! A browser: the reference engine's cookie store, redirects, and nothing else. Also a client that
//! is no browser: it sends one Cookie field, whatever it is told.

mod redirect;
mod reply;

use std::sync::Arc;

use cookiespec_engine::request::is_safe_method;
use cookiespec_engine::set_cookie::Ignored;
use cookiespec_engine::{
    Context, CookieStore, NoPublicSuffixes, Policy, Profile, Received, SavedCookie, Uri,
};
use cookiespec_wire::{Request, Response};

use self::redirect::{Next, next};
pub use self::reply::{Hop, Reply};
use crate::descriptor::{Account, Csrf, Descriptor, Page, RequestTemplate};
use crate::site::{HeldRequest, Site};
use crate::template::{Place, Values};
use crate::trouble::Trouble;

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
    /// What the reference engine makes of what it was sent.
    Store(CookieStore<NoPublicSuffixes>),
    /// The same Cookie field lines in every request.
    Fixed(Vec<Vec<u8>>),
}

impl Browser {
    pub(crate) fn new(site: Arc<Site>, descriptor: Arc<Descriptor>) -> Self {
        let store = new_store();
        let number = site.shared.another_client();
        Self { site, descriptor, cookies: Cookies::Store(store), number }
    }

    /// A client that sends these Cookie field lines with every request and keeps nothing.
    pub(crate) fn fixed(site: Arc<Site>, descriptor: Arc<Descriptor>, lines: Vec<Vec<u8>>) -> Self {
        let lines = lines.into_iter().filter(|line| !line.is_empty()).collect();
        let number = site.shared.another_client();
        Self { site, descriptor, cookies: Cookies::Fixed(lines), number }
    }

    /// Another browser with the same cookies.
    pub fn twin(&self) -> Self {
        let cookies = match &self.cookies {
            Cookies::Fixed(lines) => Cookies::Fixed(lines.clone()),
            Cookies::Store(_) => {
                let mut store = new_store();
                for cookie in self.jar() {
                    // A store takes back what came out of one.
                    let _ = store.restore(&cookie);
                }
                Cookies::Store(store)
            }
        };
        let (site, descriptor) = (Arc::clone(&self.site), Arc::clone(&self.descriptor));
        let number = site.shared.another_client();
        Self { site, descriptor, cookies, number }
    }

    /// Closes the browser and opens it again: cookies in memory are gone, persistent ones stay.
    pub fn close_and_reopen(&mut self) {
        let now = self.site.now();
        if let Cookies::Store(store) = &mut self.cookies {
            store.end_session(now);
        }
    }

    /// Takes the lifetime off its cookies: they end with the browser now, and not before.
    pub fn keep_for_ever(&mut self) {
        let cookies = self.jar();
        let Cookies::Store(store) = &mut self.cookies else { return };
        for cookie in cookies {
            // A store takes back what came out of one.
            let _ = store.restore(&SavedCookie { expiry: None, ..cookie });
        }
    }

    /// Forgets one cookie.
    pub fn forget(&mut self, name: &[u8]) {
        let cookies = self.jar();
        if let Cookies::Store(store) = &mut self.cookies {
            for cookie in cookies.iter().filter(|cookie| cookie.name == name) {
                store.remove(&cookie.name, &cookie.domain, &cookie.path);
            }
        }
    }

    /// Gives cookies other values; those it does not have are left out.
    pub fn replace(&mut self, pairs: &[(Vec<u8>, Vec<u8>)]) {
        let cookies = self.jar();
        let Cookies::Store(store) = &mut self.cookies else { return };
        for mut cookie in cookies {
            if let Some((_, value)) = pairs.iter().find(|(name, _)| *name == cookie.name) {
                cookie.value.clone_from(value);
                // A store takes back what came out of one.
                let _ = store.restore(&cookie);
            }
        }
    }

    /// Sends a request of the descriptor and follows where it leads. An unsafe one takes the token
    /// that it needs, if the descriptor says where it is found.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer, no token, or no end of redirects.
    pub fn send(&mut self, template: &RequestTemplate, values: &Values) -> Result<Reply, Trouble> {
        let request = self.prepare(template, values)?;
        self.navigate(request)
    }

    /// The request that [`Browser::send`] would send, its token included. Cookies and the fields
    /// that browsers add come when it is sent.
    ///
    /// # Errors
    /// [`Trouble`] where there is no token.
    pub fn prepare(
        &mut self,
        template: &RequestTemplate,
        values: &Values,
    ) -> Result<Request, Trouble> {
        let descriptor = Arc::clone(&self.descriptor);
        match &descriptor.csrf {
            Some(csrf) if !template.is_safe() => {
                let token = self.token(csrf)?;
                Ok(template.fill(values, Some((csrf, &token))))
            }
            _ => Ok(template.fill(values, None)),
        }
    }

    /// Sends a request with the cookies, and follows where it leads.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer, or no end of redirects.
    pub fn navigate(&mut self, request: Request) -> Result<Reply, Trouble> {
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
                Next::Go(_) if hops.len() > MAX_REDIRECTS => {
                    let to = target.escape_debug();
                    return Err(Trouble::descriptor(
                        first,
                        format!("more than {MAX_REDIRECTS} redirects, the last one to {to}"),
                        "find out why the application sends clients round in circles, or name \
                         another path in the descriptor",
                    ));
                }
                Next::Go(following) => request = following,
            }
        }
    }

    /// Sends a request with the cookies, and stays where it is.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub fn send_once(&mut self, mut request: Request) -> Result<Hop, Trouble> {
        self.dress(&mut request);
        let (method, target) = (request.method.clone(), request.target.clone());
        let response = self.site.send(self.number, request)?;
        let received = self.receive(&response, &method, &target);
        Ok(Hop { target, response, received })
    }

    /// Sends a request with the cookies, but for the last octet of its content. What comes of it
    /// goes to [`Browser::receive`], if it is to be received at all.
    ///
    /// # Errors
    /// [`Trouble`] where it cannot be sent.
    pub fn hold(&mut self, mut request: Request) -> Result<HeldRequest, Trouble> {
        self.dress(&mut request);
        self.site.hold(self.number, request)
    }

    /// Receives the cookies of a response.
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

    /// Asks for a path and follows where it leads.
    ///
    /// # Errors
    /// As for [`Browser::navigate`].
    pub fn get(&mut self, path: &str) -> Result<Reply, Trouble> {
        self.navigate(Request::new("GET", path))
    }

    /// Who is logged in.
    ///
    /// # Errors
    /// As for [`Browser::navigate`].
    pub fn whoami(&mut self) -> Result<Option<String>, Trouble> {
        let descriptor = Arc::clone(&self.descriptor);
        self.find(&descriptor.whoami, &Values::default())
    }

    /// Logs in. Whether it worked, who-am-i says.
    ///
    /// # Errors
    /// As for [`Browser::send`].
    pub fn login(&mut self, account: &Account) -> Result<Reply, Trouble> {
        let descriptor = Arc::clone(&self.descriptor);
        self.send(&descriptor.login, &account.values())
    }

    /// Logs out.
    ///
    /// # Errors
    /// As for [`Browser::send`].
    pub fn logout(&mut self) -> Result<Reply, Trouble> {
        let descriptor = Arc::clone(&self.descriptor);
        self.send(&descriptor.logout, &Values::default())
    }

    /// Whether the descriptor says how to write to the session.
    pub fn has_state(&self) -> bool {
        self.descriptor.state.is_some()
    }

    /// Stores a value in the session (`state.set`).
    ///
    /// # Errors
    /// As for [`Browser::send`]; also where the descriptor has no `state`.
    pub fn write(&mut self, key: &str, value: &str) -> Result<Reply, Trouble> {
        let descriptor = Arc::clone(&self.descriptor);
        let state = descriptor.state.as_ref().ok_or_else(no_state)?;
        self.send(&state.set, &Values::default().with("key", key).with("value", value))
    }

    /// What the session has under a key (`state.get`).
    ///
    /// # Errors
    /// As for [`Browser::navigate`]; also where the descriptor has no `state`.
    pub fn read(&mut self, key: &str) -> Result<Option<String>, Trouble> {
        let descriptor = Arc::clone(&self.descriptor);
        let state = descriptor.state.as_ref().ok_or_else(no_state)?;
        self.find(&state.get, &Values::default().with("key", key))
    }

    /// What is found in a page.
    ///
    /// # Errors
    /// As for [`Browser::navigate`].
    pub fn find(&mut self, page: &Page, values: &Values) -> Result<Option<String>, Trouble> {
        let reply = self.get(&values.fill(&page.path, Place::Uri))?;
        Ok(page.find(&reply.text()))
    }

    /// The cookies it has, in order of creation. None for a client that is no browser.
    pub fn jar(&self) -> Vec<SavedCookie> {
        match &self.cookies {
            Cookies::Store(store) => {
                store.cookies(self.site.now()).into_iter().map(SavedCookie::from).collect()
            }
            Cookies::Fixed(_) => Vec::new(),
        }
    }

    /// The Cookie field it would send to who-am-i: all its cookies, to be kept and used elsewhere.
    pub fn field(&mut self) -> Vec<u8> {
        let target = self.descriptor.whoami.path.clone();
        self.field_lines("GET", &target).join(&b"; "[..])
    }

    fn token(&mut self, csrf: &Csrf) -> Result<String, Trouble> {
        let reply = self.get(&csrf.page)?;
        let text = reply.text();
        csrf.capture.find(&text).map(unescaped).ok_or_else(|| {
            Trouble::descriptor(
                format!("GET {}{}", self.site.origin(), csrf.page),
                format!("status {}, and `csrf.capture` matches nothing in it", reply.status()),
                "look at the page and correct `csrf.page` or `csrf.capture`",
            )
        })
    }

    /// Adds the cookies and what browsers say with every request.
    fn dress(&mut self, request: &mut Request) {
        let has = |request: &Request, name: &str| {
            request.fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        if !has(request, "accept") {
            request.field("Accept", "text/html, application/json;q=0.9, */*;q=0.8");
        }
        if !has(request, "user-agent") {
            request.field("User-Agent", concat!("cookiespec-probe/", env!("CARGO_PKG_VERSION")));
        }
        // Where a check says itself which site asks, the browser does not.
        let is_said = has(request, "origin") || has(request, "sec-fetch-site");
        if !is_safe_method(request.method.as_bytes()) && !is_said {
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
    /// What the placeholders of this account stand for.
    pub fn values(&self) -> Values {
        Values::default().with("user", &*self.user).with("password", &*self.password)
    }
}

/// Names and values of cookies.
pub type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// A Cookie field of these names and values, as they are.
pub fn cookie_string(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let pairs = pairs.iter().map(|(name, value)| [name, &b"="[..], value].concat());
    pairs.collect::<Vec<_>>().join(&b"; "[..])
}

fn new_store() -> CookieStore<NoPublicSuffixes> {
    // Browsers take Secure cookies from loopback addresses and send them back there.
    let policy = Policy { secure_localhost: true, ..Policy::new(Profile::Rfc6265bis) };
    CookieStore::new(policy, NoPublicSuffixes)
}

fn request_in<'a>(uri: Uri<'a>, method: &str) -> cookiespec_engine::Request<'a> {
    let context = Context { safe_method: is_safe_method(method.as_bytes()), ..Context::default() };
    cookiespec_engine::Request { uri, context }
}

/// A token from an attribute or a text of HTML.
fn unescaped(token: &str) -> String {
    token.replace("&#x2B;", "+").replace("&#43;", "+").replace("&#x3D;", "=").replace("&amp;", "&")
}

pub(crate) fn no_state() -> Trouble {
    let advice = "add `state` to the descriptor";
    Trouble::descriptor("a check that writes the session", "the descriptor has no `state`", advice)
}

/// The most redirects that are followed, as in browsers (Fetch, "HTTP-redirect fetch").
const MAX_REDIRECTS: usize = 20;
