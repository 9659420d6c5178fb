//! One JSON object per line.

use std::string::{String, ToString};
use std::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Line;
use crate::same_site::SameSite;
use crate::store::SavedCookie;

pub(super) fn parse(line: &[u8]) -> Line {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Line::Nothing;
    }
    match serde_json::from_slice::<Entry>(line) {
        Ok(entry) => Line::Cookie(entry.into()),
        Err(error) => Line::Bad(error.to_string()),
    }
}

pub(super) fn write(cookie: &SavedCookie) -> Option<Vec<u8>> {
    serde_json::to_vec(&Entry::from(cookie)).ok()
}

/// The members of a line.
#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(with = "isomorphic")]
    name: Vec<u8>,
    #[serde(with = "isomorphic")]
    value: Vec<u8>,
    #[serde(with = "isomorphic")]
    domain: Vec<u8>,
    host_only: bool,
    #[serde(with = "isomorphic")]
    path: Vec<u8>,
    expires: Option<i64>,
    creation: i64,
    last_access: i64,
    secure: bool,
    http_only: bool,
    same_site: String,
}

impl From<&SavedCookie> for Entry {
    fn from(cookie: &SavedCookie) -> Self {
        Self {
            name: cookie.name.clone(),
            value: cookie.value.clone(),
            domain: cookie.domain.clone(),
            host_only: cookie.host_only,
            path: cookie.path.clone(),
            expires: cookie.expiry,
            creation: cookie.creation,
            last_access: cookie.last_access,
            secure: cookie.secure_only,
            http_only: cookie.http_only,
            same_site: cookie.same_site.name().to_string(),
        }
    }
}

impl From<Entry> for SavedCookie {
    fn from(entry: Entry) -> Self {
        Self {
            name: entry.name,
            value: entry.value,
            domain: entry.domain,
            path: entry.path,
            expiry: entry.expires,
            creation: entry.creation,
            last_access: entry.last_access,
            host_only: entry.host_only,
            secure_only: entry.secure,
            http_only: entry.http_only,
            same_site: SameSite::from_attribute_value(entry.same_site.as_bytes()),
        }
    }
}

/// Octets as code points U+0000..U+00FF.
mod isomorphic {
    use super::{Deserialize, Deserializer, Serializer, String, Vec, de};

    pub(super) fn serialize<S: Serializer>(octets: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&octets.iter().map(|&octet| char::from(octet)).collect::<String>())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        String::deserialize(from)?
            .chars()
            .map(|letter| u8::try_from(letter).map_err(|_| de::Error::custom("not an octet")))
            .collect()
    }
}
