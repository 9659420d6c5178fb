//! Where an answer differs from what the reference engine answers, and what kind of difference it
//! is. Fields that a target is blind to, and what the texts leave open, are no differences.

mod confused;
mod jar;
mod pairs;
mod set_cookie;
mod written;

use cookiespec_engine::Uri;
use cookiespec_vectors::operation::{Operation, ParsedCookie};
use cookiespec_vectors::{ImplementationInfo, Level, Octets, Profile};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::accusation::Kind;
use super::expected::Expected;
use super::relation::relation;
pub(crate) use pairs::{is_cookie_octet, is_token, without_blanks};

/// One difference between an answer and the reference engine's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What differs: a field of the answer.
    pub(crate) field: &'static str,
    /// How.
    pub(crate) kind: &'static str,
    /// The label of the observation, in a jar case.
    pub(crate) at: Option<String>,
    /// How binding the text is that the reference engine follows here.
    pub(crate) level: Level,
    /// Does it break a property that holds without any reference?
    pub(crate) is_property: bool,
    /// What the reference engine says, escaped.
    pub(crate) want: String,
    /// What the target says, escaped.
    pub(crate) got: String,
}

impl Difference {
    fn new(
        field: &'static str,
        kind: &'static str,
        level: Level,
        want: String,
        got: String,
    ) -> Self {
        Self { field, kind, at: None, level, is_property: false, want, got }
    }

    pub(crate) fn of_property(
        field: &'static str,
        kind: &'static str,
        want: String,
        got: String,
    ) -> Self {
        Self { is_property: true, ..Self::new(field, kind, Level::Must, want, got) }
    }

    /// There is no answer to compare.
    pub(crate) fn failure(kind: Kind, what: &str) -> Self {
        let field = kind.name();
        let got = what.escape_debug().to_string();
        Self::new(field, field, Level::Must, "an answer".to_owned(), got)
    }

    /// Two octet strings that should be the same.
    fn of_octets(field: &'static str, level: Level, want: &Octets, got: &Octets) -> Option<Self> {
        (want != got).then(|| {
            let kind = relation(want.as_slice(), got.as_slice());
            Self::new(field, kind, level, shown(want), shown(got))
        })
    }
}

/// An answer that has not the form the protocol gives it: the shim's fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) String);

/// What a comparison stands on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) profile: Profile,
    pub(crate) about: &'a ImplementationInfo,
    pub(crate) expected: &'a Expected,
}

impl Question<'_> {
    fn is_blind(&self, field: &str) -> bool {
        self.about.blind.iter().any(|blind| blind == field)
    }
}

/// The differences between the answer and the reference engine's, worst first.
///
/// # Errors
/// The answer has not the form of one.
pub(crate) fn differences(
    question: Question<'_>,
    got: &Value,
) -> Result<Vec<Difference>, Malformed> {
    let want = &question.expected.value;
    // What is written is held to properties of its own, whoever else writes the same.
    if want == got && !matches!(question.operation, Operation::FormatSetCookie(_)) {
        return Ok(Vec::new());
    }
    let mut found = match question.operation {
        Operation::ParseSetCookie(input) => {
            let got = match got {
                Value::Null => None,
                _ => member::<Option<ParsedCookie>>(got, "cookie")?,
            };
            set_cookie::compare(question, input, member(want, "cookie")?, got)
        }
        Operation::ParseCookie(input) => {
            pairs::compare(question, input, member(want, "pairs")?, member(got, "pairs")?)
        }
        Operation::ParseDate(_) => date(member(want, "unix")?, member(got, "unix")?),
        Operation::MatchDomain(input) => {
            let is_plain = [&input.host, &input.domain].into_iter().all(is_canonical_name);
            matching("match", is_plain, member(want, "match")?, member(got, "match")?)
        }
        Operation::MatchPath(input) => {
            let is_plain = [&input.path, &input.cookie_path]
                .into_iter()
                .all(|path| path.as_slice().starts_with(b"/") && !path.as_slice().contains(&b'?'));
            matching("match", is_plain, member(want, "match")?, member(got, "match")?)
        }
        Operation::DefaultPath(input) => {
            let level = if is_plain_uri(&input.uri) { Level::Must } else { Level::Observe };
            let (want, got) = (member(want, "path")?, member(got, "path")?);
            Difference::of_octets("path", level, &want, &got).into_iter().collect()
        }
        Operation::FormatSetCookie(input) => written::compare(
            question,
            input,
            member(want, "set_cookie")?,
            member(got, "set_cookie")?,
        ),
        Operation::Jar(program) => jar::compare(question, program, got)?,
    };
    found.sort_by_key(|difference| (!difference.is_property, difference.level));
    Ok(found)
}

