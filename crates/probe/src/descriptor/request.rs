//! A request as a descriptor writes it.

use std::collections::BTreeMap;

use cookiespec_wire::Request;
use serde::Deserialize;
use serde_json::Value;

use super::Csrf;
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
    /// The content as it is; its Content-Type goes into `headers`.
    pub body: Option<String>,
    /// More header fields.
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

    /// Is the method safe (RFC 9110 section 9.2.1)?
    pub fn is_safe(&self) -> bool {
        cookiespec_engine::request::is_safe_method(self.method.as_bytes())
    }

    /// The request with its placeholders filled in, and with the token that it needs.
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

    /// Does the template say itself where the token goes?
    fn places_token(&self) -> bool {
        self.texts().iter().any(|text| template::mentions(text, "csrf"))
    }

    /// The first placeholder that does not exist.
    pub(super) fn unknown_placeholder(&self) -> Option<UnknownPlaceholder> {
        self.texts().iter().find_map(|text| template::unknown_placeholder(text))
    }

    /// Every text that may have placeholders.
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
