//! What comes back to a browser.

use cookiespec_engine::Received;
use cookiespec_engine::set_cookie::Ignored;
use cookiespec_wire::Response;

/// What came of one navigation: the response, and those that led to it.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Every response in order; redirects come before what they led to. Never empty.
    pub hops: Vec<Hop>,
}

/// One response on the way.
#[derive(Clone, Debug)]
pub struct Hop {
    /// The request-target.
    pub target: String,
    /// The response.
    pub response: Response,
    /// The cookies that the response set, and what the browser made of each. Empty for a client
    /// that is no browser.
    pub received: Vec<(Vec<u8>, Result<Received, Ignored>)>,
}

impl Reply {
    /// The last response.
    pub fn last(&self) -> &Response {
        // There is one for the request itself.
        &self.hops[self.hops.len() - 1].response
    }

    /// The status of the last response.
    pub fn status(&self) -> u16 {
        self.last().status
    }

    /// The content of the last response as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.last().body).into_owned()
    }

    /// Every response.
    pub fn responses(&self) -> impl Iterator<Item = &Response> {
        self.hops.iter().map(|hop| &hop.response)
    }

    /// Every Set-Cookie field of every response.
    pub fn set_cookies(&self) -> impl Iterator<Item = &[u8]> {
        self.responses().flat_map(|response| response.all("set-cookie"))
    }
}
