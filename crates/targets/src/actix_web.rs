//! `actix-web`: `HttpRequest::cookies` and `HttpResponse::add_cookie`.

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use actix_web::test::TestRequest;
use cookiespec_vectors::implementation::{
    Implementation, ImplementationInfo, OperationResult, unsupported,
};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{FormatSetCookie, ParseCookie};

use crate::http_text::pair;
use crate::published::{Published, version};
use crate::requested_cookie::{self, RequestedCookie};

const PUBLISHED: Published = Published {
    package: "actix-web",
    version: version!("actix-web"),
    can: &["parse.cookie", "format.set-cookie"],
    blind: &[],
    claims: None,
    notes: "Over the cookie crate, version 0.16. Names and values of request cookies are \
            percent-decoded; nothing is encoded. One field line that is not UTF-8 costs the \
            request all its cookies. Control characters never reach it: the http crate has no \
            such field values. Partitioned cannot be asked for.",
};

/// The cookies of `actix-web`'s requests and responses.
pub(crate) struct ActixWeb;

impl Implementation for ActixWeb {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn parse_cookie(&mut self, request: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let mut builder = TestRequest::default();
        for line in &request.cookie {
            let Ok(value) = HeaderValue::from_bytes(line.as_slice()) else {
                return unsupported("octets");
            };
            builder = builder.append_header((COOKIE, value));
        }
        // An error is the documented rejection of the whole request's cookies.
        Ok(builder.to_http_request().cookies().map_or_else(
            |_| Vec::new(),
            |cookies| cookies.iter().map(|cookie| pair(cookie.name(), cookie.value())).collect(),
        ))
    }

    fn format_set_cookie(&mut self, request: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let cookie = build(&RequestedCookie::read(request)?)?;
        let mut response = HttpResponse::Ok().finish();
        // An error is the documented refusal of a malformed field value.
        Ok(match response.add_cookie(&cookie) {
            Ok(()) => response.headers().get(SET_COOKIE).map(|value| value.as_bytes().into()),
            Err(_) => None,
        })
    }
}

fn build<'a>(requested: &RequestedCookie<'a>) -> OperationResult<Cookie<'a>> {
    if requested.partitioned == Some(true) {
        return unsupported("partitioned");
    }
    let mut cookie = Cookie::new(requested.name, requested.value);
    cookie.set_max_age(requested.max_age.map(Duration::seconds));
    if let Some(time) = requested.expires_datetime()? {
        cookie.set_expires(time);
    }
    if let Some(domain) = requested.domain {
        cookie.set_domain(domain);
    }
    if let Some(path) = requested.path {
        cookie.set_path(path);
    }
    cookie.set_secure(requested.secure);
    cookie.set_http_only(requested.http_only);
    cookie.set_same_site(requested.same_site.map(|value| match value {
        requested_cookie::SameSite::Strict => SameSite::Strict,
        requested_cookie::SameSite::Lax => SameSite::Lax,
        requested_cookie::SameSite::None => SameSite::None,
    }));
    Ok(cookie)
}
