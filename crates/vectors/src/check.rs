//! Checks a JSON value against a [`Shape`].

use serde_json::{Map, Value};

use crate::octets::Octets;
use crate::problem::{Field, Problem};
use crate::shape::{self, Member, Shape};

/// Who wrote the value decides how strictly it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// An author wrote it: a member that is not known is a typing error.
    Strict,
    /// An author wrote it as a pattern: as `Strict`, but any member may be left out and operators
    /// may stand anywhere.
    Pattern,
    /// A target wrote it: members that are not known are additions, and numbers may be of any
    /// size.
    Lenient,
}

/// The largest integer that every JSON reader keeps exactly: 2^53 - 1.
pub(crate) const MAX_INTEGER: i64 = (1 << 53) - 1;

/// The operators of a pattern.
pub(crate) const OPERATORS: [&str; 7] =
    ["$absent", "$any", "$contains", "$cookies", "$ne", "$set-cookie", "$unordered"];

/// Everything that is wrong with a value.
pub(crate) fn check(
    shape: &Shape,
    reading: Reading,
    value: &Value,
    field: &Field<'_>,
    problems: &mut Vec<Problem>,
) {
    Checker { reading, problems }.value(shape, value, field);
}

struct Checker<'a> {
    reading: Reading,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn value(&mut self, shape: &Shape, value: &Value, field: &Field<'_>) {
        if let Some(members) = value.as_object()
            && self.reading == Reading::Pattern
            && members.keys().any(|name| name.starts_with('$'))
        {
            return self.operator(shape, members, field);
        }
        match (shape, value) {
            (Shape::Any, _)
            | (Shape::Text, Value::String(_))
            | (Shape::Bool, Value::Bool(_))
            | (Shape::Nullable(_), Value::Null) => {}
            (Shape::Nullable(inner), _) => self.value(inner, value, field),
            (Shape::Octets, Value::String(text)) => self.octets(text, field),
            (Shape::OneOf(names), Value::String(text)) => {
                if !names.contains(&text.as_str()) {
                    self.add(
                        field,
                        format!("\"{}\" is unknown", text.escape_debug()),
                        format!("write one of {}", names.join(", ")),
                    );
                }
            }
            (Shape::Integer | Shape::Natural, Value::Number(_)) => self.number(shape, value, field),
            (Shape::List(inner), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    self.value(inner, element, &field.element(index));
                }
            }
            (Shape::Pair, Value::Array(pair)) if pair.len() == 2 => {
                self.value(&Shape::Octets, &pair[0], &field.element(0));
                self.value(&Shape::Octets, &pair[1], &field.element(1));
            }
            (Shape::Object(known), Value::Object(members)) => {
                self.object(known, None, members, field);
            }
            (Shape::Step(steps), Value::Object(members)) => self.step(steps, members, field),
            _ => self.add(
                field,
                format!("this is {}", kind(value)),
                format!("write {}", name(shape)),
            ),
        }
    }

    fn octets(&mut self, text: &str, field: &Field<'_>) {
        if let Err(not_an_octet) = Octets::from_isomorphic(text) {
            self.add(
                field,
                format!(
                    "code point U+{:04X} at position {} is not an octet",
                    u32::from(not_an_octet.code_point),
                    not_an_octet.at
                ),
                "write one code point U+0000..U+00FF per octet, such as \\u00c3\\u00a9 for é in UTF-8",
            );
        }
    }

    fn number(&mut self, shape: &Shape, value: &Value, field: &Field<'_>) {
        if self.reading == Reading::Lenient {
            return;
        }
        let lowest = if *shape == Shape::Natural { 0 } else { -MAX_INTEGER };
        if !value.as_i64().is_some_and(|number| (lowest..=MAX_INTEGER).contains(&number)) {
            self.add(field, format!("this is {value}"), format!("write {}", name(shape)));
        }
    }

    fn step(
        &mut self,
        steps: &[(&str, &[Member])],
        members: &Map<String, Value>,
        field: &Field<'_>,
    ) {
        let known = steps.iter().find(|(name, _)| members.get("do").is_some_and(|it| it == name));
        match known {
            Some((_, known)) => self.object(known, Some("do"), members, field),
            None => self.add(
                &field.member("do"),
                match members.get("do") {
                    None => "this member is missing".to_owned(),
                    Some(other) => format!("{} is no step", crate::show::value(other)),
                },
                format!(
                    "write one of {}",
                    steps.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
                ),
            ),
        }
    }

    fn object(
        &mut self,
        known: &[Member],
        tag: Option<&str>,
        members: &Map<String, Value>,
        field: &Field<'_>,
    ) {
        for member in known {
            match members.get(member.name) {
                Some(value) => self.value(&member.shape, value, &field.member(member.name)),
                None if member.required && self.reading != Reading::Pattern => self.add(
                    &field.member(member.name),
                    "this member is missing",
                    format!("add it: {}", name(&member.shape)),
                ),
                None => {}
            }
        }
        if self.reading == Reading::Lenient {
            return;
        }
        for unknown in members.keys().filter(|name| {
            tag != Some(name.as_str()) && known.iter().all(|member| member.name != **name)
        }) {
            let names = known.iter().map(|member| member.name).collect::<Vec<_>>();
            self.add(
                &field.member(unknown),
                "there is no such member",
                match &*names {
                    [] => "remove it".to_owned(),
                    names => format!("the members are {}", names.join(", ")),
                },
            );
        }
    }

    fn operator(&mut self, shape: &Shape, members: &Map<String, Value>, field: &Field<'_>) {
        let mut entries = members.iter();
        let (Some((operator, operand)), None) = (entries.next(), entries.next()) else {
            return self.add(
                field,
                "an operator does not share its object",
                "put the operator into an object of its own",
            );
        };
        let field = &field.member(operator);
        let inner = if let Shape::Nullable(inner) = shape { inner } else { shape };
        match (&**operator, inner) {
            ("$absent", _) => {
                if *operand != Value::Bool(true) {
                    self.add(field, format!("this is {}", kind(operand)), "write true");
                }
            }
            ("$ne", _) => self.value(shape, operand, field),
            ("$any", _) => match operand.as_array() {
                Some(alternatives) if !alternatives.is_empty() => {
                    for (index, alternative) in alternatives.iter().enumerate() {
                        self.value(shape, alternative, &field.element(index));
                    }
                }
                _ => self.add(field, "there is nothing to choose from", "list the patterns"),
            },
            ("$contains", Shape::Octets) => match operand {
                Value::String(text) if !text.is_empty() => self.octets(text, field),
                _ => self.add(field, "there is nothing to look for", "write the octets"),
            },
            ("$cookies", Shape::Octets) => self.value(&Shape::List(&Shape::Pair), operand, field),
            ("$cookies", _) => self.add(
                field,
                "this is not the value of a Cookie field",
                "use it on `header` or on an octet string",
            ),
            ("$set-cookie", Shape::Octets) => self.set_cookie(operand, field),
            ("$contains" | "$set-cookie", _) => {
                self.add(field, "this is not an octet string", "use it where octets stand");
            }
            ("$unordered", Shape::List(_)) => self.value(inner, operand, field),
            ("$unordered", _) => {
                self.add(field, "this is not a list", "use it on `pairs` or `cookies`");
            }
            _ => self.add(
                field,
                "there is no such operator",
                format!("the operators are {}", OPERATORS.join(", ")),
            ),
        }
    }

    /// The patterns for the parts of a set-cookie-string. The attributes may have any name.
    fn set_cookie(&mut self, parts: &Value, field: &Field<'_>) {
        let Some(members) = parts.as_object() else {
            let fix = "write an object of `name`, `value` and `attributes`";
            return self.add(field, format!("this is {}", kind(parts)), fix);
        };
        self.object(shape::SET_COOKIE_PARTS, None, members, field);
        let Some(attributes) = members.get("attributes") else { return };
        let field = &field.member("attributes");
        let Some(attributes) = attributes.as_object() else {
            let fix = "write an object with a member for each attribute";
            return self.add(field, format!("this is {}", kind(attributes)), fix);
        };
        for (name, pattern) in attributes {
            let shape = if pattern.is_array() { &shape::ATTRIBUTES } else { &shape::ATTRIBUTE };
            self.value(shape, pattern, &field.member(name));
        }
    }

    fn add(&mut self, field: &Field<'_>, problem: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem::new(field, problem, fix));
    }
}

/// What a value is, in words.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// What a value should be, in words.
fn name(shape: &Shape) -> String {
    match shape {
        Shape::Octets => "a string of octets".to_owned(),
        Shape::Text => "a string".to_owned(),
        Shape::Integer => "an integer between -2^53 and 2^53".to_owned(),
        Shape::Natural => "an integer between 0 and 2^53".to_owned(),
        Shape::Bool => "true or false".to_owned(),
        Shape::OneOf(names) => format!("one of {}", names.join(", ")),
        Shape::Nullable(inner) => format!("null or {}", name(inner)),
        Shape::List(_) => "an array".to_owned(),
        Shape::Pair => "an array of a name and a value".to_owned(),
        Shape::Object(_) | Shape::Step(_) => "an object".to_owned(),
        Shape::Any => "a value".to_owned(),
    }
}
