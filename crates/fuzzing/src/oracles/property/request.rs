//! Properties of every request, independent of the reference engine: no cookie is sent to a foreign
//! host or site, none with Secure over plain http, none that was never set, and no octet ends the
//! field.

use cookiespec_engine::host::{Host, HostRule};
use cookiespec_engine::set_cookie::MAX_ATTRIBUTE_VALUE_OCTETS;
use cookiespec_engine::{Profile, SuffixRules, Uri};
use cookiespec_vectors::operation::{JarProgram, Sent, Step};
use cookiespec_vectors::{Level, Octets};

use crate::octet_fields;
use crate::oracles::difference::Difference;
use crate::oracles::site;
use crate::oracles::syntax::{is_cookie_octet, is_token, without_blanks};

/// The properties that a request violates.
pub(crate) fn violations(
    profile: Profile,
    program: &JarProgram,
    label: &str,
    uri: &Octets,
    sent: &Sent,
) -> Vec<Difference> {
    let Some(header) = &sent.header else { return Vec::new() };
    let octets = header.as_slice();
    let mut found = Vec::new();
    let mut add = |kind, want: &str, got: &[u8]| {
        found.push(violation(kind, Level::Must, want, got));
    };
    let has_break = |octets: &[u8]| octets.iter().any(|octet| b"\r\n".contains(octet));
    let was_in_input =
        octet_fields::of_steps(&program.steps).any(|field| has_break(field.as_slice()));
    if has_break(octets) && !was_in_input {
        add("line break sent", "one field line", octets);
    }
    // If the program changes the rules, cookies set before are not subject to them.
    let changes_rules = program.steps.iter().any(|step| matches!(step, Step::Configure { .. }));
    let rules = if changes_rules { None } else { site::rules(&program.config) };
    let mut across = Vec::new();
    let (Some(host), is_secure) = (host(uri), is_https(uri)) else { return found };
    for part in octets.split(|octet| *octet == b';') {
        let part = part.trim_ascii();
        let origins = origins(profile, program, label, part);
        if origins.is_empty() {
            if is_invented(profile, program, label, part) {
                add("sent though nobody set it", "no such cookie", part);
            }
            continue;
        }
        if origins.iter().all(|origin| !origin.reaches(&host)) {
            add("sent to a foreign host", "no cookie of another site", part);
        }
        let name = host.strip_suffix(b".").unwrap_or(&host);
        let is_local = name == b"localhost" || name.ends_with(b".localhost") || is_address(&host);
        if !is_secure && !is_local && origins.iter().all(|origin| origin.is_secure_cookie) {
            add("secure cookie over http", "no cookie with Secure", part);
        }
        let is_prefixed = |prefix: &[u8]| {
            part.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        if profile == Profile::Rfc6265bis && !is_secure && !is_local && is_prefixed(b"__secure-") {
            add("__Secure- cookie over http", "no cookie with this prefix", part);
        }
        // The rejection of public suffixes, and the list, are left to the user agent; the
        // host-only-flag is not.
        let is_across = |rules: &SuffixRules| {
            let is_other = |origin: &Origin| {
                origin.host != host
                    && origin.reaches(&host)
                    && !site::is_shared(rules, &origin.host, &host)
            };
            !is_local && origins.iter().all(is_other)
        };
        if rules.as_ref().is_some_and(is_across) {
            let is_host_only = origins.iter().all(|origin| origin.domains.is_empty());
            let level = if is_host_only { Level::Must } else { Level::Should };
            let (kind, want) = ("sent across a public suffix", "no cookie of another site");
            across.push(violation(kind, level, want, part));
        }
    }
    found.extend(across);
    found
}

/// The violation of a property by a part of the cookie-string.
fn violation(kind: &'static str, level: Level, want: &str, got: &[u8]) -> Difference {
    let shown = format!("\"{}\"", got.escape_ascii());
    Difference {
        cookie: Some(got.into()),
        ..Difference::of_property("header", kind, level, want.to_owned(), shown)
    }
}

/// Whether this is a plain cookie whose name and value occur in nothing that was set before.
fn is_invented(profile: Profile, program: &JarProgram, label: &str, part: &[u8]) -> bool {
    let is_equals = |octet: &u8| *octet == b'=';
    let Some(at) = part.iter().position(is_equals) else { return false };
    let (name, value) = (&part[..at], &part[at + 1..]);
    // "$Path" and the like are RFC 2965's.
    let is_plain = is_token(name)
        && !name.starts_with(b"$")
        && !part.contains(&b'%')
        && value.iter().all(|octet| is_cookie_octet(*octet));
    is_plain && origins(profile, program, label, name).is_empty()
}

/// A set-cookie-string that may have set a cookie.
struct Origin {
    host: Vec<u8>,
    is_secure_cookie: bool,
    /// The values of its Domain attributes, in lower case and without a leading dot.
    domains: Vec<Vec<u8>>,
}

impl Origin {
    /// Whether the cookie may be sent to this host, regardless of public suffixes.
    fn reaches(&self, host: &[u8]) -> bool {
        let covers_both = |domain: &Vec<u8>| covers(domain, host) && covers(domain, &self.host);
        are_related(&self.host, host) || self.domains.iter().any(covers_both)
    }
}

/// Whether a host domain-matches a domain. An IP address only matches itself.
fn covers(domain: &[u8], host: &[u8]) -> bool {
    let is_below = || {
        host.strip_suffix(domain).is_some_and(|start| start.ends_with(b".")) && !is_address(host)
    };
    !domain.is_empty() && (domain == host || is_below())
}

/// The set-cookie-strings before a request that contain the value of a cookie.
fn origins(profile: Profile, program: &JarProgram, label: &str, part: &[u8]) -> Vec<Origin> {
    let value = part.splitn(2, |octet| *octet == b'=').nth(1).unwrap_or(part);
    let value = value.trim_ascii();
    let before = program.steps.iter().take_while(|step| step.label() != Some(label));
    let mut origins = Vec::new();
    for step in before {
        let (uri, lines) = match step {
            Step::Receive { uri, set_cookie, .. } => (uri, set_cookie.iter().collect()),
            Step::ScriptSet { uri, value, .. } => (uri, vec![value]),
            _ => continue,
        };
        let Some(host) = host(uri) else { continue };
        for line in lines {
            let line = line.as_slice();
            if value.is_empty() || line.windows(value.len()).any(|window| window == value) {
                let (host, is_secure_cookie) = (host.clone(), has_secure(profile, line));
                origins.push(Origin { host, is_secure_cookie, domains: domains(line) });
            }
        }
    }
    origins
}

/// Whether there is a Secure attribute. 6265bis ignores one whose value is too long.
fn has_secure(profile: Profile, line: &[u8]) -> bool {
    attributes(line).any(|(name, value)| {
        let is_ignored = profile == Profile::Rfc6265bis && value.len() > MAX_ATTRIBUTE_VALUE_OCTETS;
        name.eq_ignore_ascii_case(b"Secure") && !is_ignored
    })
}

fn domains(line: &[u8]) -> Vec<Vec<u8>> {
    let values = attributes(line).filter(|(name, _)| name.eq_ignore_ascii_case(b"Domain"));
    values
        .map(|(_, value)| value.strip_prefix(b".").unwrap_or(value).to_ascii_lowercase())
        .collect()
}

/// The attributes of a set-cookie-string: names and values, each empty if absent.
pub(crate) fn attributes(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    line.split(|octet| *octet == b';').skip(1).map(|attribute| {
        let mut halves = attribute.splitn(2, |octet| *octet == b'=');
        let mut half = || without_blanks(halves.next().unwrap_or_default());
        (half(), half())
    })
}

/// Whether one host can set cookies for the other: they are equal, or share two labels.
fn are_related(one: &[u8], other: &[u8]) -> bool {
    if one == other {
        return true;
    }
    if is_address(one) || is_address(other) {
        return false;
    }
    let labels = |host: &[u8]| -> Vec<Vec<u8>> {
        host.rsplit(|octet| *octet == b'.').map(<[u8]>::to_vec).collect()
    };
    let (one, other) = (labels(one), labels(other));
    let shared = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    shared >= 2 || shared == one.len().min(other.len()) && shared > 0
}

fn is_address(host: &[u8]) -> bool {
    let text = std::str::from_utf8(host).unwrap_or_default();
    host.starts_with(b"[") || text.parse::<std::net::Ipv4Addr>().is_ok()
}

fn is_https(uri: &Octets) -> bool {
    Uri::parse(uri.as_slice()).is_ok_and(|uri| uri.scheme().eq_ignore_ascii_case(b"https"))
}

/// The canonicalised host of a URI.
fn host(uri: &Octets) -> Option<Vec<u8>> {
    let uri = Uri::parse(uri.as_slice()).ok()?;
    let host = Host::canonicalize(uri.host(), HostRule::Lenient).ok()?;
    Some(host.as_octets().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_reaches_what_its_domain_covers_and_no_lookalike() {
        for (host, line, other, reaches) in [
            ("www.site.example", "a=1", "site.example", true),
            ("www.site.example", "a=1", "evilsite.example", false),
            ("te.example", "a=1; Domain=example", "site.example", true),
            ("te.example", "a=1; domain = .Example", "site.example", true),
            ("te.example", "a=1; Domain=site.example", "site.example", false),
            ("1.2.3.4", "a=1; Domain=3.4", "9.2.3.4", false),
        ] {
            let origin = Origin {
                host: host.as_bytes().to_vec(),
                is_secure_cookie: false,
                domains: domains(line.as_bytes()),
            };
            assert_eq!(origin.reaches(other.as_bytes()), reaches, "{host} {line} {other}");
        }
    }
}
