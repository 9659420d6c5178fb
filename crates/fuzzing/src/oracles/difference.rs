//! A difference between an answer and what was expected, and the helpers that compare values.

use cookiespec_vectors::{ImplementationInfo, Level, Octets, Operation, Profile};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::reference::Expected;
use super::relation::relation;

/// The kind of a difference in which a malformed pair costs another one. Whether it does shows when
/// the other is alone.
pub(crate) const LOST_TO_NEIGHBOURS: &str = "lost to its neighbours";

/// The kind of a difference in which a request has a cookie that it should not have.
pub(crate) const COOKIE_TOO_MANY: &str = "cookie too many";

/// The kind of a difference in which a request has a cookie that was deleted: the last line of its
/// name has an expiry-time in the past.
pub(crate) const DELETED_COOKIE_SENT: &str = "deleted cookie sent";

/// The kind of a difference in which a script sees a cookie that is for requests only.
pub(crate) const SHOWN_TO_SCRIPT: &str = "HttpOnly cookie shown to a script";

/// The kinds of differences in which there is a cookie more than there should be.
pub(crate) const EXTRA_COOKIE: [&str; 3] = [COOKIE_TOO_MANY, DELETED_COOKIE_SENT, SHOWN_TO_SCRIPT];

/// The kinds of differences in which a set-cookie-string is written that should have been refused:
/// no user agent keeps the cookie; it does not follow the grammar; or neither.
pub(crate) const IGNORED_AS_WRITTEN: &str = "written though user agents ignore it";
pub(crate) const UNGRAMMATICAL: &str = "written against the grammar";
pub(crate) const NOT_REFUSED: &str = "written and not refused";

/// One difference between an answer and the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The field of the answer that differs.
    pub(crate) field: &'static str,
    /// How it differs.
    pub(crate) kind: &'static str,
    /// The label of the observation, for a jar program.
    pub(crate) at: Option<String>,
    /// The serialised cookie that is missing, too many or different, for a request of a jar program.
    pub(crate) cookie: Option<Octets>,
    /// How binding the specification is here.
    pub(crate) level: Level,
    /// Whether a property is violated that holds without a reference.
    pub(crate) is_property: bool,
    /// The expected value, escaped.
    pub(crate) want: String,
    /// The value in the answer, escaped.
    pub(crate) got: String,
}

impl Difference {
    pub(super) fn new(
        field: &'static str,
        kind: &'static str,
        level: Level,
        want: String,
        got: String,
    ) -> Self {
        Self { field, kind, at: None, cookie: None, level, is_property: false, want, got }
    }

    /// A violation of a property.
    pub(super) fn of_property(
        field: &'static str,
        kind: &'static str,
        level: Level,
        want: String,
        got: String,
    ) -> Self {
        Self { is_property: true, ..Self::new(field, kind, level, want, got) }
    }

    /// The absence of an answer: a crash, a hang or an error, with its message.
    pub(crate) fn failure(kind: &'static str, message: &str) -> Self {
        let got = message.escape_debug().to_string();
        Self::new(kind, kind, Level::Must, "an answer".to_owned(), got)
    }

    /// The difference between two octet strings, if they differ.
    pub(super) fn of_octets(
        field: &'static str,
        level: Level,
        want: &Octets,
        got: &Octets,
    ) -> Option<Self> {
        (want != got).then(|| {
            let kind = relation(want.as_slice(), got.as_slice());
            Self::new(field, kind, level, shown(want), shown(got))
        })
    }
}

/// An answer that does not have the form of the protocol: a bug of the shim, not of the target.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Malformed(pub(crate) String);

/// The input of a comparison: what was executed, on whom, and what is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) profile: Profile,
    pub(crate) about: &'a ImplementationInfo,
    pub(crate) expected: &'a Expected,
}

impl Comparison<'_> {
    /// Whether the implementation declares that it cannot report a field.
    pub(super) fn is_blind(&self, field: &str) -> bool {
        self.about.blind.iter().any(|blind| blind == field)
    }
}

/// A member of an answer; `null` if it is absent.
///
/// # Errors
/// It does not have the form of `T`.
pub(crate) fn member<T: DeserializeOwned>(value: &Value, name: &str) -> Result<T, Malformed> {
    let member = value.get(name).cloned().unwrap_or_default();
    serde_json::from_value(member).map_err(|error| Malformed(format!("{name}: {error}")))
}

/// Octets for display: escaped, and truncated if they are long.
pub(super) fn shown(octets: &Octets) -> String {
    let octets = octets.as_slice();
    if octets.len() <= MOST_SHOWN {
        return format!("\"{}\"", octets.escape_ascii());
    }
    let head = octets[..MOST_SHOWN / 2].escape_ascii();
    format!("\"{head}\"… ({} octets)", octets.len())
}

/// The same for octets that may be absent, which is not the same as empty.
pub(super) fn shown_or(absent: &str, octets: Option<&Octets>) -> String {
    octets.map_or_else(|| absent.to_owned(), shown)
}

/// Whether `got` is the earliest or latest representable date of some implementation, and `want` is
/// beyond it. Both specifications allow to replace the one by the other.
pub(super) fn is_clamped(want: i64, got: i64) -> bool {
    let latest = [i64::from(i32::MAX), i64::from(u32::MAX), 253_402_300_799];
    let earliest = [0, i64::from(i32::MIN), 1, -1];
    latest.contains(&got) && want > got || earliest.contains(&got) && want < got
}

/// The longest octet string that is shown in full.
const MOST_SHOWN: usize = 160;
