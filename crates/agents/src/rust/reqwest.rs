//! reqwest with its cookie store.

use std::error::Error;
use std::sync::Arc;

use cookiespec_vectors::ImplementationInfo;
use cookiespec_wire::server::Origins;
use reqwest::blocking::Client;
use reqwest::cookie::Jar;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Method, Proxy};

use super::{about, failed, use_ring};
use crate::agent::{Agent, AgentError, AgentFacts, Navigation};

/// A blocking client of reqwest. It is made anew for each other number of redirects, with the same
/// store.
#[derive(Debug)]
pub(super) struct Reqwest {
    about: ImplementationInfo,
    facts: AgentFacts,
    proxy: Proxy,
    authority: Certificate,
    jar: Arc<Jar>,
    client: Client,
    follow: usize,
}

impl Reqwest {
    pub(super) fn start(origins: &Origins) -> Result<Self, AgentError> {
        use_ring();
        let proxy = Proxy::all(format!("http://{}", origins.address())).map_err(failed)?;
        let authority = Certificate::from_pem(origins.ca_pem().as_bytes()).map_err(failed)?;
        let jar = Arc::new(Jar::default());
        let notes = "A client with a cookie::Jar, over cookie_store. No public suffix list. The \
                     order in the Cookie field is that of a hash map and differs from run to run.";
        Ok(Self {
            client: client(&proxy, &authority, &jar, 0)?,
            follow: 0,
            about: about("reqwest", notes),
            facts: AgentFacts::default(),
            proxy,
            authority,
            jar,
        })
    }

    fn remake(&mut self, follow: usize) -> Result<(), AgentError> {
        self.client = client(&self.proxy, &self.authority, &self.jar, follow)?;
        self.follow = follow;
        Ok(())
    }
}

fn client(
    proxy: &Proxy,
    authority: &Certificate,
    jar: &Arc<Jar>,
    follow: usize,
) -> Result<Client, AgentError> {
    // Unlike with a limit, a redirect that is not followed is a response and no error.
    let redirects = Policy::custom(move |attempt| {
        let is_followed = attempt.previous().len() <= follow;
        if is_followed { attempt.follow() } else { attempt.stop() }
    });
    Client::builder()
        .cookie_provider(Arc::clone(jar))
        .proxy(proxy.clone())
        .tls_certs_only([authority.clone()])
        .redirect(redirects)
        .http1_only()
        .timeout(None)
        .build()
        .map_err(failed)
}

impl Agent for Reqwest {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn facts(&self) -> &AgentFacts {
        &self.facts
    }

    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError> {
        let Navigation { uri, method, fields, follow, .. } = navigation;
        if *follow != self.follow {
            self.remake(*follow)?;
        }
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|error| AgentError::Refused { message: error.to_string() })?;
        let request = self.client.request(method, uri);
        let request = fields
            .iter()
            .fold(request, |it, (name, value)| it.header(name.as_slice(), value.as_slice()));
        let response = request.send().and_then(reqwest::blocking::Response::bytes);
        response.map(drop).map_err(|error| AgentError::Refused { message: with_causes(&error) })
    }

    fn clear(&mut self) -> Result<(), AgentError> {
        self.jar = Arc::new(Jar::default());
        self.remake(0)
    }
}

/// An error and what caused it: on its own it does not say why.
fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(&format!(": {error}"));
        cause = error.source();
    }
    message
}
