//! `parse.set-cookie`: section 5.2 of RFC 6265, section 5.6 of 6265bis.

use cookiespec_engine::host::{Host, HostRule};
use cookiespec_engine::path::default_path;
use cookiespec_engine::policy::AGE_LIMIT;
use cookiespec_engine::{Profile, Step, Uri};
use cookiespec_vectors::operation::{ParseSetCookie, ParsedCookie};
use cookiespec_vectors::{Level, Octets};

use crate::oracles::difference::{Comparison, Difference, is_clamped, shown_or};
use crate::oracles::relation::relation;
use crate::oracles::syntax::{has_forbidden_octet, has_lone_minus, without_blanks};
use crate::oracles::unambiguous::{is_canonical_host, is_unambiguous_uri};

pub(super) fn compare(
    comparison: Comparison<'_>,
    input: &ParseSetCookie,
    want: Option<ParsedCookie>,
    got: Option<ParsedCookie>,
) -> Vec<Difference> {
    if is_undefined(comparison.profile, input) {
        return Vec::new();
    }
    let (want, got) = match (want, got) {
        (Some(want), Some(got)) => (want, got),
        (None, None) => return Vec::new(),
        (Some(want), None) => {
            // RFC 6265 lets a user agent refuse cookies of more than 4096 octets, and a parser may
            // refuse what no store would take.
            let may_refuse = comparison.profile == Profile::Rfc6265
                && octets_of_cookie(input.set_cookie.as_slice()) > 4096
                || is_for_another_host(input, want.domain.as_ref());
            let level = if may_refuse { Level::Observe } else { Level::Must };
            return vec![one("cookie", "refused", level, "a cookie", "none")];
        }
        // 6265bis ignores a cookie without name and value where it is stored, and a parser need not.
        (None, Some(got))
            if comparison.profile == Profile::Rfc6265bis
                && !comparison.expected.took(Step::ControlCharacter)
                && got.name.as_slice().is_empty()
                && got.value.as_slice().is_empty() =>
        {
            return vec![one("cookie", "accepted", Level::Observe, "no cookie", "an empty one")];
        }
        (None, Some(_)) => return vec![one("cookie", "accepted", Level::Must, "no cookie", "one")],
    };
    let mut found = Vec::new();
    found.extend(Difference::of_octets("name", Level::Must, &want.name, &got.name));
    found.extend(Difference::of_octets("value", Level::Must, &want.value, &got.value));
    if !comparison.is_blind("domain") {
        found.extend(domain(input, want.domain.as_ref(), got.domain.as_ref()));
    }
    if !comparison.is_blind("path") {
        found.extend(path(comparison, input, want.path.as_ref(), got.path.as_ref()));
    }
    if !comparison.is_blind("expires") {
        found.extend(expires(comparison, input, want.expires, got.expires));
    }
    if !comparison.is_blind("max_age") {
        found.extend(max_age(comparison.profile, want.max_age, got.max_age));
    }
    for (field, want, got) in
        [("secure", want.secure, got.secure), ("http_only", want.http_only, got.http_only)]
    {
        let (want, got) = (want == Some(true), got == Some(true));
        if want != got && !comparison.is_blind(field) {
            let kind = if got { "set" } else { "not set" };
            found.push(one(field, kind, Level::Must, &want.to_string(), &got.to_string()));
        }
    }
    if comparison.profile == Profile::Rfc6265bis && !comparison.is_blind("same_site") {
        found.extend(same_site(want.same_site.as_ref(), got.same_site.as_ref()));
    }
    found
}

fn one(field: &'static str, kind: &'static str, level: Level, want: &str, got: &str) -> Difference {
    Difference::new(field, kind, level, want.to_owned(), got.to_owned())
}

/// Whether the specification defines no result: RFC 6265 is silent about NUL, CR and LF, which no
/// field can contain, and about a lone "-" in Max-Age.
fn is_undefined(profile: Profile, input: &ParseSetCookie) -> bool {
    let line = input.set_cookie.as_slice();
    profile == Profile::Rfc6265 && (has_forbidden_octet(line) || has_lone_minus(line))
}

