//! What a target is accused of: a difference, an exception, a crash or a hang, and the class by
//! which two accusations are the same.

use cookiespec_vectors::operation::Operation;
use cookiespec_vectors::{Answer, ImplementationInfo, Level, Profile, Verdict};
use serde::{Deserialize, Serialize};

use super::difference::{Difference, Malformed, Question, differences, is_plain_uri};
use super::expected::Expected;
use super::place::{self, Place};
use super::slots;
use cookiespec_report::Outcome;

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The process died.
    Crash,
    /// There was no answer in time.
    Hang,
    /// The implementation failed in a way it does not document as a rejection.
    Error,
    /// Something that holds without any reference does not: a leak, an injection, a lost neighbour.
    Property,
    /// The work grows faster than the input.
    Cost,
    /// The memory grows and does not shrink.
    Memory,
    /// The specification says otherwise.
    Divergence,
    /// The texts leave it open, and the targets do not agree.
    Disagreement,
}

impl Kind {
    /// The word for it, as in finding files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Hang => "hang",
            Self::Error => "error",
            Self::Property => "property",
            Self::Cost => "cost",
            Self::Memory => "memory",
            Self::Divergence => "divergence",
            Self::Disagreement => "disagreement",
        }
    }
}

/// What makes two accusations of one target the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Class {
    pub(crate) kind: Kind,
    pub(crate) operation: &'static str,
    pub(crate) field: String,
    pub(crate) difference: String,
    /// The place in the specification that decides.
    pub(crate) place: String,
}

/// What a target is accused of for one input.
#[derive(Clone, Debug)]
pub(crate) struct Accusation {
    pub(crate) class: Class,
    pub(crate) level: Level,
    pub(crate) place: Place,
    /// The label of the observation, in a jar case.
    pub(crate) at: Option<String>,
    /// What the reference engine says, escaped.
    pub(crate) want: String,
    /// What the target says, escaped.
    pub(crate) got: String,
}

/// What a target is accused of for its answer to an operation, worst first.
///
/// # Errors
/// The answer has not the form of one.
pub(crate) fn accuse(
    profile: Profile,
    about: &ImplementationInfo,
    operation: &Operation,
    expected: &Expected,
    heard: &Outcome,
) -> Result<Vec<Accusation>, Malformed> {
    let failed = |kind, what: &str| {
        let difference = Difference::failure(kind, what);
        vec![accusation(profile, operation, expected, kind, difference)]
    };
    Ok(match heard {
        Outcome::Answer(Answer::Error { message }) if is_sound(operation, expected) => {
            failed(Kind::Error, message)
        }
        Outcome::Answer(Answer::Ok(got)) if expected.is_answered => {
            let question = Question { operation, profile, about, expected };
            differences(question, got)?
                .into_iter()
                .map(|difference| {
                    let kind = match difference.level {
                        _ if difference.is_property => Kind::Property,
                        Level::Must | Level::Should => Kind::Divergence,
                        Level::May | Level::Observe => Kind::Disagreement,
                    };
                    accusation(profile, operation, expected, kind, difference)
                })
                .collect()
        }
        Outcome::Failure(fault) if fault.verdict == Verdict::Crash => {
            failed(Kind::Crash, &fault.what)
        }
        Outcome::Failure(fault) if fault.verdict == Verdict::Hang => {
            failed(Kind::Hang, &fault.what)
        }
        Outcome::Failure(fault) => return Err(Malformed(fault.what.clone())),
        Outcome::Answer(_) | Outcome::Varies(_) | Outcome::NotRun => Vec::new(),
    })
}

/// Is it a question that has an answer? What a URL parser refuses is not the cookie code's fault.
fn is_sound(operation: &Operation, expected: &Expected) -> bool {
    let uris = slots::uris(operation);
    expected.is_answered && uris.into_iter().all(is_plain_uri)
}

fn accusation(
    profile: Profile,
    operation: &Operation,
    expected: &Expected,
    kind: Kind,
    difference: Difference,
) -> Accusation {
    let place = place::of_difference(profile, operation, expected, &difference);
    let Difference { field, kind: what, at, level, want, got, .. } = difference;
    let is_failure = matches!(kind, Kind::Error | Kind::Crash | Kind::Hang);
    let class = Class {
        kind,
        operation: operation.name(),
        field: field.to_owned(),
        difference: match kind {
            // Two exceptions are the same if they say the same, but for what they quote.
            Kind::Error | Kind::Crash => gist(&got),
            // How long was waited is no difference.
            Kind::Hang => "no answer".to_owned(),
            _ => what.to_owned(),
        },
        place: if is_failure { String::new() } else { place.id.clone() },
    };
    Accusation { class, level, place, at, want, got }
}

/// A message without numbers and quoted text. What stands behind a second colon is as often as not
/// the input, without quotation marks.
fn gist(message: &str) -> String {
    let mut gist = String::new();
    let mut quote = None;
    let end = message.match_indices(": ").nth(1).map_or(message.len(), |(at, _)| at);
    for character in message[..end].chars().take(200) {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => {
                quote = Some(character);
                gist.push('…');
            }
            (None, _) if character.is_ascii_digit() => {
                if !gist.ends_with('0') {
                    gist.push('0');
                }
            }
            (None, _) => gist.push(if character.is_ascii_graphic() || character == ' ' {
                character
            } else {
                '…'
            }),
        }
    }
    gist.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gist_of_a_message_is_what_does_not_change() {
        assert_eq!(gist("bad octet 0x80 in 'abc' at 17"), "bad octet 0x0 in … at 0");
        assert_eq!(gist("bad octet 0x91 in 'x' at 2"), "bad octet 0x0 in … at 0");
        assert_eq!(gist("Error: bad name: ab: c"), "Error: bad name");
        assert_eq!(gist("Error: no name"), "Error: no name");
    }
}
