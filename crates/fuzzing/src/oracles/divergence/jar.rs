//! `jar`: the requests sent, the cookies that a script reads, and the content of the store.

use std::collections::BTreeMap;

use cookiespec_engine::{Event, Profile, Step as EngineStep, Uri};
use cookiespec_vectors::operation::{
    Acceptance, Api, Context, JarConfig, JarProgram, Operation, Sent, Step, StoredCookie,
};
use cookiespec_vectors::{Level, Octets};
use serde_json::Value;

use crate::octet_fields;
use crate::oracles::difference::{
    COOKIE_TOO_MANY, Comparison, DELETED_COOKIE_SENT, Difference, Malformed, SHOWN_TO_SCRIPT,
    member, shown, shown_or,
};
use crate::oracles::property::request;
use crate::oracles::reference::{Expected, variants};
use crate::oracles::relation::relation;
use crate::oracles::syntax::{cookie_string_of, has_forbidden_octet, has_lone_minus, name_of};
use crate::oracles::unambiguous::is_unambiguous_uri;

pub(super) fn compare(
    comparison: Comparison<'_>,
    program: &JarProgram,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    let found = observed(comparison, program, &comparison.expected.value, got)?;
    let found = without_optional(comparison, program, found);
    let mut found = without_repeated(found);
    for difference in &mut found {
        if difference.kind == COOKIE_TOO_MANY {
            difference.kind = match difference {
                _ if was_deleted(comparison, program, difference) => DELETED_COOKIE_SENT,
                _ if is_for_requests(comparison.profile, program, difference) => SHOWN_TO_SCRIPT,
                _ => COOKIE_TOO_MANY,
            };
        }
        difference.level = level(comparison.profile, program, difference);
        // A leak by way of an ambiguous URI is not the cookie store's.
        difference.is_property &= difference.level != Level::Observe;
    }
    Ok(found)
}

/// The differences between all observations of two answers.
pub(super) fn observed(
    comparison: Comparison<'_>,
    program: &JarProgram,
    want: &Value,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    let mut found = Vec::new();
    for step in &program.steps {
        let Some(label) = step.label() else { continue };
        let of = |answer: &Value| answer.get("obs").and_then(|obs| obs.get(label)).cloned();
        let Some(want) = of(want) else { continue };
        let got = of(got).unwrap_or_default();
        for difference in observation(comparison, program, step, &want, &got)? {
            found.push(Difference { at: Some(label.to_owned()), ..difference });
        }
    }
    Ok(found)
}

/// Leaves out a cookie too many that also violates a property: that is one difference.
fn without_repeated(mut found: Vec<Difference>) -> Vec<Difference> {
    let is_same = |one: &Difference, property: &Difference| {
        property.is_property && (&one.at, &one.cookie) == (&property.at, &property.cookie)
    };
    let properties: Vec<_> = found.iter().filter(|one| one.is_property).cloned().collect();
    found.retain(|one| {
        one.kind != COOKIE_TOO_MANY || !properties.iter().any(|property| is_same(one, property))
    });
    found
}

/// Whether the cookie of a difference was deleted before: the last line with its name has an
/// expiry-time in the past.
fn was_deleted(comparison: Comparison<'_>, program: &JarProgram, difference: &Difference) -> bool {
    let Some(cookie) = &difference.cookie else { return false };
    let located = comparison.expected.located(program, difference.at.as_deref());
    let last_of_name = located.iter().rev().find(|one| {
        let line = one.line.as_ref();
        line.is_some_and(|line| {
            name_of(&cookie_string_of(line.as_slice())) == name_of(cookie.as_slice())
        })
    });
    let is_expired = |event: &Event| event.step == EngineStep::CookieExpired;
    last_of_name.is_some_and(|one| one.traced.events.iter().any(is_expired))
}

/// Whether a script sees a cookie that a request in its place would have.
fn is_for_requests(profile: Profile, program: &JarProgram, difference: &Difference) -> bool {
    let is_there = |step: &Step| step.label() == difference.at.as_deref();
    let Some(place) = program.steps.iter().position(is_there) else { return false };
    let Step::ScriptGet { at, uri, context } = &program.steps[place] else { return false };
    let (at, uri, context) = (at.clone(), uri.clone(), context.clone());
    // SameSite counts for scripts as it does for requests that are no top-level navigation.
    let context = Context { api: Api::Http, top_level: false, ..context };
    let mut program = program.clone();
    program.steps[place] = Step::Send { at: at.clone(), uri, context };
    let expected = Expected::of(profile, &Operation::Jar(program));
    let sent = expected.observation(&at).and_then(|sent| member(sent, "header").ok()?);
    let cookie = difference.cookie.as_ref().map(|cookie| cookie.as_slice().to_vec());
    cookie.is_some_and(|cookie| parts(&sent.unwrap_or_default()).contains(&cookie))
}

