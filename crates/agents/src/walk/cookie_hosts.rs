//! For which hosts a navigation may leave cookies behind.

use std::collections::BTreeSet;

use cookiespec_wire::server::Reply;

use super::{Hop, Page};

/// The hosts that the requests go to, and those that a Domain attribute names, in lower case. A cookie
/// that any of these responses sets is sent to one of these hosts, or to none that is a DNS name or an
/// IPv4 address, even if an agent takes the wrong one of several attributes, or one that it should
/// reject.
///
/// `None` where an attribute, or the host of a request, is something else; and where a script reads or
/// writes cookies, because the process that runs it may keep a copy of them.
pub fn cookie_hosts(hops: &[Hop]) -> Option<BTreeSet<String>> {
    let mut hosts = BTreeSet::new();
    for hop in hops {
        if matches!(hop.page, Some(Page::Assign(_) | Page::Read(_))) {
            return None;
        }
        hosts.insert(plain(&hop.location.host)?);
        for domain in set_cookies(&hop.response).flat_map(domains) {
            let name = str::from_utf8(domain).ok()?;
            let name = name.strip_prefix('.').unwrap_or(name);
            if !name.is_empty() {
                hosts.insert(plain(name)?);
            }
        }
    }
    Some(hosts)
}

/// The Set-Cookie field values of all parts of a response.
fn set_cookies(response: &Reply) -> impl Iterator<Item = &[u8]> {
    let interim = response.interim.iter().flat_map(|interim| &interim.fields);
    let fields = response.fields.iter().chain(&response.trailers).chain(interim);
    let lines = fields.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    lines.map(|(_, value)| &value[..])
}

/// A DNS name or an IPv4 address in lower case.
fn plain(host: &str) -> Option<String> {
    let is_plain = |octet: u8| octet.is_ascii_alphanumeric() || b"-._".contains(&octet);
    (!host.is_empty() && host.bytes().all(is_plain)).then(|| host.to_ascii_lowercase())
}

/// The values of everything in a line that may be taken for a Domain attribute.
fn domains(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let parts = line.split(|octet| b";,".contains(octet));
    parts.filter_map(|part| {
        let equals = part.iter().position(|octet| *octet == b'=')?;
        let name = part[..equals].trim_ascii();
        name.eq_ignore_ascii_case(b"domain").then(|| part[equals + 1..].trim_ascii())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::agent::AgentFacts;
    use crate::walk::{Leg, Pace, Walk};

    fn hosts(steps: &Value) -> Option<Vec<String>> {
        let program = serde_json::from_value(json!({"now": 1_800_000_000, "steps": steps}));
        let facts = AgentFacts { redirects: 20, scripts: true, ..AgentFacts::default() };
        let walk = Walk::of(&program.unwrap(), &facts, 1_800_000_000, Pace::WithoutPauses).unwrap();
        let mut legs = walk.legs.iter().map(|leg| match leg {
            Leg::Visit(visit) => cookie_hosts(&visit.hops),
            _ => Some(BTreeSet::new()),
        });
        let all = legs.try_fold(BTreeSet::new(), |all, hosts| Some(&all | &hosts?))?;
        Some(all.into_iter().collect())
    }

    fn receive(uri: &str, lines: &[&str]) -> Value {
        json!({"do": "receive", "uri": uri, "set_cookie": lines})
    }

    #[test]
    fn hosts_are_those_of_requests_and_of_every_attribute() {
        let lines = ["a=b; domain = .B.test; Domain=c.test", "a=b; Domain=, Domain=d.test"];
        let steps = json!([
            receive("http://A.test/", &lines),
            {"do": "send", "at": "x", "uri": "https://127.0.0.1/"}
        ]);
        let names = ["127.0.0.1", "a.test", "b.test", "c.test", "d.test"];
        assert_eq!(hosts(&steps), Some(names.map(str::to_owned).to_vec()));
    }

    #[test]
    fn where_a_host_is_no_plain_name_or_a_script_runs_nothing_is_known() {
        for (uri, line) in [
            ("http://[::1]/", "a=b"),
            ("http://a.test/", "a=b; Domain=[::1]"),
            ("http://a.test/", "a=b; Domain=a.test:80"),
            ("http://a.test/", "a=b; Domain=\u{e9}.test"),
        ] {
            assert_eq!(hosts(&json!([receive(uri, &[line])])), None, "{uri} {line}");
        }
        let script = json!({"do": "script-get", "at": "x", "uri": "http://a.test/"});
        assert_eq!(hosts(&json!([script])), None);
    }
}
