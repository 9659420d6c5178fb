//! A case that does not come from a suite: read from JSON by itself, or made to ask a question.

use serde_json::Value;

use crate::case::Case;
use crate::catalogue::Catalogue;
use crate::load::read_case;
use crate::operation::Operation;
use crate::problem::{LoadError, LoadErrors};

impl Case {
    /// A case that expects nothing: it puts a question to a target, and every answer is `n/a`
    /// under every profile. Its id is that of no vector.
    pub fn question(id: &str, operation: Operation) -> Self {
        Self {
            id: id.to_owned(),
            rev: 1,
            title: String::new(),
            why: String::new(),
            severity: crate::Severity::Low,
            tags: Vec::new(),
            spec: Vec::new(),
            needs: Vec::new(),
            wire: crate::Wire::No,
            expect: Vec::new(),
            operation,
        }
    }

    /// Reads what [`to_json`](Self::to_json) wrote. `source` names it in errors.
    ///
    /// # Errors
    /// Everything that is wrong with it, as for a case in a vector file.
    pub fn from_json(source: &str, value: Value) -> Result<Self, LoadErrors> {
        let id = value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let area = id.rsplit_once('.').map_or("", |(area, _)| area);
        let area = if area.chars().all(is_plain) { area } else { "" };
        let mut problems = Vec::new();
        let case = read_case(value, area, Catalogue::embedded(), &mut problems);
        case.ok_or_else(|| {
            let error = |problem| LoadError {
                file: source.to_owned(),
                case: (!id.is_empty()).then(|| id.clone()),
                problem,
            };
            LoadErrors(problems.into_iter().map(error).collect())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::suite::Suite;

    #[test]
    fn every_case_of_the_suite_comes_back_as_it_was() {
        for case in Suite::embedded().unwrap().cases() {
            let read = Case::from_json("here", case.to_json());
            assert_eq!(read.as_ref(), Ok(case), "{}", case.id);
        }
    }

    #[test]
    fn what_is_no_case_is_refused_with_its_place() {
        let errors = Case::from_json("line 7", json!({"id": "a.0001", "rev": 1})).unwrap_err();
        assert!(errors.to_string().starts_with("line 7: a.0001: "), "{errors}");
        assert!(Case::from_json("line 7", Value::Null).is_err());
        let mut case = Suite::embedded().unwrap().cases()[0].to_json();
        case["id"] = json!("\u{1b}[2J.0001");
        let errors = Case::from_json("line 7", case).unwrap_err();
        assert!(errors.to_string().contains("the id is not of this area"), "{errors}");
    }
}
