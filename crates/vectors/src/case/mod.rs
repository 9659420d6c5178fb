//! A case: one input for a target, and what each profile expects of the answer.

mod data;
mod file_form;
mod shorthand;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use cookiespec_engine::Profile;

pub use self::data::{CaseData, Citation, Expectation, Severity, Wire};
pub(crate) use self::file_form::{expand_shorthand, read};
use crate::ability;
use crate::implementation::ImplementationInfo;
use crate::operation::Operation;
use crate::verdict::Level;

/// One test vector. Cases come from a [`Suite`](crate::Suite), which has checked them.
///
/// Everything but the id is in [`CaseData`], to which a case dereferences: `case.title`,
/// `case.expect`. A case of [`Suite::embedded`](crate::Suite::embedded) is parsed when one of these
/// is first read, so that a program that lists the suite, or runs one case of it, does not parse
/// all of them.
#[derive(Clone)]
pub struct Case {
    /// `<area>.<4 digits>`. Never changes and is never used again.
    pub id: String,
    /// The case in an embedded file; empty if the data was there from the beginning.
    text: &'static str,
    /// Shared by all clones, so that none is parsed twice.
    data: Arc<OnceLock<CaseData>>,
}

impl Case {
    /// A case without expectations: a target can be given its input, and every answer is `n/a`
    /// under every profile. Its id is that of no vector.
    pub fn unjudged(id: &str, operation: Operation) -> Self {
        let data = CaseData {
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
        };
        Self::new(id.to_owned(), data)
    }

    pub(crate) fn new(id: String, data: CaseData) -> Self {
        Self { id, text: "", data: Arc::new(OnceLock::from(data)) }
    }

    /// A case of an embedded file, to be parsed when its data is first read.
    pub(crate) fn embedded(id: &str, text: &'static str) -> Self {
        Self { id: id.to_owned(), text, data: Arc::default() }
    }

    /// The area: the id without its number. It names the file the case is in.
    pub fn area(&self) -> &str {
        self.id.rsplit_once('.').map_or(&*self.id, |(area, _)| area)
    }

    /// The kind of the case: the name of its operation.
    pub fn kind(&self) -> &'static str {
        self.operation.name()
    }

    /// The input of the target. It holds nothing of what is expected.
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// The expectations of a profile; none if the case does not apply to it.
    pub fn expected_by(&self, profile: Profile) -> impl Iterator<Item = &Expectation> {
        self.expect.iter().filter(move |expectation| expectation.profiles.contains(&profile))
    }

    /// The first operation or ability of the case that a target lacks. Such a case need not be
    /// run on the target: it is `unsupported`.
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

    /// Whether the case requires something of each profile, and not the same.
    pub fn distinguishes_profiles(&self) -> bool {
        let required = |profile| {
            self.expected_by(profile)
                .filter(|expectation| expectation.level != Level::Observe)
                .map(|expectation| (&expectation.at, &expectation.is))
                .collect::<Vec<_>>()
        };
        let [old, new] = Profile::ALL.map(required);
        !old.is_empty() && !new.is_empty() && old != new
    }

    /// Whether the data is there already.
    #[cfg(test)]
    pub(crate) fn is_parsed(&self) -> bool {
        self.data.get().is_some()
    }
}

/// # Panics
/// If an embedded case cannot be read. A test checks all of them as strictly as files of a
/// directory, so that this happens in a checkout with an edit that no test has seen, if anywhere.
impl Deref for Case {
    type Target = CaseData;

    fn deref(&self) -> &CaseData {
        self.data.get_or_init(|| match file_form::read_unchecked(self.text) {
            Ok(data) => data,
            Err(error) => panic!("{}: {error}; run `cookiespec vectors lint`", self.id),
        })
    }
}

impl PartialEq for Case {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && **self == **other
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).field("data", &**self).finish()
    }
}
