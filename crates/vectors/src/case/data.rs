//! What is in a case besides its id.

use std::fmt;

use cookiespec_engine::Profile;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::operation::Operation;
use crate::verdict::Level;

/// What is in a [`Case`](super::Case) besides its id.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseData {
    /// Grows whenever the meaning of the case changes.
    pub rev: u32,
    /// What is expected, in one sentence.
    pub title: String,
    /// What goes wrong in practice if the expectation is not met. May be empty.
    pub why: String,
    /// How much harm a deviation does.
    pub severity: Severity,
    /// Free words to select by.
    pub tags: Vec<String>,
    /// The statements of the specifications that the case tests.
    pub spec: Vec<Citation>,
    /// The abilities the case depends on: those its author named and those its steps imply.
    pub needs: Vec<String>,
    /// Whether the case can be replayed over HTTP against a client or a browser.
    pub wire: Wire,
    /// What is expected.
    pub expect: Vec<Expectation>,
    pub(crate) operation: Operation,
}

/// What an answer must look like under some profiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// The profiles that expect it, in the order of [`Profile::ALL`].
    pub profiles: Vec<Profile>,
    /// How binding it is.
    pub level: Level,
    /// The label of the observation, in a jar or an exchange case.
    pub at: Option<String>,
    /// The pattern the answer or the observation is matched against; see
    /// [`matcher`](crate::matcher).
    pub is: Value,
}

/// A place in a specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The id of the requirement in the [`Catalogue`](crate::Catalogue).
    pub req: String,
    /// The document: a profile's name, or that of a specification on which both profiles rest; one
    /// of [`DOCUMENTS`](crate::DOCUMENTS).
    pub doc: String,
    /// The section.
    pub sec: String,
    /// The step of the algorithm in that section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
}

impl Citation {
    /// The profile in whose specification the place is; `None` for a document on which both rest.
    pub fn profile(&self) -> Option<Profile> {
        self.doc.parse().ok()
    }

    /// Whether the place is a reason for what this profile expects: it is in the specification of the
    /// profile, or in one on which both rest.
    pub fn concerns(&self, profile: Profile) -> bool {
        self.profile().is_none_or(|it| it == profile)
    }
}

/// Shown as `rfc6265 section 5.2 step 2 (PARSE-03)`.
impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} section {}", self.doc, self.sec)?;
        if let Some(step) = &self.step {
            write!(f, " step {step}")?;
        }
        write!(f, " ({})", self.req)
    }
}

/// How much harm a deviation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A curiosity.
    Low,
    /// Cookies are lost, or two programs disagree about them.
    Medium,
    /// A session or a secret is at stake.
    High,
}

impl Severity {
    /// Every severity, least first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The name used in vectors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether a case can be replayed over HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// It can.
    Yes,
    /// It cannot, or nobody has decided.
    #[default]
    No,
}

impl Wire {
    /// Both values.
    pub const ALL: [Self; 2] = [Self::Yes, Self::No];

    /// The name used in vectors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}
