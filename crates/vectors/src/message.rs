//! Messages of the shim protocol: requests, answers and the handshake.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use serde_json::{Value, json};

use crate::implementation::{ImplementationInfo, OperationResult, Refusal, unsupported};
use crate::json::Strict;
pub use crate::line::MAX_LINE;
use crate::operation::Operation;
use crate::schema;

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// A request to a shim: one line.
///
/// Unknown members are ignored: later versions of the protocol may add some.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Comes back with the answer.
    pub id: u64,
    /// The operation, or one of `hello`, `echo`, `batch` and `bye`.
    pub op: String,
    /// The input of the operation.
    #[serde(rename = "in", default)]
    pub input: Value,
}

impl Request {
    /// A request for an operation.
    pub fn new(id: u64, operation: &Operation) -> Self {
        Self { id, op: operation.name().to_owned(), input: operation.input() }
    }

    /// Opens the conversation. `harness` is the name and version of the client.
    pub fn hello(id: u64, harness: &str) -> Self {
        let input = json!({ "protocol": [PROTOCOL], "harness": harness });
        Self { id, op: "hello".to_owned(), input }
    }

    /// Requests all 256 octets back. The only right answer is [`echoed`].
    pub fn echo(id: u64) -> Self {
        Self { id, op: "echo".to_owned(), input: echoed() }
    }

    /// Several requests in one line.
    pub fn batch(id: u64, cases: &[Self]) -> Self {
        Self { id, op: "batch".to_owned(), input: json!({ "cases": cases }) }
    }

    /// Ends the conversation. There is no answer.
    pub fn bye(id: u64) -> Self {
        Self { id, op: "bye".to_owned(), input: Value::Null }
    }

    /// The operation to run.
    ///
    /// # Errors
    /// Unsupported if there is no such operation, or no such step of a program; an error if `in` is
    /// not an input of the operation.
    pub fn operation(&self) -> OperationResult<Operation> {
        if !Operation::NAMES.contains(&&*self.op) {
            return unsupported(&self.op);
        }
        if let Some(step) = self.unknown_step() {
            return unsupported(step);
        }
        Operation::deserialize(json!({ "op": self.op, "in": self.input }))
            .map_err(|error| Refusal::error(format_args!("`in` of {}: {error}", self.op)))
    }

    fn unknown_step(&self) -> Option<&str> {
        let known = schema::steps(&self.op)?;
        let steps = self.input.get("steps")?.as_array()?;
        steps
            .iter()
            .filter_map(|step| step.get("do")?.as_str())
            .find(|step| known.iter().all(|(name, _)| name != step))
    }
}

/// The `ok` value of an [`Request::echo`]: all 256 octets in order.
pub fn echoed() -> Value {
    json!({ "data": (0..=255_u8).map(char::from).collect::<String>() })
}

/// The answer of a target to one request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The result of the operation. A rejected cookie is a result.
    Ok(Value),
    /// The target has no such operation or ability.
    Unsupported {
        /// What is missing; empty if the shim does not name it.
        need: String,
    },
    /// It failed in a way its documentation does not call a rejection.
    Error {
        /// Its message.
        message: String,
    },
}

impl From<OperationResult<Value>> for Answer {
    fn from(outcome: OperationResult<Value>) -> Self {
        match outcome {
            Ok(value) => Self::Ok(value),
            Err(Refusal::Unsupported { need }) => Self::Unsupported { need },
            Err(Refusal::Error { message }) => Self::Error { message },
        }
    }
}

/// One line from a shim: an answer and the request it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The id of the request.
    pub id: u64,
    /// The answer.
    pub answer: Answer,
}

impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("id", &self.id)?;
        match &self.answer {
            Answer::Ok(value) => map.serialize_entry("ok", value)?,
            Answer::Unsupported { need } => {
                map.serialize_entry("unsupported", &json!({ "need": need }))?;
            }
            Answer::Error { message } => {
                map.serialize_entry("error", &json!({ "message": message }))?;
            }
        }
        map.end()
    }
}

/// Exactly one of `ok`, `unsupported` and `error` must be there, `ok` not `null`, and no member of any
/// object twice: readers of JSON take different ones of them. `unsupported` and `error` are also
/// understood where a shim wrote a bare string.
impl<'de> Deserialize<'de> for Reply {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Strict(Value::Object(mut members)) = Strict::deserialize(deserializer)? else {
            return Err(de::Error::custom("the answer is not an object"));
        };
        let id = members
            .get("id")
            .and_then(Value::as_u64)
            .ok_or_else(|| de::Error::custom("the answer has no integer `id`"))?;
        let answer =
            match (members.remove("ok"), members.remove("unsupported"), members.remove("error")) {
                (Some(Value::Null), None, None) => {
                    return Err(de::Error::custom(
                        "`ok` is null; a rejected cookie is {\"ok\": {\"cookie\": null}}",
                    ));
                }
                (Some(value), None, None) => Answer::Ok(value),
                (None, Some(why), None) => Answer::Unsupported { need: text_of(why, "need") },
                (None, None, Some(why)) => Answer::Error { message: text_of(why, "message") },
                (None, None, None) => {
                    return Err(de::Error::custom(
                        "the answer has none of `ok`, `unsupported` and `error`",
                    ));
                }
                _ => {
                    return Err(de::Error::custom(
                        "the answer has more than one of `ok`, `unsupported` and `error`",
                    ));
                }
            };
        Ok(Self { id, answer })
    }
}

