//! Divergence: how an answer differs from the reference engine's. Fields that the target cannot
//! report and matters that the specifications leave open are no differences.

mod cookie_header;
mod exchange;
mod format_set_cookie;
mod jar;
mod set_cookie;

use cookiespec_vectors::Level;
use cookiespec_vectors::operation::{Operation, ParsedCookie};
use serde_json::Value;

use super::difference::{Comparison, Difference, Malformed, is_clamped, member};
use super::unambiguous::{are_canonical, is_unambiguous_uri};

/// The differences between an answer and the reference engine's, violated properties first, then
/// the most binding.
///
/// # Errors
/// The answer does not have the form of the protocol.
pub(crate) fn differences(
    comparison: Comparison<'_>,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    let want = &comparison.expected.value;
    // A serialised field has properties of its own, which the reference engine could violate, too.
    if want == got && !matches!(comparison.operation, Operation::FormatSetCookie(_)) {
        return Ok(Vec::new());
    }
    let mut found = match comparison.operation {
        Operation::Jar(program) => jar::compare(comparison, program, got)?,
        Operation::Exchange(program) => exchange::compare(comparison, program, got)?,
        _ => of_one_answer(comparison, want, got)?,
    };
    found.sort_by_key(|difference| (!difference.is_property, difference.level));
    Ok(found)
}

/// The differences between an answer and that of another implementation. Properties do not depend
/// on the other answer, and are left out; what the specifications leave open counts.
///
/// # Errors
/// An answer does not have the form of the protocol.
pub(crate) fn differences_from(
    comparison: Comparison<'_>,
    want: &Value,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    if want == got {
        return Ok(Vec::new());
    }
    let mut found = match comparison.operation {
        Operation::Jar(program) => jar::observed(comparison, program, want, got)?,
        // What a property is about is not compared twice there, but has to be equal here.
        Operation::ParseCookie(_) => {
            cookie_header::plain(member(want, "pairs")?, member(got, "pairs")?)
                .into_iter()
                .collect()
        }
        Operation::FormatSetCookie(_) => format_set_cookie::plain(
            comparison.profile,
            member(want, "set_cookie")?,
            member(got, "set_cookie")?,
        ),
        _ => of_one_answer(comparison, want, got)?,
    };
    found.retain(|difference| !difference.is_property);
    Ok(found)
}

/// The differences between two answers to an operation that is no jar program.
fn of_one_answer(
    comparison: Comparison<'_>,
    want: &Value,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    Ok(match comparison.operation {
        Operation::ParseSetCookie(input) => {
            let got = match got {
                Value::Null => None,
                _ => member::<Option<ParsedCookie>>(got, "cookie")?,
            };
            set_cookie::compare(comparison, input, member(want, "cookie")?, got)
        }
        Operation::ParseCookie(input) => {
            cookie_header::compare(comparison, input, member(want, "pairs")?, member(got, "pairs")?)
        }
        Operation::ParseDate(_) => date(member(want, "unix")?, member(got, "unix")?),
        Operation::MatchDomain(input) => {
            let is_plain = are_canonical(input.host.as_slice(), input.domain.as_slice());
            matching("match", is_plain, member(want, "match")?, member(got, "match")?)
        }
        Operation::MatchPath(input) => {
            let is_plain = [&input.path, &input.cookie_path]
                .into_iter()
                .all(|path| path.as_slice().starts_with(b"/") && !path.as_slice().contains(&b'?'));
            matching("match", is_plain, member(want, "match")?, member(got, "match")?)
        }
        Operation::DefaultPath(input) => {
            let level = if is_unambiguous_uri(&input.uri) { Level::Must } else { Level::Observe };
            let (want, got) = (member(want, "path")?, member(got, "path")?);
            Difference::of_octets("path", level, &want, &got).into_iter().collect()
        }
        Operation::FormatSetCookie(input) => format_set_cookie::compare(
            comparison,
            input,
            member(want, "set_cookie")?,
            member(got, "set_cookie")?,
        ),
        Operation::Jar(_) | Operation::Exchange(_) => Vec::new(),
    })
}

fn date(want: Option<i64>, got: Option<i64>) -> Vec<Difference> {
    let kind = match (want, got) {
        (None, Some(_)) => "taken for a date",
        (Some(_), None) => "not taken for a date",
        (Some(want), Some(got)) if want != got && !is_clamped(want, got) => {
            let apart = (want - got).abs();
            match apart {
                _ if apart % 3600 == 0 && apart <= 14 * 3600 => "zone applied",
                _ if apart < 86_400 => "other time of day",
                _ if apart % 86_400 == 0 && apart > 365 * 86_400 => "other year",
                _ => "other date",
            }
        }
        _ => return Vec::new(),
    };
    let shown =
        |date: Option<i64>| date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    vec![Difference::new("date", kind, Level::Must, shown(want), shown(got))]
}

fn matching(field: &'static str, is_plain: bool, want: bool, got: bool) -> Vec<Difference> {
    if want == got {
        return Vec::new();
    }
    let level = if is_plain { Level::Must } else { Level::Observe };
    let kind = if got { "too wide" } else { "too narrow" };
    vec![Difference::new(field, kind, level, want.to_string(), got.to_string())]
}