fn member<T: DeserializeOwned>(value: &Value, name: &str) -> Result<T, Malformed> {
    let member = value.get(name).cloned().unwrap_or_default();
    serde_json::from_value(member).map_err(|error| Malformed(format!("{name}: {error}")))
}

/// Octets to be read: escaped, and cut where they are long.
fn shown(octets: &Octets) -> String {
    let octets = octets.as_slice();
    if octets.len() <= MOST_SHOWN {
        return format!("\"{}\"", octets.escape_ascii());
    }
    let head = octets[..MOST_SHOWN / 2].escape_ascii();
    format!("\"{head}\"… ({} octets)", octets.len())
}

fn shown_or_nothing(octets: Option<&Octets>) -> String {
    octets.map_or_else(|| "nothing".to_owned(), shown)
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

/// Is `got` the earliest or latest date that somebody can represent, and `want` beyond it? Both
/// texts let it take its place.
fn is_clamped(want: i64, got: i64) -> bool {
    let latest = [i64::from(i32::MAX), i64::from(u32::MAX), 253_402_300_799];
    let earliest = [0, i64::from(i32::MIN), 1, -1];
    latest.contains(&got) && want > got || earliest.contains(&got) && want < got
}

fn matching(field: &'static str, is_plain: bool, want: bool, got: bool) -> Vec<Difference> {
    if want == got {
        return Vec::new();
    }
    let level = if is_plain { Level::Must } else { Level::Observe };
    let kind = if got { "too wide" } else { "too narrow" };
    vec![Difference::new(field, kind, level, want.to_string(), got.to_string())]
}

/// A host name as canonicalisation leaves it, or an IP address.
fn is_canonical_name(name: &Octets) -> bool {
    let name = name.as_slice();
    let is_plain =
        |octet: &u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || b"-_".contains(octet);
    let is_ip6 = name.starts_with(b"[") && name.ends_with(b"]");
    let labels = name.strip_suffix(b".").unwrap_or(name).split(|octet| *octet == b'.');
    let mut labels = labels.peekable();
    // "Looks like an IP address" has no definition that everybody shares.
    let is_odd_ip = name.iter().all(|octet| octet.is_ascii_digit() || *octet == b'.')
        && std::str::from_utf8(name).is_ok_and(|name| name.parse::<std::net::Ipv4Addr>().is_err())
        && name.iter().filter(|octet| **octet == b'.').count() > 2;
    let ends_in_ip = name
        .rsplitn(5, |octet| *octet == b'.')
        .take(4)
        .all(|label| !label.is_empty() && label.iter().all(u8::is_ascii_digit))
        && name.iter().filter(|octet| **octet == b'.').count() > 3;
    is_ip6
        || !is_odd_ip
            && !ends_in_ip
            && name.len() < 254
            && labels
                .all(|label| !label.is_empty() && label.len() < 64 && label.iter().all(is_plain))
}

/// A URI that every URL parser reads in the same way: nothing to normalise in it.
pub(crate) fn is_plain_uri(uri: &Octets) -> bool {
    let Ok(parsed) = Uri::parse(uri.as_slice()) else { return false };
    let is_http = [&b"http"[..], b"https"].contains(&parsed.scheme());
    let dots: [&[u8]; 6] = [b".", b"..", b"%2e", b"%2e%2e", b".%2e", b"%2e."];
    let mut segments = parsed.path().split(|octet| *octet == b'/');
    let has_dots = segments.any(|segment| dots.contains(&&segment.to_ascii_lowercase()[..]));
    let is_odd = |octet: &u8| !octet.is_ascii_graphic() || b"\\\"<>^`{|}".contains(octet);
    is_http
        && !has_dots
        && !uri.as_slice().iter().any(is_odd)
        && (parsed.host().starts_with(b"[")
            || !uri.as_slice().iter().any(|octet| b"[]".contains(octet)))
        && !parsed.path().iter().any(|octet| b"[]".contains(octet))
        && is_canonical_name(&parsed.host().to_ascii_lowercase().into())
}

/// How many octets are shown of a long string.
const MOST_SHOWN: usize = 160;
