//! domain-match.

use std::hint::black_box;

use cookie_store::CookieDomain;
use cookiespec_engine::host::{Host, HostRule};
use url::Url;

use crate::group::{ENGINE, Group, Work};

pub(crate) fn group() -> Group {
    const HOST: &str = "www.shop.site.example";
    const DOMAIN: &str = "site.example";
    let ours = Host::canonicalize(HOST.as_bytes(), HostRule::Lenient).expect("a host");
    let url = Url::parse(&format!("https://{HOST}/")).expect("a URL");
    let theirs = CookieDomain::Suffix(DOMAIN.to_owned());
    assert!(ours.domain_match(DOMAIN.as_bytes()) && theirs.matches(&url));
    Group::new("domain-match", Work::Octets(HOST.len()))
        .with(ENGINE, move || black_box(&ours).domain_match(black_box(DOMAIN.as_bytes())))
        .with("cookie_store", move || black_box(&theirs).matches(black_box(&url)))
}
