//! The schema of everything in a vector file or an answer, in one place: the loader checks cases
//! against it, the judge checks answers against it, and the JSON Schema is written from it.

use cookiespec_engine::Profile;

use crate::ability;
use crate::case::{Severity, Wire};
use crate::catalogue::DOCUMENTS;
use crate::operation::Operation;
use crate::verdict::Level;

/// The largest integer that every JSON reader keeps exactly: 2^53 - 1.
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The operators of a pattern; [`matcher`](crate::matcher) describes them.
pub const OPERATORS: [&str; 7] =
    ["$absent", "$any", "$contains", "$cookies", "$ne", "$set-cookie", "$unordered"];

/// What a JSON value must be.
#[derive(Debug, PartialEq)]
pub enum Schema {
    /// A string with one code point U+0000..U+00FF per octet.
    Octets,
    /// Any string.
    Text,
    /// An integer between -2^53 and 2^53.
    Integer,
    /// An integer between 0 and 2^53.
    Natural,
    /// `true` or `false`.
    Bool,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// `null`, or that.
    Nullable(&'static Self),
    /// An array of that.
    List(&'static Self),
    /// An array of a name and a value.
    Pair,
    /// An object with these members and no other.
    Object(&'static [Member]),
    /// An object whose other members depend on the member `do`.
    Step(&'static [(&'static str, &'static [Member])]),
    /// Anything: what it must be depends on other members.
    Any,
}

/// A member of an object.
#[derive(Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What its value has to be.
    pub schema: Schema,
    /// Whether it may not be left out.
    pub required: bool,
}

const fn required(name: &'static str, schema: Schema) -> Member {
    Member { name, schema, required: true }
}

const fn optional(name: &'static str, schema: Schema) -> Member {
    Member { name, schema, required: false }
}

/// A vector file.
pub const FILE: Schema = Schema::Object(&[
    required("area", Schema::Text),
    required("about", Schema::Text),
    required("cases", Schema::List(&CASE)),
]);

/// A case, apart from what depends on its kind.
pub const CASE: Schema = Schema::Object(&[
    required("id", Schema::Text),
    required("rev", Schema::Natural),
    required("title", Schema::Text),
    optional("why", Schema::Text),
    required("kind", Schema::OneOf(&Operation::NAMES)),
    required("severity", Schema::OneOf(SEVERITIES)),
    optional("tags", Schema::List(&Schema::Text)),
    optional("spec", Schema::List(&CITATION)),
    optional("needs", Schema::List(&Schema::OneOf(ability::ALL))),
    optional("wire", Schema::OneOf(&[Wire::Yes.name(), Wire::No.name()])),
    optional("now", Schema::Integer),
    optional("config", CONFIG),
    optional("in", Schema::Any),
    optional("steps", Schema::List(&STEP)),
    required("expect", Schema::List(&EXPECTATION)),
]);

const SEVERITIES: &[&str] = &[Severity::Low.name(), Severity::Medium.name(), Severity::High.name()];

const LEVELS: &[&str] =
    &[Level::Must.name(), Level::Should.name(), Level::May.name(), Level::Observe.name()];

/// The profiles, and the word for all of them.
const FOR: &[&str] = &["*", Profile::Rfc6265.name(), Profile::Rfc6265bis.name()];

const CITATION: Schema = Schema::Object(&[
    required("req", Schema::Text),
    required("doc", Schema::OneOf(DOCUMENTS)),
    required("sec", Schema::Text),
    optional("step", Schema::Text),
]);

const EXPECTATION: Schema = Schema::Object(&[
    required("for", Schema::List(&Schema::OneOf(FOR))),
    required("level", Schema::OneOf(LEVELS)),
    optional("at", Schema::Text),
    required("is", Schema::Any),
]);

/// The parts of a set-cookie-string that a pattern may name.
pub const SET_COOKIE_PARTS: &[Member] = &[
    optional("name", Schema::Octets),
    optional("value", Schema::Octets),
    optional("attributes", Schema::Any),
];

/// The value of an attribute in such a pattern; `null` where it must not be there.
pub const ATTRIBUTE: Schema = Schema::Nullable(&Schema::Octets);

/// All values of an attribute, in their order.
pub const ATTRIBUTES: Schema = Schema::List(&Schema::Octets);

/// The `config` of a jar program.
pub const CONFIG: Schema = Schema::Object(&[
    optional("public_suffixes", Schema::Nullable(&Schema::List(&Schema::Text))),
    optional("secure_localhost", Schema::Bool),
    optional("max_per_domain", Schema::Natural),
    optional("max_total", Schema::Natural),
    optional("lax_allowing_unsafe", Schema::Natural),
    optional("strict_hosts", Schema::Bool),
    optional("cookies", Schema::OneOf(&["all", "session-only", "none"])),
]);

const CONTEXT: Schema = Schema::Object(&[
    optional("same_site", Schema::Bool),
    optional("top_level", Schema::Bool),
    optional("method", Schema::Text),
    optional("api", Schema::OneOf(&["http", "script"])),
]);

/// The steps of a jar program, by the member `do`.
pub const STEPS: &[(&str, &[Member])] = &[
    (
        "receive",
        &[
            required("uri", Schema::Octets),
            required("set_cookie", Schema::List(&Schema::Octets)),
            optional("context", CONTEXT),
        ],
    ),
    (
        "send",
        &[
            required("at", Schema::Text),
            required("uri", Schema::Octets),
            optional("context", CONTEXT),
        ],
    ),
    ("advance", &[required("secs", Schema::Natural)]),
    ("restart", &[]),
    (
        "script-set",
        &[
            required("uri", Schema::Octets),
            required("value", Schema::Octets),
            optional("context", CONTEXT),
        ],
    ),
    (
        "script-get",
        &[
            required("at", Schema::Text),
            required("uri", Schema::Octets),
            optional("context", CONTEXT),
        ],
    ),
    ("dump", &[required("at", Schema::Text)]),
    ("configure", &[required("config", CONFIG)]),
];

const STEP: Schema = Schema::Step(STEPS);

/// The steps of an exchange program, by the member `do`.
pub const EXCHANGE_STEPS: &[(&str, &[Member])] = &[
    (
        "navigate",
        &[
            required("uri", Schema::Octets),
            optional("method", Schema::Text),
            optional("fields", FIELDS),
            optional("cookies", Schema::List(&Schema::Pair)),
            required("hops", Schema::List(&HOP)),
        ],
    ),
    ("restart", &[]),
    ("save", &[]),
    ("load", &[]),
    ("clone", &[]),
];

/// A request that is expected to arrive, and its response.
const HOP: Schema = Schema::Object(&[
    optional("at", Schema::Text),
    optional("uri", Schema::Octets),
    optional("method", Schema::Text),
    optional("status", Schema::Natural),
    optional("fields", FIELDS),
    optional(
        "interim",
        Schema::List(&Schema::Object(&[
            required("status", Schema::Natural),
            optional("fields", FIELDS),
        ])),
    ),
    optional("trailers", FIELDS),
    optional("body", Schema::Octets),
]);

/// Field lines: names and values.
const FIELDS: Schema = Schema::List(&Schema::Pair);

/// What a hop of an exchange program observes.
pub const ARRIVED: Schema = Schema::Object(&[
    required("method", Schema::Text),
    required("cookie", Schema::List(&Schema::Octets)),
    required("authorization", Schema::List(&Schema::Octets)),
    required("version", Schema::OneOf(&["1.0", "1.1", "2"])),
]);

/// The steps of the programs of an operation; `None` where its input is no program.
pub fn steps(operation: &str) -> Option<&'static [(&'static str, &'static [Member])]> {
    match operation {
        "jar" => Some(STEPS),
        "exchange" => Some(EXCHANGE_STEPS),
        _ => None,
    }
}

/// The `in` of an operation other than `jar`; `None` where there is no such operation.
pub fn input(operation: &str) -> Option<&'static Schema> {
    Some(match operation {
        "parse.set-cookie" => {
            const {
                &Schema::Object(&[
                    required("set_cookie", Schema::Octets),
                    optional("uri", Schema::Octets),
                    optional("now", Schema::Integer),
                ])
            }
        }
        "parse.cookie" => {
            const { &Schema::Object(&[required("cookie", Schema::List(&Schema::Octets))]) }
        }
        "parse.date" => const { &Schema::Object(&[required("date", Schema::Octets)]) },
        "match.domain" => {
            const {
                &Schema::Object(&[
                    required("host", Schema::Octets),
                    required("domain", Schema::Octets),
                ])
            }
        }
        "match.path" => {
            const {
                &Schema::Object(&[
                    required("path", Schema::Octets),
                    required("cookie_path", Schema::Octets),
                ])
            }
        }
        "default.path" => const { &Schema::Object(&[required("uri", Schema::Octets)]) },
        "format.set-cookie" => const { &Schema::Object(COOKIE) },
        "exchange" => {
            const { &Schema::Object(&[required("steps", Schema::List(&Schema::Step(EXCHANGE_STEPS)))]) }
        }
        _ => return None,
    })
}

/// The `ok` of an operation; `None` where it has labelled observations, or where there is no such
/// operation.
pub fn output(operation: &str) -> Option<&'static Schema> {
    Some(match operation {
        "parse.set-cookie" => {
            const {
                &Schema::Object(&[required(
                    "cookie",
                    Schema::Nullable(&Schema::Object(PARSED_COOKIE)),
                )])
            }
        }
        "parse.cookie" => {
            const { &Schema::Object(&[required("pairs", Schema::List(&Schema::Pair))]) }
        }
        "parse.date" => {
            const { &Schema::Object(&[required("unix", Schema::Nullable(&Schema::Integer))]) }
        }
        "match.domain" | "match.path" => {
            const { &Schema::Object(&[required("match", Schema::Bool)]) }
        }
        "default.path" => const { &Schema::Object(&[required("path", Schema::Octets)]) },
        "format.set-cookie" => {
            const { &Schema::Object(&[required("set_cookie", Schema::Nullable(&Schema::Octets))]) }
        }
        _ => return None,
    })
}

