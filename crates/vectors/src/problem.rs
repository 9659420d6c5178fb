//! What can be wrong with a vector file, and where.

use std::fmt;

/// A place inside a case or an answer, such as `steps[2].set_cookie[0]`.
#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    /// Where the path starts. Empty for the complete value.
    Root(&'a str),
    /// A member of an object.
    Member(&'a Self, &'a str),
    /// An element of an array.
    Element(&'a Self, usize),
}

impl<'a> Field<'a> {
    /// The place of a member of this object.
    pub const fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    /// The place of an element of this array.
    pub const fn element(&'a self, index: usize) -> Self {
        Self::Element(self, index)
    }
}

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(name) => f.write_str(name),
            Self::Member(Field::Root(""), name) => write!(f, "{}", name.escape_debug()),
            Self::Member(parent, name) => write!(f, "{parent}.{}", name.escape_debug()),
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// One thing that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place inside the case or the file; empty for all of it.
    pub field: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

impl Problem {
    /// A problem at a place: what is wrong, and how to fix it.
    pub fn new(field: &Field<'_>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { field: field.to_string(), what: what.into(), fix: fix.into() }
    }
}

/// Shown as `steps[0].uri: this member is missing; add it: a string of octets`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "{}; {}", self.what, self.fix)
    }
}

/// A [`Problem`] and the file and case it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// The id of the case, or its place in the file where the id cannot be read; `None` where the
    /// problem is outside the cases.
    pub case: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.escape_debug())?;
        if let Some(case) = &self.case {
            write!(f, "{}: ", case.escape_debug())?;
        }
        self.problem.fmt(f)
    }
}

impl std::error::Error for LoadError {}

/// Everything that is wrong with a suite, file by file. Shown one per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadErrors(pub Vec<LoadError>);

impl LoadErrors {
    /// The errors, in the order of the files and cases. There is at least one.
    pub fn iter(&self) -> impl Iterator<Item = &LoadError> {
        self.0.iter()
    }
}

impl fmt::Display for LoadErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadErrors {}
