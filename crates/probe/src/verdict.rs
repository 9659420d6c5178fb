//! What comes of a check.

use crate::trouble::Trouble;

/// What a check says about the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The statement holds, as far as could be seen: what was seen.
    Pass(String),
    /// It does not: what the application does instead.
    Fail(String),
    /// What the application does, where sound applications differ.
    Fact(String),
    /// It cannot be decided: what the descriptor would have to say.
    NotApplicable(String),
}

/// Why a check ends before its end.
#[derive(Debug)]
pub enum Halt {
    /// The verdict is clear.
    Decided(Verdict),
    /// The application could not be examined.
    Trouble(Trouble),
}

/// What a check returns. `Ok` and [`Halt::Decided`] are the same to whoever runs it.
pub type Checked = Result<Verdict, Halt>;

impl Verdict {
    /// The word in reports.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "PASS",
            Self::Fail(_) => "FAIL",
            Self::Fact(_) => "FACT",
            Self::NotApplicable(_) => "N/A",
        }
    }

    /// What was seen.
    pub fn note(&self) -> &str {
        match self {
            Self::Pass(note) | Self::Fail(note) | Self::Fact(note) | Self::NotApplicable(note) => {
                note
            }
        }
    }
}

impl From<Trouble> for Halt {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// The statement holds.
///
/// # Errors
/// Never; the type is that of a check's end.
pub fn pass(seen: impl Into<String>) -> Checked {
    Ok(Verdict::Pass(seen.into()))
}

/// Sound applications differ here.
///
/// # Errors
/// Never; the type is that of a check's end.
pub fn fact(seen: impl Into<String>) -> Checked {
    Ok(Verdict::Fact(seen.into()))
}

/// It cannot be decided.
///
/// # Errors
/// Never; the type is that of a check's end.
pub fn not_applicable(why: impl Into<String>) -> Checked {
    Ok(Verdict::NotApplicable(why.into()))
}

/// Fails with these words unless it is so.
///
/// # Errors
/// [`Halt::Decided`] with [`Verdict::Fail`].
pub fn ensure(is_so: bool, otherwise: impl FnOnce() -> String) -> Result<(), Halt> {
    if is_so { Ok(()) } else { Err(Halt::Decided(Verdict::Fail(otherwise()))) }
}
