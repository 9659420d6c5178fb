//! A new case for an author to fill in.

use cookiespec_vectors::{Field, Operation, Problem, json};
use serde_json::Value;

use crate::lock::Lock;

/// A vector file with a case added at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCase {
    /// The id of the case: the next that was never given.
    pub id: String,
    /// The text of the file.
    pub text: String,
}

/// Adds a case of this kind to the file of an area. It loads as it stands, and demands nothing: its
/// only check is an `observe`.
///
/// `text` is what is in the file; nothing for a new area. The lock has the ids that are no longer
/// in it.
///
/// # Errors
/// The kind or the area is none, the file is not one of vectors, or all ids of the area are used.
pub fn new_case(
    area: &str,
    kind: &str,
    text: Option<&str>,
    lock: &Lock,
) -> Result<NewCase, Problem> {
    let sketch = sketch(kind).ok_or_else(|| {
        let what = format!("there is no kind {kind:?}");
        Problem::new(
            &Field::Root("kind"),
            what,
            format!("take one of {}", Operation::NAMES.join(", ")),
        )
    })?;
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it == b'-')
    };
    if !area.split('.').all(is_word) {
        let fix = "write words of lower-case letters, with dots between them";
        return Err(Problem::new(&Field::Root("area"), "this is no area", fix));
    }
    let empty = format!(
        "{{\n  \"area\": \"{area}\",\n  \"about\": \"Cases about {area}.\",\n  \"cases\": [\n  ]\n}}\n"
    );
    let text = text.unwrap_or(&empty);
    let number = next_number(area, text, lock)?;
    let id = format!("{area}.{number:04}");
    let case = format!(
        "    {{\n      \"id\": \"{id}\",\n      \"rev\": 1,\n      \"title\": \"{id} is new\",\n      \
         \"why\": \"Say what goes wrong in practice where the expectation is not met.\",\n      \
         \"kind\": \"{kind}\",\n      \"severity\": \"medium\",\n      \"tags\": [],\n      \
         \"spec\": [],\n{sketch}\n    }}"
    );
    let text = append(text, &case).ok_or_else(|| {
        let fix = "end the file with the array of the cases, as the others do";
        Problem::new(&Field::Root("cases"), "there is no place for another case", fix)
    })?;
    Ok(NewCase { id, text })
}

/// One more than any number the area has or ever had.
fn next_number(area: &str, text: &str, lock: &Lock) -> Result<u32, Problem> {
    let file = json::parse(text.as_bytes()).map_err(|error| {
        Problem::new(&Field::Root(""), error.to_string(), "correct the JSON there")
    })?;
    let cases = file.get("cases").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let given = cases.iter().filter_map(|case| case.get("id")?.as_str());
    let numbers = given.chain(lock.ids()).filter_map(|id| {
        let (of, number) = id.rsplit_once('.')?;
        number.parse::<u32>().ok().filter(|_| of == area)
    });
    match numbers.max().map_or(1, |last| last.saturating_add(1)) {
        number @ ..10_000 => Ok(number),
        _ => Err(Problem::new(&Field::Root("area"), "all its ids are used", "begin a new area")),
    }
}

/// Adds a case after the last one: before the "]" and the "}" at the end of the file.
fn append(text: &str, case: &str) -> Option<String> {
    let before = text.trim_end().strip_suffix('}')?.trim_end().strip_suffix(']')?.trim_end();
    let comma = if before.ends_with('[') { "" } else { "," };
    let text = format!("{before}{comma}\n{case}\n  ]\n}}\n");
    json::parse(text.as_bytes()).is_ok().then_some(text)
}