/// How binding the specification is for a difference in this program.
fn level(profile: Profile, program: &JarProgram, difference: &Difference) -> Level {
    let mut uris = program.steps.iter().filter_map(octet_fields::uri);
    // URL parsers differ on ambiguous URIs.
    if !uris.all(is_unambiguous_uri) {
        return Level::Observe;
    }
    if difference.kind == "cookie left out" && exceeds_limits(program) {
        return Level::Observe;
    }
    let total = program.steps.iter().fold(0_i64, |total, step| match step {
        Step::Advance { secs } => total.saturating_add(*secs),
        _ => total,
    });
    // The cookie age limit is RECOMMENDED.
    let is_old = total > 300 * 24 * 60 * 60;
    // RFC 6265 does not define how such hosts are canonicalised (section 5.1.2).
    let has_odd_host = profile == Profile::Rfc6265
        && program.steps.iter().filter_map(octet_fields::uri).any(|uri| {
            Uri::parse(uri.as_slice())
                .is_ok_and(|uri| uri.host().iter().any(|it| b"[_".contains(it)))
        });
    match is_old || has_odd_host {
        true => difference.level.max(Level::Should),
        false => difference.level,
    }
}

/// Whether a program sets more cookies than a user agent is to keep (section 6.1). Hosts with the
/// same last two labels are taken for one domain.
fn exceeds_limits(program: &JarProgram) -> bool {
    let mut counts = BTreeMap::new();
    for step in &program.steps {
        let (uri, count) = match step {
            Step::Receive { uri, set_cookie, .. } => (uri, set_cookie.len()),
            Step::ScriptSet { uri, .. } => (uri, 1),
            _ => continue,
        };
        let host = Uri::parse(uri.as_slice()).map(|uri| uri.host().to_ascii_lowercase());
        let host = host.unwrap_or_default();
        let labels = host.rsplitn(3, |octet| *octet == b'.').take(2);
        let domain: Vec<_> = labels.map(<[u8]>::to_vec).collect();
        *counts.entry(domain).or_insert(0) += count;
    }
    let total: usize = counts.values().sum();
    total > MOST_COOKIES_IN_ALL || counts.values().any(|count| *count > MOST_COOKIES)
}

/// Keeps the differences that do not depend on what the specifications leave to the user agent.
fn without_optional(
    comparison: Comparison<'_>,
    program: &JarProgram,
    mut found: Vec<Difference>,
) -> Vec<Difference> {
    if is_undefined(comparison, program) {
        found.retain(|difference| difference.is_property);
    }
    if found.iter().all(|difference| difference.is_property) {
        return found;
    }
    for variant in variants(comparison.profile, program, comparison.about) {
        let expected = Expected::of(comparison.profile, &Operation::Jar(variant));
        found.retain(|difference| {
            let observation =
                |expected: &Expected| expected.observation(difference.at.as_deref()?).map(timeless);
            difference.is_property || observation(&expected) == observation(comparison.expected)
        });
    }
    found
}

/// An observation without its times, which differ between variants.
fn timeless(observation: &Value) -> Value {
    let mut observation = observation.clone();
    let cookies = observation.get_mut("cookies").and_then(Value::as_array_mut);
    for cookie in cookies.into_iter().flatten() {
        if let Some(cookie) = cookie.as_object_mut() {
            cookie.retain(|member, _| !["creation", "last_access", "expires"].contains(&&**member));
        }
    }
    observation
}

