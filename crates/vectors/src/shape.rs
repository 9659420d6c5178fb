//! The shape of everything in a vector file or an answer, in one place: the loader checks cases
//! against it, the judge checks answers against it, and the JSON Schema is written from it.

use cookiespec_engine::Profile;

use crate::ability;
use crate::case::{Severity, Wire};
use crate::operation::Operation;
use crate::verdict::Level;

/// What a JSON value must be.
#[derive(Debug, PartialEq)]
pub(crate) enum Shape {
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
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

const fn required(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true }
}

const fn optional(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: false }
}

/// A vector file.
pub(crate) const FILE: Shape = Shape::Object(&[
    required("area", Shape::Text),
    required("about", Shape::Text),
    required("cases", Shape::List(&CASE)),
]);

/// A case, apart from what depends on its kind.
pub(crate) const CASE: Shape = Shape::Object(&[
    required("id", Shape::Text),
    required("rev", Shape::Natural),
    required("title", Shape::Text),
    optional("why", Shape::Text),
    required("kind", Shape::OneOf(&Operation::NAMES)),
    required("severity", Shape::OneOf(SEVERITIES)),
    optional("tags", Shape::List(&Shape::Text)),
    optional("spec", Shape::List(&CITATION)),
    optional("needs", Shape::List(&Shape::OneOf(ability::ALL))),
    optional("wire", Shape::OneOf(&[Wire::Yes.name(), Wire::No.name()])),
    optional("now", Shape::Integer),
    optional("config", CONFIG),
    optional("in", Shape::Any),
    optional("steps", Shape::List(&STEP)),
    required("expect", Shape::List(&EXPECTATION)),
]);

const SEVERITIES: &[&str] = &[Severity::Low.name(), Severity::Medium.name(), Severity::High.name()];

const LEVELS: &[&str] =
    &[Level::Must.name(), Level::Should.name(), Level::May.name(), Level::Observe.name()];

/// The profiles, and the word for all of them.
const FOR: &[&str] = &["*", Profile::Rfc6265.name(), Profile::Rfc6265bis.name()];

const CITATION: Shape = Shape::Object(&[
    required("req", Shape::Text),
    required("doc", Shape::OneOf(&[Profile::Rfc6265.name(), Profile::Rfc6265bis.name()])),
    required("sec", Shape::Text),
    optional("step", Shape::Text),
]);

const EXPECTATION: Shape = Shape::Object(&[
    required("for", Shape::List(&Shape::OneOf(FOR))),
    required("level", Shape::OneOf(LEVELS)),
    optional("at", Shape::Text),
    required("is", Shape::Any),
]);

/// The parts of a set-cookie-string that a pattern may name.
pub(crate) const SET_COOKIE_PARTS: &[Member] = &[
    optional("name", Shape::Octets),
    optional("value", Shape::Octets),
    optional("attributes", Shape::Any),
];

/// The value of an attribute in such a pattern; `null` where it must not be there.
pub(crate) const ATTRIBUTE: Shape = Shape::Nullable(&Shape::Octets);

/// All values of an attribute, in their order.
pub(crate) const ATTRIBUTES: Shape = Shape::List(&Shape::Octets);

/// The `config` of a jar program.
pub(crate) const CONFIG: Shape = Shape::Object(&[
    optional("public_suffixes", Shape::Nullable(&Shape::List(&Shape::Text))),
    optional("secure_localhost", Shape::Bool),
    optional("max_per_domain", Shape::Natural),
    optional("max_total", Shape::Natural),
    optional("lax_allowing_unsafe", Shape::Natural),
    optional("strict_hosts", Shape::Bool),
    optional("cookies", Shape::OneOf(&["all", "session-only", "none"])),
]);

const CONTEXT: Shape = Shape::Object(&[
    optional("same_site", Shape::Bool),
    optional("top_level", Shape::Bool),
    optional("method", Shape::Text),
    optional("api", Shape::OneOf(&["http", "script"])),
]);