/// The input of a case of a kind, and what it observes.
fn sketch(kind: &str) -> Option<String> {
    let (input, is) = match kind {
        "parse.set-cookie" => (
            r#"{ "set_cookie": "name=value" }"#,
            r#"{ "cookie": { "name": "name", "value": "value" } }"#,
        ),
        "parse.cookie" => {
            (r#"{ "cookie": ["a=1; b=2"] }"#, r#"{ "pairs": [["a", "1"], ["b", "2"]] }"#)
        }
        "parse.date" => (r#"{ "date": "Thu, 01 Jan 1970 00:00:00 GMT" }"#, r#"{ "unix": 0 }"#),
        "match.domain" => {
            (r#"{ "host": "www.site.example", "domain": "site.example" }"#, r#"{ "match": true }"#)
        }
        "match.path" => (r#"{ "path": "/a/b", "cookie_path": "/a" }"#, r#"{ "match": true }"#),
        "default.path" => (r#"{ "uri": "https://site.example/a/b" }"#, r#"{ "path": "/a" }"#),
        "format.set-cookie" => {
            (r#"{ "name": "name", "value": "value" }"#, r#"{ "set_cookie": "name=value" }"#)
        }
        "exchange" => {
            return Some(
                "      \"in\": { \"steps\": [\n        \
                 { \"do\": \"navigate\", \"uri\": \"https://site.example/\", \"hops\": [\n          \
                 { \"status\": 302, \"fields\": [[\"Location\", \"/next\"], [\"Set-Cookie\", \"a=b\"]] },\n          \
                 { \"at\": \"next\", \"uri\": \"https://site.example/next\" }\n        ] }\n      ] },\n      \
                 \"expect\": [\n        \
                 { \"for\": [\"*\"], \"level\": \"observe\", \"at\": \"next\", \"is\": { \"cookie\": [\"a=b\"] } }\n      ]"
                    .to_owned(),
            );
        }
        "jar" => {
            return Some(
                "      \"now\": 1795478400,\n      \"steps\": [\n        \
                 { \"do\": \"receive\", \"uri\": \"https://site.example/\", \"set_cookie\": [\"a=b\"] },\n        \
                 { \"do\": \"send\", \"at\": \"sent\", \"uri\": \"https://site.example/\" }\n      ],\n      \
                 \"expect\": [\n        \
                 { \"for\": [\"*\"], \"level\": \"observe\", \"at\": \"sent\", \"is\": { \"header\": \"a=b\" } }\n      ]"
                    .to_owned(),
            );
        }
        _ => return None,
    };
    Some(format!(
        "      \"in\": {input},\n      \"expect\": [\n        \
         {{ \"for\": [\"*\"], \"level\": \"observe\", \"is\": {is} }}\n      ]"
    ))
}

#[cfg(test)]
mod tests {
    use cookiespec_vectors::Catalogue;
    use cookiespec_vectors::load::{Source, load};

    use super::*;

    fn ids(area: &str, text: &str) -> Vec<String> {
        let mut errors = Vec::new();
        let source = Source { name: area, area, text: text.as_bytes() };
        let loaded = load(&source, Catalogue::embedded(), &mut errors);
        assert_eq!(errors, []);
        loaded.cases.into_iter().map(|case| case.id).collect()
    }

    #[test]
    fn a_new_case_of_every_kind_loads() {
        let mut text = None;
        for (index, kind) in Operation::NAMES.into_iter().enumerate() {
            let new = new_case("new.area", kind, text.as_deref(), &Lock::default()).unwrap();
            assert_eq!(new.id, format!("new.area.{:04}", index + 1));
            text = Some(new.text);
        }
        assert_eq!(ids("new.area", &text.unwrap()).len(), Operation::NAMES.len());
    }

    #[test]
    fn an_id_that_was_dropped_is_not_given_again() {
        let lock = "a.0007 1 00\nb.0009 1 00".parse().unwrap();
        let first = new_case("a", "jar", None, &lock).unwrap();
        assert_eq!(first.id, "a.0008");
        let second = new_case("a", "jar", Some(&first.text), &lock).unwrap();
        assert_eq!(ids("a", &second.text), ["a.0008", "a.0009"]);
        let last = "a.9999 1 00".parse().unwrap();
        assert_eq!(new_case("a", "jar", None, &last).unwrap_err().what, "all its ids are used");
    }

    #[test]
    fn what_is_no_place_for_a_case() {
        let problem = |area, kind, text| {
            new_case(area, kind, text, &Lock::default()).unwrap_err().to_string()
        };
        assert!(problem("a", "jr", None).starts_with("kind: there is no kind \"jr\"; take one"));
        assert!(problem("../a", "jar", None).starts_with("area: this is no area"));
        assert!(problem("a", "jar", Some("{")).contains("correct the JSON"));
        assert!(problem("a", "jar", Some("{\"cases\": [], \"area\": \"a\"}")).contains("no place"));
    }
}
