//! The attributes of the cookie: SM-017 to SM-031.

use std::sync::Arc;

use cookiespec_engine::date::{ImfFixdate, parse_cookie_date};
use cookiespec_engine::set_cookie::{ParsedSetCookie, PathAttribute, parse};
use cookiespec_engine::{Ignored, Profile, Received, SameSite};

use crate::browser::navigation::Reply;
use crate::error::ProbeError;
use crate::site::Site;
use crate::test_context::TestContext;
use crate::verdict::{CheckResult, ensure, not_applicable, pass};

pub(super) fn is_secure_on_https(context: &TestContext) -> CheckResult {
    let Some(site) = context.https() else {
        return not_applicable("the descriptor would need `[https]`");
    };
    every(issued_on(context, site)?, "has no Secure", |it| it.cookie().secure)
}

pub(super) fn is_http_only(context: &TestContext) -> CheckResult {
    every(issued(context)?, "has no HttpOnly", |it| it.cookie().http_only)
}

pub(super) fn same_site_is_lax_or_strict(context: &TestContext) -> CheckResult {
    every(issued(context)?, "has no SameSite=Lax or Strict", |it| {
        matches!(it.cookie().same_site, Some(SameSite::Lax | SameSite::Strict))
    })
}

pub(super) fn same_site_none_is_secure(context: &TestContext) -> CheckResult {
    every(issued(context)?, "has SameSite=None without Secure", |it| {
        it.cookie().same_site != Some(SameSite::None) || it.cookie().secure
    })
}

pub(super) fn name_has_a_prefix(context: &TestContext) -> CheckResult {
    let Some(site) = context.https() else {
        return not_applicable("the descriptor would need `[https]`");
    };
    let prefix: &[u8] =
        if context.descriptor().policy.shares_domain { b"__Secure-" } else { b"__Host-" };
    let defect = format!("has a name that does not start with {}", prefix.escape_ascii());
    every(issued_on(context, site)?, &defect, |it| it.cookie().name.starts_with(prefix))
}

/// Browsers ignore a Set-Cookie that does not satisfy the prefix of its name, and one that deletes
/// a cookie is no exception.
pub(super) fn prefixes_are_kept(context: &TestContext) -> CheckResult {
    // Without https browsers ignore every prefixed cookie, except on loopback.
    let replies = context.visit(context.https().unwrap_or(context.site()))?;
    let mut count = 0;
    for (line, received) in replies.iter().flat_map(received) {
        let starts = |prefix: &[u8]| {
            line.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
        };
        if !(starts(b"__Host-") || starts(b"__Secure-")) {
            continue;
        }
        count += 1;
        ensure(received.is_ok(), || {
            let why = received.as_ref().err().map(ToString::to_string).unwrap_or_default();
            format!("browsers ignore Set-Cookie: {} ({why})", line.escape_ascii())
        })?;
    }
    pass(format!("{count} cookies with a prefix were set, and a browser accepts all of them"))
}

fn received(reply: &Reply) -> impl Iterator<Item = &(Vec<u8>, Result<Received, Ignored>)> {
    reply.hops.iter().flat_map(|hop| &hop.received)
}

pub(super) fn has_no_domain(context: &TestContext) -> CheckResult {
    if context.descriptor().policy.shares_domain {
        return not_applicable(
            "`policy.shares_domain` declares that other hosts share the session",
        );
    }
    every(issued(context)?, "has a Domain", |it| {
        it.cookie().domain.is_none_or(|domain| domain.is_empty())
    })
}

pub(super) fn path_is_the_root(context: &TestContext) -> CheckResult {
    let root = &context.descriptor().policy.path;
    every(issued(context)?, &format!("has another Path than {root}"), |it| match it.cookie().path {
        Some(PathAttribute::Absolute(path)) => path == root.as_bytes(),
        _ => false,
    })
}

