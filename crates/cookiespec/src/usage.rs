//! Usage errors: exit code 2.

use cookiespec_report::{Escaped, shortened};
use thiserror::Error;

/// The command cannot be run as it was typed.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

/// "Unknown {what} "…"", with the known name that is nearest, if one is near.
pub(crate) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
    list: &str,
) -> UsageError {
    // The distance from a name that is far longer than any is of no use, and takes its time.
    if name.len() > MAX_NAME {
        let name = Escaped(name).to_string();
        return UsageError(format!(
            "unknown {what} \"{}\"; see `{list}`",
            shortened(name, MAX_NAME)
        ));
    }
    // A name without its ecosystem counts as the complete name.
    let distance = |known: &str| match known.strip_suffix(name) {
        Some(ecosystem) if ecosystem.ends_with(':') => 0,
        _ => strsim::damerau_levenshtein(name, known),
    };
    let nearest = known
        .map(|known| (distance(known), known))
        .filter(|(edits, known)| *edits <= known.len() / 3)
        .min_by_key(|(edits, _)| *edits);
    let hint = match nearest {
        Some((_, known)) => format!("did you mean \"{known}\"?"),
        None => format!("see `{list}`"),
    };
    UsageError(format!("unknown {what} \"{}\"; {hint}", Escaped(name)))
}

/// The longest name for which one that is near is looked for, in octets.
const MAX_NAME: usize = 200;