/// What a step of a jar program observes; `None` where it observes nothing.
pub fn observation(step: &str) -> Option<&'static Schema> {
    Some(match step {
        "send" => {
            const {
                &Schema::Object(&[
                    required("header", Schema::Nullable(&Schema::Octets)),
                    optional("cookies", Schema::Nullable(&Schema::List(&Schema::Pair))),
                ])
            }
        }
        "script-get" => const { &Schema::Object(&[required("value", Schema::Octets)]) },
        "dump" => {
            const {
                &Schema::Object(&[required(
                    "cookies",
                    Schema::List(&Schema::Object(STORED_COOKIE)),
                )])
            }
        }
        _ => return None,
    })
}

/// The input of `format.set-cookie`. An attribute that is left out is not to be written.
const COOKIE: &[Member] = &[
    required("name", Schema::Octets),
    required("value", Schema::Octets),
    optional("max_age", Schema::Integer),
    optional("expires", Schema::Integer),
    optional("domain", Schema::Octets),
    optional("path", Schema::Octets),
    optional("secure", Schema::Bool),
    optional("http_only", Schema::Bool),
    optional("same_site", Schema::Octets),
    optional("partitioned", Schema::Bool),
];

const PARSED_COOKIE: &[Member] = &[
    required("name", Schema::Octets),
    required("value", Schema::Octets),
    optional("domain", Schema::Nullable(&Schema::Octets)),
    optional("path", Schema::Nullable(&Schema::Octets)),
    optional("expires", Schema::Nullable(&Schema::Integer)),
    optional("max_age", Schema::Nullable(&Schema::Integer)),
    optional("secure", Schema::Nullable(&Schema::Bool)),
    optional("http_only", Schema::Nullable(&Schema::Bool)),
    optional("same_site", Schema::Nullable(&Schema::Octets)),
    optional("partitioned", Schema::Nullable(&Schema::Bool)),
];

