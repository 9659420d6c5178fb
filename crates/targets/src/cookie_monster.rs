//! `cookie-monster`: request cookies and Set-Cookie for servers.

use cookie_monster::{Cookie, CookieJar, SameSite};
use cookiespec_vectors::implementation::{
    Implementation, ImplementationInfo, OperationResult, unsupported,
};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{FormatSetCookie, ParseCookie};

use crate::asked::{self, Asked};
use crate::http_text::{pair, text};
use crate::published::{Published, version};

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
        let cookie = build(&Asked::read(request)?)?;
        Ok(cookie.serialize().ok().map(|value| value.as_str().into()))
    }
}

fn build(asked: &Asked<'_>) -> OperationResult<Cookie> {
    let mut cookie = Cookie::new(asked.name.to_owned(), asked.value.to_owned());
    if let Some(seconds) = asked.max_age {
        let Ok(seconds) = u64::try_from(seconds) else { return unsupported("max_age") };
        cookie.set_max_age_secs(seconds);
    }
    if let Some(time) = asked.expires_datetime()? {
        cookie.set_expires(time);
    }
    if let Some(domain) = asked.domain {
        cookie.set_domain(domain.to_owned());
    }
    if let Some(path) = asked.path {
        cookie.set_path(path.to_owned());
    }
    cookie.set_secure(asked.secure.unwrap_or_default());
    cookie.set_http_only(asked.http_only.unwrap_or_default());
    cookie.set_same_site(asked.same_site.map(|value| match value {
        asked::SameSite::Strict => SameSite::Strict,
        asked::SameSite::Lax => SameSite::Lax,
        asked::SameSite::None => SameSite::None,
    }));
    cookie.set_partitioned(asked.partitioned.unwrap_or_default());
    Ok(cookie)
}
