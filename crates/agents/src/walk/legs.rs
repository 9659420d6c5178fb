//! What a walk consists of: legs, navigations, their requests and responses, and pages.

use std::time::Duration;

use cookiespec_wire::server::Reply;

use super::location::Location;
use crate::agent::Navigation;

/// What an agent is taken through for one program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// What happens, in order.
    pub legs: Vec<Leg>,
    /// The time in the Date field of each response, in Unix seconds; `None` for the real time.
    pub date: Option<i64>,
}

impl Walk {
    /// The requests of the walk.
    pub fn hops(&self) -> impl Iterator<Item = &Hop> {
        self.legs.iter().flat_map(|leg| match leg {
            Leg::Visit(visit) => &visit.hops[..],
            _ => &[],
        })
    }
}

/// A part of a walk that the agent is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leg {
    /// It navigates.
    Visit(Visit),
    /// The session ends, and the next one begins.
    Restart,
    /// The store is written to the file of the walk.
    Save,
    /// The next session begins with what is in that file, and nothing else.
    Load,
    /// The agent goes on with a copy of itself or of its store.
    Copy,
    /// Time passes, so that one cookie is older than another.
    Pause(Duration),
}

/// A navigation, and the requests that are expected of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// What the agent is asked for.
    pub navigation: Navigation,
    /// The first request, and those that the agent makes by itself, because it is redirected or because
    /// of a page. Never empty.
    pub hops: Vec<Hop>,
}

impl Visit {
    /// A navigation that makes one request.
    pub(super) fn to(hop: Hop) -> Self {
        let method = hop.method.clone().unwrap_or_else(|| "GET".to_owned());
        let navigation = Navigation { method, ..Navigation::get(&hop.location.uri, 0) };
        Self { navigation, hops: vec![hop] }
    }

    /// Adds the request that the page of the last hop makes.
    #[must_use]
    pub(super) fn then(mut self, hop: Hop) -> Self {
        self.navigation.follow += 1;
        self.hops.push(hop);
        self
    }

    /// Redirects the last request to another one.
    pub(super) fn redirect(&mut self, hop: Hop) {
        if let Some(last) = self.hops.last_mut() {
            last.response.status = 302;
            let location = hop.location.uri.clone().into_bytes();
            last.response.fields.push(("Location".to_owned(), location));
        }
        self.navigation.follow += 1;
        self.hops.push(hop);
    }
}

/// A request, and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// What is requested.
    pub location: Location,
    /// The request method; `None` for any.
    pub method: Option<String>,
    /// The label under which the request is observed.
    pub observed: Option<String>,
    /// The response, but for what the page is shown by.
    pub response: Reply,
    /// The page that the response shows.
    pub page: Option<Page>,
}

impl Hop {
    /// A GET whose response has nothing for the agent.
    pub(super) fn get(location: Location) -> Self {
        let (method, response) = (Some("GET".to_owned()), Reply::new(200));
        Self { location, method, observed: None, response, page: None }
    }
}

/// A page of a browser, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// `document.cookie = value`.
    Assign(String),
    /// Reads `document.cookie`, which is observed under this label.
    Read(String),
    /// Makes the request of the next hop.
    Request(Means),
    /// Does nothing: it is where a request of a page ends.
    End,
}

/// How a page makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A link: top-level, GET.
    Link,
    /// A form with the method POST: top-level.
    Form,
    /// A frame: not top-level, GET.
    Frame,
    /// An image: not top-level, GET.
    Image,
    /// `fetch` with credentials: not top-level, with the method of the hop.
    Fetch,
}