/// The octets of name, value and attributes, as section 6.1 of RFC 6265 counts them.
fn octets_of_cookie(line: &[u8]) -> usize {
    let parts = line.split(|octet| *octet == b';');
    let halves = parts.flat_map(|part| part.splitn(2, |octet| *octet == b'='));
    halves.map(|half| without_blanks(half).len()).sum()
}

/// The host of the request, where the parser is given one.
fn request_host(input: &ParseSetCookie) -> Option<Host> {
    let uri = Uri::parse(input.uri.as_ref()?.as_slice()).ok()?;
    Host::canonicalize(uri.host(), HostRule::Lenient).ok()
}

/// Whether a Domain attribute names no host, or one that the request-host does not domain-match, or
/// may not: a parser that is given no request may assume one.
fn is_for_another_host(input: &ParseSetCookie, domain: Option<&Octets>) -> bool {
    let Some(domain) = domain.filter(|domain| !domain.as_slice().is_empty()) else { return false };
    let does_match = |host: Host| host.domain_match(domain.as_slice());
    !is_canonical_host(domain.as_slice()) || !request_host(input).is_some_and(does_match)
}

/// A parser may report the attribute with its leading dot and in any case, and the request-host
/// where there is no attribute.
fn domain(
    input: &ParseSetCookie,
    want: Option<&Octets>,
    got: Option<&Octets>,
) -> Option<Difference> {
    // An IPv6 address has brackets in a URI and may have none elsewhere.
    let bare = |domain: &[u8]| {
        let inner = domain.strip_prefix(b"[").and_then(|domain| domain.strip_suffix(b"]"));
        inner.unwrap_or(domain).to_ascii_lowercase()
    };
    let form = |domain: Option<&Octets>| domain.map(|it| bare(it.as_slice())).unwrap_or_default();
    let (wanted, reported) = (form(want), form(got));
    let is_host = || request_host(input).is_some_and(|host| bare(host.as_octets()) == reported);
    // An empty Domain may be reported as none.
    if wanted == reported
        || reported.strip_prefix(b".") == Some(&wanted)
        || wanted.is_empty() && is_host()
    {
        return None;
    }
    Some(attribute("domain", relation(&wanted, &reported), want, got))
}

/// The difference between two attributes that are not equal; the relation between their values, if
/// both are there.
fn attribute(
    field: &'static str,
    relation: &'static str,
    want: Option<&Octets>,
    got: Option<&Octets>,
) -> Difference {
    let kind = match (want, got) {
        (Some(_), Some(_)) => relation,
        (Some(_), None) => "lost",
        (None, _) => "found",
    };
    let [want, got] = [want, got].map(|it| shown_or("absent", it));
    Difference::new(field, kind, Level::Must, want, got)
}

/// An empty or relative Path means the default-path, which a parser may leave to its caller; one
/// that is given a URI may report it, with or without a Path.
fn path(
    comparison: Comparison<'_>,
    input: &ParseSetCookie,
    want: Option<&Octets>,
    got: Option<&Octets>,
) -> Option<Difference> {
    let is_default = comparison.expected.has_default_path();
    let uri = input.uri.as_ref().and_then(|uri| Uri::parse(uri.as_slice()).ok());
    let default = uri.map(|uri| default_path(uri.path()));
    let is_default_path = |got: &Octets| {
        !got.as_slice().starts_with(b"/")
            || got.as_slice() == b"/"
            || default == Some(got.as_slice())
    };
    let is_ambiguous = input.uri.as_ref().is_some_and(|uri| !is_unambiguous_uri(uri));
    let is_from_uri = is_default || want.is_none();
    if want == got || is_default && got.is_none_or(is_default_path) || is_from_uri && is_ambiguous {
        return None;
    }
    // An absent path may be reported as an empty one, or as the root.
    if want.is_none() && got.is_some_and(is_default_path) && !is_default {
        return None;
    }
    let octets = |path: Option<&Octets>| path.cloned().unwrap_or_default();
    let relation = relation(octets(want).as_slice(), octets(got).as_slice());
    Some(attribute("path", relation, want, got))
}

