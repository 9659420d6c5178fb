//! `format.set-cookie`: the grammar of section 4.1.1, and what must hold of anything written:
//! nothing but what was asked for can be read back.

use cookiespec_engine::Profile;
use cookiespec_engine::prefix::Prefix;
use cookiespec_vectors::operation::FormatSetCookie;
use cookiespec_vectors::{Level, Octets};

use super::super::relation::relation;
use super::{Difference, Question, shown, shown_or_nothing};

pub(super) fn compare(
    question: Question<'_>,
    asked: &FormatSetCookie,
    want: Option<Octets>,
    got: Option<Octets>,
) -> Vec<Difference> {
    let Some(got) = got else {
        // A library may know less than the grammar allows.
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
    let mut found = injected(asked, &got);
    match want {
        None if found.is_empty() => found.push(Difference::new(
            "set_cookie",
            "written against the grammar",
            Level::Should,
            "nothing".to_owned(),
            shown(&got),
        )),
        Some(want) if want != got => found.extend(read_back(question.profile, &want, &got)),
        _ => {}
    }
    found
}

/// What can be read back although it was not asked for.
fn injected(asked: &FormatSetCookie, got: &Octets) -> Vec<Difference> {
    let mut found = Vec::new();
    let line = got.as_slice();
    let mut add = |kind, field| {
        found.push(Difference::of_property(
            field,
            kind,
            "what was asked for".to_owned(),
            shown(got),
        ));
    };
    if line.iter().any(|octet| b"\r\n".contains(octet)) {
        add("line break written", field_with(asked, line, b"\r\n"));
    } else if line.contains(&0) {
        add("NUL written", field_with(asked, line, b"\0"));
    }
    if is_other_name(asked.name.as_slice(), line) {
        add("other name written", "name");
    }
    let attributes = attributes(line);
    let is_asked = |name: &str, value: &[u8]| match name {
        "expires" => asked.expires.is_some() || asked.max_age.is_some(),
        "max-age" => asked.max_age.is_some() || asked.expires.is_some(),
        "domain" => asked.domain.is_some(),
        // The default-path, said or unsaid.
        "path" => asked.path.is_some() || value.is_empty() || value == b"/",
        "secure" => {
            asked.secure.is_some() || asked.same_site.is_some() || asked.partitioned.is_some()
        }
        "httponly" => asked.http_only.is_some(),
        "samesite" => asked.same_site.is_some(),
        "partitioned" => asked.partitioned.is_some(),
        _ => false,
    };
    let name = |attribute: &(Vec<u8>, Vec<u8>)| String::from_utf8_lossy(&attribute.0).into_owned();
    let is_twice = |wanted: &str| attributes.iter().filter(|one| name(one) == wanted).count() > 1;
    let is_foreign =
        |one: &(Vec<u8>, Vec<u8>)| !is_asked(&name(one), &one.1) || is_twice(&name(one));
    if attributes.iter().any(is_foreign) {
        add("attribute injected", field_with(asked, line, b";"));
    }
    found
}

/// The first of the fields asked for that holds one of these octets and was written as it is: what
/// is to blame for them.
fn field_with(asked: &FormatSetCookie, line: &[u8], octets: &[u8]) -> &'static str {
    let fields = [
        ("name", Some(&asked.name)),
        ("value", Some(&asked.value)),
        ("domain", asked.domain.as_ref()),
        ("path", asked.path.as_ref()),
        ("samesite", asked.same_site.as_ref()),
    ];
    let is_to_blame = |value: &Octets| {
        let value = value.as_slice();
        value.iter().any(|octet| octets.contains(octet))
            && line.windows(value.len()).any(|written| written == value)
    };
    fields
        .into_iter()
        .find(|(_, value)| value.is_some_and(is_to_blame))
        .map_or("set_cookie", |(field, _)| field)
}

/// Is the cookie read back under another name than it was asked for, although the name was written
/// as it is? Blanks around it that get lost only count if what is left has a prefix.
fn is_other_name(name: &[u8], line: &[u8]) -> bool {
    let pair = line.split(|octet| *octet == b';').next().unwrap_or_default();
    let end = pair.iter().position(|octet| *octet == b'=').unwrap_or(0);
    let read_back = pair[..end].trim_ascii();
    let is_cut = name.contains(&b'=') || name.is_empty();
    line.starts_with(name)
        && read_back != name
        && (is_cut || Prefix::of(read_back) != Prefix::of(name))
}

/// Attributes in lower case, and their values.
fn attributes(line: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut attributes = Vec::new();
    for attribute in line.split(|octet| *octet == b';').skip(1) {
        let mut halves = attribute.splitn(2, |octet| *octet == b'=');
        let mut half = || halves.next().unwrap_or_default().trim_ascii();
        let (name, value) = (half().to_ascii_lowercase(), half().to_vec());
        if !name.is_empty() || !value.is_empty() {
            attributes.push((name, value));
        }
    }
    attributes
}

/// The differences between two set-cookie-strings that count: not the order of attributes, their
/// case, or the blanks between them.
fn read_back(profile: Profile, want: &Octets, got: &Octets) -> Vec<Difference> {
    let pair = |line: &Octets| -> Octets {
        line.as_slice().split(|octet| *octet == b';').next().unwrap_or_default().trim_ascii().into()
    };
    let level = if profile == Profile::Rfc6265 { Level::Should } else { Level::Must };
    let mut found = Vec::new();
    found.extend(Difference::of_octets("pair", Level::Should, &pair(want), &pair(got)));
    let (wanted, written) = (attributes(want.as_slice()), attributes(got.as_slice()));
    for (name, value) in &wanted {
        let Some(field) = FIELDS.iter().copied().find(|field| field.as_bytes() == &name[..]) else {
            continue;
        };
        let Some((_, got)) = written.iter().find(|(other, _)| other == name) else {
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
            let (want, got) = (value.clone().into(), got.clone().into());
            found.push(Difference::new(field, kind, level, shown(&want), shown(&got)));
        }
    }
    for (name, value) in &written {
        let Some(field) = FIELDS.iter().copied().find(|field| field.as_bytes() == &name[..]) else {
            continue;
        };
        if wanted.iter().all(|(other, _)| other != name) {
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

const FIELDS: &[&str] =
    &["expires", "max-age", "domain", "path", "secure", "httponly", "samesite", "partitioned"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_another_one_if_it_is_cut_or_gets_a_prefix() {
        for (name, line, is_other) in [
            ("a=b", "a=b=v", true),
            ("", "a=b", true),
            (" __Host-a", " __Host-a=v", true),
            (" a", " a=v", false),
            ("a=b", "a%3Db=v", false),
            ("a", "a=v", false),
            ("", "=v", false),
            ("", "v", false),
        ] {
            assert_eq!(is_other_name(name.as_bytes(), line.as_bytes()), is_other, "{name} {line}");
        }
    }

    #[test]
    fn the_field_that_holds_an_octet_is_to_blame_for_it() {
        let asked = FormatSetCookie {
            name: "a".into(),
            value: "b".into(),
            domain: Some("c;".into()),
            path: Some("/;".into()),
            ..FormatSetCookie::default()
        };
        let line = b"a=b; Domain=c;; Path=/;";
        assert_eq!(field_with(&asked, line, b";"), "domain");
        assert_eq!(field_with(&asked, b"a=b; Path=/;", b";"), "path");
        assert_eq!(field_with(&asked, line, b"\r\n"), "set_cookie");
    }
}