/// The steps of a jar program, by the member `do`.
pub(crate) const STEPS: &[(&str, &[Member])] = &[
    (
        "receive",
        &[
            required("uri", Shape::Octets),
            required("set_cookie", Shape::List(&Shape::Octets)),
            optional("context", CONTEXT),
        ],
    ),
    (
        "send",
        &[
            required("at", Shape::Text),
            required("uri", Shape::Octets),
            optional("context", CONTEXT),
        ],
    ),
    ("advance", &[required("secs", Shape::Natural)]),
    ("restart", &[]),
    (
        "script-set",
        &[
            required("uri", Shape::Octets),
            required("value", Shape::Octets),
            optional("context", CONTEXT),
        ],
    ),
    (
        "script-get",
        &[
            required("at", Shape::Text),
            required("uri", Shape::Octets),
            optional("context", CONTEXT),
        ],
    ),
    ("dump", &[required("at", Shape::Text)]),
    ("configure", &[required("config", CONFIG)]),
];

const STEP: Shape = Shape::Step(STEPS);

/// The `in` of an operation other than `jar`; `None` where there is no such operation.
pub(crate) fn input(operation: &str) -> Option<&'static Shape> {
    Some(match operation {
        "parse.set-cookie" => {
            const {
                &Shape::Object(&[
                    required("set_cookie", Shape::Octets),
                    optional("uri", Shape::Octets),
                    optional("now", Shape::Integer),
                ])
            }
        }
        "parse.cookie" => {
            const { &Shape::Object(&[required("cookie", Shape::List(&Shape::Octets))]) }
        }
        "parse.date" => const { &Shape::Object(&[required("date", Shape::Octets)]) },
        "match.domain" => {
            const {
                &Shape::Object(&[
                    required("host", Shape::Octets),
                    required("domain", Shape::Octets),
                ])
            }
        }
        "match.path" => {
            const {
                &Shape::Object(&[
                    required("path", Shape::Octets),
                    required("cookie_path", Shape::Octets),
                ])
            }
        }
        "default.path" => const { &Shape::Object(&[required("uri", Shape::Octets)]) },
        "format.set-cookie" => const { &Shape::Object(COOKIE) },
        _ => return None,
    })
}

/// The `ok` of an operation other than `jar`; `None` where there is no such operation.
pub(crate) fn output(operation: &str) -> Option<&'static Shape> {
    Some(match operation {
        "parse.set-cookie" => {
            const {
                &Shape::Object(&[required(
                    "cookie",
                    Shape::Nullable(&Shape::Object(PARSED_COOKIE)),
                )])
            }
        }
        "parse.cookie" => const { &Shape::Object(&[required("pairs", Shape::List(&Shape::Pair))]) },
        "parse.date" => {
            const { &Shape::Object(&[required("unix", Shape::Nullable(&Shape::Integer))]) }
        }
        "match.domain" | "match.path" => {
            const { &Shape::Object(&[required("match", Shape::Bool)]) }
        }
        "default.path" => const { &Shape::Object(&[required("path", Shape::Octets)]) },
        "format.set-cookie" => {
            const { &Shape::Object(&[required("set_cookie", Shape::Nullable(&Shape::Octets))]) }
        }
        _ => return None,
    })
}

/// What a step of a jar program observes; `None` where it observes nothing.
pub(crate) fn observation(step: &str) -> Option<&'static Shape> {
    Some(match step {
        "send" => {
            const {
                &Shape::Object(&[
                    required("header", Shape::Nullable(&Shape::Octets)),
                    optional("cookies", Shape::Nullable(&Shape::List(&Shape::Pair))),
                ])
            }
        }
        "script-get" => const { &Shape::Object(&[required("value", Shape::Octets)]) },
        "dump" => {
            const { &Shape::Object(&[required("cookies", Shape::List(&Shape::Object(STORED_COOKIE)))]) }
        }
        _ => return None,
    })
}

/// What `format.set-cookie` is asked for. A member is left out where it is not asked for.
const COOKIE: &[Member] = &[
    required("name", Shape::Octets),
    required("value", Shape::Octets),
    optional("max_age", Shape::Integer),
    optional("expires", Shape::Integer),
    optional("domain", Shape::Octets),
    optional("path", Shape::Octets),
    optional("secure", Shape::Bool),
    optional("http_only", Shape::Bool),
    optional("same_site", Shape::Octets),
    optional("partitioned", Shape::Bool),
];

