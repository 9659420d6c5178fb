//! `cookie-monster`: request cookies and Set-Cookie for servers.

use cookie_monster::{Cookie, CookieJar, SameSite};
use cookiespec_vectors::implementation::{
    Implementation, ImplementationInfo, OperationResult, unsupported,
};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{FormatSetCookie, ParseCookie};

use crate::http_text::{pair, text};
use crate::published::{Published, version};
use crate::requested_cookie::{self, RequestedCookie};

const PUBLISHED: Published = Published {
    package: "cookie-monster",
    version: version!("cookie-monster"),
    can: &["parse.cookie", "format.set-cookie"],
    blind: &["order", "duplicates"],
    claims: None,
    notes: "Takes text: octets that are not UTF-8 are unsupported. Nothing is percent-decoded or \
            encoded. The jar is a set by name that cannot be listed: it is asked for every name \
            the crate's parser finds. It takes the prefixes __Host- and __Secure- off the names. \
            A Max-Age below zero cannot be asked for.",
};

/// The `cookie-monster` crate.
pub(crate) struct CookieMonster;

impl Implementation for CookieMonster {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn parse_cookie(&mut self, request: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let mut names = Vec::new();
        let mut jar = CookieJar::new();
        for line in &request.cookie {
            for cookie in text(line)?.split(';').flat_map(Cookie::parse_cookie) {
                if jar.get(cookie.name()).is_none() {
                    names.push(cookie.name().to_owned());
                }
                jar.add_original(cookie);
            }
        }
        let cookies = names.iter().filter_map(|name| jar.get(name));
        Ok(cookies.map(|cookie| pair(cookie.name(), cookie.value())).collect())
    }

    fn format_set_cookie(&mut self, request: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let cookie = build(&RequestedCookie::read(request)?)?;
        Ok(cookie.serialize().ok().map(|value| value.as_str().into()))
    }
}

fn build(requested: &RequestedCookie<'_>) -> OperationResult<Cookie> {
    let mut cookie = Cookie::new(requested.name.to_owned(), requested.value.to_owned());
    if let Some(seconds) = requested.max_age {
        let Ok(seconds) = u64::try_from(seconds) else { return unsupported("max_age") };
        cookie.set_max_age_secs(seconds);
    }
    if let Some(time) = requested.expires_datetime()? {
        cookie.set_expires(time);
    }
    if let Some(domain) = requested.domain {
        cookie.set_domain(domain.to_owned());
    }
    if let Some(path) = requested.path {
        cookie.set_path(path.to_owned());
    }
    cookie.set_secure(requested.secure.unwrap_or_default());
    cookie.set_http_only(requested.http_only.unwrap_or_default());
    cookie.set_same_site(requested.same_site.map(|value| match value {
        requested_cookie::SameSite::Strict => SameSite::Strict,
        requested_cookie::SameSite::Lax => SameSite::Lax,
        requested_cookie::SameSite::None => SameSite::None,
    }));
    cookie.set_partitioned(requested.partitioned.unwrap_or_default());
    Ok(cookie)
}