/// Whether the specification defines no result: in RFC 6265 for control characters that no field
/// can contain, a Domain without a value, long cookies and requests from other sites; in 6265bis, with __Host-, for
/// a Domain that names no domain and for a relative Path.
fn is_undefined(comparison: Comparison<'_>, program: &JarProgram) -> bool {
    let took = |step| comparison.expected.took(step);
    let mut lines = octet_fields::set_cookie_strings(program);
    // The order of eviction is undefined for cookies created in the same second.
    if took(EngineStep::ExcessTied) || forgets_by_new_policy(program) {
        return true;
    }
    match comparison.profile {
        // RFC 6265 has no SameSite, and grants "wide latitude" to user agents in requests to a third
        // party (section 7.1): to ignore cookies (5.3) and to leave out the field (5.4).
        Profile::Rfc6265 => {
            took(EngineStep::DomainEmpty)
                || program.steps.iter().any(is_cross_site)
                || lines.any(|line| {
                    let line = line.as_slice();
                    line.len() > 4096 || has_forbidden_octet(line) || has_lone_minus(line)
                })
        }
        Profile::Rfc6265bis => lines.any(|line| {
            let has_prefix = line
                .as_slice()
                .windows(PREFIX.len())
                .any(|window| window.eq_ignore_ascii_case(PREFIX));
            let is_dropped = |(name, value): (&[u8], &[u8])| {
                name.eq_ignore_ascii_case(b"domain") && matches!(value, b"" | b".")
            };
            let has_no_domain = request::attributes(line.as_slice()).any(is_dropped)
                || took(EngineStep::PublicSuffixIsHost);
            has_prefix && (has_no_domain || took(EngineStep::PathDefault))
        }),
    }
}

/// Whether a step belongs to another site than the host that it goes to.
fn is_cross_site(step: &Step) -> bool {
    match step {
        Step::Receive { context, .. } | Step::Send { context, .. } => !context.same_site,
        Step::ScriptSet { context, .. } | Step::ScriptGet { context, .. } => !context.same_site,
        _ => false,
    }
}

/// Whether the program sets which cookies to accept.
fn has_policy(program: &JarProgram) -> bool {
    let has_one =
        |step: &Step| matches!(step, Step::Configure { config } if config.cookies.is_some());
    program.config.cookies.is_some() || program.steps.iter().any(has_one)
}

/// Whether the session ends after a change of which cookies may outlive it. No specification says
/// whether such a change applies to stored cookies.
fn forgets_by_new_policy(program: &JarProgram) -> bool {
    let is_for_session = |config: &JarConfig| config.cookies == Some(Acceptance::SessionOnly);
    let before = is_for_session(&program.config);
    let changes = |step: &Step| match step {
        Step::Configure { config } => is_for_session(config) != before,
        _ => false,
    };
    let mut steps = program.steps.iter().skip_while(|step| !changes(step));
    steps.any(|step| *step == Step::Restart)
}

fn observation(
    comparison: Comparison<'_>,
    program: &JarProgram,
    step: &Step,
    want: &Value,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    match step {
        Step::Send { at, uri, .. } => {
            let broken = |error: serde_json::Error| Malformed(format!("obs.{at}: {error}"));
            let wanted: Sent = serde_json::from_value(want.clone()).map_err(broken)?;
            let sent: Sent = serde_json::from_value(got.clone()).map_err(broken)?;
            let mut found = request::violations(comparison.profile, program, at, uri, &sent);
            if wanted.header.is_none()
                && sent.header.as_ref().is_some_and(|header| header.as_slice().is_empty())
            {
                let (want, got) = ("no field".to_owned(), "an empty one".to_owned());
                found.push(Difference::new("header", "empty field", Level::Must, want, got));
            }
            let order = !comparison.is_blind("order") && has_distinct_seconds(program);
            let shown = [&wanted.header, &sent.header].map(|it| shown_or("no field", it.as_ref()));
            let [want, got] = [wanted.header, sent.header].map(Option::unwrap_or_default);
            found.extend(cookie_string("header", [&want, &got], shown, order));
            Ok(found)
        }
        Step::ScriptGet { .. } => {
            let order = !comparison.is_blind("order") && has_distinct_seconds(program);
            let (want, got): (Octets, Octets) = (member(want, "value")?, member(got, "value")?);
            let shown = [&want, &got].map(shown);
            Ok(cookie_string("value", [&want, &got], shown, order))
        }
        // Stores may represent a limited lifetime in different ways.
        Step::Dump { .. } if has_policy(program) => Ok(Vec::new()),
        Step::Dump { .. } => {
            Ok(store(comparison, member(want, "cookies")?, member(got, "cookies")?))
        }
        _ => Ok(Vec::new()),
    }
}

