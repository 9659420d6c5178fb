//! Classification: from an outcome to divergences, each with a class by which equal ones are found.

use cookiespec_report::{KEPT_TEXT, Outcome, shortened};
use cookiespec_vectors::operation::Operation;
use cookiespec_vectors::{Answer, ImplementationInfo, Level, Octets, Profile, Verdict};

use super::hint::hint;
use crate::finding::identity::{Class, Kind};
use crate::octet_fields;
use crate::oracles::difference::{Comparison, Difference, Malformed};
use crate::oracles::divergence::differences;
use crate::oracles::reference::Expected;
use crate::oracles::syntax::has_forbidden_octet;
use crate::oracles::unambiguous::is_unambiguous_uri;

/// A divergence of one outcome: from the reference engine, from a property, or no answer at all.
#[derive(Clone, Debug)]
pub(crate) struct Divergence {
    pub(crate) class: Class,
    pub(crate) level: Level,
    /// The last unusual step of the reference engine for what differs; see [`hint`](super::hint).
    pub(crate) hint: String,
    /// The label of the observation, for a jar program.
    pub(crate) at: Option<String>,
    /// The serialised cookie that is missing, too many or different, for a request of a jar program.
    pub(crate) cookie: Option<Octets>,
    /// The expected value, escaped.
    pub(crate) want: String,
    /// The value in the answer, escaped.
    pub(crate) got: String,
}

/// The divergences of an outcome, worst first.
///
/// # Errors
/// The answer does not have the form of the protocol.
pub(crate) fn classify(
    profile: Profile,
    about: &ImplementationInfo,
    operation: &Operation,
    expected: &Expected,
    outcome: &Outcome,
) -> Result<Vec<Divergence>, Malformed> {
    let of = |kind, difference| divergence(operation, expected, kind, difference);
    let failed =
        |kind: Kind, message: &str| vec![of(kind, Difference::failure(kind.name(), message))];
    Ok(match outcome {
        Outcome::Answer(Answer::Error { message }) if is_valid_input(operation, expected) => {
            failed(Kind::Error, message)
        }
        Outcome::Answer(Answer::Ok(got)) if expected.is_answered => {
            let comparison = Comparison { operation, profile, about, expected };
            differences(comparison, got)?
                .into_iter()
                .map(|difference| of(kind_of(&difference), difference))
                .collect()
        }
        Outcome::Failure(failure) => match failure.verdict {
            Verdict::Crash => failed(Kind::Crash, &failure.what),
            Verdict::Hang => failed(Kind::Hang, &failure.what),
            _ => return Err(Malformed(failure.what.clone())),
        },
        Outcome::Answer(_) | Outcome::Oversized(_) | Outcome::Varies(_) | Outcome::NotRun => {
            Vec::new()
        }
    })
}

fn kind_of(difference: &Difference) -> Kind {
    match difference.level {
        _ if difference.is_property => Kind::Property,
        Level::Must | Level::Should => Kind::Divergence,
        Level::May | Level::Observe => Kind::Disagreement,
    }
}

/// Whether an implementation must accept the input. The rejection of a URI is a matter of URL
/// parsers.
fn is_valid_input(operation: &Operation, expected: &Expected) -> bool {
    let uris = octet_fields::uris(operation);
    expected.is_answered
        && uris.into_iter().all(is_unambiguous_uri)
        && !has_forbidden_octets(operation)
}

/// Whether an operation has an octet that no field value may contain.
pub(super) fn has_forbidden_octets(operation: &Operation) -> bool {
    octet_fields::of(operation).into_iter().any(|field| has_forbidden_octet(field.as_slice()))
}

fn divergence(
    operation: &Operation,
    expected: &Expected,
    kind: Kind,
    difference: Difference,
) -> Divergence {
    let has_no_answer = matches!(kind, Kind::Error | Kind::Crash | Kind::Hang);
    let hint = if has_no_answer { String::new() } else { hint(operation, expected, &difference) };
    let Difference { field, kind: what, at, cookie, level, want, got, .. } = difference;
    let class = Class {
        kind,
        operation: operation.name(),
        field: field.to_owned(),
        difference: match kind {
            // Errors are the same if their messages are, except for what they quote.
            Kind::Error | Kind::Crash => gist(&got),
            // The message contains the time limit, which is no difference.
            Kind::Hang => "no answer".to_owned(),
            _ => what.to_owned(),
        },
    };
    let [want, got] = [want, got].map(|text| shortened(text, KEPT_TEXT));
    Divergence { class, hint, level, at, cookie, want, got }
}

/// The constant part of a message: without numbers, quoted text, and what follows a second colon,
/// which is often the input.
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
