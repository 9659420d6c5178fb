//! `parse.cookie`: section 4.2. The texts give servers a grammar and a meaning, but no algorithm:
//! how binding a difference is depends on how well-formed the field is.

use cookiespec_engine::Profile;
use cookiespec_vectors::operation::ParseCookie;
use cookiespec_vectors::{Level, Octets};

use super::super::relation::relation;
use super::confused::{prefixes_taken_on, swallowed};
use super::{Difference, Question, shown};

pub(super) type Pair = (Octets, Octets);

pub(super) fn compare(
    question: Question<'_>,
    input: &ParseCookie,
    want: Vec<Pair>,
    got: Vec<Pair>,
) -> Vec<Difference> {
    let level = level(question.profile, input);
    let mut found = prefixes_taken_on(input, &got);
    found.extend(swallowed(input, &got));
    let unmatched = |these: &[Pair], those: &[Pair]| {
        let mut those = those.to_vec();
        let mut rest = Vec::new();
        for pair in these {
            match those.iter().position(|other| other == pair) {
                Some(at) => drop(those.remove(at)),
                None => rest.push(pair.clone()),
            }
        }
        rest
    };
    let missing = unmatched(&want, &got);
    let mut extra = unmatched(&got, &want);
    for pair in &missing {
        let (name, value) = pair;
        if question.is_blind("duplicates")
            && want.iter().filter(|other| other.0 == *name).count() > 1
        {
            continue;
        }
        if let Some(at) = extra.iter().position(|other| other.0 == *name) {
            let (_, got) = extra.remove(at);
            let kind = relation(value.as_slice(), got.as_slice());
            // That it reaches over a separator is said already.
            if !found.iter().any(|one| one.kind == "swallows what follows") {
                found.push(Difference::new("value", kind, level, shown(value), shown(&got)));
            }
            continue;
        }
        let lost = Difference::new("pair", "lost", level, shown_pair(pair), "nothing".to_owned());
        let is_victim = level > Level::Must && is_well_formed(pair) && stands_alone(input, pair);
        found.push(if is_victim {
            Difference {
                kind: "lost to its neighbours",
                level: Level::Should,
                is_property: true,
                ..lost
            }
        } else {
            lost
        });
    }
    let is_empty = |(name, value): &Pair| name.as_slice().is_empty() && value.as_slice().is_empty();
    // What some make of "=" is no cookie.
    let count = |pairs: &[Pair]| pairs.iter().filter(|pair| !is_empty(pair)).count();
    for pair in &extra {
        let smuggled = count(&got) > count(&want) && !is_empty(pair);
        let kind = if smuggled { "smuggled in" } else { "added" };
        found.push(Difference {
            is_property: smuggled,
            ..Difference::new("pair", kind, level, "nothing".to_owned(), shown_pair(pair))
        });
    }
    if found.is_empty() && missing.is_empty() && want != got && !question.is_blind("order") {
        let show = |pairs: &[Pair]| pairs.iter().map(shown_pair).collect::<Vec<_>>().join(" ");
        found.push(Difference::new("order", "changed", Level::May, show(&want), show(&got)));
    }
    found
}

pub(super) fn shown_pair((name, value): &Pair) -> String {
    format!("{}={}", shown(name), shown(value))
}

/// What the texts say of a field like this.
fn level(profile: Profile, input: &ParseCookie) -> Level {
    let mut level = Level::Must;
    let mut names = Vec::new();
    if input.cookie.len() != 1 {
        level = if profile == Profile::Rfc6265 { Level::Observe } else { Level::Must };
    }
    for line in &input.cookie {
        for part in line.as_slice().split(|octet| *octet == b';').enumerate() {
            let pair = match part {
                (0, first) => Some(first),
                (_, next) => next.strip_prefix(b" "),
            };
            let pair = pair.and_then(split);
            let Some((name, value)) = pair else { return Level::Observe };
            if !is_token(name) || names.contains(&name) {
                return Level::Observe;
            }
            names.push(name);
            level = level.max(match value {
                _ if value
                    .iter()
                    .all(|octet| is_cookie_octet(*octet) && !b"%+".contains(octet)) =>
                {
                    Level::Must
                }
                [b'"', inner @ .., b'"'] if inner.iter().all(|octet| is_cookie_octet(*octet)) => {
                    Level::Should
                }
                _ if value.iter().all(|octet| is_cookie_octet(*octet)) => Level::Should,
                _ => return Level::Observe,
            });
        }
    }
    level
}

pub(super) fn split(pair: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = pair.iter().position(|octet| *octet == b'=')?;
    Some((&pair[..at], &pair[at + 1..]))
}

fn is_well_formed((name, value): &Pair) -> bool {
    let (name, value) = (name.as_slice(), value.as_slice());
    is_token(name) && value.iter().all(|octet| is_cookie_octet(*octet) && !b"%+".contains(octet))
}

/// Does the pair stand between separators as the grammar writes them, and is its name there once?
fn stands_alone(input: &ParseCookie, (name, value): &Pair) -> bool {
    let pair = [name.as_slice(), b"=", value.as_slice()].concat();
    let lines = || input.cookie.iter().map(Octets::as_slice);
    let parts = || lines().flat_map(|line| line.split(|octet| *octet == b';').enumerate());
    let named = parts().filter(|(_, part)| {
        let part = split(part).map_or(*part, |(name, _)| name);
        part.trim_ascii().eq_ignore_ascii_case(name.as_slice())
    });
    named.count() == 1
        && parts().any(|(at, part)| {
            let part = if at == 0 { Some(part) } else { part.strip_prefix(b" ") };
            part == Some(&pair[..])
        })
}

/// Without the SP and HTAB on both sides.
pub(crate) fn without_blanks(octets: &[u8]) -> &[u8] {
    let is_blank = |octet: &u8| b" \t".contains(octet);
    let from = octets.iter().position(|octet| !is_blank(octet)).unwrap_or(octets.len());
    let to = octets.iter().rposition(|octet| !is_blank(octet)).map_or(from, |last| last + 1);
    &octets[from..to]
}

/// token of RFC 9110.
pub(crate) fn is_token(octets: &[u8]) -> bool {
    let is_tchar = |octet: &u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(octet);
    !octets.is_empty() && octets.iter().all(is_tchar)
}

/// cookie-octet of section 4.1.1.
pub(crate) fn is_cookie_octet(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"\",;\\".contains(&octet)
}
