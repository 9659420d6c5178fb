//! `axum-extra`'s `CookieJar`, the extractor and response part of axum applications.

use axum_core::response::IntoResponse;
use axum_extra::extract::CookieJar;
use cookiespec_vectors::implementation::{Implementation, ImplementationInfo, OperationResult};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{FormatSetCookie, ParseCookie};
use http::header::SET_COOKIE;

use crate::cookie::build;
use crate::http_text::{cookie_fields, pair};
use crate::published::{Published, version};
use crate::requested_cookie::RequestedCookie;

const PUBLISHED: Published = Published {
    package: "axum-extra",
    version: version!("axum-extra"),
    can: &["parse.cookie", "format.set-cookie"],
    blind: &["order", "duplicates"],
    claims: None,
    notes: "Over the cookie crate. Names and values are percent-decoded and encoded. The jar is a \
            set by name, so order and duplicates are lost. A field line with octets outside \
            visible ASCII is skipped, and so is a cookie that makes no valid field value. Control \
            characters never reach it: the http crate has no such field values.",
};

/// The `CookieJar` of `axum-extra`.
pub(crate) struct AxumExtra;

impl Implementation for AxumExtra {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn parse_cookie(&mut self, request: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let jar = CookieJar::from_headers(&cookie_fields(&request.cookie)?);
        Ok(jar.iter().map(|cookie| pair(cookie.name(), cookie.value())).collect())
    }

    fn format_set_cookie(&mut self, request: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let response =
            CookieJar::new().add(build(&RequestedCookie::read(request)?)?).into_response();
        Ok(response.headers().get(SET_COOKIE).map(|value| value.as_bytes().into()))
    }
}
