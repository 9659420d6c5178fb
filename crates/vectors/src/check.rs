//! Checks a JSON value against a [`Schema`].

use serde_json::{Map, Value};

use crate::octets::Octets;
use crate::problem::{Field, Problem};
use crate::schema::{self, MAX_INTEGER, Member, OPERATORS, Schema};

/// How strictly a value is checked, which depends on who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// An author wrote it: an unknown member is a typing error.
    Strict,
    /// An author wrote it as a pattern: as `Strict`, but any member may be left out and operators
    /// may stand anywhere.
    Pattern,
    /// A target wrote it: unknown members are additions, and numbers may be of any size.
    Lenient,
}

/// Adds everything that is wrong with a value to `problems`.
pub(crate) fn check(
    schema: &Schema,
    strictness: Strictness,
    value: &Value,
    field: &Field<'_>,
    problems: &mut Vec<Problem>,
) {
    Checker { strictness, problems }.value(schema, value, field);
}

struct Checker<'a> {
    strictness: Strictness,
    problems: &'a mut Vec<Problem>,
}

impl Checker<'_> {
    fn value(&mut self, schema: &Schema, value: &Value, field: &Field<'_>) {
        if let Some(members) = value.as_object()
            && self.strictness == Strictness::Pattern
            && members.keys().any(|name| name.starts_with('$'))
        {
            return self.operator(schema, members, field);
        }
        match (schema, value) {
            (Schema::Any, _)
            | (Schema::Text, Value::String(_))
            | (Schema::Bool, Value::Bool(_))
            | (Schema::Nullable(_), Value::Null) => {}
            (Schema::Nullable(inner), _) => self.value(inner, value, field),
            (Schema::Octets, Value::String(text)) => self.octets(text, field),
            (Schema::OneOf(names), Value::String(text)) => {
                if !names.contains(&text.as_str()) {
                    self.add(
                        field,
                        format!("{} is unknown", crate::show::value(value)),
                        format!("write one of {}", names.join(", ")),
                    );
                }
            }
            (Schema::Integer | Schema::Natural, Value::Number(_)) => {
                self.number(schema, value, field);
            }
            (Schema::List(inner), Value::Array(elements)) => {
                for (index, element) in elements.iter().enumerate() {
                    self.value(inner, element, &field.element(index));
                }
            }
            (Schema::Pair, Value::Array(pair)) if pair.len() == 2 => {
                self.value(&Schema::Octets, &pair[0], &field.element(0));
                self.value(&Schema::Octets, &pair[1], &field.element(1));
            }
            (Schema::Object(known), Value::Object(members)) => {
                self.object(known, None, members, field);
            }
            (Schema::Step(steps), Value::Object(members)) => self.step(steps, members, field),
            _ => self.add(
                field,
                format!("this is {}", kind(value)),
                format!("write {}", name(schema)),
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

    fn number(&mut self, schema: &Schema, value: &Value, field: &Field<'_>) {
        if self.strictness == Strictness::Lenient {
            return;
        }
        let lowest = if *schema == Schema::Natural { 0 } else { -MAX_INTEGER };
        if !value.as_i64().is_some_and(|number| (lowest..=MAX_INTEGER).contains(&number)) {
            self.add(field, format!("this is {value}"), format!("write {}", name(schema)));
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
                Some(value) => self.value(&member.schema, value, &field.member(member.name)),
                None if member.required && self.strictness != Strictness::Pattern => self.add(
                    &field.member(member.name),
                    "this member is missing",
                    format!("add it: {}", name(&member.schema)),
                ),
                None => {}
            }
        }
        if self.strictness == Strictness::Lenient {
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

    fn operator(&mut self, schema: &Schema, members: &Map<String, Value>, field: &Field<'_>) {
        let mut entries = members.iter();
        let (Some((operator, operand)), None) = (entries.next(), entries.next()) else {
            return self.add(
                field,
                "an operator does not share its object",
                "put the operator into an object of its own",
            );
        };
        let field = &field.member(operator);
        let inner = if let Schema::Nullable(inner) = schema { inner } else { schema };
        match (&**operator, inner) {
            ("$absent", _) => {
                if *operand != Value::Bool(true) {
                    self.add(field, format!("this is {}", kind(operand)), "write true");
                }
            }
            ("$ne", _) => self.value(schema, operand, field),
            ("$any", _) => match operand.as_array() {
                Some(alternatives) if !alternatives.is_empty() => {
                    for (index, alternative) in alternatives.iter().enumerate() {
                        self.value(schema, alternative, &field.element(index));
                    }
                }
                _ => self.add(field, "there is nothing to choose from", "list the patterns"),
            },
            ("$contains", Schema::Octets) => match operand {
                Value::String(text) if !text.is_empty() => self.octets(text, field),
                _ => self.add(field, "there is nothing to look for", "write the octets"),
            },
            ("$cookies", Schema::Octets) => {
                self.value(&Schema::List(&Schema::Pair), operand, field);
            }
            ("$cookies", _) => self.add(
                field,
                "this is not the value of a Cookie field",
                "use it on `header` or on an octet string",
            ),
            ("$set-cookie", Schema::Octets) => self.set_cookie(operand, field),
            ("$contains" | "$set-cookie", _) => {
                self.add(field, "this is not an octet string", "use it where octets stand");
            }
            ("$unordered", Schema::List(_)) => self.value(inner, operand, field),
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
        self.object(schema::SET_COOKIE_PARTS, None, members, field);
        let Some(attributes) = members.get("attributes") else { return };
        let field = &field.member("attributes");
        let Some(attributes) = attributes.as_object() else {
            let fix = "write an object with a member for each attribute";
            return self.add(field, format!("this is {}", kind(attributes)), fix);
        };
        for (name, pattern) in attributes {
            let schema = if pattern.is_array() { &schema::ATTRIBUTES } else { &schema::ATTRIBUTE };
            self.value(schema, pattern, &field.member(name));
        }
    }

    fn add(&mut self, field: &Field<'_>, problem: impl Into<String>, fix: impl Into<String>) {
        // An answer is wrong as a whole, however often; only a file is corrected problem by problem.
        if self.strictness != Strictness::Lenient || self.problems.is_empty() {
            self.problems.push(Problem::new(field, problem, fix));
        }
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
fn name(schema: &Schema) -> String {
    match schema {
        Schema::Octets => "a string of octets".to_owned(),
        Schema::Text => "a string".to_owned(),
        Schema::Integer => "an integer between -2^53 and 2^53".to_owned(),
        Schema::Natural => "an integer between 0 and 2^53".to_owned(),
        Schema::Bool => "true or false".to_owned(),
        Schema::OneOf(names) => format!("one of {}", names.join(", ")),
        Schema::Nullable(inner) => format!("null or {}", name(inner)),
        Schema::List(_) => "an array".to_owned(),
        Schema::Pair => "an array of a name and a value".to_owned(),
        Schema::Object(_) | Schema::Step(_) => "an object".to_owned(),
        Schema::Any => "a value".to_owned(),
    }
}
