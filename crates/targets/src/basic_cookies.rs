//! `basic-cookies`: a grammar for the Cookie header.

use basic_cookies::Cookie;
use cookiespec_vectors::implementation::{Implementation, ImplementationInfo, OperationResult};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::ParseCookie;

use crate::http_text::{pair, text};
use crate::published::{Published, version};

const PUBLISHED: Published = Published {
    package: "basic-cookies",
    version: version!("basic-cookies"),
    can: &["parse.cookie"],
    blind: &[],
    claims: Some("rfc6265"),
    notes: "Takes text: octets that are not UTF-8 are unsupported. An error of the parser is \
            reported as a field line without cookies. Each field line is parsed on its own.",
};

/// The `basic-cookies` crate.
pub(crate) struct BasicCookies;

impl Implementation for BasicCookies {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn parse_cookie(&mut self, request: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let mut pairs = Vec::new();
        for line in &request.cookie {
            let cookies = Cookie::parse(text(line)?).unwrap_or_default();
            pairs.extend(cookies.iter().map(|cookie| pair(cookie.get_name(), cookie.get_value())));
        }
        Ok(pairs)
    }
}
