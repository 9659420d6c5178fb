//! `parse.cookie`: section 4.2. The specifications give servers a grammar and a meaning, but no
//! algorithm: how binding a difference is depends on how well-formed the field is.

use cookiespec_engine::Profile;
use cookiespec_vectors::operation::ParseCookie;
use cookiespec_vectors::{Level, Octets};

use crate::oracles::difference::{Comparison, Difference, LOST_TO_NEIGHBOURS, shown};
use crate::oracles::property::cookie_header::{
    prefixes_acquired, separators_swallowed, shown_pair,
};
use crate::oracles::relation::relation;
use crate::oracles::syntax::{Pair, is_cookie_octet, is_token, split_pair};

pub(super) fn compare(
    comparison: Comparison<'_>,
    input: &ParseCookie,
    want: Vec<Pair>,
    got: Vec<Pair>,
) -> Vec<Difference> {
    let level = level(comparison.profile, input);
    let mut found = prefixes_acquired(input, &got);
    found.extend(separators_swallowed(input, &got));
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
        if comparison.is_blind("duplicates")
            && want.iter().filter(|other| other.0 == *name).count() > 1
        {
            continue;
        }
        if let Some(at) = extra.iter().position(|other| other.0 == *name) {
            let (_, got) = extra.remove(at);
            let kind = relation(value.as_slice(), got.as_slice());
            // A value that extends over a separator is reported once.
            if !found.iter().any(|one| one.kind == "swallows what follows") {
                found.push(Difference::new("value", kind, level, shown(value), shown(&got)));
            }
            continue;
        }
        let lost = Difference::new("pair", "lost", level, shown_pair(pair), "nothing".to_owned());
        let serialised: Octets = [name.as_slice(), b"=", value.as_slice()].concat().into();
        let has_neighbours = input.cookie != [serialised.clone()];
        let is_neighbour = level > Level::Must
            && has_neighbours
            && is_well_formed(pair)
            && is_delimited(input, pair);
        found.push(if is_neighbour {
            Difference {
                kind: LOST_TO_NEIGHBOURS,
                level: Level::Should,
                is_property: true,
                cookie: Some(serialised),
                ..lost
            }
        } else {
            lost
        });
    }
    let is_empty = |(name, value): &Pair| name.as_slice().is_empty() && value.as_slice().is_empty();
    // A pair without name and value, which some read from "=", does not count.
    let count = |pairs: &[Pair]| pairs.iter().filter(|pair| !is_empty(pair)).count();
    for pair in &extra {
        let is_smuggled = count(&got) > count(&want) && !is_empty(pair);
        let kind = if is_smuggled { "smuggled in" } else { "added" };
        found.push(Difference {
            is_property: is_smuggled,
            ..Difference::new("pair", kind, level, "nothing".to_owned(), shown_pair(pair))
        });
    }
    if found.is_empty() && missing.is_empty() && want != got && !comparison.is_blind("order") {
        let show = |pairs: &[Pair]| pairs.iter().map(shown_pair).collect::<Vec<_>>().join(" ");
        found.push(Difference::new("order", "changed", Level::May, show(&want), show(&got)));
    }
    // What a well-formed field means is defined, but only for several lines there is a "must" for
    // servers (6265bis section 4.2.1).
    if input.cookie.len() == 1 {
        for difference in &mut found {
            difference.level = difference.level.max(Level::Should);
        }
    }
    found
}

/// Whether two answers consist of the same pairs, in any order.
pub(super) fn plain(mut want: Vec<Pair>, mut got: Vec<Pair>) -> Option<Difference> {
    want.sort();
    got.sort();
    let show = |pairs: &[Pair]| pairs.iter().map(shown_pair).collect::<Vec<_>>().join(" ");
    (want != got).then(|| Difference::new("pairs", "other", Level::Must, show(&want), show(&got)))
}

/// How binding the specifications are for a field like this: a must for one that follows the grammar.
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
            let pair = pair.and_then(split_pair);
            let Some((name, value)) = pair else { return Level::Observe };
            if !is_token(name) || names.contains(&name) {
                return Level::Observe;
            }
            names.push(name);
            // Some decode names, too.
            if name.iter().any(|octet| b"%+".contains(octet)) {
                level = level.max(Level::Should);
            }
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

fn is_well_formed((name, value): &Pair) -> bool {
    let (name, value) = (name.as_slice(), value.as_slice());
    is_token(name) && value.iter().all(|octet| is_cookie_octet(*octet) && !b"%+".contains(octet))
}

/// Whether the separators around a pair follow the grammar and its name occurs once.
fn is_delimited(input: &ParseCookie, (name, value): &Pair) -> bool {
    let pair = [name.as_slice(), b"=", value.as_slice()].concat();
    let lines = || input.cookie.iter().map(Octets::as_slice);
    let parts = || lines().flat_map(|line| line.split(|octet| *octet == b';').enumerate());
    let named = parts().filter(|(_, part)| {
        let part = split_pair(part).map_or(*part, |(name, _)| name);
        part.trim_ascii().eq_ignore_ascii_case(name.as_slice())
    });
    named.count() == 1
        && parts().any(|(at, part)| {
            let part = if at == 0 { Some(part) } else { part.strip_prefix(b" ") };
            part == Some(&pair[..])
        })
}
