//! ureq with its cookie store.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use cookiespec_vectors::ImplementationInfo;
use cookiespec_wire::server::Origins;
use ureq::config::Config;
use ureq::http::Request;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Proxy, SendBody};

use super::{about, failed, use_ring};
use crate::agent::{Agent, AgentError, AgentFacts, Navigation};

/// An agent of ureq.
#[derive(Debug)]
pub(super) struct Ureq {
    about: ImplementationInfo,
    facts: AgentFacts,
    config: Config,
    agent: ureq::Agent,
}

impl Ureq {
    pub(super) fn start(origins: &Origins) -> Result<Self, AgentError> {
        use_ring();
        let proxy = Proxy::new(&format!("http://{}", origins.address())).map_err(failed)?;
        let authority = Certificate::from_pem(origins.ca_pem().as_bytes()).map_err(failed)?;
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[authority])).build();
        let config = ureq::Agent::config_builder()
            .proxy(Some(proxy))
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .build();
        Ok(Self {
            about: about("ureq", "An Agent with its cookie store, over cookie_store."),
            facts: AgentFacts { save: true, ..AgentFacts::default() },
            agent: config.clone().into(),
            config,
        })
    }
}

impl Agent for Ureq {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn facts(&self) -> &AgentFacts {
        &self.facts
    }

    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError> {
        let Navigation { uri, method, fields, follow, .. } = navigation;
        let refused = |error: ureq::Error| AgentError::Refused { message: error.to_string() };
        let request = Request::builder().method(&**method).uri(uri);
        let request = fields
            .iter()
            .fold(request, |it, (name, value)| it.header(name.as_slice(), value.as_slice()));
        let request = request.body(SendBody::none()).map_err(|error| refused(error.into()))?;
        let follow = u32::try_from(*follow).unwrap_or(u32::MAX);
        let request = self.agent.configure_request(request).max_redirects(follow).build();
        let mut response = self.agent.run(request).map_err(refused)?;
        response.body_mut().read_to_vec().map(drop).map_err(refused)
    }

    fn clear(&mut self) -> Result<(), AgentError> {
        self.agent.cookie_jar_lock().clear();
        Ok(())
    }

    fn save(&mut self, file: &Path) -> Result<(), AgentError> {
        let mut file = File::create(file).map_err(failed)?;
        self.agent.cookie_jar_lock().save_json(&mut file).map_err(failed)
    }

    fn load(&mut self, file: &Path) -> Result<(), AgentError> {
        let file = File::open(file).map_err(failed)?;
        self.agent = self.config.clone().into();
        self.agent.cookie_jar_lock().load_json(BufReader::new(file)).map_err(failed)
    }
}
