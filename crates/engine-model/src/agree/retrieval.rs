//! What holds of every cookie-list, whatever happened before: RFC 6265 section 5.4, 6265bis
//! section 5.8.3, without any of their algorithms.

use cookiespec_engine::{Api, Cookie, Policy, Request};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::twin;

/// Checks that every one of these cookies may go with the request, and in this order.
pub fn may_be_sent(
    cookie_list: &[Cookie<'_>],
    policy: &Policy,
    request: &Request<'_>,
    now: i64,
) -> TestCaseResult {
    for cookie in cookie_list {
        may_go(cookie, policy, request, now)
            .map_err(|error| TestCaseError::fail(format!("{cookie:?} was sent: {error}")))?;
    }
    for two in cookie_list.windows(2) {
        let (first, second) = (two[0], two[1]);
        let longer = first.path().len() > second.path().len();
        let older =
            first.path().len() == second.path().len() && first.creation() <= second.creation();
        prop_assert!(longer || older, "{:?} was sent before {:?}", first, second);
    }
    Ok(())
}

fn may_go(cookie: &Cookie<'_>, policy: &Policy, request: &Request<'_>, now: i64) -> TestCaseResult {
    let host = twin::host::canonicalize(request.uri.host());
    let is_host = host == cookie.domain();
    let is_below = host.ends_with(&[b".", cookie.domain()].concat());
    prop_assert!(is_host || (is_below && !cookie.host_only()), "the host is another");
    prop_assert!(is_host || !twin::host::is_ip_address(&host), "an address has no subdomains");
    prop_assert!(request.uri.request_path().starts_with(cookie.path()), "the path is another");
    let trusted = policy.secure_localhost
        && [&b"localhost"[..], b"127.0.0.1", b"[::1]"].contains(&host.as_slice());
    let secure = request.uri.scheme().eq_ignore_ascii_case(b"https") || trusted;
    prop_assert!(secure || !cookie.secure_only(), "the connection is not secure");
    prop_assert!(cookie.expiry().is_none_or(|expiry| expiry > now), "it has expired");
    let script = request.context.api == Api::NonHttp;
    prop_assert!(!(script && cookie.http_only()), "a script is not to see it");
    Ok(())
}
