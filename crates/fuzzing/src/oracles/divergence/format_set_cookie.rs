//! `format.set-cookie`: the grammar of section 4.1.1, and what a user agent reads back.

use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_engine::{Profile, Step as EngineStep};
use cookiespec_vectors::operation::{Context, FormatSetCookie, JarProgram, Step};
use cookiespec_vectors::{Level, Octets, Operation};

use crate::oracles::difference::{
    Comparison, Difference, IGNORED_AS_WRITTEN, NOT_REFUSED, UNGRAMMATICAL, shown, shown_or,
};
use crate::oracles::property::format_set_cookie::{attributes, injected};
use crate::oracles::reference::Expected;
use crate::oracles::relation::relation;
use crate::oracles::syntax::{follows_grammar, level_of_grammar, split_pair};

pub(super) fn compare(
    comparison: Comparison<'_>,
    input: &FormatSetCookie,
    want: Option<Octets>,
    got: Option<Octets>,
) -> Vec<Difference> {
    let Some(got) = got else {
        // A library may support less than the grammar allows.
        let refused = want.map(|want| {
            Difference::new(
                "set_cookie",
                "refused",
                Level::Should,
                shown(&want),
                "nothing".to_owned(),
            )
        });
        return refused.into_iter().collect();
    };
    let mut found = injected(comparison.profile, input, &got);
    match want {
        None if found.is_empty() => found.push(not_refused(comparison.profile, input, &got)),
        Some(want) if want != got => found.extend(read_back(comparison.profile, &want, &got)),
        _ => {}
    }
    found
}

/// The difference if a set-cookie-string is written for what cannot be written.
fn not_refused(profile: Profile, input: &FormatSetCookie, got: &Octets) -> Difference {
    let line = got.as_slice();
    let is_grammatical = follows_grammar(line, profile);
    let kind = match is_kept(profile, line) {
        false => IGNORED_AS_WRITTEN,
        true if is_grammatical => NOT_REFUSED,
        true => UNGRAMMATICAL,
    };
    let part = match kind {
        IGNORED_AS_WRITTEN => wrong_part(line, |line| is_kept(profile, line)),
        UNGRAMMATICAL => wrong_part(line, |line| follows_grammar(line, profile)),
        _ => refused_part(profile, input),
    };
    // A line that is right in itself may be an encoding of what was asked for, which no text forbids.
    let is_right = check_set_cookie_string(line, profile).is_ok();
    let level = match kind {
        NOT_REFUSED if is_right => Level::Observe,
        _ if is_grammatical => Level::Should,
        _ => level_of_grammar(profile),
    };
    Difference::new(part, kind, level, "nothing".to_owned(), shown(got))
}

/// The part of a set-cookie-string that is wrong: without it the rest is right, or it is wrong alone.
fn wrong_part(line: &[u8], is_right: impl Fn(&[u8]) -> bool) -> &'static str {
    let mut parts = line.split(|octet| *octet == b';');
    let pair = parts.next().unwrap_or_default();
    let attributes: Vec<&[u8]> = parts.collect();
    let (name, value) = split_pair(pair).unwrap_or((b"", pair));
    let is_right = |pair: &[u8], attributes: &[&[u8]]| {
        is_right(&[&[pair], attributes].concat().join(&b";"[..]))
    };
    if is_right(&[name, b"="].concat(), &attributes) {
        return "value";
    }
    if is_right(&[b"a=", value].concat(), &attributes) {
        return "name";
    }
    let is_right_without = |left_out: usize| {
        let others = [&attributes[..left_out], &attributes[left_out + 1..]].concat();
        is_right(pair, &others)
    };
    let all = 0..attributes.len();
    let only = all.clone().find(|at| is_right_without(*at));
    let wrong = only.or_else(|| all.clone().find(|at| !is_right(b"a=", &[attributes[*at]])));
    let name = wrong.map(|at| split_pair(attributes[at]).map_or(attributes[at], |it| it.0));
    let name = name.unwrap_or_default().trim_ascii();
    let field = FIELDS.iter().find(|field| name.eq_ignore_ascii_case(field.as_bytes()));
    field.copied().unwrap_or("set_cookie")
}

