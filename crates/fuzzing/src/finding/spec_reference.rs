//! A place in a specification.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in a specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecReference {
    /// What happens there, as a clause.
    pub text: String,
    /// `rfc6265` or `rfc6265bis`.
    pub document: String,
    /// The section.
    pub section: String,
    /// The step in it; empty if the place is no step.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// A stable name: a step of the reference engine, or section and step.
    pub id: String,
}

/// The citation: "rfc6265 section 5.2 step 4".
impl fmt::Display for SpecReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { document, section, step, .. } = self;
        write!(f, "{document} section {section}")?;
        if step.is_empty() { Ok(()) } else { write!(f, " step {step}") }
    }
}