/// The differences between two cookie-strings: cookies, their form, their order.
fn cookie_string(
    field: &'static str,
    [want, got]: [&Octets; 2],
    [shown_want, shown_got]: [String; 2],
    order: bool,
) -> Vec<Difference> {
    if want == got {
        return Vec::new();
    }
    let (wanted, sent) = (parts(want), parts(got));
    let mut missing = wanted.clone();
    let mut extra = Vec::new();
    for part in &sent {
        match missing.iter().position(|other| other == part) {
            Some(at) => drop(missing.remove(at)),
            None => extra.push(part.clone()),
        }
    }
    let mut found = Vec::new();
    let mut add = |kind, cookie: &[u8]| {
        let (want, got) = (shown_want.clone(), shown_got.clone());
        let difference = Difference::new(field, kind, Level::Must, want, got);
        found.push(Difference { cookie: Some(cookie.into()), ..difference });
    };
    for part in missing {
        let name = name_of(&part);
        match extra.iter().position(|other| name_of(other) == name) {
            Some(at) => add(relation(&part, &extra.remove(at)), &part),
            None => match extra.iter().position(|other| relation(&part, other) != "other") {
                Some(at) => add(relation(&part, &extra.remove(at)), &part),
                None => add("cookie left out", &part),
            },
        }
    }
    if let Some(cookie) = extra.first() {
        add(COOKIE_TOO_MANY, cookie);
    }
    if found.is_empty() {
        let join = |parts: &[Vec<u8>]| parts.join(&b"; "[..]);
        if join(&sent) != got.as_slice() {
            found.push(Difference::new(field, "separators", Level::Must, shown_want, shown_got));
        } else if order && wanted != sent {
            found.push(Difference::new(field, "order", Level::Should, shown_want, shown_got));
        }
    }
    found
}

