//! The published crates under test: for any octets, they do not panic, they read what
//! section 4 of RFC 6265 lets servers and user agents write, and they keep cookies to their host.

use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_engine::{Profile, cookie_header};
use cookiespec_vectors::operation::{Context, JarConfig, ParseCookie, ParseSetCookie};
use cookiespec_vectors::{Implementation, Octets, Suite};

/// The time at which a response arrives.
const NOW: i64 = 1_700_000_000;

/// Holds it for every crate: the octets as a set-cookie-string and as a Cookie field line.
pub fn holds(line: &[u8]) {
    for entry in cookiespec_targets::all() {
        let mut target = (entry.make)();
        let can = target.about().can;
        let can = |operation: &str| can.iter().any(|it| it == operation);
        if can("parse.set-cookie") {
            reads_what_servers_write(entry.name, &mut *target, line);
        }
        if can("parse.cookie") {
            reads_what_user_agents_write(entry.name, &mut *target, line);
        }
        if can("jar") {
            keeps_cookies_to_their_host(entry.name, &mut *target, line);
        }
    }
}

/// Set-cookie-strings and Cookie field lines of the suite.
pub fn seeds(suite: &Suite) -> Vec<Vec<u8>> {
    [crate::set_cookie::seeds(suite), crate::cookie_header::seeds(suite)].concat()
}

/// A set-cookie-string of the grammar is no error. What stands in quotes is left out: parsers
/// differ in whether quotes belong to the value.
fn reads_what_servers_write(name: &str, target: &mut dyn Implementation, line: &[u8]) {
    let request = ParseSetCookie { set_cookie: line.into(), uri: None, now: Some(NOW) };
    let parsed = target.parse_set_cookie(&request);
    let conforms = check_set_cookie_string(line, Profile::Rfc6265).is_ok();
    if !conforms || line.contains(&b'"') {
        return;
    }
    let pair = line.split(|&octet| octet == b';').next().unwrap_or_default();
    let equals_sign = pair.iter().position(|&octet| octet == b'=').expect("the grammar has one");
    let cookie = parsed
        .unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
        .unwrap_or_else(|| panic!("{name} ignores what the grammar allows"));
    assert_eq!(cookie.name.as_slice(), &pair[..equals_sign], "{name}");
    assert_eq!(cookie.value.as_slice(), &pair[equals_sign + 1..], "{name}");
}

/// Pairs of letters and digits, each name once, are read by everyone.
fn reads_what_user_agents_write(name: &str, target: &mut dyn Implementation, line: &[u8]) {
    let request = ParseCookie { cookie: vec![line.into()] };
    let parsed = target.parse_cookie(&request);
    let mut expected: Vec<(Octets, Octets)> = Vec::new();
    for pair in cookie_header::pairs(line) {
        let plain =
            |octets: &[u8]| !octets.is_empty() && octets.iter().all(u8::is_ascii_alphanumeric);
        let known = expected.iter().any(|(name, _)| name.as_slice() == pair.name);
        if !plain(pair.name) || !plain(pair.value) || known {
            return;
        }
        expected.push((pair.name.into(), pair.value.into()));
    }
    let written: Vec<Vec<u8>> = expected
        .iter()
        .map(|(name, value)| [name.as_slice(), b"=", value.as_slice()].concat())
        .collect();
    if expected.is_empty() || written.join(&b"; "[..]) != line {
        return;
    }
    let mut pairs = parsed.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
    let key = |pair: &(Octets, Octets)| pair.0.as_slice().to_vec();
    pairs.sort_by_key(key);
    expected.sort_by_key(key);
    assert_eq!(pairs, expected, "{name}");
}

/// Crates that are known to send Secure cookies over http. ureq 3.5 loses the flag when it hands a
/// cookie to its store; the suite has the case.
const SECURE_OVER_HTTP: &[&str] = &["ureq"];

/// A cookie without a Domain attribute goes to no other host, and a Secure one not over http.
fn keeps_cookies_to_their_host(name: &str, target: &mut dyn Implementation, line: &[u8]) {
    let Ok(mut jar) = target.jar(NOW, &JarConfig::default()) else { return };
    let context = Context::default();
    let site = Octets::from(&b"https://www.site.example/a/b"[..]);
    if jar.receive(&site, &[line.into()], &context).is_err() {
        return;
    }
    for stranger in [&b"https://stranger.test/a/b"[..], b"https://evilwww.site.example/a/b"] {
        let has_domain = line.to_ascii_lowercase().windows(6).any(|it| it == b"domain");
        let sent = jar.send(&stranger.into(), &context);
        if !has_domain && let Ok(sent) = sent {
            assert_eq!(sent.header, None, "{name} sends it to {}", stranger.escape_ascii());
        }
    }
    let _ = jar.send(&site, &context);
    let parsed = cookiespec_engine::set_cookie::parse(line, Profile::Rfc6265);
    if parsed.is_ok_and(|cookie| cookie.secure)
        && !SECURE_OVER_HTTP.contains(&name)
        && let Ok(sent) = jar.send(&Octets::from(&b"http://www.site.example/a/b"[..]), &context)
    {
        assert_eq!(sent.header, None, "{name} sends a Secure cookie over http");
    }
}
