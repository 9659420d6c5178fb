//! `cookie`: Set-Cookie and Cookie as text, the crate that most others build on.

use cookie::{Cookie, SameSite};
use cookiespec_vectors::implementation::{Implementation, ImplementationInfo, OperationResult};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{FormatSetCookie, ParseCookie, ParseSetCookie, ParsedCookie};
use time::Duration;

use crate::http_text::{pair, text};
use crate::published::{Published, version};
use crate::requested_cookie::{self, RequestedCookie};

const PUBLISHED: Published = Published {
    package: "cookie",
    version: version!("cookie"),
    can: &["parse.set-cookie", "parse.cookie", "format.set-cookie"],
    blind: &[],
    claims: None,
    notes: "Takes text: octets that are not UTF-8 are unsupported. Nothing is percent-decoded or \
            encoded. Each Cookie field line is split on its own. The writer has no way to refuse.",
};

/// The protocol's largest integer; the crate reports an overflowing Max-Age as 2^63 - 1.
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The `cookie` crate.
pub(crate) struct CookieCrate;

impl Implementation for CookieCrate {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn parse_set_cookie(
        &mut self,
        request: &ParseSetCookie,
    ) -> OperationResult<Option<ParsedCookie>> {
        Ok(Cookie::parse(text(&request.set_cookie)?).ok().map(|cookie| ParsedCookie {
            name: cookie.name().into(),
            value: cookie.value().into(),
            domain: cookie.domain().map(Into::into),
            path: cookie.path().map(Into::into),
            expires: cookie.expires_datetime().map(|time| time.unix_timestamp()),
            max_age: cookie.max_age().map(|age| age.whole_seconds().min(MAX_INTEGER)),
            secure: cookie.secure(),
            http_only: cookie.http_only(),
            same_site: same_site(&cookie),
            partitioned: cookie.partitioned(),
        }))
    }

    fn parse_cookie(&mut self, request: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let mut pairs = Vec::new();
        for line in &request.cookie {
            let cookies = Cookie::split_parse(text(line)?).flatten();
            pairs.extend(cookies.map(|cookie| pair(cookie.name(), cookie.value())));
        }
        Ok(pairs)
    }

    fn format_set_cookie(&mut self, request: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let cookie = build(&RequestedCookie::read(request)?)?;
        Ok(Some(cookie.to_string().as_str().into()))
    }
}

/// The SameSite attribute of a parsed cookie.
pub(crate) fn same_site(cookie: &Cookie<'_>) -> Option<Octets> {
    cookie.same_site().map(|value| value.to_string().as_str().into())
}

/// The cookie of a request, as the crate's type.
pub(crate) fn build(requested: &RequestedCookie<'_>) -> OperationResult<Cookie<'static>> {
    let mut cookie = Cookie::new(requested.name.to_owned(), requested.value.to_owned());
    cookie.set_max_age(requested.max_age.map(Duration::seconds));
    if let Some(time) = requested.expires_datetime()? {
        cookie.set_expires(time);
    }
    if let Some(domain) = requested.domain {
        cookie.set_domain(domain.to_owned());
    }
    if let Some(path) = requested.path {
        cookie.set_path(path.to_owned());
    }
    cookie.set_secure(requested.secure);
    cookie.set_http_only(requested.http_only);
    cookie.set_same_site(requested.same_site.map(|value| match value {
        requested_cookie::SameSite::Strict => SameSite::Strict,
        requested_cookie::SameSite::Lax => SameSite::Lax,
        requested_cookie::SameSite::None => SameSite::None,
    }));
    cookie.set_partitioned(requested.partitioned);
    Ok(cookie)
}
