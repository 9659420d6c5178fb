//! The cookies of a session as they are set.

use std::sync::Arc;

use cookiespec_engine::date::{ImfFixdate, parse_cookie_date};
use cookiespec_engine::set_cookie::{ParsedSetCookie, parse};
use cookiespec_engine::{Profile, SameSite};

use crate::bench::Bench;
use crate::site::Site;
use crate::trouble::Trouble;

/// A Set-Cookie field that gives a session cookie a value.
pub(super) struct Issued {
    /// The field.
    pub(super) line: Vec<u8>,
    /// When the response was made, by its own word, in Unix seconds.
    pub(super) answered: i64,
}

/// What is said of a cookie besides its name and value: persistent or not, but not until when.
pub(super) type Attributes<'a> = (bool, bool, Option<SameSite>, Option<&'a [u8]>, bool, bool);

impl Issued {
    /// The field as browsers read it.
    pub(super) fn cookie(&self) -> ParsedSetCookie<'_> {
        // Only what browsers can read is collected.
        parse(&self.line, Profile::Rfc6265bis).unwrap_or_default()
    }

    /// Whether it stays when the browser is closed.
    pub(super) fn is_persistent(&self) -> bool {
        let cookie = self.cookie();
        cookie.max_age.is_some() || cookie.expires.is_some()
    }

    /// How long it lives, in seconds; `None` for a memory cookie.
    pub(super) fn lifetime(&self) -> Option<i64> {
        let cookie = self.cookie();
        cookie.max_age.or_else(|| Some(cookie.expires?.saturating_sub(self.answered)))
    }

    pub(super) fn attributes(&self) -> Attributes<'_> {
        let cookie = self.cookie();
        let has_path = cookie.path.is_some();
        let ParsedSetCookie { secure, http_only, same_site, domain, .. } = cookie;
        (secure, http_only, same_site, domain, has_path, self.is_persistent())
    }
}

/// Every session cookie that a visit sets; those that delete it are left out.
pub(super) fn issued(bench: &Bench) -> Result<Vec<Issued>, Trouble> {
    issued_on(bench, bench.site())
}

/// The same over this origin.
pub(super) fn issued_on(bench: &Bench, site: &Arc<Site>) -> Result<Vec<Issued>, Trouble> {
    let replies = bench.visit(site)?;
    let mut all = Vec::new();
    for response in replies.iter().flat_map(|reply| reply.responses()) {
        let date = response.first("date").and_then(|date| parse_cookie_date(date).ok());
        let answered = date.unwrap_or_else(|| site.now());
        for line in response.all("set-cookie") {
            let Ok(cookie) = parse(line, Profile::Rfc6265bis) else { continue };
            let deletes = cookie.max_age.is_some_and(|seconds| seconds <= 0)
                || (cookie.max_age.is_none() && cookie.expires.is_some_and(|at| at <= answered));
            if bench.found().names.contains(cookie.name) && !deletes {
                all.push(Issued { line: line.to_vec(), answered });
            }
        }
    }
    if all.is_empty() {
        let shown = format!("a visit to {}", site.origin());
        let got = format!("{} was never set", bench.found().shown());
        let advice = "if it is set over this origin under another name, probe that origin alone";
        return Err(Trouble::descriptor(shown, got, advice));
    }
    Ok(all)
}

/// The values of the Expires attributes of a Set-Cookie field.
pub(super) fn expires_text(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let attributes = line.split(|&octet| octet == b';').skip(1);
    attributes.filter_map(|attribute| {
        let at = attribute.iter().position(|&octet| octet == b'=')?;
        let (name, value) = (attribute[..at].trim_ascii(), attribute[at + 1..].trim_ascii());
        name.eq_ignore_ascii_case(b"expires").then_some(value)
    })
}

/// Has the date the form that servers have to write?
pub(super) fn is_imf_fixdate(date: &[u8]) -> bool {
    let instant = parse_cookie_date(date).ok().and_then(ImfFixdate::new);
    instant.is_some_and(|instant| instant.to_string().as_bytes() == date)
}