pub(super) fn is_a_memory_cookie(context: &TestContext) -> CheckResult {
    if context.descriptor().policy.remember_me {
        return not_applicable(
            "`policy.remember_me` declares that login requests a persistent session",
        );
    }
    every(issued(context)?, "is kept when the browser is closed", |it| !it.is_persistent())
}

pub(super) fn ends_with_the_session(context: &TestContext) -> CheckResult {
    let cookies = issued(context)?;
    let Some(longest) = cookies.iter().filter_map(Issued::lifetime).max() else {
        return pass("it is a memory cookie");
    };
    let policy = &context.descriptor().policy;
    let Some(limit) = policy.absolute.or(policy.idle) else {
        return not_applicable("the descriptor would need `policy.absolute` or `policy.idle`");
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    ensure(longest <= limit.saturating_add(TOLERANCE), || {
        format!("the cookie lives for {longest} s, the session for {limit} s at most")
    })?;
    pass(format!("the cookie lives for {longest} s, the session for up to {limit} s"))
}

pub(super) fn lasts_400_days_at_most(context: &TestContext) -> CheckResult {
    every(issued(context)?, "lives for more than 400 days", |it| {
        it.lifetime().is_none_or(|seconds| seconds <= 400 * 86_400)
    })
}

pub(super) fn lifetimes_agree(context: &TestContext) -> CheckResult {
    every(issued(context)?, "has a Max-Age and an Expires that name different instants", |it| {
        let cookie = it.cookie();
        let (Some(max_age), Some(expires)) = (cookie.max_age, cookie.expires) else { return true };
        (it.date + max_age - expires).abs() <= 2
    })
}

pub(super) fn is_set_once_a_response(context: &TestContext) -> CheckResult {
    for hop in context.visit(context.site())?.iter().flat_map(|reply| &reply.hops) {
        let name = |line: &'_ [u8]| {
            let name = line.split(|&octet| octet == b'=' || octet == b';').next();
            name.unwrap_or_default().trim_ascii().to_vec()
        };
        let names: Vec<_> = hop.response.all("set-cookie").map(name).collect();
        let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
        ensure(twice.is_none(), || {
            let name = twice.map(|(_, name)| name.escape_ascii().to_string()).unwrap_or_default();
            format!("the response to {} sets {name} more than once", hop.target.escape_debug())
        })?;
    }
    pass("no response sets one name twice")
}

pub(super) fn expires_has_the_fixed_form(context: &TestContext) -> CheckResult {
    let replies = context.visit(context.site())?;
    let mut count = 0;
    for line in replies.iter().flat_map(Reply::set_cookies) {
        for date in expires_text(line) {
            count += 1;
            ensure(is_imf_fixdate(date), || {
                format!(
                    "\"{}\" has another form than Sun, 06 Nov 1994 08:49:37 GMT",
                    date.escape_ascii()
                )
            })?;
        }
    }
    pass(format!("{count} cookies have an Expires, all of the fixed form"))
}

pub(super) fn attributes_stay_the_same(context: &TestContext) -> CheckResult {
    let cookies = issued(context)?;
    for one in &cookies {
        let first = cookies.iter().find(|it| it.cookie().name == one.cookie().name);
        let first = first.unwrap_or(one);
        ensure(one.attributes() == first.attributes(), || {
            format!(
                "Set-Cookie: {} has other attributes than {}",
                one.line.escape_ascii(),
                first.line.escape_ascii()
            )
        })?;
    }
    pass(format!("set {} times, always with the same attributes", cookies.len()))
}

/// Passes if the condition holds for all of these fields.
fn every(cookies: Vec<Issued>, defect: &str, holds: impl Fn(&Issued) -> bool) -> CheckResult {
    let wrong = cookies.iter().find(|cookie| !holds(cookie));
    ensure(wrong.is_none(), || {
        let line = wrong.map(|it| it.line.escape_ascii().to_string()).unwrap_or_default();
        format!("the session cookie {defect}: Set-Cookie: {line}")
    })?;
    let last = cookies.last().map(|it| it.line.escape_ascii().to_string()).unwrap_or_default();
    pass(format!("set {} times, the last time by Set-Cookie: {last}", cookies.len()))
}

