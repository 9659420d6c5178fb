//! How a check ends, and the functions that end it.

use cookiespec_report::shortened;

use crate::error::ProbeError;
use crate::evidence::NOTE;

/// The outcome of a check. Each variant has a note that says what was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The statement holds as far as can be observed.
    Pass(String),
    /// The statement does not hold; the note says what the application does instead.
    Fail(String),
    /// What the application does where sound applications differ.
    Fact(String),
    /// The statement cannot be decided; the note says what would be needed.
    NotApplicable(String),
}

/// Why a check ends early.
#[derive(Debug)]
pub enum Abort {
    /// The verdict is certain.
    Decided(Verdict),
    /// The check cannot be completed.
    Error(ProbeError),
}

/// What the function of a check returns. `Ok` and [`Abort::Decided`] have the same meaning.
pub type CheckResult = Result<Verdict, Abort>;

impl Verdict {
    /// The word for it in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "PASS",
            Self::Fail(_) => "FAIL",
            Self::Fact(_) => "FACT",
            Self::NotApplicable(_) => "N/A",
        }
    }

    /// The verdict with a screen's worth of its note.
    pub(crate) fn shortened(self) -> Self {
        match self {
            Self::Pass(note) => Self::Pass(shortened(note, NOTE)),
            Self::Fail(note) => Self::Fail(shortened(note, NOTE)),
            Self::Fact(note) => Self::Fact(shortened(note, NOTE)),
            Self::NotApplicable(note) => Self::NotApplicable(shortened(note, NOTE)),
        }
    }

    /// What was observed.
    pub fn note(&self) -> &str {
        match self {
            Self::Pass(note) | Self::Fail(note) | Self::Fact(note) | Self::NotApplicable(note) => {
                note
            }
        }
    }
}

impl From<ProbeError> for Abort {
    fn from(error: ProbeError) -> Self {
        Self::Error(error)
    }
}

/// Ends a check whose statement holds.
///
/// # Errors
/// Never; the type is that of a check.
pub fn pass(note: impl Into<String>) -> CheckResult {
    Ok(Verdict::Pass(note.into()))
}

/// Ends a check that records what the application does.
///
/// # Errors
/// Never; the type is that of a check.
pub fn fact(note: impl Into<String>) -> CheckResult {
    Ok(Verdict::Fact(note.into()))
}

/// Ends a check that cannot be decided.
///
/// # Errors
/// Never; the type is that of a check.
pub fn not_applicable(note: impl Into<String>) -> CheckResult {
    Ok(Verdict::NotApplicable(note.into()))
}

/// Fails the check with this note unless the condition holds.
///
/// # Errors
/// [`Abort::Decided`] with [`Verdict::Fail`].
pub fn ensure(condition: bool, note: impl FnOnce() -> String) -> Result<(), Abort> {
    if condition { Ok(()) } else { Err(Abort::Decided(Verdict::Fail(note()))) }
}

/// A user in a note, as who-am-i returned it: `"alice"`, or `nobody`.
pub fn shown_user(user: Option<&str>) -> String {
    user.map_or_else(|| "nobody".to_owned(), quoted)
}

/// A value in a note, as it was read back: `"value"`, or `nothing`.
pub fn shown_value(value: Option<&str>) -> String {
    value.map_or_else(|| "nothing".to_owned(), quoted)
}

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_users_and_values_are_shown_as_words() {
        assert_eq!(shown_user(Some("al\"ice")), r#""al\"ice""#);
        assert_eq!(shown_user(None), "nobody");
        assert_eq!(shown_value(Some("")), "\"\"");
        assert_eq!(shown_value(None), "nothing");
    }
}
