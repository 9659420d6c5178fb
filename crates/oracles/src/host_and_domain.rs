//! A host and, after a line feed, a domain: canonicalised and matched as the naive twin does it.

use cookiespec_engine::host::{Host, HostRule, MAX_HOST_OCTETS};
use cookiespec_engine_model::twin;
use cookiespec_vectors::Suite;
use cookiespec_vectors::operation::Operation;

use crate::two_parts;

/// Holds it for lenient and strict hosts.
pub fn holds(octets: &[u8]) {
    let (host, domain) = two_parts(octets);
    strict_hosts_are_the_twins(host);
    let Ok(canonical) = Host::canonicalize(host, HostRule::Lenient) else {
        let expected = host.is_empty() || host.len() > MAX_HOST_OCTETS || !host.is_ascii();
        assert!(expected, "a host is refused for no reason");
        return;
    };
    let text = canonical.as_octets();
    assert_eq!(
        Host::canonicalize(text, HostRule::Lenient).as_ref(),
        Ok(&canonical),
        "not canonical"
    );
    assert!(canonical.domain_match(text), "a host does not match itself");
    // The texts do not say whether "1.2.3.4." is an address.
    if text.ends_with(b".") && canonical.is_ip_address() {
        return;
    }
    assert_eq!(canonical.is_ip_address(), twin::host::is_ip_address(text));
    if !text.starts_with(b"[") {
        assert_eq!(text, twin::host::canonicalize(host));
    }
    for domain in [domain, &domain.to_ascii_lowercase(), text.get(1..).unwrap_or_default()] {
        let matches = canonical.domain_match(domain);
        assert_eq!(matches, twin::host::domain_match(text, domain), "{}", domain.escape_ascii());
        let upper = Host::canonicalize(&host.to_ascii_uppercase(), HostRule::Lenient);
        assert_eq!(upper.map(|host| host.domain_match(domain)), Ok(matches), "case counts");
    }
}

/// Every host and domain of the suite.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    let both = suite.cases().iter().filter_map(|case| match case.operation() {
        Operation::MatchDomain(request) => {
            Some([request.host.as_slice(), b"\n", request.domain.as_slice()].concat())
        }
        _ => None,
    });
    both.collect()
}

/// The twin takes every A-label for a valid one, and has no limit to the length of a host.
fn strict_hosts_are_the_twins(host: &[u8]) {
    let engine = Host::canonicalize(host, HostRule::Strict).ok();
    let twin = twin::host::canonicalize_strictly(host);
    if let Some(engine) = &engine {
        assert_eq!(Some(engine.as_octets()), twin.as_deref());
    }
    let has_a_label =
        |host: &[u8]| host.split(|&octet| octet == b'.').any(|it| it.starts_with(b"xn--"));
    if let Some(twin) = twin
        && twin.len() <= MAX_HOST_OCTETS
        && !has_a_label(&twin)
    {
        assert!(engine.is_some(), "a host of NR-LDH labels is refused");
    }
}
