//! A real browser beside the reference engine: both get every Set-Cookie field of the application,
//! and each Cookie field that the browser sends is compared with the one the engine would send.
//!
//! The browser reaches the application through a proxy of the probe's own, which forwards its
//! requests and shows the engine what it forwards. The browser logs in, is closed and opened again,
//! and logs out, as the descriptor says.

mod difference;
mod forwarder;
mod text;

use std::fmt::Debug;
use std::net::SocketAddr;
use std::sync::Arc;

use cookiespec_wire::server::{Options as ServerOptions, Origins};
use serde::Serialize;

pub use self::difference::{Cookie, Difference};
pub use self::text::Text;

use self::forwarder::Forwarder;
use crate::descriptor::Descriptor;
use crate::descriptor::request::{Csrf, RequestTemplate};
use crate::error::{ProbeError, SetupError};
use crate::run::options::Options;
use crate::run::setup;
use crate::template::Values;
use crate::test_context::TestContext;

/// A browser under automation, whose every request goes through a proxy.
pub trait RealBrowser: Debug {
    /// Its name and version.
    fn title(&self) -> String;

    /// Loads a URI, and returns when the page has been loaded.
    ///
    /// # Errors
    /// Why it cannot be loaded, for a person.
    fn open(&mut self, uri: &str) -> Result<(), String>;

    /// Whether it can be closed and opened again with the same profile.
    fn can_reopen(&self) -> bool;

    /// Closes it and opens it again with the same profile.
    ///
    /// # Errors
    /// Why that failed, for a person.
    fn close_and_reopen(&mut self) -> Result<(), String>;
}

/// What a browser and the engine did with the cookies of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The name of the application.
    pub application: String,
    /// Its origin.
    pub origin: String,
    /// Name and version of the browser.
    pub browser: String,
    /// The steps, in the order in which they were done.
    pub steps: Vec<Step>,
    /// Where the Cookie fields of the two differ, one for each cookie and kind of difference.
    pub differences: Vec<Difference>,
    /// Names of cookies that the browser sent and no response had set: a script of the application
    /// did, which the engine does not run. They are not compared.
    pub set_by_scripts: Vec<String>,
    /// Origins other than the application's that the browser requested something from. It got
    /// status 404 from all of them.
    pub elsewhere: Vec<String>,
}

/// One step, and what it led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was done.
    pub what: String,
    /// How many requests of the browser reached the application.
    pub requests: usize,
    /// How many Set-Cookie fields it was answered with.
    pub set_cookies: usize,
    /// For who-am-i: who is logged in; empty for nobody. `None` for all other steps.
    pub user: Option<String>,
    /// Why the step was left out.
    pub left_out: Option<String>,
}

/// Takes a browser through login, restart and logout. `start` starts it with this address as its
/// proxy.
///
/// # Errors
/// [`SetupError`]: the application cannot be started or reached, nobody can log in, or the browser
/// fails.
pub fn side_by_side(
    descriptor: Descriptor,
    options: &Options,
    start: impl FnOnce(SocketAddr) -> Result<Box<dyn RealBrowser>, String>,
) -> Result<Comparison, SetupError> {
    let context = setup::test_context(descriptor, options, None).map_err(SetupError::shortened)?;
    let forwarder = Arc::new(Forwarder::new(Arc::clone(&context.site), context.browser()));
    // Requests of HTTP/1.1 can be forwarded octet for octet. A thread waits for the application.
    let options = ServerOptions { http2: false, threads: 8, ..ServerOptions::default() };
    let responder: Arc<Forwarder> = Arc::clone(&forwarder);
    let origins = Origins::start(options, responder)
        .map_err(|error| SetupError::Browser(format!("its proxy cannot be started: {error}")))?;
    let browser = start(origins.address()).map_err(SetupError::Browser)?;
    let mut walk = Walk { context: &context, forwarder: &forwarder, browser, steps: Vec::new() };
    walk.go()?;
    let Walk { browser, steps, .. } = walk;
    let title = browser.title();
    // It ends before its proxy.
    drop(browser);
    let outcome = forwarder.outcome();
    Ok(Comparison {
        application: context.descriptor.title().to_owned(),
        origin: context.site.uri(""),
        browser: title,
        steps,
        differences: outcome.differences,
        set_by_scripts: outcome.set_by_scripts,
        elsewhere: outcome.elsewhere,
    })
}

/// A walk under way.
struct Walk<'a> {
    context: &'a TestContext,
    forwarder: &'a Forwarder,
    browser: Box<dyn RealBrowser>,
    steps: Vec<Step>,
}