/// A Set-Cookie field that sets a session cookie.
struct Issued {
    /// The field.
    line: Vec<u8>,
    /// The Date of the response in Unix seconds, or the time it arrived.
    date: i64,
}

/// Secure, HttpOnly, SameSite, Domain, whether there is a Path, and whether it is persistent.
type Attributes<'a> = (bool, bool, Option<SameSite>, Option<&'a [u8]>, bool, bool);

impl Issued {
    /// The field as browsers parse it.
    fn cookie(&self) -> ParsedSetCookie<'_> {
        // Only fields that browsers accept are collected.
        parse(&self.line, Profile::Rfc6265bis).unwrap_or_default()
    }

    /// Whether the cookie is kept when the browser is closed.
    fn is_persistent(&self) -> bool {
        let cookie = self.cookie();
        cookie.max_age.is_some() || cookie.expires.is_some()
    }

    /// The lifetime of the cookie in seconds; `None` for a memory cookie.
    fn lifetime(&self) -> Option<i64> {
        let cookie = self.cookie();
        cookie.max_age.or_else(|| Some(cookie.expires?.saturating_sub(self.date)))
    }

    fn attributes(&self) -> Attributes<'_> {
        let cookie = self.cookie();
        let has_path = cookie.path.is_some();
        let ParsedSetCookie { secure, http_only, same_site, domain, .. } = cookie;
        (secure, http_only, same_site, domain, has_path, self.is_persistent())
    }
}

/// The Set-Cookie fields of session cookies in a visit, except those that delete one.
fn issued(context: &TestContext) -> Result<Vec<Issued>, ProbeError> {
    issued_on(context, context.site())
}

/// The Set-Cookie fields of session cookies in a visit over this origin.
fn issued_on(context: &TestContext, site: &Arc<Site>) -> Result<Vec<Issued>, ProbeError> {
    let replies = context.visit(site)?;
    let mut all = Vec::new();
    for response in replies.iter().flat_map(|reply| reply.responses()) {
        let date = response.first("date").and_then(|date| parse_cookie_date(date).ok());
        let date = date.unwrap_or_else(|| site.now());
        for line in response.all("set-cookie") {
            let Ok(cookie) = parse(line, Profile::Rfc6265bis) else { continue };
            let deletes = cookie.max_age.is_some_and(|seconds| seconds <= 0)
                || (cookie.max_age.is_none() && cookie.expires.is_some_and(|at| at <= date));
            if context.session_info().names.contains(cookie.name) && !deletes {
                all.push(Issued { line: line.to_vec(), date });
            }
        }
    }
    if all.is_empty() {
        let shown = format!("a visit to {}", site.origin());
        let got = format!("{} was never set", context.session_info().shown());
        let advice = "if it has another name over this origin, probe that origin alone";
        return Err(ProbeError::descriptor(shown, got, advice));
    }
    Ok(all)
}

/// The values of the Expires attributes of a Set-Cookie field.
fn expires_text(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let attributes = line.split(|&octet| octet == b';').skip(1);
    attributes.filter_map(|attribute| {
        let at = attribute.iter().position(|&octet| octet == b'=')?;
        let (name, value) = (attribute[..at].trim_ascii(), attribute[at + 1..].trim_ascii());
        name.eq_ignore_ascii_case(b"expires").then_some(value)
    })
}

/// Whether the date has the form that servers have to write.
fn is_imf_fixdate(date: &[u8]) -> bool {
    let instant = parse_cookie_date(date).ok().and_then(ImfFixdate::new);
    instant.is_some_and(|instant| instant.to_string().as_bytes() == date)
}

/// How much longer than the session the cookie may live, in seconds.
const TOLERANCE: i64 = 60;
