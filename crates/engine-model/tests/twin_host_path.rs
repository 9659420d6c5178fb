//! Hosts, paths and URIs: the engine and the naive twin match the same ones.

use cookiespec_engine::Uri;
use cookiespec_engine::host::{Host, HostRule};
use cookiespec_engine::path::{default_path, path_match};
use cookiespec_engine_model::generate::{Octets, holds};
use cookiespec_engine_model::twin;
use proptest::prelude::*;

/// A label: of a name, of an address, or one that strict hosts refuse.
fn label() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        ["a", "b", "B", "ab", "example", "1", "255", "256", "a-b", "-a", "a_b", "r3---m", ""]
            .as_slice(),
    )
}

/// A host: labels, an IPv4 address or an IPv6 address in its shortest form.
fn host() -> impl Strategy<Value = String> {
    let name = prop::collection::vec(label(), 1..5).prop_map(|labels| labels.join("."));
    let address = prop::sample::select(
        ["127.0.0.1", "1.2.3.4", "01.2.3.4", "1.2.3", "[::1]", "[2001:db8::1]", "[::1", "0x7f.1"]
            .as_slice(),
    );
    prop_oneof![6 => name, 1 => address.prop_map(str::to_owned)]
        .prop_filter("a host is not empty", |host| !host.is_empty())
        // The texts do not say whether "1.2.3.4." is an address.
        .prop_filter("an address has no dot at its end", |host| {
            !twin::host::is_ip_address(host.trim_end_matches('.').as_bytes())
                || !host.ends_with('.')
        })
}

#[test]
fn engine_and_twin_agree_on_domain_match() {
    let suffix = prop_oneof![
        3 => (host(), any::<prop::sample::Index>()).prop_map(|(host, at)| {
            let domain = host[at.index(host.len() + 1)..].to_owned();
            (host, domain)
        }),
        1 => (host(), host()),
        1 => (host(), host()).prop_map(|(below, host)| (format!("{below}.{host}"), host)),
    ];
    let of_lower_case = suffix.prop_map(|(host, domain)| (host, domain.to_ascii_lowercase()));
    holds(6_000, &of_lower_case, |(host, domain)| {
        let engine = Host::canonicalize(host.as_bytes(), HostRule::Lenient)
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let string = twin::host::canonicalize(host.as_bytes());
        prop_assert_eq!(engine.as_octets(), string.as_slice());
        prop_assert_eq!(engine.is_ip_address(), twin::host::is_ip_address(&string));
        prop_assert_eq!(
            engine.domain_match(domain.as_bytes()),
            twin::host::domain_match(&string, domain.as_bytes())
        );
        Ok(())
    });
}

#[test]
fn engine_and_twin_agree_on_strict_hosts() {
    holds(3_000, &host(), |host| {
        let engine = Host::canonicalize(host.as_bytes(), HostRule::Strict).ok();
        let twin = twin::host::canonicalize_strictly(host.as_bytes());
        prop_assert_eq!(engine.map(|host| host.as_octets().to_vec()).map(Octets), twin.map(Octets));
        Ok(())
    });
}

/// A path of few letters, so that one is often a prefix of another.
fn path() -> impl Strategy<Value = Octets> {
    prop::collection::vec(prop::sample::select(b"//abA.%\xe9".as_slice()), 0..8).prop_map(Octets)
}

#[test]
fn engine_and_twin_agree_on_paths() {
    let prefix = (path(), any::<prop::sample::Index>()).prop_map(|(path, at)| {
        let cookie_path = Octets(path.0[..at.index(path.0.len() + 1)].to_vec());
        (path, cookie_path)
    });
    holds(6_000, &prop_oneof![3 => prefix, 1 => (path(), path())], |(path, cookie_path)| {
        prop_assert_eq!(
            path_match(&path.0, &cookie_path.0),
            twin::path::path_match(&path.0, &cookie_path.0)
        );
        prop_assert_eq!(default_path(&path.0), twin::path::default_path(&path.0));
        Ok(())
    });
}

/// A URI is parsed into the parts it was composed of.
#[test]
fn the_parts_of_a_uri_are_found_again() {
    let parts = (
        prop::sample::select(["http", "https", "HTTPS"].as_slice()),
        prop::sample::select(["", "user@", "user:pass@", "@"].as_slice()),
        prop::sample::select(["site.example", "1.2.3.4", "[::1]", "A.b."].as_slice()),
        prop::sample::select(["", ":", ":8080"].as_slice()),
        prop::sample::select(["", "/", "/a/b", "//x@y:1", "/a:b"].as_slice()),
        prop::sample::select(["", "?", "?q=/x", "?a@b:c/"].as_slice()),
        prop::sample::select(["", "#", "#/f?g"].as_slice()),
    );
    holds(1_000, &parts, |(scheme, user, host, port, path, query, fragment)| {
        let text = format!("{scheme}://{user}{host}{port}{path}{query}{fragment}");
        let uri =
            Uri::parse(text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(uri.scheme(), scheme.as_bytes(), "{}", text);
        prop_assert_eq!(uri.host(), host.as_bytes(), "{}", text);
        prop_assert_eq!(uri.path(), path.as_bytes(), "{}", text);
        Ok(())
    });
}