/// The part of a cookie that should have been refused: the rest can be written without it.
fn refused_part(profile: Profile, input: &FormatSetCookie) -> &'static str {
    let can_be_written_without = |leave_out: LeaveOut| {
        let mut input = input.clone();
        leave_out(&mut input);
        let expected = Expected::of(profile, &Operation::FormatSetCookie(input));
        expected.value.get("set_cookie").is_some_and(|line| !line.is_null())
    };
    let part = PARTS.iter().find(|(_, leave_out)| can_be_written_without(*leave_out));
    part.map_or("set_cookie", |(part, _)| part)
}

/// Leaves a part of a cookie out, or puts one in its place that can be written.
type LeaveOut = fn(&mut FormatSetCookie);

/// The parts of a cookie that may be refused. Of a pair that is too long, the value is.
const PARTS: &[(&str, LeaveOut)] = &[
    ("value", |input| input.value = Octets::default()),
    ("name", |input| input.name = "a".into()),
    ("domain", |input| input.domain = None),
    ("path", |input| input.path = None),
    ("samesite", |input| input.same_site = None),
    ("expires", |input| input.expires = None),
    ("max-age", |input| input.max_age = None),
    ("partitioned", |input| input.partitioned = None),
];

/// Whether a user agent stores the cookie of a set-cookie-string, if only to delete it, where its host
/// may set it. No host may, if no URI has the Domain as its host.
fn is_kept(profile: Profile, line: &[u8]) -> bool {
    let attributes = attributes(line);
    let domain = attributes.iter().rev().find(|(name, _)| name == b"domain");
    let domain = domain.map(|(_, domain)| domain.strip_prefix(b".").unwrap_or(domain));
    let host = domain.filter(|domain| !domain.is_empty()).unwrap_or(b"site.example");
    let program = JarProgram {
        steps: vec![
            Step::Receive {
                uri: [b"https://", host, b"/"].concat().into(),
                set_cookie: vec![line.into()],
                context: Context::default(),
            },
            Step::Dump { at: "1".to_owned() },
        ],
        ..JarProgram::default()
    };
    let expected = Expected::of(profile, &Operation::Jar(program));
    let cookies = expected.observation("1").and_then(|dump| dump.get("cookies")?.as_array());
    cookies.is_some_and(|cookies| !cookies.is_empty()) || expected.took(EngineStep::CookieExpired)
}

/// The differences between two answers, the refusal of a cookie included.
pub(super) fn plain(
    profile: Profile,
    want: Option<Octets>,
    got: Option<Octets>,
) -> Vec<Difference> {
    match (want, got) {
        (None, None) => Vec::new(),
        (Some(want), Some(got)) => read_back(profile, &want, &got),
        (want, got) => {
            let [want, got] = [want, got].map(|it| shown_or("nothing", it.as_ref()));
            vec![Difference::new("set_cookie", "written or refused", Level::Should, want, got)]
        }
    }
}

/// The differences between two set-cookie-strings, except for the order of attributes, their case
/// and the blanks between them.
fn read_back(profile: Profile, want: &Octets, got: &Octets) -> Vec<Difference> {
    let level = level_of_grammar(profile);
    let mut found = Vec::new();
    let [(wanted_name, wanted_value), (name, value)] = [pair(want), pair(got)];
    found.extend(Difference::of_octets("name", Level::Should, &wanted_name, &name));
    found.extend(Difference::of_octets("value", Level::Should, &wanted_value, &value));
    let (wanted, written) = (attributes(want.as_slice()), attributes(got.as_slice()));
    for (name, value) in &wanted {
        let Some(field) = FIELDS.iter().copied().find(|field| field.as_bytes() == &name[..]) else {
            continue;
        };
        let Some((_, got)) = written.iter().find(|(other, _)| other == name) else {
            // An empty Path means the same as none.
            if field == "path" && value.is_empty() {
                continue;
            }
            found.push(Difference::new(
                field,
                "not written",
                level,
                shown(&value.clone().into()),
                "absent".to_owned(),
            ));
            continue;
        };
        let same = match field {
            "domain" | "samesite" => {
                value.eq_ignore_ascii_case(got.strip_prefix(b".").unwrap_or(got))
            }
            _ => value == got,
        };
        if !same {
            let kind = relation(value, got);
            // Both forms follow the grammar, and a URI has the encoded one.
            let level = if kind == "encoded" { Level::Should } else { level };
            let (want, got) = (value.clone().into(), got.clone().into());
            found.push(Difference::new(field, kind, level, shown(&want), shown(&got)));
        }
    }
    for (name, value) in &written {
        let Some(field) = FIELDS.iter().copied().find(|field| field.as_bytes() == &name[..]) else {
            continue;
        };
        if wanted.iter().all(|(other, _)| other != name) && !follows(field, &wanted) {
            let (want, got) = ("absent".to_owned(), shown(&value.clone().into()));
            found.push(Difference::new(field, "written unasked", Level::Should, want, got));
        }
    }
    found
}