/// The cookies of a cookie-string. No stored value contains ";".
fn parts(cookie_string: &Octets) -> Vec<Vec<u8>> {
    cookie_string
        .as_slice()
        .split(|octet| *octet == b';')
        .map(|part| part.strip_prefix(b" ").unwrap_or(part).to_vec())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Whether no two cookies were received in the same second. Only then is their order defined.
fn has_distinct_seconds(program: &JarProgram) -> bool {
    let mut is_fresh = true;
    program.steps.iter().all(|step| {
        match step {
            Step::Advance { secs } => is_fresh |= *secs > 0,
            Step::Receive { set_cookie, .. } => {
                return std::mem::replace(&mut is_fresh, false) && set_cookie.len() == 1;
            }
            Step::ScriptSet { .. } => return std::mem::replace(&mut is_fresh, false),
            _ => {}
        }
        true
    })
}

/// The differences between the cookies that both stores contain.
fn store(
    comparison: Comparison<'_>,
    want: Vec<StoredCookie>,
    got: Vec<StoredCookie>,
) -> Vec<Difference> {
    let got = distinct(&got);
    let mut found = Vec::new();
    for (key, want) in distinct(&want) {
        let Some(got) = got.get(&key) else { continue };
        let flags = [
            ("store.secure", want.secure, got.secure),
            ("store.http_only", want.http_only, got.http_only),
            ("store.host_only", want.host_only, got.host_only),
        ];
        for (field, want, got) in flags {
            let name = field.trim_start_matches("store.");
            if let (Some(want), Some(got)) = (want, got)
                && want != got
                && !comparison.is_blind(name)
            {
                let kind = if got { "set" } else { "not set" };
                found.push(Difference::new(
                    field,
                    kind,
                    Level::Must,
                    want.to_string(),
                    got.to_string(),
                ));
            }
        }
        if want.expires.is_some() != got.expires.is_some() && !comparison.is_blind("expires") {
            let kind = if got.expires.is_some() { "persistent" } else { "not persistent" };
            let show = |expires: Option<i64>| {
                expires.map_or_else(|| "none".to_owned(), |at| at.to_string())
            };
            found.push(Difference::new(
                "store.expires",
                kind,
                Level::Must,
                show(want.expires),
                show(got.expires),
            ));
        }
    }
    found
}

/// The cookies of a store by name, value and path. Those that only the domain tells apart are left out:
/// it has no form that all stores share.
fn distinct(cookies: &[StoredCookie]) -> BTreeMap<[Option<&Octets>; 3], &StoredCookie> {
    let mut found = BTreeMap::new();
    for cookie in cookies {
        let key = [Some(&cookie.name), Some(&cookie.value), cookie.path.as_ref()];
        found.entry(key).and_modify(|one| *one = None).or_insert(Some(cookie));
    }
    found.into_iter().filter_map(|(key, cookie)| Some((key, cookie?))).collect()
}

/// How many cookies of a domain a user agent is to keep.
const MOST_COOKIES: usize = 50;
/// How many cookies in all.
const MOST_COOKIES_IN_ALL: usize = 3000;
/// The name prefix for whose conditions prose and algorithm of 6265bis differ.
const PREFIX: &[u8] = b"__Host-";

#[cfg(test)]
mod tests {
    use cookiespec_vectors::{ImplementationInfo, ability};
    use serde_json::json;

    use super::*;

    /// What differs for a store that enforces SameSite, which sends nothing.
    fn differences(profile: Profile, context: &Value) -> Vec<Difference> {
        let uri = "https://site.example/";
        let program: JarProgram = serde_json::from_value(json!({ "now": 0, "steps": [
            { "do": "receive", "uri": uri, "set_cookie": ["a=b; SameSite=Strict; Max-Age=9"] },
            { "do": "send", "at": "1", "uri": uri, "context": context },
        ]}))
        .unwrap();
        let operation = Operation::Jar(program.clone());
        let expected = Expected::of(profile, &operation);
        let can = ["jar", ability::SAME_SITE].map(str::to_owned).to_vec();
        let about = ImplementationInfo { can, ..ImplementationInfo::default() };
        let comparison =
            Comparison { operation: &operation, profile, about: &about, expected: &expected };
        compare(comparison, &program, &json!({ "obs": { "1": { "header": null } } })).unwrap()
    }

    #[test]
    fn rfc_6265_decides_nothing_about_requests_from_other_sites() {
        let cross_site = json!({ "same_site": false });
        assert_eq!(differences(Profile::Rfc6265, &cross_site), []);
        assert_eq!(differences(Profile::Rfc6265bis, &cross_site), []);
        for profile in Profile::ALL {
            let kinds: Vec<_> =
                differences(profile, &json!({})).iter().map(|one| one.kind).collect();
            assert_eq!(kinds, ["cookie left out"]);
        }
    }

    #[test]
    fn a_cookie_that_a_script_should_not_see_is_told_from_one_that_should_be_gone() {
        let kinds = |line: &str| -> Vec<&str> {
            let uri = "https://site.example/";
            let program: JarProgram = serde_json::from_value(json!({ "now": 0, "steps": [
                { "do": "receive", "uri": uri, "set_cookie": [line] },
                { "do": "script-get", "at": "1", "uri": uri },
            ]}))
            .unwrap();
            let (operation, profile) = (Operation::Jar(program.clone()), Profile::Rfc6265bis);
            let expected = Expected::of(profile, &operation);
            let about = ImplementationInfo::default();
            let comparison =
                Comparison { operation: &operation, profile, about: &about, expected: &expected };
            let got = json!({ "obs": { "1": { "value": "a=b" } } });
            compare(comparison, &program, &got).unwrap().iter().map(|one| one.kind).collect()
        };
        assert_eq!(kinds("a=b; HttpOnly"), [SHOWN_TO_SCRIPT]);
        assert_eq!(kinds("a=b; Path=/x"), [COOKIE_TOO_MANY]);
        assert_eq!(kinds("a=b; HttpOnly; Path=/x"), [COOKIE_TOO_MANY]);
        assert_eq!(kinds("a=b; HttpOnly; Max-Age=0"), [DELETED_COOKIE_SENT]);
    }

    #[test]
    fn stored_cookies_that_only_the_domain_tells_apart_are_not_compared() {
        let cookie = |name: &str, secure: bool| StoredCookie {
            name: name.into(),
            value: "1".into(),
            secure: Some(secure),
            ..StoredCookie::default()
        };
        let operation = Operation::Jar(JarProgram::default());
        let expected = Expected::of(Profile::Rfc6265bis, &operation);
        let about = ImplementationInfo::default();
        let profile = Profile::Rfc6265bis;
        let comparison =
            Comparison { operation: &operation, profile, about: &about, expected: &expected };
        let want = || vec![cookie("a", true), cookie("a", false), cookie("b", true)];
        assert_eq!(store(comparison, want(), want()), []);
        let got = vec![cookie("a", false), cookie("b", false)];
        let fields: Vec<_> = store(comparison, want(), got).iter().map(|it| it.field).collect();
        assert_eq!(fields, ["store.secure"], "only that of b");
    }
}
