//! Models of causes: right implementations with one rule broken. A target that answers like such a
//! model, where the reference engine answers differently, breaks that rule.

use std::fmt;

use cookiespec_vectors::{Answer, Implementation, Operation, ask};
use serde_json::Value;

use crate::finding::SpecReference;

/// An implementation that is right but for one rule.
pub struct Model {
    /// A stable name.
    pub name: String,
    /// What it does wrong, in one sentence.
    pub behaviour: String,
    /// The rule that it breaks; `None` if its answers contradict no section of the specification.
    pub rule: Option<SpecReference>,
    /// The id of the case of the suite that shows it.
    pub case: String,
    /// The implementation.
    pub implementation: Box<dyn Implementation + Send>,
}

impl Model {
    /// Its `ok` value for an operation.
    pub(crate) fn answer(&mut self, operation: &Operation) -> Option<Value> {
        match ask(&mut *self.implementation, operation) {
            Answer::Ok(value) => Some(value),
            _ => None,
        }
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("name", &self.name).finish_non_exhaustive()
    }
}
