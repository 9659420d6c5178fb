//! Coverage for programs.

use cookiespec_vectors::{Level, Ratio};
use serde_json::{Value, json};

use super::{Coverage, Row};

impl Coverage<'_> {
    /// The whole of it as one object: counts by force, and every statement with its cases.
    pub fn to_json(&self) -> Value {
        let ratio = |force| {
            let Ratio { met, of } = self.ratio(force);
            json!({ "covered": met, "testable": of })
        };
        json!({
            "profile": self.profile.name(),
            "must": ratio(Level::Must),
            "should": ratio(Level::Should),
            "may": ratio(Level::May),
            "rows": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Row<'_> {
    fn to_json(&self) -> Value {
        let Self { requirement, clause, cases, missing } = self;
        let mut row = json!({
            "id": requirement.id,
            "sec": clause.sec,
            "level": clause.level,
            "text": clause.text,
            "standing": self.standing().name(),
            "cases": cases.iter().map(|case| &case.id).collect::<Vec<_>>(),
        });
        if !clause.sides.is_empty() {
            row["sides"] = json!(clause.sides);
            row["missing"] = json!(missing);
        }
        if let Some(reason) = &requirement.untestable {
            row["untestable"] = json!(reason);
        }
        row
    }
}