/// Whether an attribute may be written because of others that were asked for: a lifetime in both
/// forms, and Secure where a cookie would be refused without it.
fn follows(field: &str, wanted: &[(Vec<u8>, Vec<u8>)]) -> bool {
    let is_wanted = |name: &str| wanted.iter().any(|(other, _)| other == name.as_bytes());
    match field {
        "expires" => is_wanted("max-age"),
        "max-age" => is_wanted("expires"),
        "secure" => is_wanted("samesite") || is_wanted("partitioned"),
        _ => false,
    }
}

/// The name and the value of a set-cookie-string, without blanks around them.
fn pair(line: &Octets) -> (Octets, Octets) {
    let pair = line.as_slice().split(|octet| *octet == b';').next().unwrap_or_default();
    let (name, value) = split_pair(pair).unwrap_or((&[], pair));
    (name.trim_ascii().into(), value.trim_ascii().into())
}

/// The attributes that are compared.
const FIELDS: &[&str] =
    &["expires", "max-age", "domain", "path", "secure", "httponly", "samesite", "partitioned"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_that_should_have_been_refused_is_named_and_what_becomes_of_it() {
        let (bis, old) = (Profile::Rfc6265bis, Profile::Rfc6265);
        let cookie = |name: &str, value: &str| FormatSetCookie {
            name: name.into(),
            value: value.into(),
            ..FormatSetCookie::default()
        };
        let path = FormatSetCookie { path: Some("\u{1}".into()), ..cookie("a", "") };
        let same_site = FormatSetCookie { same_site: Some("x".into()), ..cookie("a", "") };
        let same_site_beside = FormatSetCookie { same_site: Some("".into()), ..cookie("a", "\"") };
        let max_age = FormatSetCookie { max_age: Some(-1), ..cookie("a", "") };
        let nameless = FormatSetCookie { name: "".into(), ..max_age.clone() };
        let both = FormatSetCookie { domain: Some("".into()), ..max_age.clone() };
        let domain = FormatSetCookie { domain: Some("a/b".into()), ..cookie("a", "") };
        for (profile, input, line, part, kind, level) in [
            (bis, &path, "a=; Path=\u{1}", "path", IGNORED_AS_WRITTEN, Level::Must),
            (old, &path, "a=; Path=\u{1}", "path", UNGRAMMATICAL, Level::Should),
            (bis, &domain, "a=; Domain=a/b", "domain", IGNORED_AS_WRITTEN, Level::Must),
            (bis, &cookie("a", "\\"), "a=\"\\\\\"", "value", UNGRAMMATICAL, Level::Must),
            (bis, &cookie("", ""), "=", "name", IGNORED_AS_WRITTEN, Level::Must),
            (bis, &cookie("__Host-", ""), "__Host-=", "name", IGNORED_AS_WRITTEN, Level::Should),
            (bis, &max_age, "a=; Max-Age=-1", "max-age", UNGRAMMATICAL, Level::Must),
            (bis, &both, "a=; Max-Age=-1", "max-age", UNGRAMMATICAL, Level::Must),
            (old, &nameless, "; Max-Age=-1", "name", IGNORED_AS_WRITTEN, Level::Should),
            (old, &cookie("", "a"), "a", "name", IGNORED_AS_WRITTEN, Level::Should),
            (bis, &same_site_beside, "a=\"\\\"\"", "value", UNGRAMMATICAL, Level::Must),
            (bis, &same_site, "a=; SameSite=x", "samesite", NOT_REFUSED, Level::Should),
        ] {
            let found = not_refused(profile, input, &line.into());
            assert_eq!((found.field, found.kind, found.level), (part, kind, level), "{line:?}");
        }
    }
}
