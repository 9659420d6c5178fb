//! The requirement catalogue: every normative statement of the specifications, with an id.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cookiespec_corpus::{File, REQUIREMENTS};
use cookiespec_engine::Profile;
use serde::{Deserialize, Serialize};

use crate::verdict::Level;

/// One statement, as each specification makes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// `<CLASS>-<number>`, such as `PARSE-03`.
    pub id: String,
    /// The area it belongs to: the name of its file.
    pub area: String,
    /// The party it binds: a server, a user agent, an intermediary …
    pub binds: String,
    /// The clause of RFC 6265.
    pub rfc6265: Option<Clause>,
    /// The clause of 6265bis.
    pub rfc6265bis: Option<Clause>,
    /// The clause of RFC 9110, HTTP Semantics, for a statement that the specifications of cookies
    /// leave to HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rfc9110: Option<Clause>,
    /// The clause of RFC 9112, HTTP/1.1, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rfc9112: Option<Clause>,
    /// The clause of the Fetch standard, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch: Option<Clause>,
    /// How the two differ.
    pub delta: String,
    /// Why no vector can test it, where none can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untestable: Option<String>,
}

impl Requirement {
    /// The clause in the specification of a profile.
    pub fn clause(&self, profile: Profile) -> Option<&Clause> {
        match profile {
            Profile::Rfc6265 => self.rfc6265.as_ref(),
            Profile::Rfc6265bis => self.rfc6265bis.as_ref(),
        }
    }

    /// The clause in one of the [`DOCUMENTS`].
    pub fn clause_in(&self, document: &str) -> Option<&Clause> {
        match document {
            RFC9110 => self.rfc9110.as_ref(),
            RFC9112 => self.rfc9112.as_ref(),
            FETCH => self.fetch.as_ref(),
            profile => self.clause(profile.parse().ok()?),
        }
    }
}

/// A statement in one specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// The section.
    pub sec: String,
    /// The key word in lower case: `must`, `should not`, `may`; `step` of an algorithm; or
    /// `definition`.
    pub level: String,
    /// The statement, in short.
    pub text: String,
    /// The sides of a rule that has several, each of which needs a case of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sides: Vec<String>,
}

impl Clause {
    /// How binding a check has to be that tests the statement. Definitions and steps of algorithms
    /// have the force of a `must`.
    pub fn force(&self) -> Level {
        match &*self.level {
            "should" | "should not" | "recommended" => Level::Should,
            "may" => Level::May,
            _ => Level::Must,
        }
    }
}

/// Requirements by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue(BTreeMap<String, Requirement>);

impl Catalogue {
    /// The catalogue of this repository.
    ///
    /// # Panics
    /// Never: a test reads the same files.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Catalogue> = LazyLock::new(|| {
            REQUIREMENTS
                .iter()
                .flat_map(|File { area, text }| {
                    read(text).unwrap_or_else(|error| panic!("requirements/{area}.json: {error}"))
                })
                .collect()
        });
        &EMBEDDED
    }

    /// The requirement with this id.
    pub fn find(&self, id: &str) -> Option<&Requirement> {
        self.0.get(id)
    }

    /// Every requirement, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = &Requirement> {
        self.0.values()
    }
}

impl FromIterator<Requirement> for Catalogue {
    fn from_iter<I: IntoIterator<Item = Requirement>>(requirements: I) -> Self {
        Self(
            requirements
                .into_iter()
                .map(|requirement| (requirement.id.clone(), requirement))
                .collect(),
        )
    }
}

/// The documents that a case may cite: the specification of each profile, and those of HTTP, on which
/// both profiles rest.
pub const DOCUMENTS: &[&str] =
    &[Profile::Rfc6265.name(), Profile::Rfc6265bis.name(), RFC9110, RFC9112, FETCH];

const RFC9110: &str = "rfc9110";
const RFC9112: &str = "rfc9112";
const FETCH: &str = "fetch";

fn read(text: &str) -> serde_json::Result<Vec<Requirement>> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEVELS: [&str; 8] =
        ["must", "must not", "step", "definition", "should", "should not", "recommended", "may"];

    #[test]
    fn every_level_has_a_force() {
        for requirement in Catalogue::embedded().iter() {
            for clause in DOCUMENTS.iter().filter_map(|it| requirement.clause_in(it)) {
                assert!(LEVELS.contains(&&*clause.level), "{}", requirement.id);
            }
        }
        let force = |level: &str| {
            let level = level.to_owned();
            let (sec, text) = (String::new(), String::new());
            Clause { sec, level, text, sides: Vec::new() }.force()
        };
        assert_eq!(
            LEVELS.map(force)[3..],
            [Level::Must, Level::Should, Level::Should, Level::Should, Level::May]
        );
    }

    #[test]
    fn the_list_is_the_directory() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/requirements");
        let mut found = std::fs::read_dir(directory)
            .unwrap()
            .filter_map(|entry| {
                entry.unwrap().file_name().to_str()?.strip_suffix(".json").map(str::to_owned)
            })
            .collect::<Vec<_>>();
        found.sort_unstable();
        assert_eq!(REQUIREMENTS.iter().map(|file| file.area).collect::<Vec<_>>(), found);
    }

    #[test]
    fn every_requirement_is_in_the_file_of_its_area_and_has_an_id_of_its_own() {
        let mut ids = std::collections::BTreeSet::new();
        for File { area, text } in REQUIREMENTS {
            for requirement in read(text).unwrap() {
                assert_eq!(requirement.area, *area, "{}", requirement.id);
                assert!(
                    DOCUMENTS.iter().any(|document| requirement.clause_in(document).is_some()),
                    "{} is in no specification",
                    requirement.id
                );
                assert!(ids.insert(requirement.id.clone()), "{} is there twice", requirement.id);
            }
        }
        assert_eq!(Catalogue::embedded().iter().count(), ids.len());
        assert_eq!(Catalogue::embedded().find("PARSE-03").unwrap().area, "parse");
    }
}
