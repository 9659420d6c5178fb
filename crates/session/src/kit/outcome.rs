//! What came of checking one rule.

use std::fmt;
use std::fmt::Debug;

use super::Checked;

pub(crate) enum Outcome {
    Pass,
    Fail(String),
    Skip(&'static str),
}

impl Outcome {
    pub(crate) fn of(checked: Checked) -> Self {
        match checked {
            Ok(()) => Self::Pass,
            Err(why) => Self::Fail(why),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass => f.write_str("pass"),
            Self::Fail(why) => write!(f, "FAIL {why}"),
            Self::Skip(why) => write!(f, "skipped: {why}"),
        }
    }
}

/// Fails unless the store answered, and answered this.
pub(crate) fn expect<T: PartialEq + Debug, E: fmt::Display>(
    what: &str,
    got: Result<T, E>,
    want: T,
) -> Checked {
    match got {
        Ok(got) if got == want => Ok(()),
        Ok(got) => Err(format!("{what}: got {got:?}, want {want:?}")),
        Err(error) => Err(format!("{what}: got an error ({error}), want {want:?}")),
    }
}

/// The store's answer.
pub(crate) fn answer<T, E: fmt::Display>(what: &str, got: Result<T, E>) -> Result<T, String> {
    got.map_err(|error| format!("{what}: {error}"))
}
