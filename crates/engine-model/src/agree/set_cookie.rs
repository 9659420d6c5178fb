//! Set-cookie-strings: the engine and the naive twin read the same name, value and attributes.

use cookiespec_engine::path::default_path;
use cookiespec_engine::set_cookie::{Ignored, ParsedSetCookie, PathAttribute};
use cookiespec_engine::{Profile, SameSite};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::generate::Octets;
use crate::twin::set_cookie::{
    Attribute, COOKIE_AGE_LIMIT, EARLIEST, Enforcement, parse_rfc6265, parse_rfc6265bis,
};

/// The time of reception and the path of the request, wherever they matter.
const NOW: i64 = 1_700_000_000;
const URI_PATH: &[u8] = b"/dir/page";

/// Whether the twin parses a line as the engine did under this profile.
pub fn agree(
    line: &[u8],
    profile: Profile,
    engine: &Result<ParsedSetCookie<'_>, Ignored>,
) -> TestCaseResult {
    let (twin, age_limit) = match profile {
        Profile::Rfc6265 => (parse_rfc6265(line, URI_PATH, NOW), i64::MAX),
        Profile::Rfc6265bis => (parse_rfc6265bis(line, URI_PATH, NOW), COOKIE_AGE_LIMIT),
    };
    let (Ok(engine), Some(twin)) = (engine, &twin) else {
        prop_assert_eq!(engine.is_ok(), twin.is_some(), "engine {:?}, twin {:?}", engine, twin);
        return Ok(());
    };
    let pairs_agree = (engine.name, engine.value) == (twin.cookie_name, twin.cookie_value);
    prop_assert!(pairs_agree, "engine {:?}, twin {:?}", engine, twin);
    prop_assert_eq!(from_engine(engine, age_limit), from_twin(&twin.cookie_attribute_list));
    Ok(())
}

/// What the storage model takes from the attributes: the last of each name.
#[derive(Debug, PartialEq)]
struct Lasts {
    /// The expiry-times, capped.
    expires: Option<i64>,
    max_age: Option<i64>,
    /// In lower case. Empty: the same as none.
    domain: Octets,
    path: Option<Octets>,
    secure: bool,
    http_only: bool,
    same_site: Option<Enforcement>,
}

/// The engine leaves the clock, the cookie-age-limit, lower case and the default-path to the store.
fn from_engine(cookie: &ParsedSetCookie<'_>, age_limit: i64) -> Lasts {
    Lasts {
        expires: cookie.expires.map(|expires| expires.min(NOW.saturating_add(age_limit))),
        max_age: cookie.max_age.map(|delta_seconds| match delta_seconds {
            ..=0 => EARLIEST,
            1.. => NOW.saturating_add(delta_seconds.min(age_limit)),
        }),
        domain: Octets(cookie.domain.unwrap_or_default().to_ascii_lowercase()),
        path: cookie.path.map(|path| match path {
            PathAttribute::Absolute(path) => Octets(path.to_vec()),
            PathAttribute::Default { .. } => Octets(default_path(URI_PATH).to_vec()),
        }),
        secure: cookie.secure,
        http_only: cookie.http_only,
        same_site: cookie.same_site.map(|same_site| match same_site {
            SameSite::Default => Enforcement::Default,
            SameSite::None => Enforcement::None,
            SameSite::Lax => Enforcement::Lax,
            SameSite::Strict => Enforcement::Strict,
        }),
    }
}

fn from_twin(cookie_attribute_list: &[Attribute]) -> Lasts {
    let mut lasts = Lasts {
        expires: None,
        max_age: None,
        domain: Octets(vec![]),
        path: None,
        secure: false,
        http_only: false,
        same_site: None,
    };
    for attribute in cookie_attribute_list {
        match attribute {
            Attribute::Expires(expiry_time) => lasts.expires = Some(*expiry_time),
            Attribute::MaxAge(expiry_time) => lasts.max_age = Some(*expiry_time),
            Attribute::Domain(domain) => lasts.domain = Octets(domain.clone()),
            Attribute::Path(path) => lasts.path = Some(Octets(path.clone())),
            Attribute::Secure => lasts.secure = true,
            Attribute::HttpOnly => lasts.http_only = true,
            Attribute::SameSite(enforcement) => lasts.same_site = Some(*enforcement),
        }
    }
    lasts
}
