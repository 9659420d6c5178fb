//! `biscotti`: request and response cookies for servers.

use biscotti::time::{SignedDuration, Timestamp, tz::TimeZone};
use biscotti::{
    Processor, ProcessorConfig, RequestCookies, ResponseCookie, ResponseCookies, SameSite,
};
use cookiespec_vectors::implementation::{
    Implementation, ImplementationInfo, OperationResult, unsupported,
};
use cookiespec_vectors::octets::Octets;
use cookiespec_vectors::operation::{FormatSetCookie, ParseCookie};

use crate::http_text::{pair, text};
use crate::published::{Published, version};
use crate::requested_cookie::{self, RequestedCookie};

const PUBLISHED: Published = Published {
    package: "biscotti",
    version: version!("biscotti"),
    can: &["parse.cookie", "format.set-cookie"],
    blind: &["order"],
    claims: None,
    notes: "Takes text: octets that are not UTF-8 are unsupported. With its default processor, \
            which percent-decodes and encodes names and values. One bad pair is an error for the \
            whole request, reported as a request without cookies. The parsed cookies are a map \
            that cannot be listed: it is asked for every name that stands before a '=' in the \
            field lines. The writer has no way to refuse.",
};

/// The `biscotti` crate.
pub(crate) struct Biscotti {
    processor: Processor,
}

impl Default for Biscotti {
    fn default() -> Self {
        Self { processor: ProcessorConfig::default().into() }
    }
}

impl Implementation for Biscotti {
    fn about(&self) -> ImplementationInfo {
        PUBLISHED.about()
    }

    fn parse_cookie(&mut self, request: &ParseCookie) -> OperationResult<Vec<(Octets, Octets)>> {
        let lines = request.cookie.iter().map(text).collect::<OperationResult<Vec<_>>>()?;
        let Ok(cookies) = RequestCookies::parse_headers(lines.iter().copied(), &self.processor)
        else {
            return Ok(Vec::new());
        };
        let names = self.names(&lines);
        Ok(names
            .iter()
            .filter_map(|name| cookies.get_all(name))
            .flatten()
            .map(|cookie| pair(cookie.name(), cookie.value()))
            .collect())
    }

    fn format_set_cookie(&mut self, request: &FormatSetCookie) -> OperationResult<Option<Octets>> {
        let mut cookies = ResponseCookies::new();
        cookies.insert(build(&RequestedCookie::read(request)?)?);
        Ok(cookies.header_values(&self.processor).next().map(|value| value.as_str().into()))
    }
}

impl Biscotti {
    /// Every name that the field lines may hold, once, decoded as the crate decodes it.
    fn names(&self, lines: &[&str]) -> Vec<String> {
        let mut names = Vec::new();
        for raw in lines.iter().flat_map(|line| line.split(';')) {
            let raw = raw.split('=').next().unwrap_or_default().trim();
            if let Ok(cookie) = self.processor.process_incoming(raw, "")
                && !names.iter().any(|name| name == cookie.name())
            {
                names.push(cookie.name().to_owned());
            }
        }
        names
    }
}

fn build<'a>(requested: &RequestedCookie<'a>) -> OperationResult<ResponseCookie<'a>> {
    let mut cookie = ResponseCookie::new(requested.name, requested.value)
        .set_max_age(requested.max_age.map(SignedDuration::from_secs))
        .set_secure(requested.secure)
        .set_http_only(requested.http_only)
        .set_same_site(requested.same_site.map(|value| match value {
            requested_cookie::SameSite::Strict => SameSite::Strict,
            requested_cookie::SameSite::Lax => SameSite::Lax,
            requested_cookie::SameSite::None => SameSite::None,
        }))
        .set_partitioned(requested.partitioned);
    if let Some(unix) = requested.expires {
        let Ok(time) = Timestamp::from_second(unix) else { return unsupported("expires") };
        cookie = cookie.set_expires(time.to_zoned(TimeZone::UTC));
    }
    if let Some(domain) = requested.domain {
        cookie = cookie.set_domain(domain);
    }
    if let Some(path) = requested.path {
        cookie = cookie.set_path(path);
    }
    Ok(cookie)
}