fn text_of(why: Value, member: &str) -> String {
    match why {
        Value::String(text) => text,
        Value::Object(mut members) => {
            members.remove(member).map_or_else(String::new, |text| text_of(text, member))
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The `ok` value of `hello`: the implementation behind the shim, and the limits of the shim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Handshake {
    /// The version the shim chose among those offered.
    pub protocol: u32,
    /// The shim's own name and version, such as `py-stdlib/1`.
    pub shim: String,
    /// The implementation under test.
    #[serde(rename = "impl")]
    pub implementation: Identity,
    /// Operations and abilities.
    pub can: Vec<String>,
    /// Fields of an answer that cannot be observed.
    #[serde(default)]
    pub blind: Vec<String>,
    /// The profile that the implementation claims to follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    /// How many requests may be under way at once.
    #[serde(default = "one")]
    pub window: usize,
    /// How many requests one `batch` may hold; 0 where there is no batch.
    #[serde(default)]
    pub batch: usize,
    /// Remarks for the reader of the results.
    #[serde(default)]
    pub notes: String,
}

fn one() -> usize {
    1
}

/// The name and origin of an implementation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The implementation's name.
    pub name: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
    /// The language it is written in.
    #[serde(default)]
    pub language: String,
    /// Where its source or its package is.
    #[serde(default)]
    pub source: String,
}

impl Handshake {
    /// The handshake of a shim for an implementation.
    pub fn new(shim: &str, about: ImplementationInfo, window: usize, batch: usize) -> Self {
        let ImplementationInfo { name, version, language, source, can, blind, claims, notes } =
            about;
        Self {
            protocol: PROTOCOL,
            shim: shim.to_owned(),
            implementation: Identity { name, version, language, source },
            can,
            blind,
            claims,
            window,
            batch,
            notes,
        }
    }

    /// What is larger than a report has space for: names and versions have 200 octets, `source` 1,000
    /// and `notes` 4,000; `can` and `blind` have 100 words each.
    pub fn excess(&self) -> Option<String> {
        let Identity { name, version, language, source } = &self.implementation;
        let claims = self.claims.as_deref().unwrap_or_default();
        let texts = [
            ("shim", &*self.shim, MAX_NAME),
            ("impl.name", name, MAX_NAME),
            ("impl.version", version, MAX_NAME),
            ("impl.language", language, MAX_NAME),
            ("impl.source", source, MAX_SOURCE),
            ("claims", claims, MAX_NAME),
            ("notes", &self.notes, MAX_NOTES),
        ];
        let words = [("can", &self.can), ("blind", &self.blind)];
        let long_words = words
            .iter()
            .flat_map(|(name, list)| list.iter().map(move |word| (*name, &**word, MAX_NAME)));
        let long = texts.into_iter().chain(long_words).find(|(_, text, most)| text.len() > *most);
        if let Some((name, text, most)) = long {
            return Some(format!("`{name}` has {} octets, more than {most}", text.len()));
        }
        let (name, list) = words.into_iter().find(|(_, list)| list.len() > MAX_WORDS)?;
        Some(format!("`{name}` has {} words, more than {MAX_WORDS}", list.len()))
    }

    /// What differs in another `hello` of the same shim, of all that a verdict can depend on.
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        let (one, two) = (&self.implementation, &other.implementation);
        // Some shims make these lists from a set.
        let are_same =
            |one: &[String], two: &[String]| BTreeSet::from_iter(one) == BTreeSet::from_iter(two);
        [
            ("impl.name", one.name == two.name),
            ("impl.version", one.version == two.version),
            ("can", are_same(&self.can, &other.can)),
            ("blind", are_same(&self.blind, &other.blind)),
            ("claims", self.claims == other.claims),
        ]
        .into_iter()
        .find_map(|(name, is_same)| (!is_same).then_some(name))
    }

    /// The implementation, in the form the judge takes.
    pub fn about(&self) -> ImplementationInfo {
        let Identity { name, version, language, source } = self.implementation.clone();
        ImplementationInfo {
            name,
            version,
            language,
            source,
            can: self.can.clone(),
            blind: self.blind.clone(),
            claims: self.claims.clone(),
            notes: self.notes.clone(),
        }
    }
}

/// The longest name, version or word, in octets.
const MAX_NAME: usize = 200;
/// The longest `impl.source`, in octets.
const MAX_SOURCE: usize = 1_000;
/// The longest `notes`, in octets.
const MAX_NOTES: usize = 4_000;
/// The most words in `can` and in `blind`.
const MAX_WORDS: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_exactly_one_result() {
        let read = serde_json::from_str::<Reply>;
        assert_eq!(read(r#"{"id":1,"ok":{},"took":3}"#).unwrap().answer, Answer::Ok(json!({})));
        assert!(read(r#"{"id":1,"ok":null}"#).unwrap_err().to_string().contains("`ok` is null"));
        assert!(read("[]").unwrap_err().to_string().contains("not an object"));
        assert!(read(r#"{"id":1}"#).unwrap_err().to_string().contains("none of"));
        assert!(read(r#"{"id":1,"ok":{},"error":{}}"#).unwrap_err().to_string().contains("more"));
        assert!(read(r#"{"id":"1","ok":{}}"#).unwrap_err().to_string().contains("integer `id`"));
    }

    #[test]
    fn a_member_that_is_there_twice_is_no_answer() {
        for (line, name) in [
            (r#"{"id":1,"id":2,"ok":{}}"#, "id"),
            (r#"{"id":1,"ok":{"cookie":null},"ok":{}}"#, "ok"),
            (r#"{"id":1,"ok":{"cookie":{"name":"a","name":"b","value":""}}}"#, "name"),
            (r#"{"id":1,"ok":{"results":[{"id":2,"ok":{},"ok":{}}]}}"#, "ok"),
        ] {
            let error = serde_json::from_str::<Reply>(line).unwrap_err().to_string();
            assert!(error.starts_with(&format!("the member \"{name}\" is there twice")), "{error}");
        }
    }

    #[test]
    fn reasons_are_read_from_objects_and_bare_strings() {
        for line in [r#"{"id":1,"error":"boom"}"#, r#"{"id":1,"error":{"message":"boom"}}"#] {
            let reply: Reply = serde_json::from_str(line).unwrap();
            assert_eq!(reply.answer, Answer::Error { message: "boom".to_owned() });
        }
        let reply: Reply = serde_json::from_str(r#"{"id":1,"unsupported":{}}"#).unwrap();
        assert_eq!(reply.answer, Answer::Unsupported { need: String::new() });
    }

    #[test]
    fn answers_survive_the_wire() {
        for answer in [
            Answer::Ok(json!({"cookie": null})),
            Answer::Unsupported { need: "jar".to_owned() },
            Answer::Error { message: "x\u{1}".to_owned() },
        ] {
            let reply = Reply { id: 7, answer };
            let line = serde_json::to_string(&reply).unwrap();
            assert_eq!(serde_json::from_str::<Reply>(&line).unwrap(), reply);
        }
    }

    #[test]
    fn a_request_tells_what_is_unknown_from_what_is_malformed() {
        let ask = |op: &str, input| Request { id: 1, op: op.to_owned(), input }.operation();
        assert_eq!(ask("x-1", json!({})), unsupported("x-1"));
        let program = json!({"now": 0, "steps": [{"do": "clear"}]});
        assert_eq!(ask("jar", program), unsupported("clear"));
        let program = json!({"steps": [{"do": "send"}]});
        assert_eq!(ask("exchange", program), unsupported("send"));
        assert!(matches!(ask("jar", json!([])), Err(Refusal::Error { .. })));
        let extended = json!({"date": "x", "colour": "red"});
        assert_eq!(ask("parse.date", extended).unwrap().name(), "parse.date");
    }

    #[test]
    fn a_welcome_may_be_terse() {
        let welcome: Handshake = serde_json::from_value(json!({
            "protocol": 1, "shim": "x/1", "impl": {"name": "x"}, "can": ["jar"], "colour": "red"
        }))
        .unwrap();
        assert_eq!((welcome.window, welcome.batch), (1, 0));
        assert_eq!(welcome.about().can, ["jar"]);
    }

    #[test]
    fn a_welcome_is_bounded() {
        let welcome = |member: &str, value: Value| {
            let mut welcome = json!({
                "protocol": 1, "shim": "x/1", "impl": {"name": "x"}, "can": ["jar"]
            });
            *welcome.pointer_mut(member).unwrap() = value;
            serde_json::from_value::<Handshake>(welcome).unwrap().excess()
        };
        assert_eq!(welcome("/shim", json!("x".repeat(200))), None);
        let excess = welcome("/impl/name", json!("x".repeat(201))).unwrap();
        assert_eq!(excess, "`impl.name` has 201 octets, more than 200");
        let excess = welcome("/can", json!(vec!["jar"; 1000])).unwrap();
        assert_eq!(excess, "`can` has 1000 words, more than 100");
        let excess = welcome("/can", json!(["x".repeat(1 << 20)])).unwrap();
        assert_eq!(excess, "`can` has 1048576 octets, more than 200");
    }

    #[test]
    fn another_implementation_or_ability_is_a_difference() {
        let info = ImplementationInfo { name: "a".to_owned(), ..ImplementationInfo::default() };
        let first = Handshake::new("x/1", info, 1, 0);
        assert_eq!(first.difference(&Handshake { window: 64, ..first.clone() }), None);
        let other = Handshake { can: vec!["jar".to_owned()], ..first.clone() };
        assert_eq!(first.difference(&other), Some("can"));
        let mut other = first.clone();
        other.implementation.name = "b".to_owned();
        assert_eq!(first.difference(&other), Some("impl.name"));
    }
}
