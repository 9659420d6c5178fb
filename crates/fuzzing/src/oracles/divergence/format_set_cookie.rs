//! `format.set-cookie`: the grammar of section 4.1.1, and what a user agent reads back.

use cookiespec_engine::Profile;
use cookiespec_engine::server::check_set_cookie_string;
use cookiespec_vectors::operation::{Context, FormatSetCookie, JarProgram, Step};
use cookiespec_vectors::{Level, Octets, Operation};

use crate::oracles::difference::{Comparison, Difference, shown, shown_or_nothing};
use crate::oracles::property::format_set_cookie::{attributes, injected};
use crate::oracles::reference::Expected;
use crate::oracles::relation::relation;
use crate::oracles::syntax::{follows_grammar, split_pair};

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
        None if found.is_empty() => {
            let line = got.as_slice();
            let kind = match follows_grammar(line, comparison.profile) {
                true => "written and not refused",
                false => "written against the grammar",
            };
            // A line that is right in itself may be an encoding of what was asked for, which no
            // text forbids.
            let is_right = check_set_cookie_string(line, comparison.profile).is_ok()
                && is_kept(comparison.profile, &got);
            let level = if is_right { Level::Observe } else { Level::Should };
            let want = "nothing".to_owned();
            found.push(Difference::new("set_cookie", kind, level, want, shown(&got)));
        }
        Some(want) if want != got => found.extend(read_back(comparison.profile, &want, &got)),
        _ => {}
    }
    found
}

/// Whether a user agent keeps the cookie of a set-cookie-string, if its host may set it.
fn is_kept(profile: Profile, line: &Octets) -> bool {
    let attributes = attributes(line.as_slice());
    let domain = attributes.iter().rev().find(|(name, _)| name == b"domain");
    let host = domain.map_or(&b"site.example"[..], |(_, domain)| domain);
    let program = JarProgram {
        steps: vec![
            Step::Receive {
                uri: [b"https://", host, b"/"].concat().into(),
                set_cookie: vec![line.clone()],
                context: Context::default(),
            },
            Step::Dump { at: "1".to_owned() },
        ],
        ..JarProgram::default()
    };
    let expected = Expected::of(profile, &Operation::Jar(program));
    let cookies = expected.observation("1").and_then(|dump| dump.get("cookies")?.as_array());
    cookies.is_none_or(|cookies| !cookies.is_empty())
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
            let show = |octets: Option<&Octets>| shown_or_nothing(octets);
            let (want, got) = (show(want.as_ref()), show(got.as_ref()));
            vec![Difference::new("set_cookie", "written or refused", Level::Should, want, got)]
        }
    }
}

/// The differences between two set-cookie-strings, except for the order of attributes, their case
/// and the blanks between them.
fn read_back(profile: Profile, want: &Octets, got: &Octets) -> Vec<Difference> {
    let level = if profile == Profile::Rfc6265 { Level::Should } else { Level::Must };
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
                "nothing".to_owned(),
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
            let got = shown_or_nothing(Some(&value.clone().into()));
            found.push(Difference::new(
                field,
                "written unasked",
                Level::Should,
                "nothing".to_owned(),
                got,
            ));
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