const PARSED_COOKIE: &[Member] = &[
    required("name", Shape::Octets),
    required("value", Shape::Octets),
    optional("domain", Shape::Nullable(&Shape::Octets)),
    optional("path", Shape::Nullable(&Shape::Octets)),
    optional("expires", Shape::Nullable(&Shape::Integer)),
    optional("max_age", Shape::Nullable(&Shape::Integer)),
    optional("secure", Shape::Nullable(&Shape::Bool)),
    optional("http_only", Shape::Nullable(&Shape::Bool)),
    optional("same_site", Shape::Nullable(&Shape::Octets)),
    optional("partitioned", Shape::Nullable(&Shape::Bool)),
];

const STORED_COOKIE: &[Member] = &[
    required("name", Shape::Octets),
    required("value", Shape::Octets),
    optional("domain", Shape::Nullable(&Shape::Octets)),
    optional("host_only", Shape::Nullable(&Shape::Bool)),
    optional("path", Shape::Nullable(&Shape::Octets)),
    optional("expires", Shape::Nullable(&Shape::Integer)),
    optional("creation", Shape::Nullable(&Shape::Integer)),
    optional("last_access", Shape::Nullable(&Shape::Integer)),
    optional("secure", Shape::Nullable(&Shape::Bool)),
    optional("http_only", Shape::Nullable(&Shape::Bool)),
    optional("same_site", Shape::Nullable(&Shape::Octets)),
];

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;
    use crate::check::{Reading, check};
    use crate::operation::{ParsedCookie, Sent, StoredCookie};
    use crate::problem::Field;

    /// A value with every member the shape has.
    fn sample(shape: &Shape) -> Value {
        match shape {
            Shape::Octets => json!("\u{ff}"),
            Shape::Text => json!("x"),
            Shape::Integer => json!(-7),
            Shape::Natural => json!(7),
            Shape::Bool => json!(true),
            Shape::OneOf(names) => json!(names[names.len() - 1]),
            Shape::Nullable(inner) => sample(inner),
            Shape::List(inner) => json!([sample(inner)]),
            Shape::Pair => json!(["n", "v"]),
            Shape::Object(members) => {
                members.iter().map(|it| (it.name.to_owned(), sample(&it.shape))).collect()
            }
            Shape::Step(_) | Shape::Any => Value::Null,
        }
    }

    fn fits(shape: &Shape, value: &Value) -> bool {
        let mut problems = Vec::new();
        check(shape, Reading::Strict, value, &Field::Root(""), &mut problems);
        problems.is_empty()
    }

    fn every_step() -> Value {
        STEPS
            .iter()
            .map(|(name, members)| {
                let mut step: Value =
                    members.iter().map(|it| (it.name.to_owned(), sample(&it.shape))).collect();
                step["do"] = json!(name);
                step
            })
            .collect()
    }

    #[test]
    fn every_operation_has_every_member_of_its_shape_and_no_other() {
        for name in Operation::NAMES {
            let input_of = input;
            let input = match input_of(name) {
                Some(shape) => sample(shape),
                None => json!({ "now": 7, "config": sample(&CONFIG), "steps": every_step() }),
            };
            let request = json!({ "op": name, "in": input });
            let operation = Operation::deserialize(&request).unwrap();
            assert_eq!(json!(operation), request);
            assert_eq!(operation.name(), name);
            assert_eq!(operation.input(), input);
            assert_eq!(input_of(name).is_none(), output(name).is_none(), "{name}");
        }
    }

    #[test]
    fn every_observation_has_every_member_of_its_shape_and_no_other() {
        fn survives<T: for<'de> Deserialize<'de> + serde::Serialize>(shape: &Shape) {
            let value = sample(shape);
            assert_eq!(json!(T::deserialize(&value).unwrap()), value);
            assert!(fits(shape, &value));
        }
        survives::<ParsedCookie>(&Shape::Object(PARSED_COOKIE));
        survives::<StoredCookie>(&Shape::Object(STORED_COOKIE));
        survives::<Sent>(observation("send").unwrap());
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
