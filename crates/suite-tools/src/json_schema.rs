//! The JSON Schema of a vector file, written from the same shapes the loader checks against.

use cookiespec_vectors::Operation;
use cookiespec_vectors::schema::{self, MAX_INTEGER, Member, Schema};
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of a vector file: `corpus/vectors/schema.json`.
///
/// It covers what a schema can express. The loader also checks the catalogue, the labels and the
/// citations that a `must` needs; see `docs/vectors.md`.
pub fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A file of cookiespec vectors",
    });
    let cases = Schema::List(&Schema::Any);
    if let (Some(schema), Schema::Object(members)) = (schema.as_object_mut(), &schema::FILE) {
        schema.extend(object(members, None, false));
        schema["properties"]["cases"] = described(&cases, false);
        schema["properties"]["cases"]["items"] = case();
        schema["properties"]["cases"]["minItems"] = json!(1);
        schema.insert("$defs".to_owned(), definitions());
    }
    schema
}

/// A case: its members, and by its kind what `in` and `is` must be.
fn case() -> Value {
    let mut case = described(&schema::CASE, false);
    case["properties"]["id"]["pattern"] = json!("^[a-z0-9-]+(\\.[a-z0-9-]+)*\\.[0-9]{4}$");
    case["properties"]["rev"]["minimum"] = json!(1);
    for list in ["expect", "steps"] {
        case["properties"][list]["minItems"] = json!(1);
    }
    case["allOf"] = Operation::NAMES.into_iter().map(by_kind).collect();
    case
}

fn by_kind(kind: &'static str) -> Value {
    let is = |pattern: Value| json!({ "items": { "properties": { "is": pattern } } });
    let then = match (schema::input(kind), schema::output(kind)) {
        (Some(input), Some(output)) => json!({
            "required": ["in"],
            "properties": {
                "in": described(input, false),
                "now": false, "config": false, "steps": false,
                "expect": {
                    "items": { "properties": { "at": false, "is": described(output, true) } }
                }
            }
        }),
        (Some(input), None) => {
            let mut expect = is(described(&schema::ARRIVED, true));
            expect["items"]["required"] = json!(["at"]);
            json!({
                "required": ["in"],
                "properties": {
                    "in": described(input, false),
                    "now": false, "config": false, "steps": false,
                    "expect": expect
                }
            })
        }
        _ => {
            let observations = schema::STEPS
                .iter()
                .filter_map(|(step, _)| schema::observation(step))
                .map(|observation| described(observation, true))
                .collect::<Vec<_>>();
            let mut expect = is(json!({ "anyOf": observations }));
            expect["items"]["required"] = json!(["at"]);
            json!({
                "required": ["now", "steps"],
                "properties": { "in": false, "expect": expect }
            })
        }
    };
    json!({ "if": { "properties": { "kind": { "const": kind } } }, "then": then })
}

/// The schema of a schema; as a pattern, nothing is required and operators may stand anywhere.
fn described(schema: &Schema, is_pattern: bool) -> Value {
    let plain = match schema {
        Schema::Octets => json!({ "$ref": "#/$defs/octets" }),
        Schema::Text => json!({ "type": "string" }),
        Schema::Integer => json!({ "$ref": "#/$defs/integer" }),
        Schema::Natural => json!({ "$ref": "#/$defs/natural" }),
        Schema::Bool => json!({ "type": "boolean" }),
        Schema::OneOf(names) => json!({ "enum": names }),
        Schema::Nullable(inner) => {
            json!({ "anyOf": [{ "type": "null" }, described(inner, is_pattern)] })
        }
        Schema::List(inner) => json!({ "type": "array", "items": described(inner, is_pattern) }),
        Schema::Pair => json!({ "$ref": "#/$defs/pair" }),
        Schema::Object(members) => Value::Object(object(members, None, is_pattern)),
        Schema::Step(steps) => json!({
            "oneOf": steps
                .iter()
                .map(|(name, members)| Value::Object(object(members, Some(name), is_pattern)))
                .collect::<Vec<_>>()
        }),
        Schema::Any => json!(true),
    };
    if is_pattern { json!({ "anyOf": [plain, { "$ref": "#/$defs/operator" }] }) } else { plain }
}

fn object(members: &[Member], step: Option<&str>, is_pattern: bool) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    if let Some(step) = step {
        properties.insert("do".to_owned(), json!({ "const": step }));
        required.push("do");
    }
    for member in members {
        properties.insert(member.name.to_owned(), described(&member.schema, is_pattern));
        if member.required && !is_pattern {
            required.push(member.name);
        }
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

fn definitions() -> Value {
    let integer =
        |minimum: i64| json!({ "type": "integer", "minimum": minimum, "maximum": MAX_INTEGER });
    let octets = json!({ "$ref": "#/$defs/octets" });
    let one = |name: &str, operand: Value| {
        json!({
            "type": "object",
            "properties": { name: operand },
            "required": [name],
            "additionalProperties": false
        })
    };
    json!({
        "octets": {
            "description": "One code point U+0000..U+00FF per octet, or shorthand for it.",
            "anyOf": [
                { "type": "string", "pattern": "^[\\u0000-\\u00ff]*$" },
                {
                    "type": "object",
                    "properties": { "repeat": octets, "n": { "$ref": "#/$defs/natural" } },
                    "required": ["repeat", "n"],
                    "additionalProperties": false
                },
                one("cat", json!({ "type": "array", "items": octets })),
                one("hex", json!({ "type": "string", "pattern": "^([0-9A-Fa-f]{2})*$" }))
            ]
        },
        "integer": integer(-MAX_INTEGER),
        "natural": integer(0),
        "pair": { "type": "array", "items": octets, "minItems": 2, "maxItems": 2 },
        "operator": {
            "description": "An operator of a pattern.",
            "oneOf": [
                one("$absent", json!({ "const": true })),
                one("$any", json!({ "type": "array", "minItems": 1 })),
                one("$contains", octets.clone()),
                one("$cookies", json!({ "type": "array", "items": { "$ref": "#/$defs/pair" } })),
                one("$ne", json!(true)),
                one("$set-cookie", set_cookie_parts()),
                one("$unordered", json!({ "type": "array" }))
            ]
        }
    })
}

fn set_cookie_parts() -> Value {
    let mut parts = Value::Object(object(schema::SET_COOKIE_PARTS, None, true));
    parts["properties"]["attributes"] = json!({
        "type": "object",
        "additionalProperties": {
            "anyOf": [described(&schema::ATTRIBUTE, true), described(&schema::ATTRIBUTES, true)]
        }
    });
    parts
}

#[cfg(test)]
mod tests {
    use cookiespec_vectors::schema::OPERATORS;

    use super::*;

    /// With `COOKIESPEC_BLESS=1` the file is written instead.
    #[test]
    fn the_file_is_what_the_shapes_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/vectors/schema.json");
        let want = format!("{:#}\n", schema());
        if std::env::var_os("COOKIESPEC_BLESS").is_some() {
            std::fs::write(path, &want).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            found == want,
            "corpus/vectors/schema.json is not what the loader checks; \
             write it with COOKIESPEC_BLESS=1 cargo test -p cookiespec-vectors schema"
        );
    }

    #[test]
    fn every_operator_is_in_it() {
        let schema = schema();
        let operators = schema["$defs"]["operator"]["oneOf"].as_array().unwrap();
        let names = operators.iter().map(|operator| operator["required"][0].as_str().unwrap());
        assert!(names.eq(OPERATORS));
    }
}
