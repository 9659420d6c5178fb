//! A case: one question to a target, and what each profile expects of the answer.

use std::fmt;

use cookiespec_engine::Profile;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ability;
use crate::implementation::ImplementationInfo;
use crate::operation::Operation;
use crate::verdict::Level;

/// One test vector. Cases come from a [`Suite`](crate::Suite), which has checked them.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// `<area>.<4 digits>`. Never changes and is never used again.
    pub id: String,
    /// Grows whenever the meaning of the case changes.
    pub rev: u32,
    /// What is expected, in one sentence.
    pub title: String,
    /// What goes wrong in practice where the expectation is not met. May be empty.
    pub why: String,
    /// How much harm that does.
    pub severity: Severity,
    /// Free words to select by.
    pub tags: Vec<String>,
    /// Where the specifications say so.
    pub spec: Vec<Citation>,
    /// The abilities the case stands on: those its author named and those its steps imply.
    pub needs: Vec<String>,
    /// Can the case be replayed over HTTP against a client or a browser?
    pub wire: Wire,
    /// What is expected.
    pub expect: Vec<Expectation>,
    pub(crate) operation: Operation,
}

impl Case {
    /// A case without expectations: a target can be given its input, and every answer is `n/a`
    /// under every profile. Its id is that of no vector.
    pub fn unjudged(id: &str, operation: Operation) -> Self {
        Self {
            id: id.to_owned(),
            rev: 1,
            title: String::new(),
            why: String::new(),
            severity: Severity::Low,
            tags: Vec::new(),
            spec: Vec::new(),
            needs: Vec::new(),
            wire: Wire::No,
            expect: Vec::new(),
            operation,
        }
    }

    /// The area: the id without its number. It names the file the case is in.
    pub fn area(&self) -> &str {
        self.id.rsplit_once('.').map_or(&*self.id, |(area, _)| area)
    }

    /// The kind of the case: the name of its operation.
    pub fn kind(&self) -> &'static str {
        self.operation.name()
    }

    /// What the target is asked. Nothing in it tells what is expected.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What is expected under a profile; empty where the case does not apply to it.
    pub fn expected_by(&self, profile: Profile) -> impl Iterator<Item = &Expectation> {
        self.expect.iter().filter(move |expectation| expectation.profiles.contains(&profile))
    }

    /// The first operation or ability of the case that a target lacks. Such a case need not be
    /// put to the target: it is `unsupported`.
    pub fn missing(&self, about: &ImplementationInfo) -> Option<&str> {
        let lacks = |need: &str| {
            if ability::UNLESS_BLIND.contains(&need) {
                about.blind.iter().any(|field| field == need)
            } else {
                about.can.iter().all(|can| can != need)
            }
        };
        std::iter::once(self.kind())
            .chain(self.needs.iter().map(String::as_str))
            .find(|need| lacks(need))
    }

    /// Does the case tell the profiles apart: does it demand something of each, and not the same?
    pub fn distinguishes_profiles(&self) -> bool {
        let demands = |profile| {
            self.expected_by(profile)
                .filter(|expectation| expectation.level != Level::Observe)
                .map(|expectation| (&expectation.at, &expectation.is))
                .collect::<Vec<_>>()
        };
        let [old, new] = Profile::ALL.map(demands);
        !old.is_empty() && !new.is_empty() && old != new
    }
}

/// What an answer must look like under some profiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// The profiles that expect it, in the order of [`Profile::ALL`].
    pub profiles: Vec<Profile>,
    /// How binding it is.
    pub level: Level,
    /// The label of the observation, in a jar case.
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
    /// The document: a profile's name.
    pub doc: String,
    /// The section.
    pub sec: String,
    /// The step of the algorithm in that section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
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

/// Can a case be replayed over HTTP?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// It can.
    Yes,
    /// It cannot, or nobody has thought about it.
    #[default]
    No,
}

impl Wire {
    /// Both answers.
    pub const ALL: [Self; 2] = [Self::Yes, Self::No];

    /// The name used in vectors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}
