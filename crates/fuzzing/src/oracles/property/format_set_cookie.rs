//! Properties of a serialised Set-Cookie field: nothing but the requested cookie can be read back.

use cookiespec_engine::prefix::Prefix;
use cookiespec_engine::{Profile, set_cookie};
use cookiespec_vectors::Octets;
use cookiespec_vectors::operation::FormatSetCookie;

use crate::oracles::difference::{Difference, shown};
use crate::oracles::syntax::level_of_grammar;

/// What can be read back although it was not requested, which is as binding as the grammar that no
/// requested part with such octets has. From a string that a user agent ignores
/// (section 5.2 steps 2 and 5; in 6265bis 5.6 and 5.7 step 2) no name and no attribute is read.
pub(crate) fn injected(profile: Profile, input: &FormatSetCookie, got: &Octets) -> Vec<Difference> {
    let mut found = Vec::new();
    let line = got.as_slice();
    let mut add = |kind, field| {
        let (level, want) = (level_of_grammar(profile), "what was asked for".to_owned());
        found.push(Difference::of_property(field, kind, level, want, shown(got)));
    };
    if line.iter().any(|octet| b"\r\n".contains(octet)) {
        add("line break written", field_with(input, line, b"\r\n"));
    } else if line.contains(&0) {
        add("NUL written", field_with(input, line, b"\0"));
    }
    let is_read = set_cookie::parse(line, profile)
        .is_ok_and(|cookie| !cookie.name.is_empty() || !cookie.value.is_empty());
    if !is_read {
        return found;
    }
    if is_other_name(input.name.as_slice(), line) {
        add("other name written", "name");
    }
    let attributes = attributes(line);
    let is_requested = |name: &str, value: &[u8]| match name {
        "expires" => input.expires.is_some() || input.max_age.is_some(),
        "max-age" => input.max_age.is_some() || input.expires.is_some(),
        "domain" => input.domain.is_some(),
        // The default-path may be written explicitly.
        "path" => input.path.is_some() || value.is_empty() || value == b"/",
        "secure" => {
            input.secure.is_some() || input.same_site.is_some() || input.partitioned.is_some()
        }
        "httponly" => input.http_only.is_some(),
        "samesite" => input.same_site.is_some(),
        "partitioned" => input.partitioned.is_some(),
        _ => false,
    };
    let name = |attribute: &(Vec<u8>, Vec<u8>)| String::from_utf8_lossy(&attribute.0).into_owned();
    let is_twice = |wanted: &str| attributes.iter().filter(|one| name(one) == wanted).count() > 1;
    let is_foreign =
        |one: &(Vec<u8>, Vec<u8>)| !is_requested(&name(one), &one.1) || is_twice(&name(one));
    if attributes.iter().any(is_foreign) {
        add("attribute injected", field_with(input, line, b";"));
    }
    found
}

/// The first requested field that has one of these octets and was written unchanged: the cause of
/// the injection.
fn field_with(input: &FormatSetCookie, line: &[u8], octets: &[u8]) -> &'static str {
    let fields = [
        ("name", Some(&input.name)),
        ("value", Some(&input.value)),
        ("domain", input.domain.as_ref()),
        ("path", input.path.as_ref()),
        ("samesite", input.same_site.as_ref()),
    ];
    let is_cause = |value: &Octets| {
        let value = value.as_slice();
        value.iter().any(|octet| octets.contains(octet))
            && line.windows(value.len()).any(|written| written == value)
    };
    fields
        .into_iter()
        .find(|(_, value)| value.is_some_and(is_cause))
        .map_or("set_cookie", |(field, _)| field)
}

/// Whether the cookie is read back under another name than the requested one, although that was
/// written unchanged. The loss of blanks around it only counts if the rest has a prefix.
fn is_other_name(name: &[u8], line: &[u8]) -> bool {
    let pair = line.split(|octet| *octet == b';').next().unwrap_or_default();
    let end = pair.iter().position(|octet| *octet == b'=').unwrap_or(0);
    let read_back = pair[..end].trim_ascii();
    let is_cut = name.contains(&b'=') || name.is_empty();
    line.starts_with(name)
        && read_back != name
        && (is_cut || Prefix::of(read_back) != Prefix::of(name))
}

/// The attributes of a set-cookie-string: names in lower case, and values.
pub(crate) fn attributes(line: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
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

#[cfg(test)]
mod tests {
    use cookiespec_vectors::Level;

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
    fn nothing_is_injected_into_a_string_that_is_ignored() {
        let kinds = |profile, name: &str, line: &str| {
            let input = FormatSetCookie { name: name.into(), ..FormatSetCookie::default() };
            let found = injected(profile, &input, &line.into());
            found.iter().map(|one| one.kind).collect::<Vec<_>>()
        };
        // RFC 6265 section 5.2 step 2: no "=" before the first ";". Step 5: an empty name.
        for (name, line) in [(";a", ";a"), (";=a", ";=a"), ("=", "=="), ("", "; Path=/x")] {
            assert_eq!(kinds(Profile::Rfc6265, name, line), [""; 0], "{line}");
        }
        assert_eq!(kinds(Profile::Rfc6265bis, ";a", ";a"), [""; 0], "an empty pair");
        for profile in Profile::ALL {
            assert_eq!(kinds(profile, "a", "a=b;c"), ["attribute injected"]);
        }
    }

    #[test]
    fn an_injection_is_as_binding_as_the_grammar_for_servers() {
        // Section 4.1.1: "SHOULD NOT send" in RFC 6265, "MUST NOT send" in 6265bis.
        for (profile, level) in
            [(Profile::Rfc6265, Level::Should), (Profile::Rfc6265bis, Level::Must)]
        {
            for line in ["a=b;c", "a=b\n", "a=b\0"] {
                let input = FormatSetCookie { name: "a".into(), ..FormatSetCookie::default() };
                let found = injected(profile, &input, &line.into());
                assert!(!found.is_empty() && found.iter().all(|one| one.level == level), "{line}");
            }
        }
    }

    #[test]
    fn the_field_that_holds_an_octet_is_to_blame_for_it() {
        let input = FormatSetCookie {
            name: "a".into(),
            value: "b".into(),
            domain: Some("c;".into()),
            path: Some("/;".into()),
            ..FormatSetCookie::default()
        };
        let line = b"a=b; Domain=c;; Path=/;";
        assert_eq!(field_with(&input, line, b";"), "domain");
        assert_eq!(field_with(&input, b"a=b; Path=/;", b";"), "path");
        assert_eq!(field_with(&input, line, b"\r\n"), "set_cookie");
    }
}
