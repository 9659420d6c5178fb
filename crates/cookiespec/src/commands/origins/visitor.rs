//! The browser of whoever opened the start page, as a user agent under test.

use std::sync::Arc;
use std::time::Duration;

use cookiespec_agents::{Agent, AgentError, AgentFacts, Clock, Navigation, Settling};
use cookiespec_vectors::ImplementationInfo;

use super::site::Site;

/// A browser that is driven by the start page: it sends another window where it is told.
pub(super) struct Visitor {
    site: Arc<Site>,
    about: ImplementationInfo,
    facts: AgentFacts,
}

impl Visitor {
    pub(super) fn new(site: Arc<Site>) -> Self {
        let about =
            ImplementationInfo { name: "browser".to_owned(), ..ImplementationInfo::default() };
        let facts = AgentFacts {
            redirects: 17,
            // Some browsers judge by the Date field, which is the real time as well.
            clock: Clock::Own,
            public_suffixes: true,
            scripts: true,
            // Whether cookies of other sites are blocked is a setting that is not known here.
            cross_site: false,
            restart: false,
            settling: Settling::Always(Duration::from_secs(10)),
            ..AgentFacts::default()
        };
        Self { site, about, facts }
    }
}

impl Agent for Visitor {
    fn about(&self) -> &ImplementationInfo {
        &self.about
    }

    fn facts(&self) -> &AgentFacts {
        &self.facts
    }

    fn navigate(&mut self, navigation: &Navigation) -> Result<(), AgentError> {
        if !["GET", "POST"].contains(&&*navigation.method) {
            let need = format!("http: a page that navigates by {}", navigation.method);
            return Err(AgentError::Unsupported { need });
        }
        if !navigation.fields.is_empty() {
            return Err(AgentError::lacks("fields"));
        }
        self.site.navigate(&navigation.uri, &navigation.method);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), AgentError> {
        if self.site.clear() {
            return Ok(());
        }
        Err(AgentError::Failed { message: "the cookie store could not be emptied".to_owned() })
    }
}