const STORED_COOKIE: &[Member] = &[
    required("name", Schema::Octets),
    required("value", Schema::Octets),
    optional("domain", Schema::Nullable(&Schema::Octets)),
    optional("host_only", Schema::Nullable(&Schema::Bool)),
    optional("path", Schema::Nullable(&Schema::Octets)),
    optional("expires", Schema::Nullable(&Schema::Integer)),
    optional("creation", Schema::Nullable(&Schema::Integer)),
    optional("last_access", Schema::Nullable(&Schema::Integer)),
    optional("secure", Schema::Nullable(&Schema::Bool)),
    optional("http_only", Schema::Nullable(&Schema::Bool)),
    optional("same_site", Schema::Nullable(&Schema::Octets)),
];

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;
    use crate::check::{Strictness, check};
    use crate::operation::{Arrived, ParsedCookie, Sent, StoredCookie};
    use crate::problem::Field;

    /// A value with every member the schema has.
    fn sample(schema: &Schema) -> Value {
        match schema {
            Schema::Octets => json!("\u{ff}"),
            Schema::Text => json!("x"),
            Schema::Integer => json!(-7),
            Schema::Natural => json!(7),
            Schema::Bool => json!(true),
            Schema::OneOf(names) => json!(names[names.len() - 1]),
            Schema::Nullable(inner) => sample(inner),
            Schema::List(Schema::Step(steps)) => steps.iter().map(step).collect(),
            Schema::List(inner) => json!([sample(inner)]),
            Schema::Pair => json!(["n", "v"]),
            Schema::Object(members) => {
                members.iter().map(|it| (it.name.to_owned(), sample(&it.schema))).collect()
            }
            Schema::Step(_) | Schema::Any => Value::Null,
        }
    }

    fn fits(schema: &Schema, value: &Value) -> bool {
        let mut problems = Vec::new();
        check(schema, Strictness::Strict, value, &Field::Root(""), &mut problems);
        problems.is_empty()
    }

    /// A step with every member.
    fn step((name, members): &(&str, &[Member])) -> Value {
        let members = members.iter().map(|it| (it.name.to_owned(), sample(&it.schema)));
        members.chain([("do".to_owned(), json!(name))]).collect()
    }

    #[test]
    fn every_operation_has_every_member_of_its_shape_and_no_other() {
        for name in Operation::NAMES {
            let input_of = input;
            let input = match input_of(name) {
                Some(schema) => sample(schema),
                None => {
                    let steps = sample(&Schema::List(&STEP));
                    json!({ "now": 7, "config": sample(&CONFIG), "steps": steps })
                }
            };
            let request = json!({ "op": name, "in": input });
            let operation = Operation::deserialize(&request).unwrap();
            assert_eq!(json!(operation), request);
            assert_eq!(operation.name(), name);
            assert_eq!(operation.input(), input);
            assert_eq!(steps(name).is_some(), output(name).is_none(), "{name}");
        }
    }

    #[test]
    fn every_observation_has_every_member_of_its_shape_and_no_other() {
        fn survives<T: for<'de> Deserialize<'de> + serde::Serialize>(schema: &Schema) {
            let value = sample(schema);
            assert_eq!(json!(T::deserialize(&value).unwrap()), value);
            assert!(fits(schema, &value));
        }
        survives::<ParsedCookie>(&Schema::Object(PARSED_COOKIE));
        survives::<StoredCookie>(&Schema::Object(STORED_COOKIE));
        survives::<Sent>(observation("send").unwrap());
        survives::<Arrived>(&ARRIVED);
        let labelled = STEPS.iter().filter(|(_, it)| it.iter().any(|it| it.name == "at"));
        assert!(labelled.clone().all(|(step, _)| observation(step).is_some()));
        assert_eq!(labelled.count(), 3);
    }

    #[test]
    fn the_names_of_enumerations_are_those_of_their_types() {
        assert_eq!(SEVERITIES, Severity::ALL.map(Severity::name));
        assert_eq!(LEVELS, Level::ALL.map(Level::name));
        assert_eq!(FOR[1..], Profile::ALL.map(Profile::name));
        for severity in Severity::ALL {
            assert_eq!(json!(severity), severity.name());
        }
        for level in Level::ALL {
            assert_eq!(json!(level), level.name());
        }
        for wire in Wire::ALL {
            assert_eq!(json!(wire), wire.name());
        }
    }
}
