//! A server, from the point of view of a browser.

use axum::http::Method;
use axum::http::header::{HeaderMap, SET_COOKIE};
use serde_json::Value;

/// A server on a clock that tests advance.
pub(crate) trait Server {
    /// The URI that a browser sends all its requests to.
    fn uri(&self) -> &str;

    /// One request with this Cookie field.
    async fn request(
        &self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
        cookie: Option<&[u8]>,
    ) -> Reply;

    /// The current time, in Unix seconds.
    fn now(&self) -> i64;

    async fn wait(&self, seconds: u64);
}

/// A response.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn set_cookies(&self) -> Vec<String> {
        let lines = self.headers.get_all(SET_COOKIE).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn user(&self) -> Option<String> {
        self.member("user")
    }

    pub(crate) fn value(&self) -> Option<String> {
        self.member("value")
    }

    /// A member of the body, which is a JSON object; a string without its quotes.
    pub(crate) fn member(&self, name: &str) -> Option<String> {
        let body: Value = serde_json::from_str(&self.body).ok()?;
        match body.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    pub(crate) fn header(&self, name: &str) -> String {
        let fields = self.headers.get_all(name).iter().map(|field| field.to_str().unwrap());
        fields.collect::<Vec<_>>().join(", ")
    }
}

/// A form as a browser sends it, with every octet percent-encoded.
pub(crate) fn form_text(form: &[(&str, &str)]) -> String {
    let pairs = form.iter().map(|(key, value)| format!("{}={}", escape(key), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escape(text: &str) -> String {
    text.bytes().map(|octet| format!("%{octet:02X}")).collect()
}