impl Walk<'_> {
    fn go(&mut self) -> Result<(), SetupError> {
        self.whoami()?;
        self.login()?;
        let user = self.whoami()?;
        if user.is_empty() {
            return Err(self.not_logged_in().into());
        }
        self.close_and_reopen()?;
        if self.whoami()?.is_empty() {
            self.login()?;
            self.whoami()?;
        }
        self.logout()?;
        self.whoami()?;
        Ok(())
    }

    /// Opens who-am-i, and returns who is logged in; empty for nobody.
    fn whoami(&mut self) -> Result<String, SetupError> {
        let page = &self.context.descriptor.whoami;
        self.step("who-am-i", |walk| walk.open(&page.path))?;
        let user = self.forwarder.last_document().and_then(|text| page.find(&text));
        let user = user.unwrap_or_default();
        if let Some(step) = self.steps.last_mut() {
            step.user = Some(user.clone());
        }
        Ok(user)
    }

    fn login(&mut self) -> Result<(), SetupError> {
        let descriptor = Arc::clone(&self.context.descriptor);
        // A descriptor has an account.
        let account = &descriptor.accounts[0];
        let what = format!("login as {}", account.user);
        self.step(&what, |walk| walk.send(&descriptor, &descriptor.login, &account.values()))
    }

    fn logout(&mut self) -> Result<(), SetupError> {
        let descriptor = Arc::clone(&self.context.descriptor);
        self.step("logout", |walk| walk.send(&descriptor, &descriptor.logout, &Values::default()))
    }

    fn close_and_reopen(&mut self) -> Result<(), SetupError> {
        if !self.browser.can_reopen() {
            self.steps.push(Step {
                what: REOPEN.to_owned(),
                requests: 0,
                set_cookies: 0,
                user: None,
                left_out: Some("this browser keeps no profile under automation".to_owned()),
            });
            return Ok(());
        }
        self.step(REOPEN, |walk| {
            walk.browser.close_and_reopen().map_err(SetupError::Browser)?;
            walk.forwarder.close_and_reopen();
            Ok(())
        })
    }

    /// Does something, and counts the requests that it led to.
    fn step(
        &mut self,
        what: &str,
        act: impl FnOnce(&mut Self) -> Result<(), SetupError>,
    ) -> Result<(), SetupError> {
        self.forwarder.begin(what);
        act(self)?;
        let counts = self.forwarder.settle()?;
        self.steps.push(Step {
            what: what.to_owned(),
            requests: counts.requests,
            set_cookies: counts.set_cookies,
            user: None,
            left_out: None,
        });
        Ok(())
    }

    /// Makes the browser send a request of the descriptor, by a page with a form or a script.
    fn send(
        &mut self,
        descriptor: &Descriptor,
        template: &RequestTemplate,
        values: &Values,
    ) -> Result<(), SetupError> {
        let token = match &descriptor.csrf {
            Some(csrf) if !template.is_safe() => {
                self.open(&csrf.page)?;
                self.forwarder.settle()?;
                let text = self.forwarder.last_document().unwrap_or_default();
                Some((csrf, csrf.token_in(&text).ok_or_else(|| self.no_token(csrf))?))
            }
            _ => None,
        };
        let token = token.as_ref().map(|(csrf, token)| (*csrf, &**token));
        let request = template.fill(values, token);
        if request.method == "GET" && request.fields.is_empty() {
            return self.open(&request.target);
        }
        let page = self.forwarder.serve_page(&request);
        self.open(&page)?;
        self.forwarder.wait_for_page()?;
        Ok(())
    }

    fn open(&mut self, target: &str) -> Result<(), SetupError> {
        let uri = self.context.site.uri(target);
        let opened = self.browser.open(&uri);
        // What the application did not answer is the reason for what the browser says.
        self.forwarder.failure()?;
        opened.map_err(|error| SetupError::Browser(format!("{uri}: {error}")))
    }

    fn no_token(&self, csrf: &Csrf) -> ProbeError {
        ProbeError::descriptor(
            format!("GET {} in {}", self.context.site.uri(&csrf.page), self.browser.title()),
            "`csrf.capture` matches nothing in the response",
            "look at the page and correct `csrf.page` or `csrf.capture`",
        )
    }

    fn not_logged_in(&self) -> ProbeError {
        let differences = self.forwarder.outcome().differences;
        let got = match differences.first() {
            None => "nobody is logged in after the login, though the engine is logged in with the \
                     same requests, and both send the same cookies"
                .to_owned(),
            Some(difference) => format!("nobody is logged in after the login: {difference}"),
        };
        ProbeError::descriptor(
            format!("login in {}", self.browser.title()),
            got,
            "if the application asks for more than the descriptor declares, such as a page that is \
             opened first or a script, declare it as `csrf` or in `headers`",
        )
    }
}

const REOPEN: &str = "close and open again";
