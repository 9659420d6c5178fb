//! A case as it stands in a vector file.

use cookiespec_engine::Profile;
use serde::Deserialize;
use serde_json::{Value, json};

use super::data::{CaseData, Citation, Expectation, Severity, Wire};
use super::shorthand;
use crate::ability;
use crate::operation::Operation;
use crate::problem::{Field, Problem};
use crate::verdict::Level;

/// Spells out the shorthand in the members that may have it.
pub(crate) fn expand_shorthand(case: &mut Value, problems: &mut Vec<Problem>) {
    for member in ["config", "in", "steps", "expect"] {
        if let Some(value) = case.get_mut(member) {
            shorthand::expand(value, &Field::Root(member), problems);
        }
    }
}

/// Reads the id and the data of a case without shorthand. It is for the caller to have checked it
/// against the schema and the rules.
pub(crate) fn read(case: Value) -> serde_json::Result<(String, CaseData)> {
    FileForm::deserialize(case)?.finish()
}

/// Reads the data of a case of an embedded file, which a test has checked.
pub(super) fn read_unchecked(text: &str) -> serde_json::Result<CaseData> {
    let mut case = serde_json::from_str(text)?;
    expand_shorthand(&mut case, &mut Vec::new());
    read(case).map(|(_, data)| data)
}

#[derive(Deserialize)]
struct FileForm {
    id: String,
    rev: u32,
    title: String,
    #[serde(default)]
    why: String,
    kind: String,
    severity: Severity,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    spec: Vec<Citation>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    wire: Wire,
    #[serde(default)]
    now: Value,
    #[serde(default)]
    config: Value,
    #[serde(default, rename = "in")]
    input: Value,
    #[serde(default)]
    steps: Value,
    expect: Vec<ExpectationForm>,
}

#[derive(Deserialize)]
struct ExpectationForm {
    #[serde(rename = "for")]
    profiles: Vec<String>,
    level: Level,
    at: Option<String>,
    is: Value,
}

impl FileForm {
    fn finish(self) -> serde_json::Result<(String, CaseData)> {
        let input = if self.kind == "jar" {
            let config = if self.config.is_null() { json!({}) } else { self.config };
            json!({ "now": self.now, "config": config, "steps": self.steps })
        } else {
            self.input
        };
        let operation = Operation::deserialize(json!({ "op": self.kind, "in": input }))?;
        let mut needs = self.needs;
        let implied = match &operation {
            Operation::Jar(program) => ability::implied_by(program),
            Operation::Exchange(program) => ability::implied_by_exchange(program),
            _ => Vec::new(),
        };
        for implied in implied {
            if needs.iter().all(|need| need != implied) {
                needs.push(implied.to_owned());
            }
        }
        let data = CaseData {
            rev: self.rev,
            title: self.title,
            why: self.why,
            severity: self.severity,
            tags: self.tags,
            spec: self.spec,
            needs,
            wire: self.wire,
            expect: self.expect.into_iter().map(ExpectationForm::finish).collect(),
            operation,
        };
        Ok((self.id, data))
    }
}

impl ExpectationForm {
    fn finish(self) -> Expectation {
        let profiles = Profile::ALL
            .into_iter()
            .filter(|profile| self.profiles.iter().any(|it| it == "*" || it == profile.name()))
            .collect();
        Expectation { profiles, level: self.level, at: self.at, is: self.is }
    }
}