/// A parser that does not report Max-Age may have made an expiry-time of it.
fn expires(
    comparison: Comparison<'_>,
    input: &ParseSetCookie,
    want: Option<i64>,
    got: Option<i64>,
) -> Option<Difference> {
    let line = input.set_cookie.as_slice().to_ascii_lowercase();
    if comparison.is_blind("max_age") && line.windows(7).any(|window| window == b"max-age") {
        return None;
    }
    let is_capped = |want: i64, got: i64| {
        input.now.is_some_and(|now| want == now.saturating_add(AGE_LIMIT) && got > want)
    };
    let kind = match (want, got) {
        (None, Some(_)) => "found",
        (Some(_), None) => "lost",
        (Some(want), Some(got))
            if want != got && !is_clamped(want, got) && !is_capped(want, got) =>
        {
            "other date"
        }
        _ => return None,
    };
    Some(Difference::new("expires", kind, Level::Must, number(want), number(got)))
}

/// All values that are not positive are equivalent, and so are all values beyond the limit, which a
/// parser of either profile may apply.
fn max_age(profile: Profile, want: Option<i64>, got: Option<i64>) -> Option<Difference> {
    let most = match profile {
        Profile::Rfc6265 => i64::from(i32::MAX),
        Profile::Rfc6265bis => AGE_LIMIT,
    };
    let normal = |age: i64| age.clamp(0, most);
    let kind = match (want, got) {
        (None, Some(_)) => "found",
        (Some(_), None) => "lost",
        (Some(want), Some(got)) if got == AGE_LIMIT && want > got => return None,
        (Some(want), Some(got)) if normal(want) != normal(got) => "other age",
        _ => return None,
    };
    Some(Difference::new("max_age", kind, Level::Must, number(want), number(got)))
}

fn number(number: Option<i64>) -> String {
    number.map_or_else(|| "absent".to_owned(), |number| number.to_string())
}

fn same_site(want: Option<&Octets>, got: Option<&Octets>) -> Option<Difference> {
    let enforcement = |value: Option<&Octets>| {
        ["strict", "lax", "none"].into_iter().find(|known| {
            value.is_some_and(|value| value.as_slice().eq_ignore_ascii_case(known.as_bytes()))
        })
    };
    let (known_want, known_got) = (enforcement(want), enforcement(got));
    let kind = match (known_want, known_got) {
        (None, Some(_)) => "found",
        (Some(_), None) => "lost",
        (one, other) if one != other => "other enforcement",
        _ => return None,
    };
    Some(Difference::new(
        "same_site",
        kind,
        Level::Must,
        shown_or("absent", want),
        shown_or("absent", got),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_attribute_is_no_empty_one() {
        let input = ParseSetCookie { set_cookie: "a=b".into(), ..ParseSetCookie::default() };
        let found = |want: Option<&str>, got: Option<&str>| {
            let [want, got] = [want, got].map(|it| it.map(Octets::from));
            let found = domain(&input, want.as_ref(), got.as_ref())?;
            Some((found.kind, found.want, found.got))
        };
        let shown = |kind, want: &str, got: &str| Some((kind, want.to_owned(), got.to_owned()));
        assert_eq!(found(Some("a"), None), shown("lost", "\"a\"", "absent"));
        assert_eq!(found(Some("a"), Some("")), shown("emptied", "\"a\"", "\"\""));
        assert_eq!(found(None, Some("a")), shown("found", "absent", "\"a\""));
        assert_eq!(found(Some(""), Some("a")), shown("filled", "\"\"", "\"a\""));
        assert_eq!(found(Some(""), None), None, "it may be reported as none");
        assert_eq!(found(None, Some("")), None);
        assert_eq!(found(Some("A"), Some(".a")), None);
    }
}
