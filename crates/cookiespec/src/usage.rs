//! Errors of whoever typed the command.

use std::fmt;

/// The command cannot be done as it was typed: exit code 2.
#[derive(Debug)]
pub(crate) struct UsageError(pub(crate) String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// "Unknown {what} "…"", with the known name that is nearest, if one is near.
pub(crate) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
    list: &str,
) -> UsageError {
    // A name without the ecosystem it stands in is as good as the whole.
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
    UsageError(format!("unknown {what} \"{}\"; {hint}", name.escape_debug()))
}
