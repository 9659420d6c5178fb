//! Requests and pages in a descriptor.

use std::collections::BTreeMap;

use cookiespec_wire::Request;
use regex::Regex;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::template::{self, Place, UnknownPlaceholder, Values};

/// A request with placeholders.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestTemplate {
    /// The method; POST by default.
    #[serde(default = "post")]
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The content as a form.
    pub form: Option<BTreeMap<String, String>>,
    /// The content as JSON.
    pub json: Option<Value>,
    /// The content; its Content-Type is written in `headers`.
    pub body: Option<String>,
    /// Additional header fields.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

fn post() -> String {
    "POST".to_owned()
}

impl RequestTemplate {
    /// A GET request for this path.
    pub fn get(path: &str) -> Self {
        Self {
            method: "GET".to_owned(),
            path: path.to_owned(),
            form: None,
            json: None,
            body: None,
            headers: BTreeMap::new(),
        }
    }

    /// Whether the method is safe (RFC 9110 section 9.2.1).
    pub fn is_safe(&self) -> bool {
        cookiespec_engine::request::is_safe_method(self.method.as_bytes())
    }

    /// The request with its placeholders replaced, and with a CSRF token.
    pub fn fill(&self, values: &Values, csrf: Option<(&Csrf, &str)>) -> Request {
        let values = match csrf {
            Some((_, token)) => values.clone().with("csrf", token),
            None => values.clone(),
        };
        let mut request = Request::new(&self.method, &values.fill(&self.path, Place::Uri));
        for (name, text) in &self.headers {
            request.field(name, values.fill(text, Place::Plain));
        }
        let place = csrf.filter(|_| !self.places_token());
        if let Some((Csrf { header: Some(header), .. }, token)) = place {
            request.field(header, token);
        }
        let member = place.and_then(|(csrf, token)| Some((csrf.field.as_deref()?, token)));
        self.fill_content(&mut request, &values, member);
        request
    }

    fn fill_content(&self, request: &mut Request, values: &Values, member: Option<(&str, &str)>) {
        if let Some(json) = &self.json {
            let mut json = filled(json, values);
            if let (Value::Object(object), Some((name, token))) = (&mut json, member) {
                object.insert(name.to_owned(), token.into());
            }
            request.field("Content-Type", "application/json");
            request.body = json.to_string().into_bytes();
        } else if let Some(body) = &self.body {
            request.body = values.fill(body, Place::Plain).into_bytes();
        } else if self.form.is_some() || member.is_some() {
            let form = self.form.iter().flatten();
            let pairs = form.map(|(name, text)| (&**name, values.fill(text, Place::Plain)));
            let token = member.map(|(name, token)| (name, token.to_owned()));
            let pairs = pairs.chain(token).map(|(name, value)| {
                let [name, value] = [name, &value].map(template::percent_encoded);
                format!("{name}={value}")
            });
            request.field("Content-Type", "application/x-www-form-urlencoded");
            request.body = pairs.collect::<Vec<_>>().join("&").into_bytes();
        }
    }

    /// Whether the template has the placeholder of the token.
    fn places_token(&self) -> bool {
        self.texts().iter().any(|text| template::mentions(text, "csrf"))
    }

    /// The first placeholder that does not exist.
    pub(super) fn unknown_placeholder(&self) -> Option<UnknownPlaceholder> {
        self.texts().iter().find_map(|text| template::unknown_placeholder(text))
    }

    /// All texts that may have placeholders.
    fn texts(&self) -> Vec<String> {
        let mut texts = vec![self.path.clone()];
        texts.extend(self.headers.values().cloned());
        texts.extend(self.form.iter().flatten().map(|(_, text)| text.clone()));
        texts.extend(self.body.clone());
        if let Some(json) = &self.json {
            strings(json, &mut texts);
        }
        texts
    }
}

/// The token of unsafe requests. It is requested before each of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Csrf {
    /// The path of a page that contains the token.
    pub page: String,
    /// Group 1 is the token.
    pub capture: Capture,
    /// The form field, or the member of the JSON object, that carries the token.
    pub field: Option<String>,
    /// The header field that carries the token.
    pub header: Option<String>,
}

impl Csrf {
    /// The token in the text of the page, with the character references of HTML replaced.
    pub(crate) fn token_in(&self, text: &str) -> Option<String> {
        let token = self.capture.find(text)?;
        let references = [("&#x2B;", "+"), ("&#43;", "+"), ("&#x3D;", "="), ("&amp;", "&")];
        Some(references.iter().fold(token.to_owned(), |token, (from, to)| token.replace(from, to)))
    }
}

/// A page that is requested for itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainPage {
    /// The path with its query.
    pub path: String,
}

/// A regular expression; the text of its group 1 is the value.
#[derive(Clone, Debug)]
pub struct Capture(Regex);

impl Capture {
    /// The text of group 1 in the first match.
    pub fn find<'a>(&self, text: &'a str) -> Option<&'a str> {
        Some(self.0.captures(text)?.get(1)?.as_str())
    }

    /// The regular expression.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<'de> Deserialize<'de> for Capture {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let regex = Regex::new(&text).map_err(D::Error::custom)?;
        if regex.captures_len() < 2 {
            let what = "a capture needs a group, as in '\"user\":\\s*\"([^\"]+)\"'";
            return Err(D::Error::custom(what));
        }
        Ok(Self(regex))
    }
}

/// How the captured text is encoded in the page.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Decode {
    /// As the content of a JSON string.
    Json,
}

/// A page that contains a value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The path with its query.
    pub path: String,
    /// The value; no match means that there is none.
    pub capture: Capture,
    /// How the value is encoded; not at all by default.
    pub decode: Option<Decode>,
}

impl Page {
    /// The value in the text of the page.
    pub fn find(&self, text: &str) -> Option<String> {
        let found = self.capture.find(text)?;
        match self.decode {
            None => Some(found.to_owned()),
            // Text that is not a JSON string is returned unchanged; a comparison shows the
            // difference.
            Some(Decode::Json) => Some(
                serde_json::from_str(&format!("\"{found}\"")).unwrap_or_else(|_| found.to_owned()),
            ),
        }
    }
}

fn filled(json: &Value, values: &Values) -> Value {
    match json {
        Value::String(text) => values.fill(text, Place::Plain).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, values)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, item)| (name.clone(), filled(item, values))).collect()
        }
        other => other.clone(),
    }
}

fn strings(json: &Value, texts: &mut Vec<String>) {
    match json {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, texts)),
        Value::Object(members) => members.values().for_each(|item| strings(item, texts)),
        _ => {}
    }
}
