//! What is looked for in a page.

use regex::Regex;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A regular expression whose group 1 is what is looked for.
#[derive(Clone, Debug)]
pub struct Capture(Regex);

impl Capture {
    /// The text of group 1 in the first match.
    pub fn find<'a>(&self, text: &'a str) -> Option<&'a str> {
        Some(self.0.captures(text)?.get(1)?.as_str())
    }

    /// The regular expression as it was written.
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

/// How a captured text is written in the page.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Decode {
    /// As the inside of a JSON string.
    Json,
}

/// A page in which something is looked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The path with its query.
    pub path: String,
    /// What is looked for; no match: it is not there.
    pub capture: Capture,
    /// How it is written there; as it is, by default.
    pub decode: Option<Decode>,
}

impl Page {
    /// What is found in the text of the page.
    pub fn find(&self, text: &str) -> Option<String> {
        let found = self.capture.find(text)?;
        match self.decode {
            None => Some(found.to_owned()),
            // What is no JSON string counts as it is; a comparison will show the difference.
            Some(Decode::Json) => Some(
                serde_json::from_str(&format!("\"{found}\"")).unwrap_or_else(|_| found.to_owned()),
            ),
        }
    }
}
